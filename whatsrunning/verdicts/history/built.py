"""How the running build stands against the newest one."""

from dataclasses import replace

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, first_unknown
from whatsrunning.facts.git import Base, Head
from whatsrunning.facts.github import CompareFacts, GithubCompare
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Built, Position
from whatsrunning.verdicts.history.builds import builds, latest_sha
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.position import Builds, builds_in, standing_of


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
    history = git_history(case, name) if name else Nothing()
    if tags.problem:
        return Unknown(tags.problem)
    if history.value_or(None):
        answer = _placed_builds(case, image_repository, name)
        return answer.then(lambda placed: _among(case, image_repository, name, placed, sha))
    if sha not in tags.value_or({}):
        return Found(Built("not-built", None, None, "", ""))
    return first_unknown((repository, history)) or Nothing()


@memo
def _placed_builds(case: Case, image_repository: str, repository: str) -> Answer[Builds]:
    """The same for every container of an image repository."""
    tags = builds(case, image_repository, repository).value_or({})
    return git_history(case, repository).then(lambda graph: Found(builds_in(graph, tags)))


def _among(
    case: Case, image_repository: str, repository: str, placed: Builds, sha: str
) -> Answer[Built]:
    def with_latest(standing: Built) -> Answer[Built]:
        first, others = (sha, standing.newest_sha), placed.graph.order(placed.tags)
        answer = latest_sha(case, image_repository, placed.tags, first, others)
        latest, problem = answer.value_or(""), answer.problem
        return Found(replace(standing, latest_sha=latest, latest_problem=problem))

    standing = standing_of(placed, sha)
    answer = Found(standing) if standing else _compared(case, repository, placed, sha)
    return answer.then(with_latest)


def _compared(case: Case, repository: str, placed: Builds, sha: str) -> Answer[Built]:
    """A revision outside what was read, judged by GitHub's compare with the newest build."""
    if placed.unplaced:
        return Unknown(stale_clone(repository, placed.graph, placed.unplaced))
    newest = placed.newest

    def standing(compared: CompareFacts) -> Answer[Built]:
        ahead, behind = compared.ahead_by, compared.behind_by
        position: Position = "diverged" if ahead and behind else "behind" if behind else "ahead"
        return Found(Built(position, None, behind if newest else None, newest, ""))

    # Nothing: a commit that is in no history of the repository has no place among its builds.
    base = Base(newest or placed.graph.head)
    return case.get(GithubCompare(repository, base, Head(sha))).then(standing)


def stale_clone(repository: str, graph: HistoryGraph, missing: tuple[str, ...]) -> Problem:
    """The problem of builds that the clone at hand does not contain."""
    seen = f"last fetched {graph.fetched_at:%Y-%m-%dT%H:%M:%SZ}" if graph.fetched_at else "at hand"
    count = "a build is" if len(missing) == 1 else f"{len(missing)} builds are"
    message = f"{count} not in the clone of {repository} {seen} ({missing[0][:12]})"
    hint = "fetch in that clone, or run again with --fetch"
    return Problem("git", repository, "stale-clone", message, hint)
