"""The newest change of the first screen: which service, when, from what to what."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from whatsrunning.facts.answers import Answer, Found, Problem, Unknown, values_of
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Container, NewestChange, PullRequest
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.pull_requests import pull_requests_of

MOST_COMMITS = 100
"""Of how many commits a change's pull requests are looked up at most."""

_SERVING = frozenset({"running", "restarting", "paused"})


def newest_change(case: Case, containers: Sequence[Container]) -> NewestChange | None:
    """The newest deploy among services of ours, or None when nothing of ours serves."""
    dated = [
        (container.deployed_at.value.at, container)
        for container in containers
        if container.managed
        and container.state in _SERVING
        and isinstance(container.deployed_at, Found)
        and isinstance(container.revision, Found)
    ]
    if not dated:
        return None
    at, newest = max(dated, key=lambda pair: (pair[0], pair[1].name))
    return _change(case, newest, at)


def _change(case: Case, container: Container, at: datetime) -> NewestChange:
    before = container.previous.value.sha if isinstance(container.previous, Found) else ""
    now = container.revision.value.sha if isinstance(container.revision, Found) else ""
    pulls = container.pull_requests
    if before and isinstance(container.repository, Found):
        pulls = pulls_between(case, container.repository.value, before, now)
    return NewestChange(container.service, container.engine, at, before, now, pulls)


def pulls_between(
    case: Case, repository: str, base: str, head: str
) -> Answer[tuple[PullRequest, ...]]:
    """The pull requests that `head` has and `base` lacks, newest first; Unknown when cut short."""
    graph = git_history(case, repository, frozenset((base, head)))
    if not isinstance(graph, Found):
        return graph
    commits = graph.value.between(base, head)
    if commits is None or len(commits) > MOST_COMMITS:
        return Unknown(_too_far(repository, base, head, commits))
    pulls = values_of(pull_requests_of(case, repository, sha) for sha in commits)
    return pulls.then(lambda lists: Found(_each_once(pull for pulls in lists for pull in pulls)))


def _each_once(pulls: Iterable[PullRequest]) -> tuple[PullRequest, ...]:
    found: dict[int, PullRequest] = {}
    for pull in pulls:
        found.setdefault(pull.number, pull)
    return tuple(found.values())


def _too_far(repository: str, base: str, head: str, commits: Sequence[str] | None) -> Problem:
    between = f"{base[:12]} and {head[:12]}"
    if commits is None:
        said = f"the history between {between} of {repository} could not be read whole"
    else:
        said = f"{len(commits)} commits lie between {between} of {repository}: too many to list"
    return Problem(
        "git", repository, "too-far", said, f"git log {base[:12]}..{head[:12]} lists them all"
    )
