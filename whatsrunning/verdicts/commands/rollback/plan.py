"""What to go back to: ranked builds with reasons and the change to make."""

from collections.abc import Sequence
from dataclasses import replace

from whatsrunning.facts.answers import Answer, Problem, first_unknown
from whatsrunning.facts.store import Case
from whatsrunning.report.commands import Candidate, RollbackPlan
from whatsrunning.report.container import Container
from whatsrunning.verdicts.commands.rollback.candidates import candidate
from whatsrunning.verdicts.commands.rollback.service import RunningService, running_service

MOST = 6
"""Candidates at most: each costs a query about its CI and one about its image."""

_STOPS = frozenset({"image-gone", "ci-red", "brings-back", "paths-untouched"})
_DOUBTS = frozenset({"ci-not-passed", "never-pushed", "not-in-registry"})


def plan(case: Case, containers: Sequence[Container]) -> RollbackPlan | None:
    """The plan for the service that the containers are of; None when none of them is managed."""
    managed = [container for container in containers if container.managed]
    serving = [container for container in managed if container.serves] or managed
    if not serving:
        return None
    newest = max(serving, key=lambda container: (container.created_at, container.name))
    answer = running_service(case, newest)
    service = answer.value_or(None)
    if service is None:
        problem = answer.problem or _no_revision(newest)
        return RollbackPlan(newest.service, newest.revision, (), problem)
    ranked = _ranked([candidate(service, sha) for sha in _older(service)], service.before)
    return RollbackPlan(newest.service, newest.revision, ranked, _missing(service))


def _no_revision(container: Container) -> Problem:
    message = f"nothing tells what {container.name} was built from"
    return Problem("engine", container.name, "no-revision", message, "label its image git.sha")


def _missing(service: RunningService) -> Problem | None:
    """Why there may be builds that are not among the candidates."""
    looked: tuple[Answer[object], ...] = (service.history, service.tags, service.listed.images)
    if unknown := first_unknown(looked):
        return unknown.problem
    return None if service.sha else _no_revision(service.container)


def _older(service: RunningService) -> tuple[str, ...]:
    """Builds that the running revision contains, newest first, and what served before.

    Without the history it is only what served before.
    """
    built = {*service.tags.value_or({}), *service.local, service.before} - {"", service.sha}
    graph, before = service.graph, service.before
    older = [
        sha for sha in built if sha == before or (graph and graph.is_ancestor(sha, service.sha))
    ]
    newest_first = graph.order(older) if graph else tuple(older)
    first = [before] if before in newest_first[MOST:] else []
    return (*first, *newest_first)[:MOST]


def _ranked(builds: Sequence[Candidate], before: str) -> tuple[Candidate, ...]:
    """Usable ones first, then what served before, then what is proven, the newest in git order."""
    ordered = sorted(builds, key=lambda it: (_stopped(it), it.sha != before, _doubted(it)))
    return tuple(
        replace(build, rank=rank, recommended=rank == 1 and not _stopped(build))
        for rank, build in enumerate(ordered, 1)
    )


def _stopped(build: Candidate) -> bool:
    unsure = build.image == "unknown" or not build.change
    return unsure or any(concern.code in _STOPS for concern in build.concerns)


def _doubted(build: Candidate) -> bool:
    return any(concern.code in _DOUBTS for concern in build.concerns)
