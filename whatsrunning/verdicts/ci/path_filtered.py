"""Where CI did not run: whether the filters of its workflows left out everything that changed.

One commit is not enough: a push may hold several, and GitHub looks at all that they change. So
the commits are followed back to the one on which CI ran last. If each of them changed only what
the filters leave out, then that run tested everything that CI looks at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, TypeVar

from whatsrunning.facts.answers import Answer, Found, Nothing, first_unknown
from whatsrunning.facts.queries import GitCommit, GithubRuns, GitPushFilter
from whatsrunning.facts.records import CiFacts, PushFilter, WorkflowFilter
from whatsrunning.facts.store import Case
from whatsrunning.verdicts.ci.gates import OWN_EVENTS, Rules, chosen, missing, names_part
from whatsrunning.verdicts.ci.glob import selects
from whatsrunning.verdicts.history.lookup import git_history, on_default

MOST = 10
"""Commits that are followed back, each with a query to GitHub."""
MOST_WORK = 5_000_000
"""Characters of filters times characters of names: no repository may keep us busy for long."""
LONGEST = 1000
"""Characters of one filter."""
Workflows: TypeAlias = tuple[WorkflowFilter, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Below:
    """A commit below, and what ran there."""

    sha: str
    runs: CiFacts


def tested_below(
    case: Case, repository: str, top: Below, rules: Rules
) -> Answer[tuple[Below, ...]]:
    """The commits below on which gates ran, down to one on which every gate did.

    Nothing where something that changed since was not left out, or no clone can tell. Unknown where
    somebody could tell, but not in time.
    """
    graph = git_history(case, repository).value_or(None)
    if graph is None or on_default(case, repository, top.sha) is not True:
        return Nothing()  # whose branch filters count is not known
    tested: list[Below] = []
    commit = top
    for _ in range(MOST):
        parent = _filtered_parent(case, repository, graph.branch, commit, rules)
        if not isinstance(parent, Found):
            return parent
        commit = parent.value
        if chosen(rules, commit.runs.checks):
            tested.append(commit)
            if not missing(rules, commit.runs.checks):
                return Found(tuple(tested))
    return Nothing()


def _filtered_parent(
    case: Case, repository: str, branch: str, commit: Below, rules: Rules
) -> Answer[Below]:
    """The commit's parent, if filters explain that no gate ran on what changed since."""

    def parent_of(sha: str) -> Answer[Below]:
        runs = case.get(GithubRuns(repository, sha))
        return first_unknown((runs,)) or Found(Below(sha, runs.value_or(CiFacts(()))))

    def explained(parent: str) -> Answer[Below]:
        push = _unless_failed(case.get(GitPushFilter(repository, commit.sha)))
        return push.then(
            lambda known: (
                parent_of(parent) if _left_out(known, branch, commit.runs, rules) else Nothing()
            )
        )

    facts = _unless_failed(case.get(GitCommit(repository, commit.sha)))
    return facts.then(lambda known: explained(known.parents[0]) if known.parents else Nothing())


def _unless_failed(answer: Answer[T]) -> Answer[T]:
    """The answer, or Nothing of a source that will not tell, however long it is given."""
    if answer.problem and answer.problem.code == "timeout":
        return answer
    return answer.or_else(Nothing)


def _left_out(push: PushFilter, branch: str, runs: CiFacts, rules: Rules) -> bool:
    """Whether filters explain that no gate ran: every gate's workflow is one that was left out."""
    ran = {check.workflow_path for check in runs.checks if check.event in OWN_EVENTS}
    starts, out = pushed(push, branch)
    if any(workflow.path in ran for workflow in out):
        return False  # it ran nevertheless: these filters were not what decided
    starts = tuple(w for w in starts if w.path not in ran and not rules.is_deploying(w))
    out = tuple(w for w in out if not rules.is_deploying(w))
    if not rules.configured:
        return bool(out) and not starts
    gates = missing(rules, runs.checks)
    return bool(gates) and all(_names_any(g, out) and not _names_any(g, starts) for g in gates)


def _names_any(gate: str, workflows: Iterable[WorkflowFilter]) -> bool:
    return any(names_part(gate, workflow) for workflow in workflows)


# A look is judged many times as answers come in; its pushes are the same ones each time.
@lru_cache(maxsize=64)
def pushed(push: PushFilter, branch: str) -> tuple[Workflows, Workflows]:
    """The workflows that the push of these files to a branch starts, and those that it leaves out.

    Neither where there is too much to compare.
    """
    lists = ((w.branches, w.branches_ignore, w.paths, w.paths_ignore) for w in push.workflows)
    filters = [len(pattern) for four in lists for patterns in four for pattern in patterns]
    names = sum(map(len, (branch, *push.changed)))
    if sum(filters) * names > MOST_WORK or max(filters, default=0) > LONGEST:
        return (), ()
    on_branch = [w for w in push.workflows if _takes(w.branches, w.branches_ignore, (branch,))]
    starts = tuple(w for w in on_branch if _takes(w.paths, w.paths_ignore, push.changed))
    return starts, tuple(w for w in on_branch if w not in starts)


def _takes(only: Sequence[str], ignore: Sequence[str], names: Sequence[str]) -> bool:
    """One name that a filter selects, or that its `-ignore` does not, is enough."""
    if only:
        return any(selects(only, name) for name in names)
    return not all(selects(ignore, name) for name in names)
