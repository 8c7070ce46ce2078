"""What to go back to: ranked builds with reasons and the change to make (DESIGN section 4)."""

from collections.abc import Sequence
from dataclasses import replace

from whatsrunning.facts.answers import Answer, Found, Problem, Unknown, first_unknown
from whatsrunning.facts.store import Case
from whatsrunning.report.commands import Candidate, RollbackPlan
from whatsrunning.report.container import Container
from whatsrunning.verdicts.commands.rollback.candidates import Service, candidate, local
from whatsrunning.verdicts.history.builds import builds
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.inventory.listed import listed_containers

MOST = 6
"""Candidates at most: each costs a question about its CI and one about its image."""

_SERVING = frozenset({"running", "restarting", "paused"})
_STOPS = frozenset({"image-gone", "ci-red", "brings-back", "paths-untouched"})
_DOUBTS = frozenset({"ci-not-passed", "never-pushed", "not-in-registry"})


def plan(case: Case, containers: Sequence[Container]) -> RollbackPlan | None:
    """The plan for the service that the containers are of; None when none of them is ours."""
    ours = [one for one in containers if one.managed]
    serving = [one for one in ours if one.state in _SERVING] or ours
    if not serving:
        return None
    newest = max(serving, key=lambda one: (one.created_at, one.name))
    service = _service(case, newest)
    if isinstance(service, Problem):
        return RollbackPlan(newest.service, newest.revision, (), service)
    made = [candidate(case, service, sha) for sha in _older(service)]
    ranked = _ranked(made, service.before)
    return RollbackPlan(newest.service, newest.revision, ranked, _missing(service))


def _service(case: Case, container: Container) -> Service | Problem:
    """The service, or why nothing can be planned for it."""
    named = container.repository
    if not isinstance(named, Found):
        return named.problem if isinstance(named, Unknown) else _unplanned(container)
    subject = next((one for one in listed_containers(case) if one.listed.id == container.id), None)
    before = container.previous.value.sha if isinstance(container.previous, Found) else ""
    if subject is None:
        return _unplanned(container)
    sha = container.revision.value.sha if isinstance(container.revision, Found) else ""
    graph = git_history(case, named.value, frozenset({before} - {""}))
    tags = builds(case, container.image.repository, named.value)
    return Service(container, subject, named.value, sha, graph, tags)


def _unplanned(container: Container) -> Problem:
    said = f"nothing tells what {container.name} was built from"
    return Problem("engine", container.name, "no-revision", said, "label its image git.sha")


def _missing(service: Service) -> Problem | None:
    """Why there may be builds that are not among the candidates."""
    looked: tuple[Answer[object], ...] = (service.graph, service.tags, service.subject.images)
    if lost := first_unknown(looked):
        return lost.problem
    return None if service.sha else _unplanned(service.container)


def _older(service: Service) -> tuple[str, ...]:
    """Builds that the running revision contains, newest first, and what served before.

    Without the history it is only what served before.
    """
    tagged = service.tags.value if isinstance(service.tags, Found) else {}
    known = {*tagged, *local(service), service.before} - {"", service.sha}
    graph = service.history
    behind = [sha for sha in known if graph and graph.is_ancestor(sha, service.sha)]
    if service.before in known and service.before not in behind:
        behind.append(service.before)
    newest = graph.order(behind) if graph else tuple(behind)
    first = [service.before] if service.before in newest[MOST:] else []
    return (*first, *newest)[:MOST]


def _ranked(made: Sequence[Candidate], before: str) -> tuple[Candidate, ...]:
    """Usable ones first, then what served before, then what is proven, the newest in git order."""
    ordered = sorted(made, key=lambda one: (_stopped(one), one.sha != before, _doubted(one)))
    return tuple(
        replace(one, rank=number, recommended=number == 1 and not _stopped(one))
        for number, one in enumerate(ordered, 1)
    )


def _stopped(one: Candidate) -> bool:
    unsure = one.image == "unknown" or not one.change
    return unsure or any(concern.code in _STOPS for concern in one.concerns)


def _doubted(one: Candidate) -> bool:
    return any(concern.code in _DOUBTS for concern in one.concerns)
