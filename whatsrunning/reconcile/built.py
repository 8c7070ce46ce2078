"""How the running build stands against the newest one (DESIGN sections 1 and 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whatsrunning.model.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.model.questions import RegistryManifest
from whatsrunning.model.report import Built, Position, Revision
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts
from whatsrunning.reconcile.graph import HistoryGraph
from whatsrunning.reconcile.history_graph import history
from whatsrunning.reconcile.tags import all_tags, sha_tags

__all__ = ["built", "latest_sha", "newest_build", "sha_tags"]

_MOST_HEADS = 200
"""How many SHA tags are compared with `:latest` at most, newest first."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a revision stands; None counts are not known."""

    position: Position | None
    builds: int | None = None
    commits: int | None = None
    newest: str = ""


def built(
    facts: Facts,
    scope: Scope,
    image_repository: str,
    repository: Answer[str],
    revision: Answer[Revision],
    engine: str,
) -> Answer[Built]:
    """The running revision's position among the builds of an image repository (host/path).

    Unknown when the registry or the history cannot be read, or the clone is too old to say
    `current` (`stale-clone`). `engine` is the context's name.
    """
    if not image_repository or isinstance(revision, Nothing):
        return Nothing()
    if isinstance(revision, Unknown):
        return revision
    tags = sha_tags(facts, image_repository)
    if isinstance(tags, Unknown):
        return tags
    if isinstance(repository, Unknown):
        return repository
    known = tags.value if isinstance(tags, Found) else {}
    if not isinstance(repository, Found):
        return Nothing() if revision.value.sha in known else Found(_not_built())
    graph = history(facts, scope, repository.value)
    return _judge(facts, image_repository, repository.value, revision.value.sha, known, graph)
