"""How the running build stands against the newest one (DESIGN sections 1 and 5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import GithubCompare
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import Built, Position, Revision
from whatsrunning.verdicts.history.builds import builds, latest_sha, sha_tags
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.position import Builds, Standing, builds_in, standing_of

__all__ = ["built", "sha_tags", "stale_clone"]


@dataclass(frozen=True, slots=True)
class _Case:
    facts: FactStore
    image_repository: str
    repository: str
    sha: str
    tags: Mapping[str, str]


def built(
    facts: FactStore,
    scope: Scope,
    image_repository: str,
    repository: Answer[str],
    revision: Answer[Revision],
) -> Answer[Built]:
    """The running revision's position among the builds of an image repository (host/path).

    Unknown when the registry or the history cannot be read, or when the clone is too old to say
    `current` (`stale-clone`).
    """
    if not names.names_registry(image_repository) or isinstance(revision, Nothing):
        return Nothing()
    if isinstance(revision, Unknown):
        return revision
    key = ("built", image_repository, repository, revision.value.sha)
    return facts.memo(
        key, lambda: _built(facts, scope, image_repository, repository, revision.value.sha)
    )


def _built(
    facts: FactStore, scope: Scope, image_repository: str, repository: Answer[str], sha: str
) -> Answer[Built]:
    name = repository.value if isinstance(repository, Found) else ""
    tags = builds(facts, scope, image_repository, name)
    # Asked at once: the history does not wait for the registry.
    graph = git_history(facts, scope, name) if name else Nothing()
    if isinstance(tags, Unknown):
        return tags
    known = tags.value if isinstance(tags, Found) else {}
    case = _Case(facts, image_repository, name, sha, known)
    if isinstance(graph, Found):
        return _judge(case, graph.value)
    if sha not in known:
        return Found(Built("not-built", None, None, "", ""))
    return repository if isinstance(repository, Unknown) else graph


def _judge(case: _Case, graph: HistoryGraph) -> Answer[Built]:
    key = ("builds-in", case.image_repository, case.repository)
    known = case.facts.memo(key, lambda: builds_in(graph, case.tags))
    told = standing_of(known, case.sha)
    placed = Found(told) if told else _compared(case, known)
    if not isinstance(placed, Found):
        return placed
    where = placed.value
    first = tuple(dict.fromkeys(sha for sha in (case.sha, where.newest) if sha))
    latest = latest_sha(case.facts, case.image_repository, case.tags, first, graph.order(case.tags))
    return Found(
        Built(
            where.position,
            where.builds_behind,
            where.commits_behind,
            where.newest,
            latest.value if isinstance(latest, Found) else "",
            latest.problem if isinstance(latest, Unknown) else None,
        )
    )


def _compared(case: _Case, known: Builds) -> Answer[Standing]:
    """A revision outside what was read, judged by GitHub's compare with the newest build."""
    if known.unplaced:
        return Unknown(stale_clone(case.repository, known.graph, known.unplaced))
    newest = known.newest
    base = newest or known.graph.head
    answer = case.facts.get(GithubCompare(case.repository, base, case.sha))
    if not isinstance(answer, Found):
        # Nothing: a commit that is in no history of the repository has no place among its builds.
        return answer
    ahead, behind = answer.value.ahead_by, answer.value.behind_by
    position: Position = "diverged" if ahead and behind else "behind" if behind else "ahead"
    return Found(Standing(position, None, behind if newest else None, newest))


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
