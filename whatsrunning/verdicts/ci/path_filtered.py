"""Where CI did not run: whether the filters of its workflows left out everything that changed.

A push may hold several commits, and GitHub looks at all that they change: so they are followed back
to the one on which CI ran last. Its run counts if each changed only what the filters leave out.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.git import GitCommit, GitPushFilter, PushFilter, WorkflowFilter
from whatsrunning.facts.github import CiFacts, GithubRuns
from whatsrunning.facts.store import Case
from whatsrunning.verdicts.ci.gates import OWN_EVENTS, Rules, names_part
from whatsrunning.verdicts.ci.glob import selects
from whatsrunning.verdicts.history.lookup import git_history, on_default
from whatsrunning.verdicts.origin.repository import clone_of

MOST = 10  # commits that are followed back, each with a query to GitHub
# No repository may keep us busy for long: characters of filters times characters of names, and
# characters of one filter.
MOST_WORK = 5_000_000
LONGEST = 1000


def tested_below(
    case: Case, repository: str, sha: str, runs: CiFacts, rules: Rules
) -> Answer[tuple[tuple[str, CiFacts], ...]]:
    """The commits below on which gates ran, down to one on which every gate did, and what ran.
    Nothing where no clone can tell, or what changed was not left out; Unknown: not in time."""
    graph, at_hand = git_history(case, repository).value_or(None), clone_of(case, repository)
    if graph is None or on_default(case, repository, sha) is not True:
        return Nothing()  # whose branch filters count is not known
    tested: list[tuple[str, CiFacts]] = []
    for _ in range(MOST):
        commit = case.get(GitCommit(at_hand, sha))
        if not isinstance(commit, Found) or not commit.value.parents:
            return _unless_late(commit)
        push = case.get(GitPushFilter(at_hand, sha))
        if not isinstance(push, Found):
            return _unless_late(push)
        if not _left_out(push.value, graph.branch, runs, rules):
            return Nothing()
        sha = commit.value.parents[0]
        below = case.get(GithubRuns(repository, sha))
        if isinstance(below, Unknown):
            return below
        runs = below.value_or(CiFacts(()))
        if rules.chosen(runs.checks):
            tested.append((sha, runs))
            if not rules.missing(runs.checks):
                return Found(tuple(tested))
    return Nothing()


def _unless_late(answer: Answer[Any]) -> Answer[Any]:
    """Nothing, unless there may be an answer with more time."""
    if answer.problem and answer.problem.code == "timeout":
        return answer
    return answer.or_else(Nothing).then(lambda _: Nothing())


def _left_out(push: PushFilter, branch: str, runs: CiFacts, rules: Rules) -> bool:
    """Whether filters explain that no gate ran: every gate's workflow is one that was left out."""
    ran = {check.workflow_path for check in runs.checks if check.event in OWN_EVENTS}
    starts, out = pushed(push, branch)
    if any(workflow.path in ran for workflow in out):
        return False  # it ran nevertheless: these filters were not what decided
    starts = tuple(w for w in starts if w.path not in ran and not rules.deploys(w.name, w.path))
    out = tuple(w for w in out if not rules.deploys(w.name, w.path))
    if not rules.configured:
        return bool(out) and not starts
    gates = rules.missing(runs.checks)
    return bool(gates) and all(_any_has(g, out) and not _any_has(g, starts) for g in gates)


def _any_has(gate: str, workflows: Iterable[WorkflowFilter]) -> bool:
    return any(names_part(gate, workflow) for workflow in workflows)


# A look is judged many times as answers come in; its pushes are the same ones each time.
@lru_cache(maxsize=64)
def pushed(push: PushFilter, branch: str) -> tuple[tuple[WorkflowFilter, ...], ...]:
    """The workflows that the push of these files to a branch starts, and those that it leaves
    out; neither where there is too much to compare."""
    lists = ((w.branches, w.branches_ignore, w.paths, w.paths_ignore) for w in push.workflows)
    lengths = [len(pattern) for four in lists for patterns in four for pattern in patterns]
    names = sum(map(len, (branch, *push.changed)))
    if sum(lengths) * names > MOST_WORK or max(lengths, default=0) > LONGEST:
        return (), ()
    on_branch = [w for w in push.workflows if _takes(w.branches, w.branches_ignore, (branch,))]
    starts = tuple(w for w in on_branch if _takes(w.paths, w.paths_ignore, push.changed))
    return starts, tuple(w for w in on_branch if w not in starts)


def _takes(only: Sequence[str], ignore: Sequence[str], names: Sequence[str]) -> bool:
    """One name that a filter selects, or that its `-ignore` does not, is enough."""
    if only:
        return any(selects(only, name) for name in names)
    return not all(selects(ignore, name) for name in names)
