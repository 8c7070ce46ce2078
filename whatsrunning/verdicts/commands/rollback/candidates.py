"""One build to go back to: where its image is, CI as it stands, what would leave, the change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import EngineInfo, RegistryContent, RegistryManifest
from whatsrunning.facts.records import EngineFacts
from whatsrunning.facts.store import Case
from whatsrunning.names.labels import COMPOSE_SERVICE, SWARM_SERVICE
from whatsrunning.report.commands import Candidate
from whatsrunning.report.container import Ci, Container
from whatsrunning.verdicts.ci.deploy_time import Deploy
from whatsrunning.verdicts.ci.verdict import verdict
from whatsrunning.verdicts.commands.newest_change import pulls_between
from whatsrunning.verdicts.commands.rollback.concerns import LocalImageState, Rollback, concerns
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.inventory.listed import ListedContainer


@dataclass(frozen=True, slots=True)
class Local:
    """A build in the engine's store: its name there, and the digests that a registry gave it."""

    reference: str
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """What is to be rolled back: its newest container, and everything that was built for it."""

    container: Container
    subject: ListedContainer
    repository: str
    sha: str
    graph: Answer[HistoryGraph]
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

    @property
    def history(self) -> HistoryGraph | None:
        """The history, where it could be read."""
        return self.graph.value if isinstance(self.graph, Found) else None


def local(service: Service) -> Mapping[str, Local]:
    """The builds of this image repository in the engine's store, by SHA."""
    images = service.subject.images
    found: dict[str, Local] = {}
    for image in images.value.values() if isinstance(images, Found) else ():
        known = [names.reference(each) for each in image.digests]
        digests = tuple(each.digest for each in known if each.repository == service.image)
        for text in image.tags:
            tag = names.reference(text)
            said = names.tag_revision(tag.tag) if tag.repository == service.image else None
            if said and said.whole and not said.dirty:
                found[said.sha] = Local(text, digests)
    return found


def candidate(case: Case, service: Service, sha: str) -> Candidate:
    """The candidate as it would be judged if it were deployed now; not ranked yet."""
    here, top = local(service).get(sha), _head(case, service, sha)
    rebuilt = here is not None and _is_another(case, service, sha, here, top)
    digest = top.value if isinstance(top, Found) and not rebuilt else ""
    digest = digest or (here.digests[0] if here and here.digests else "")
    running = service.sha or "an unknown revision"
    commit = commit_of(case, service.repository, sha)
    made = Candidate(
        sha=sha,
        digest=digest,
        rank=0,
        recommended=False,
        image="local" if here else _where(top),
        ci=_ci(case, service, sha),
        leaves=pulls_between(case, service.repository, sha, service.sha)
        if service.sha
        else Unknown(_no_revision(service.container, running)),
        concerns=(),
        change=_change(service, digest, here),
        subject=commit.value.subject if isinstance(commit, Found) else "",
    )
    going = Rollback(
        service.container, service.subject, service.repository, sha, service.sha, service.history
    )
    kept: LocalImageState = (
        "rebuilt" if rebuilt else "lost" if _is_lost(case, service, here, top) else ""
    )
    return replace(made, concerns=concerns(case, going, made, kept))


def _head(case: Case, service: Service, sha: str) -> Answer[str]:
    """The digest that the registry has for a build."""
    if not isinstance(service.tags, Found):
        return service.tags
    if sha not in service.tags.value:
        return Nothing()
    head = case.get(RegistryManifest(service.image, service.tags.value[sha]))
    return Found(head.value.digest) if isinstance(head, Found) else head


def _is_another(case: Case, service: Service, sha: str, here: Local, top: Answer[str]) -> bool:
    """Whether the registry's tag has other content by now than the engine's image of that name."""
    if not (isinstance(top, Found) and isinstance(service.tags, Found) and here.digests):
        return False
    if top.value in here.digests:
        return False
    content = case.get(RegistryContent(service.image, service.tags.value[sha]))
    if not isinstance(content, Found):
        return False
    return not {child.digest for child in content.value.children} & set(here.digests)


def _is_lost(case: Case, service: Service, here: Local | None, top: Answer[str]) -> bool:
    """Whether the registry knows neither the tag nor the content: `denied`, were it running."""
    if not (here and here.digests and isinstance(top, Nothing)):
        return False
    known = [case.get(RegistryManifest(service.image, digest)) for digest in here.digests]
    return all(isinstance(each, Nothing) for each in known)


def _where(top: Answer[str]) -> Literal["registry", "gone", "unknown"]:
    if isinstance(top, Found):
        return "registry"
    return "gone" if isinstance(top, Nothing) else "unknown"


def _ci(case: Case, service: Service, sha: str) -> Answer[Ci]:
    """CI as it stands now: what a deploy at this moment would be judged by."""
    container = service.container
    # How an earlier deploy of it raced with CI does not matter any more.
    forgetful = replace(case, scope=replace(case.scope, journal=False))

    def judged(info: EngineFacts) -> Answer[Ci]:
        engine, repository = container.engine, service.repository
        deploy = Deploy(engine, container.service, repository, sha, info.answered_at, 0.0)
        return verdict(forgetful, deploy)

    return case.get(EngineInfo(container.engine)).then(judged)


def _no_revision(container: Container, running: str) -> Problem:
    said = f"{container.name} runs {running}: what differs cannot be told"
    return Problem("engine", container.name, "no-revision", said, "label its image git.sha")


def _change(service: Service, digest: str, here: Local | None) -> str:
    """The line to write; never a command made up from what runs, never an environment's value."""
    image = f"{service.image}@{digest}" if digest else here.reference if here else ""
    labels, name = service.subject.labels, service.container.service
    if not image:
        return ""
    if SWARM_SERVICE in labels:
        return f"in the stack file, service {name}: image: {image}"
    if COMPOSE_SERVICE in labels:
        return f"in the Compose file, service {name}: image: {image}"
    return f"deploy again with the image {image}"
