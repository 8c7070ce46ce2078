"""How the running build stands against the newest one."""

from dataclasses import dataclass, replace

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, first_unknown
from whatsrunning.facts.git import Base, Head
from whatsrunning.facts.github import CompareFacts, GithubCompare
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Built, Position
from whatsrunning.verdicts.history.builds import builds, latest_sha
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.lookup import found_or_nothing, git_history
from whatsrunning.verdicts.history.tags import BuildTags, missing


@dataclass(frozen=True, slots=True)
class PlacedBuilds:
    """The builds of an image repository in a history; `newest` may be empty.

    It is the newest that the default branch contains. `unplaced` are those that could be newer
    than all we can place: a stale clone lacks them.
    """

    graph: HistoryGraph
    tags: BuildTags
    newest: str
    unplaced: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """Whether no other build can be newer than `newest`."""
        return not (self.unplaced or self.tags.unread)


def placed(graph: HistoryGraph, tags: BuildTags) -> PlacedBuilds:
    """The builds, with the newest that the default branch contains.

    Of builds side by side, the one on the branch's own line wins over a merged branch's.
    """
    reached = [sha for sha in graph.order(tags.by_sha) if graph.reaches(sha)]
    trunk = frozenset(graph.trunk)
    newest, on_trunk = next(iter(reached), ""), next((sha for sha in reached if sha in trunk), "")
    if on_trunk and not graph.is_ancestor(on_trunk, newest):
        newest = on_trunk
    # Under a fresh head what is newer lies between the newest build and it.
    read = graph.between(newest, graph.head) is not None if newest else graph.whole
    unplaced = (sha for sha in tags.by_sha if not graph.knows(sha))
    return PlacedBuilds(graph, tags, newest, () if graph.fresh and read else tuple(unplaced))


def standing_of(builds: PlacedBuilds, sha: str) -> Built | None:
    """The position of a revision, without `:latest`; what the history cannot tell is None."""
    graph, newest, sure = builds.graph, builds.newest, builds.sure
    if sha not in builds.tags.by_sha:
        not_built = Built("not-built", None, None, newest if sure else "", "")
        return None if builds.tags.unread or builds.tags.old else not_built
    position = _position(graph, sha, newest) if graph.knows(sha) else None
    if not sure:
        # That holds however many builds are newer.
        return Built("behind", None, None, "", "") if position == "behind" else None
    commits = graph.between(sha, newest) if newest else None
    if not position or commits is None:
        return Built(position, None, None, newest, "") if position else None
    newer = (build for build in builds.tags.by_sha if not graph.is_ancestor(build, sha))
    missed = [build for build in newer if graph.is_ancestor(build, newest)]
    return Built(position, len(missed), len(commits), newest, "")


def _position(graph: HistoryGraph, sha: str, newest: str) -> Position | None:
    """Against the newest build, and without one against the branch's head."""
    if sha == newest:
        return "current"
    if not newest:
        return "ahead" if graph.is_ancestor(graph.head, sha) else "diverged"
    newer, older = graph.is_ancestor(newest, sha), graph.is_ancestor(sha, newest)
    if older:
        return "behind"
    if newer is None or older is None:
        return None
    return "ahead" if newer else "diverged"


@memo
def built(case: Case, image_repository: str, repository: Answer[str], sha: str) -> Answer[Built]:
    """The position of a revision among the builds of an image repository (host/path).

    Unknown when the registry or the history cannot be read, when tags name no commit
    (`unread-tags`), or when the clone is too old to say `current` (`stale-clone`). Nothing for an
    image that is in no registry.
    """
    if not names.names_registry(image_repository):
        return Nothing()
    name = repository.value_or("")
    tags = builds(case, image_repository, name)
    # Asked at once: the history does not wait for the registry.
    history = git_history(case, name) if name else Nothing()
    if tags.problem:
        return Unknown(tags.problem)
    if history.value_or(None):
        answer = _placed_builds(case, image_repository, name)
        return answer.then(lambda builds: _among(case, image_repository, name, builds, sha))

    def unplaced(known: BuildTags) -> Answer[Built]:
        if sha in known.by_sha or known.unread or known.old:
            unread = missing(known, image_repository) if sha not in known.by_sha else None
            return first_unknown((repository, history)) or _unknown(unread) or Nothing()
        return Found(Built("not-built", None, None, "", ""))

    return tags.then(unplaced)


def _unknown(problem: Problem | None) -> Unknown | None:
    return Unknown(problem) if problem else None


@memo
def _placed_builds(case: Case, image_repository: str, repository: str) -> Answer[PlacedBuilds]:
    """The same for every container of an image repository."""
    tags = builds(case, image_repository, repository)
    history = git_history(case, repository)
    return history.then(lambda graph: tags.then(lambda known: Found(placed(graph, known))))


def _among(
    case: Case, image_repository: str, repository: str, builds: PlacedBuilds, sha: str
) -> Answer[Built]:
    def with_latest(standing: Built) -> Answer[Built]:
        latest = latest_sha(case, image_repository, repository)
        named = replace(standing, latest_sha=latest.value_or(""), latest_problem=latest.problem)
        return Found(named)

    return (
        found_or_nothing(standing_of(builds, sha))
        .or_else(lambda: _compared(case, image_repository, repository, builds, sha))
        .then(with_latest)
    )


def _compared(
    case: Case, image_repository: str, repository: str, builds: PlacedBuilds, sha: str
) -> Answer[Built]:
    """A revision outside what was read, judged by GitHub's compare with the newest build."""
    if builds.unplaced:
        return Unknown(stale_clone(repository, builds.graph, builds.unplaced))
    unread = missing(builds.tags, image_repository)
    if unread or sha not in builds.tags.by_sha:
        return Unknown(unread or old_versions(image_repository, builds.tags))

    def standing(compared: CompareFacts) -> Answer[Built]:
        ahead, behind, newest = compared.ahead_by, compared.behind_by, builds.newest
        position: Position = "diverged" if ahead and behind else "behind" if behind else "ahead"
        return Found(Built(position, None, behind if newest else None, newest, ""))

    # Nothing: a commit that is in no history of the repository has no place among its builds.
    base = Base(builds.newest or builds.graph.head)
    return case.get(GithubCompare(repository, base, Head(sha))).then(standing)


def old_versions(image_repository: str, tags: BuildTags) -> Problem:
    """The problem of versions that were too many to look into."""
    count = len(tags.old)
    message = f"{count} older versions of {image_repository} were not looked into"
    hint = "push each build under its commit's SHA as well"
    return Problem("registry", image_repository, "unread-tags", message, hint)


def stale_clone(repository: str, graph: HistoryGraph, missing: tuple[str, ...]) -> Problem:
    """The problem of builds that the clone at hand does not contain."""
    seen = f"last fetched {graph.fetched_at:%Y-%m-%dT%H:%M:%SZ}" if graph.fetched_at else "at hand"
    count = "a build is" if len(missing) == 1 else f"{len(missing)} builds are"
    message = f"{count} not in the clone of {repository} {seen} ({missing[0][:12]})"
    hint = "fetch in that clone, or run again with --fetch"
    return Problem("git", repository, "stale-clone", message, hint)
