"""How the running build stands against the newest one ."""

from collections.abc import Mapping

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import GithubCompare
from whatsrunning.facts.records import Base, CompareFacts, Head
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Built, Position
from whatsrunning.verdicts.history.builds import builds, latest_sha
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.position import Builds, Standing, builds_in, standing_of


@memo
def built(case: Case, image_repository: str, repository: Answer[str], sha: str) -> Answer[Built]:
    """The position of a revision among the builds of an image repository (host/path).

    Unknown when the registry or the history cannot be read, or when the clone is too old to say
    `current` (`stale-clone`). Nothing for an image that is in no registry.
    """
    if not names.names_registry(image_repository):
        return Nothing()
    name = repository.value_or("")
    tags = builds(case, image_repository, name)
    # Asked at once: the history does not wait for the registry.
    graph = git_history(case, name) if name else Nothing()
    if isinstance(tags, Unknown):
        return tags
    known = tags.value_or({})
    if isinstance(graph, Found):
        return _among(case, image_repository, name, sha, known, graph.value)
    if sha not in known:
        return Found(Built("not-built", None, None, "", ""))
    return repository if isinstance(repository, Unknown) else graph


def _among(
    case: Case,
    image_repository: str,
    repository: str,
    sha: str,
    tags: Mapping[str, str],
    graph: HistoryGraph,
) -> Answer[Built]:
    known = _builds_in(case, image_repository, repository, graph, tags)
    standing = standing_of(known, sha)
    placed = Found(standing) if standing else _compared(case, repository, sha, known)
    if not isinstance(placed, Found):
        return placed
    where = placed.value
    first = tuple(dict.fromkeys(filter(None, (sha, where.newest))))
    latest = latest_sha(case, image_repository, tags, first, graph.order(tags))
    return Found(
        Built(
            where.position,
            where.builds_behind,
            where.commits_behind,
            where.newest,
            latest.value_or(""),
            latest.problem,
        )
    )


def _builds_in(
    case: Case, image_repository: str, repository: str, graph: HistoryGraph, tags: Mapping[str, str]
) -> Builds:
    """The same for every container of an image repository."""
    key = ("builds-in", image_repository, repository)
    return case.facts.memo(key, lambda: builds_in(graph, tags))


def _compared(case: Case, repository: str, sha: str, known: Builds) -> Answer[Standing]:
    """A revision outside what was read, judged by GitHub's compare with the newest build."""
    if known.unplaced:
        return Unknown(stale_clone(repository, known.graph, known.unplaced))
    newest = known.newest
    base = newest or known.graph.head
    answer = case.get(GithubCompare(repository, Base(base), Head(sha)))
    # Nothing: a commit that is in no history of the repository has no place among its builds.
    return answer.then(lambda compared: Found(_standing(compared, newest)))


def _standing(compared: CompareFacts, newest: str) -> Standing:
    ahead, behind = compared.ahead_by, compared.behind_by
    position: Position = "diverged" if ahead and behind else "behind" if behind else "ahead"
    return Standing(position, None, behind if newest else None, newest)


def stale_clone(repository: str, graph: HistoryGraph, missing: tuple[str, ...]) -> Problem:
    """The problem of builds that the clone at hand does not contain."""
    seen = f"last fetched {graph.fetched_at:%Y-%m-%dT%H:%M:%SZ}" if graph.fetched_at else "at hand"
    count = "a build is" if len(missing) == 1 else f"{len(missing)} builds are"
    return Problem(
        "git",
        repository,
        "stale-clone",
        f"{count} not in the clone of {repository} {seen} ({missing[0][:12]})",
        "fetch in that clone, or run again with --fetch",
    )
