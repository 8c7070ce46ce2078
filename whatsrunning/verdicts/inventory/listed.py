"""One container as the engine tells it, with its image and its names, before any verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Nothing, Unknown, first_unknown
from whatsrunning.facts.engine import (
    ContainerFacts,
    EngineContainers,
    EngineInfo,
    EngineInspect,
    ImageFacts,
    InspectFacts,
)
from whatsrunning.facts.scope import Scope, ServiceRule
from whatsrunning.facts.store import Case, memo
from whatsrunning.names.labels import COMPOSE_ONE_OFF, PROJECT_LABELS, first_label
from whatsrunning.names.service import is_service, labelled_service, unversioned
from whatsrunning.report.container import Image
from whatsrunning.verdicts.inventory.engines import engines, images_on

_OCI_REVISION = "org.opencontainers.image.revision"
_SHORTEST_ID = 4  # characters of an ID that may stand for it


@dataclass(frozen=True, slots=True, eq=False)
class ListedContainer(Case):
    """A case about one container. `image_entry` is its image in the engine's store, None once
    removed; `inspection` was needed where the list has the image's bare ID for its name."""

    engine: str
    listed: ContainerFacts
    image: Image
    tag: str
    service: str
    project: str
    images: Answer[Mapping[str, ImageFacts]]
    image_entry: ImageFacts | None
    inspection: Answer[InspectFacts]
    containerd: bool

    @property
    def case(self) -> Case:
        """The case of the whole look."""
        return Case(self.facts, self.scope)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others of its case: engine and ID."""
        return self.engine, self.listed.id

    @property
    def name_unknown(self) -> Unknown | None:
        """Why the name of its image is not known."""
        return first_unknown([self.inspection])

    @property
    def labels(self) -> Mapping[str, str]:
        """The container's labels, the image's among them: the engine merges them on creation."""
        return self.listed.labels  # https://github.com/moby/moby/blob/v20.10.24/daemon/commit.go

    @property
    def image_labels(self) -> Mapping[str, str]:
        """The image's own labels; empty when the image is gone or could not be listed."""
        return self.image_entry.labels if self.image_entry else {}

    @property
    def one_off(self) -> bool:
        """Whether `docker compose run` started it for one command, beside its service."""
        return self.labels.get(COMPOSE_ONE_OFF, "").lower() == "true"

    @property
    def rule(self) -> ServiceRule | None:
        """The configuration of its service, if that is meant for its engine."""
        rule = self.scope.service_rules.get(self.service)
        return rule if rule and rule.context in ("", self.engine) else None

    @property
    def configured_repository(self) -> str:
        """OWNER/NAME that configuration gives its service or its image, else empty."""
        rules = self.scope.image_rules.items()
        by_image = (name for image, name in rules if matches(self.image.repository, image))
        return (self.rule.repo if self.rule else "") or next(by_image, "")

    @property
    def digests(self) -> frozenset[str]:
        """Every registry digest of what runs: index or manifest, under whatever repository name."""
        # The containerd store's own IDs are such digests, and it gives one to every name:
        # https://docs.docker.com/engine/storage/containerd/
        own = {self.listed.image_id, self.listed.manifest} if self.containerd else set()
        return frozenset(own | {names.reference(name).digest for name in self.image.digests} - {""})


@memo
def listed_containers(case: Case) -> tuple[ListedContainer, ...]:
    """The containers of every engine that answered, in the engine's order."""
    return tuple(
        listed_container(case, engine.context, listed)
        for engine in engines(case)
        if engine.status == "ok"
        for listed in case.get(EngineContainers(engine.context)).value_or(())
    )


def listed_container(case: Case, engine: str, listed: ContainerFacts) -> ListedContainer:
    """One container, with what the image list and, for a bare ID, an inspection say of its name."""
    info, answer = case.get(EngineInfo(engine)).value_or(None), images_on(case, engine)
    images = answer.value_or(None)
    entry = images.get(listed.image_id) if images is not None else None
    # Once the tag moved on, the list has the image's ID in place of the name that an inspection
    # still has: https://github.com/moby/moby/blob/v20.10.24/daemon/list.go
    bare = _is_id(listed.image, listed.image_id)
    inspection = case.get(EngineInspect(engine, listed.id)) if bare else Nothing()
    inspected = inspection.value_or(None)
    written = (inspected.reference if inspected else "") or listed.image
    name = names.Reference("") if _is_id(written, listed.image_id) else names.reference(written)
    repository = _repository(name.repository, entry if inspected or not bare else None)
    return ListedContainer(
        facts=case.facts,
        scope=case.scope,
        engine=engine,
        listed=listed,
        image=Image(
            reference=written,
            id=listed.image_id,
            repository=repository,
            digests=tuple(sorted(entry.digests)) if entry else (),
            platform=info.platform if info else "",
            gone=images is not None and entry is None,
        ),
        tag=name.tag,
        service=labelled_service(listed.labels)
        or _configured(case.scope, engine, repository)
        or unversioned(listed.name, name.tag, _revisions(case.scope, listed)),
        project=first_label(listed.labels, PROJECT_LABELS),
        images=answer,
        image_entry=entry,
        inspection=inspection,
        containerd=info is not None and info.store == "containerd",
    )


def _is_id(written: str, image_id: str) -> bool:
    digits = written.removeprefix("sha256:")
    is_start = len(digits) >= _SHORTEST_ID and image_id.removeprefix("sha256:").startswith(digits)
    return is_start or names.is_image_id(written)


def _repository(named: str, image: ImageFacts | None) -> str:
    """The name's own repository, else the only one that the engine knows the image by."""
    if image and not names.names_registry(named):
        for references in (image.digests, image.tags):
            repositories = {names.reference(reference).repository for reference in references}
            in_registries = list(filter(names.names_registry, repositories))
            if len(in_registries) == 1:
                return in_registries[0]
    return named


def _revisions(scope: Scope, listed: ContainerFacts) -> Iterator[str]:
    """What its labels say of its revision."""
    return (listed.labels.get(key, "") for key in (*scope.revision_labels, _OCI_REVISION))


def _configured(scope: Scope, engine: str, repository: str) -> str:
    """The service that the configuration gives an image."""
    rules = scope.service_rules.items()
    here = ((name, rule.image) for name, rule in rules if rule.context in ("", engine))
    return next((name for name, image in here if image and matches(repository, image)), "")


def matches(repository: str, pattern: str) -> bool:
    """Whether a configured image (a name without a tag, `*` allowed) means this repository."""
    written = pattern if "*" in pattern or "?" in pattern else names.reference(pattern).repository
    short = repository.removeprefix(f"{names.DOCKER_HUB}/").removeprefix("library/")
    return any(bool(name) and fnmatchcase(name, written) for name in (repository, short))


def is_named(container: ListedContainer, name: str) -> bool:
    """Whether a name means this container: its own, its service, or PROJECT/SERVICE."""
    own = container.listed.name
    return name == own or is_service(name, container.project, container.service)


def matching(name: str, containers: Sequence[ListedContainer]) -> Sequence[ListedContainer]:
    """Those that a name means: by container name, else by the start of an ID, else by service."""
    named = [c for c in containers if c.listed.name == name]
    with_id = [c for c in containers if c.listed.id.startswith(name) and len(name) >= _SHORTEST_ID]
    return named or with_id or [c for c in containers if is_named(c, name)]
