"""One container as the engine tells it, with its image and its names, before any verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.queries import EngineInspect
from whatsrunning.facts.query import Query
from whatsrunning.facts.records import ContainerFacts, ImageFacts, InspectFacts
from whatsrunning.facts.scope import Scope, ServiceRule
from whatsrunning.facts.store import Case, FactStore, memo
from whatsrunning.names.labels import PROJECT_LABELS, SERVICE_LABELS, first_label
from whatsrunning.report.container import Image
from whatsrunning.verdicts.inventory.engines import containers_on, engines, images_on, info_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class ListedContainer:
    """A container of a case, before any verdict on it.

    `entry` is its image in the engine's store, None once removed. `renamed` holds the inspection
    that told a bare ID's name, where one was needed.
    """

    case: Case
    engine: str
    listed: ContainerFacts
    image: Image
    tag: str
    service: str
    project: str
    images: Answer[Mapping[str, ImageFacts]]
    entry: ImageFacts | None
    renamed: Answer[InspectFacts] | None
    containerd: bool

    @property
    def facts(self) -> FactStore:
        """The facts of its case."""
        return self.case.facts

    @property
    def scope(self) -> Scope:
        """What the look is about."""
        return self.case.scope

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others of its case: engine and ID."""
        return self.engine, self.listed.id

    def get(self, query: Query[T]) -> Answer[T]:
        """The answer to a query; see `FactStore.get`."""
        return self.case.get(query)

    @property
    def labels(self) -> Mapping[str, str]:
        """The container's labels, the image's among them."""
        return self.listed.labels

    @property
    def image_labels(self) -> Mapping[str, str]:
        """The image's own labels; empty when the image is gone or could not be listed."""
        return self.entry.labels if self.entry else {}

    @property
    def running(self) -> frozenset[str]:
        """Every registry digest of what runs: index or manifest, under whatever repository name."""
        own = {self.listed.image_id, self.listed.manifest} if self.containerd else set()
        listed = self.entry.digests if self.entry else ()
        return frozenset(own | {names.reference(each).digest for each in listed} - {""})


@memo
def listed_containers(case: Case) -> tuple[ListedContainer, ...]:
    """The containers of every engine that answered, in the engine's order."""
    return tuple(
        listed_container(case, engine.context, said)
        for engine in engines(case)
        if engine.status == "ok"
        for said in containers_on(case, engine.context)
    )


def listed_container(case: Case, engine: str, said: ContainerFacts) -> ListedContainer:
    """One container with what its image list and, for a bare ID, an inspection say of its names."""
    info, images = info_of(case, engine), images_on(case, engine)
    entry = images.value.get(said.image_id) if isinstance(images, Found) else None
    renamed = case.get(EngineInspect(engine, said.id)) if _bare(said.image, said) else None
    written = _written(said, renamed)
    parts = names.Reference("") if _bare(written, said) else names.reference(written)
    repository = _repository(parts.repository, entry, renamed)
    image = Image(
        reference=written,
        id=said.image_id,
        repository=repository,
        digests=tuple(sorted(entry.digests)) if entry else (),
        platform=info.platform if info else "",
        gone=isinstance(images, Found) and entry is None,
    )
    return ListedContainer(
        case=case,
        engine=engine,
        listed=said,
        image=image,
        tag=parts.tag,
        service=first_label(said.labels, SERVICE_LABELS)
        or _configured(case.scope, engine, repository)
        or said.name,
        project=first_label(said.labels, PROJECT_LABELS),
        images=images,
        entry=entry,
        renamed=renamed,
        containerd=info is not None and info.store == "containerd",
    )


def _bare(written: str, said: ContainerFacts) -> bool:
    """An image's ID, whole or short, where a name was: the tag moved on, or nobody named it."""
    text = written.removeprefix("sha256:")
    return names.is_image_id(written) or (
        len(text) >= 4 and said.image_id.removeprefix("sha256:").startswith(text)
    )


def _written(said: ContainerFacts, renamed: Answer[InspectFacts] | None) -> str:
    """The name that the container was given, which the list forgets and an inspection keeps."""
    if isinstance(renamed, Found) and renamed.value.reference:
        return renamed.value.reference
    return said.image


def _repository(named: str, entry: ImageFacts | None, renamed: Answer[InspectFacts] | None) -> str:
    """The name's own repository, else the only one that the engine knows the image by."""
    if names.names_registry(named) or entry is None:
        return named
    if renamed is not None and not isinstance(renamed, Found):
        return ""
    for listed in (entry.digests, entry.tags):
        known = {names.reference(each).repository for each in listed}
        known = {each for each in known if names.names_registry(each)}
        if len(known) == 1:
            return known.pop()
    return named


def _configured(scope: Scope, engine: str, repository: str) -> str:
    """The service that the configuration gives an image."""
    for name, rule in scope.service_rules.items():
        if rule.image and rule.context in ("", engine) and matches(repository, rule.image):
            return name
    return ""


def matches(repository: str, pattern: str) -> bool:
    """Whether a configured image (a name without a tag, `*` allowed) means this repository."""
    written = pattern if "*" in pattern or "?" in pattern else names.reference(pattern).repository
    short = repository.removeprefix(f"{names.DOCKER_HUB}/").removeprefix("library/")
    return any(bool(each) and fnmatchcase(each, written) for each in (repository, short))


def rule_of(container: ListedContainer) -> ServiceRule | None:
    """The configuration of the container's service, if it is meant for this engine."""
    rule = container.scope.service_rules.get(container.service)
    return rule if rule and rule.context in ("", container.engine) else None
