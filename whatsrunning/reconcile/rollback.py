"""What to go back to: ranked builds with reasons and the change to make (DESIGN section 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from whatsrunning import names
from whatsrunning.model.answers import Answer, Found, Nothing, Unknown
from whatsrunning.model.questions import EngineInfo, RegistryManifest
from whatsrunning.model.report import (
    Candidate,
    Ci,
    Container,
    DeployedAt,
    Revision,
    RollbackPlan,
)
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts
from whatsrunning.reconcile.change import pulls_between
from whatsrunning.reconcile.ci import verdict
from whatsrunning.reconcile.commits import commit_of
from whatsrunning.reconcile.concerns import Going, concerns
from whatsrunning.reconcile.graph import HistoryGraph
from whatsrunning.reconcile.history_graph import history
from whatsrunning.reconcile.subject import Subject, subjects
from whatsrunning.reconcile.tags import builds

MOST = 6
"""Candidates at most: each costs a question about its CI and one about its image."""

_SERVING = frozenset({"running", "restarting", "paused"})
_STOPS = frozenset({"image-gone", "ci-red", "brings-back"})
_SWARM = "com.docker.swarm.service.name"
_COMPOSE = "com.docker.compose.service"


@dataclass(frozen=True, slots=True)
class _Service:
    """What is to be rolled back: its newest container, and everything that was built for it."""

    container: Container
    subject: Subject
    repository: str
    sha: str
    graph: HistoryGraph
    tags: Answer[Mapping[str, str]]

    @property
    def image(self) -> str:
        """The image repository, host/path."""
        return self.container.image.repository

    @property
    def before(self) -> str:
        """What served before, where that is known."""
        known = self.container.previous
        return known.value.sha if isinstance(known, Found) else ""


def plan(facts: Facts, scope: Scope, containers: Sequence[Container]) -> RollbackPlan | None:
    """The plan for the service that the containers are of; None when none of them is ours."""
    ours = [one for one in containers if one.managed]
    serving = [one for one in ours if one.state in _SERVING] or ours
    if not serving:
        return None
    newest = max(serving, key=lambda one: (one.created_at, one.name))
    service = _service(facts, scope, newest)
    if service is None:
        return RollbackPlan(newest.service, newest.revision, ())
    made = [_candidate(facts, scope, service, sha) for sha in _older(service)]
    return RollbackPlan(newest.service, newest.revision, _ranked(made, service.before))


def _service(facts: Facts, scope: Scope, container: Container) -> _Service | None:
    if not (isinstance(container.revision, Found) and isinstance(container.repository, Found)):
        return None
    name, sha = container.repository.value, container.revision.value.sha
    subject = next((one for one in subjects(facts, scope) if one.said.id == container.id), None)
    also = (container.previous.value.sha,) if isinstance(container.previous, Found) else ()
    graph = history(facts, scope, name, also)
    if subject is None or not isinstance(graph, Found):
        return None
    tags = builds(facts, scope, container.image.repository, name)
    return _Service(container, subject, name, sha, graph.value, tags)


def _older(service: _Service) -> tuple[str, ...]:
    """Builds that the running revision contains, newest first, and what served before."""
    tagged = service.tags.value if isinstance(service.tags, Found) else {}
    known = {*tagged, *_local(service), service.before} - {"", service.sha}
    behind = [sha for sha in known if service.graph.is_ancestor(sha, service.sha)]
    if service.before in known and service.before not in behind:
        behind.append(service.before)
    return service.graph.order(behind)[:MOST]


def _local(service: _Service) -> Mapping[str, str]:
    """SHAs of this image repository in the engine's store, with a digest where one is known."""
    images = service.subject.images
    found: dict[str, str] = {}
    for image in images.value.values() if isinstance(images, Found) else ():
        tags = [names.reference(tag) for tag in image.tags]
        said = [names.tag_revision(tag.tag) for tag in tags if tag.repository == service.image]
        digests = [names.reference(each) for each in image.digests]
        digest = next((d.digest for d in digests if d.repository == service.image), "")
        found.update((one.sha, digest) for one in said if one and one.whole and not one.dirty)
    return found


def _candidate(facts: Facts, scope: Scope, service: _Service, sha: str) -> Candidate:
    local = _local(service)
    top = _head(facts, service, sha)
    digest = top.value if isinstance(top, Found) else local.get(sha, "")
    going = Going(service.container, service.repository, sha, service.sha, service.graph)
    commit = commit_of(facts, scope, service.repository, sha)
    made = Candidate(
        sha=sha,
        digest=digest,
        rank=0,
        recommended=False,
        image="local" if sha in local else _where(top),
        ci=_ci(facts, scope, service, sha),
        leaves=pulls_between(facts, scope, service.repository, sha, service.sha),
        concerns=(),
        change=_change(service, digest),
        subject=commit.value.subject if isinstance(commit, Found) else "",
    )
    return replace(made, concerns=concerns(facts, scope, going, made))


def _head(facts: Facts, service: _Service, sha: str) -> Answer[str]:
    """The digest that the registry has for a build."""
    if not isinstance(service.tags, Found):
        return service.tags
    if sha not in service.tags.value:
        return Nothing()
    head = facts.look(RegistryManifest(service.image, service.tags.value[sha]))
    return Found(head.value.digest) if isinstance(head, Found) else head


def _where(top: Answer[str]) -> Literal["registry", "gone", "unknown"]:
    if isinstance(top, Found):
        return "registry"
    return "gone" if isinstance(top, Nothing) else "unknown"


def _ci(facts: Facts, scope: Scope, service: _Service, sha: str) -> Answer[Ci]:
    """CI as it stands now: what a deploy at this moment would be judged by."""
    container = service.container
    info = facts.look(EngineInfo(container.engine))
    if isinstance(info, Unknown):
        return info
    now: Answer[DeployedAt] = Nothing()
    if isinstance(info, Found):
        now = Found(DeployedAt(info.value.answered_at, "now"))
    # How an earlier deploy of it raced with CI does not matter any more.
    return verdict(
        facts,
        replace(scope, journal=False),
        service=container.service,
        repository=Found(service.repository),
        revision=Found(Revision(sha, "image-tag")),
        deployed=now,
        skew_s=0.0,
        engine=container.engine,
    )


def _change(service: _Service, digest: str) -> str:
    """The line to write; never a command made up from what runs, never an environment's value."""
    if not digest:
        return ""
    image = f"{service.image}@{digest}"
    labels, name = service.subject.labels, service.container.service
    if _SWARM in labels:
        return f"in the stack file, service {name}: image: {image}"
    if _COMPOSE in labels:
        return f"in the Compose file, service {name}: image: {image}"
    return f"deploy again with the image {image}"


def _ranked(made: Sequence[Candidate], before: str) -> tuple[Candidate, ...]:
    """Usable ones first, then what served before, then the newest in git order."""
    ordered = sorted(made, key=lambda one: (_stopped(one), one.sha != before))
    return tuple(
        replace(one, rank=number, recommended=number == 1 and not _stopped(one))
        for number, one in enumerate(ordered, 1)
    )


def _stopped(one: Candidate) -> bool:
    unsure = one.image == "unknown" or not one.digest
    return unsure or any(concern.code in _STOPS for concern in one.concerns)
