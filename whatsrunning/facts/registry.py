"""What a registry says, what can be asked of it, and how. Digests are whole, as served."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from whatsrunning.facts.answers import Answer
from whatsrunning.facts.query import Deadline, OfImageRepository


@dataclass(frozen=True, slots=True)
class Child:
    """One real platform of an index, no attestation; `platform` is os/arch[/variant]."""

    digest: str
    platform: str


@dataclass(frozen=True, slots=True)
class ManifestFacts:
    """A manifest or an index. `config` and `children` are empty when only HEAD was asked."""

    digest: str
    media_type: str
    config: str = ""
    children: tuple[Child, ...] = ()


class Registry(Protocol):
    """All registries; `repository` is host/path (docker.io/library/x for Docker Hub)."""

    def manifest(
        self, repository: str, reference: str, deadline: Deadline
    ) -> Answer[ManifestFacts]: ...
    def content(
        self, repository: str, reference: str, deadline: Deadline
    ) -> Answer[ManifestFacts]: ...
    def labels(
        self, repository: str, digest: str, deadline: Deadline
    ) -> Answer[Mapping[str, str]]: ...
    def tags(self, repository: str, deadline: Deadline) -> Answer[tuple[str, ...]]: ...


@dataclass(frozen=True, slots=True)
class RegistryManifest(OfImageRepository[ManifestFacts]):
    """What a tag or digest of host/path is, by HEAD alone: no children."""

    reference: str

    def ask(self, port: Registry, deadline: Deadline) -> Answer[ManifestFacts]:
        return port.manifest(self.repository, reference=self.reference, deadline=deadline)


@dataclass(frozen=True, slots=True)
class RegistryContent(OfImageRepository[ManifestFacts]):
    """The manifest's body (GET): an index's platforms, or the config digest."""

    reference: str

    def ask(self, port: Registry, deadline: Deadline) -> Answer[ManifestFacts]:
        return port.content(self.repository, reference=self.reference, deadline=deadline)


@dataclass(frozen=True, slots=True)
class RegistryLabels(OfImageRepository[Mapping[str, str]]):
    """The labels of the image that a digest (of a manifest or an index) is, from its config, else
    from annotations; Nothing for what is no image: a build cache, a signature."""

    digest: str

    def ask(self, port: Registry, deadline: Deadline) -> Answer[Mapping[str, str]]:
        return port.labels(self.repository, digest=self.digest, deadline=deadline)


@dataclass(frozen=True, slots=True)
class RegistryTags(OfImageRepository[tuple[str, ...]]):
    """Every tag of host/path."""

    def ask(self, port: Registry, deadline: Deadline) -> Answer[tuple[str, ...]]:
        return port.tags(self.repository, deadline)
