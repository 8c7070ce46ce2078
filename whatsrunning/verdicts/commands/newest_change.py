"""The newest change of the first screen: which service, when, from what to what."""

from collections.abc import Iterable, Sequence
from itertools import chain

from whatsrunning.facts.answers import Answer, Found, Problem, Unknown, values_of
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Container, NewestChange, PullRequest
from whatsrunning.verdicts.history.commits import pull_requests_of
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.past.periods import revision_since

MOST_COMMITS = 100  # of which a change's pull requests are looked up


def newest_change(case: Case, containers: Sequence[Container]) -> NewestChange | None:
    """The newest change of a managed service's revision; None when none of them serves."""
    dated = [
        (at, container.name, container)
        for container in containers
        if container.managed and container.serves and container.sha
        if (at := revision_since(case, container))
    ]
    if not dated:
        return None
    at, _, newest = max(dated, key=lambda change: change[:2])
    previous, pulls = newest.previous.value_or(None), newest.pull_requests
    before, repository = previous.sha if previous else "", newest.repository.value_or("")
    back = bool(before and repository) and _is_back(case, repository, before, newest.sha)
    if before and repository:
        base, head = (newest.sha, before) if back else (before, newest.sha)
        pulls = pulls_between(case, repository, base, head)
    return NewestChange(newest.service, newest.engine, at, before, newest.sha, pulls, back)


def _is_back(case: Case, repository: str, before: str, now: str) -> bool:
    """Whether what ran before contains what runs now."""
    graph = git_history(case, repository, frozenset((before, now))).value_or(None)
    return graph is not None and graph.is_ancestor(now, before) is True


def pulls_between(
    case: Case, repository: str, base: str, head: str
) -> Answer[tuple[PullRequest, ...]]:
    """The pull requests that `head` has and `base` lacks, newest first; Unknown when cut short."""

    def each_once(lists: Iterable[Iterable[PullRequest]]) -> Answer[tuple[PullRequest, ...]]:
        by_number: dict[int, PullRequest] = {}
        for pull in chain.from_iterable(lists):
            by_number.setdefault(pull.number, pull)
        return Found(tuple(by_number.values()))

    def brought(commits: Sequence[str] | None) -> Answer[tuple[PullRequest, ...]]:
        if commits is None or len(commits) > MOST_COMMITS:
            between = f"{base[:12]} and {head[:12]} of {repository}"
            message = f"the history between {between} could not be read whole"
            if commits:
                message = f"{len(commits)} commits lie between {between}: too many to list"
            hint = f"git log {base[:12]}..{head[:12]} lists them all"
            return Unknown(Problem("git", repository, "too-far", message, hint))
        pulls = values_of(pull_requests_of(case, repository, sha) for sha in commits)
        return pulls.then(each_once)

    graph = git_history(case, repository, frozenset((base, head)))
    return graph.then(lambda history: brought(history.between(base, head)))
