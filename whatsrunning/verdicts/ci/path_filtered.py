"""Where CI did not run: whether the filters of its workflows left out everything that changed.

One commit is not enough: a push may hold several, and GitHub looks at all that they change. So
the commits are followed back to the one on which CI ran last. If each of them changed only what
the filters leave out, then that run tested everything that CI looks at.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import GitCommit, GithubRuns, GitPushFilter
from whatsrunning.facts.records import CiFacts, PushFilter, WorkflowFilter
from whatsrunning.facts.store import Case
from whatsrunning.verdicts.ci.gates import (
    OWN_EVENTS,
    Rules,
    chosen,
    is_deploying,
    missing,
    names_part,
)
from whatsrunning.verdicts.ci.glob import pushed
from whatsrunning.verdicts.history.lookup import git_history, on_default

MOST = 10
"""Commits that are followed back, each with a question to GitHub."""

_NOT_IN_TIME = frozenset({"pending", "timeout"})


@dataclass(frozen=True, slots=True)
class Below:
    """A commit below, and what ran there."""

    sha: str
    runs: CiFacts


def tested_below(
    case: Case, repository: str, sha: str, runs: CiFacts, rules: Rules
) -> Answer[tuple[Below, ...]]:
    """The commits below on which gates ran, down to one on which every gate did.

    Nothing where something that changed since was not left out, or no clone can tell. Unknown where
    somebody could tell, but not in time.
    """
    tested: list[Below] = []
    graph = git_history(case, repository)
    if not isinstance(graph, Found) or on_default(case, repository, sha) is not True:
        return Nothing()  # whose branch filters count is not known
    for _ in range(MOST):
        commit = case.get(GitCommit(repository, sha))
        if not isinstance(commit, Found) or not commit.value.parents:
            return _late(commit)
        push = case.get(GitPushFilter(repository, sha))
        if not isinstance(push, Found):
            return _late(push)
        if not _left_out(push.value, graph.value.branch, runs, rules):
            return Nothing()
        sha = commit.value.parents[0]
        below = case.get(GithubRuns(repository, sha))
        if isinstance(below, Unknown):
            return below
        runs = below.value if isinstance(below, Found) else CiFacts(())
        if chosen(rules, runs.checks):
            tested.append(Below(sha, runs))
            if not missing(rules, runs.checks):
                return Found(tuple(tested))
    return Nothing()


def _late(answer: Answer[object]) -> Answer[tuple[Below, ...]]:
    if isinstance(answer, Unknown) and answer.problem.code in _NOT_IN_TIME:
        return answer
    return Nothing()


def _left_out(push: PushFilter, branch: str, runs: CiFacts, rules: Rules) -> bool:
    """Whether filters explain that no gate ran: every gate's workflow is one that was left out."""
    said = pushed(push, branch)
    ran = {check.workflow_path for check in runs.checks if check.event in OWN_EVENTS}
    if said is None or any(each.path in ran for each in said.leaves_out):
        return False  # it ran nevertheless: these filters were not what decided
    starts = [w for w in said.starts if w.path not in ran and not is_deploying(rules, w)]
    out = [w for w in said.leaves_out if not is_deploying(rules, w)]
    if not rules.configured:
        return bool(out) and not starts
    gates = missing(rules, runs.checks)
    return bool(gates) and all(_names_any(g, out) and not _names_any(g, starts) for g in gates)


def _names_any(gate: str, workflows: Iterable[WorkflowFilter]) -> bool:
    return any(names_part(gate, workflow) for workflow in workflows)
