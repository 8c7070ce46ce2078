"""How the running build stands against the newest one (DESIGN sections 1 and 5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.model.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.model.questions import ForgeCompare
from whatsrunning.model.report import Built, Revision
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts
from whatsrunning.reconcile.graph import HistoryGraph
from whatsrunning.reconcile.history_graph import history
from whatsrunning.reconcile.position import Place, newest_build, place, unplaced
from whatsrunning.reconcile.tags import latest_sha, sha_tags

__all__ = ["built", "sha_tags", "stale_clone"]


@dataclass(frozen=True, slots=True)
class _Case:
    facts: Facts
    image_repository: str
    repository: str
    sha: str
    tags: Mapping[str, str]


def built(
    facts: Facts,
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
    return facts.once(
        key, lambda: _built(facts, scope, image_repository, repository, revision.value.sha)
    )


def _built(
    facts: Facts, scope: Scope, image_repository: str, repository: Answer[str], sha: str
) -> Answer[Built]:
    tags = sha_tags(facts, image_repository)
    graph: Answer[HistoryGraph] = Nothing()
    if isinstance(repository, Found):
        # Asked at once: the history does not wait for the registry.
        graph = history(facts, scope, repository.value)
    if isinstance(tags, Unknown):
        return tags
    known = tags.value if isinstance(tags, Found) else {}
    name = repository.value if isinstance(repository, Found) else ""
    case = _Case(facts, image_repository, name, sha, known)
    if isinstance(graph, Found):
        return _judge(case, graph.value)
    if sha not in known:
        return Found(Built("not-built", None, None, "", ""))
    return repository if isinstance(repository, Unknown) else graph


def _judge(case: _Case, graph: HistoryGraph) -> Answer[Built]:
    where = place(graph, case.sha, case.tags)
    if where.position is None:
        where = _compared(case, graph, where)
    if where.position is None:
        return Unknown(
            stale_clone(case.repository, graph, unplaced(graph, case.tags) or (case.sha,))
        )
    first = tuple(dict.fromkeys(sha for sha in (case.sha, where.newest) if sha))
    latest = latest_sha(case.facts, case.image_repository, first, graph.order(case.tags))
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


def _compared(case: _Case, graph: HistoryGraph, where: Place) -> Place:
    """A revision outside what was read, judged by GitHub's compare with the newest build."""
    newest = newest_build(graph, case.tags)
    if not newest or unplaced(graph, case.tags):
        return where
    answer = case.facts.look(ForgeCompare(case.repository, newest, case.sha))
    if not isinstance(answer, Found):
        return where
    ahead, behind = answer.value.ahead_by, answer.value.behind_by
    if ahead and behind:
        return Place("diverged", None, behind, newest)
    return Place("behind" if behind else "ahead", None, behind, newest)


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
