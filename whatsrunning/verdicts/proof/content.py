"""Whether a registry serves what runs, comparing like with like.

A classic store's image ID is the digest of the image's config, which the registry names in the
manifest: https://github.com/opencontainers/image-spec/blob/main/config.md#imageid. The containerd
store's is the digest of an index or a manifest. RepoDigests are such digests on both stores.
"""

from collections.abc import Iterable
from typing import TypeVar

from whatsrunning.facts.answers import (
    Answer,
    Found,
    Nothing,
    Problem,
    Unknown,
    first_unknown,
    values_of,
)
from whatsrunning.facts.queries import EngineDistribution, RegistryContent, RegistryManifest
from whatsrunning.facts.records import Child, ManifestFacts
from whatsrunning.verdicts.inventory.listed import ListedContainer

T = TypeVar("T")

# The registry was not reached, so its answer may still come by way of the engine.
_UNREACHABLE = frozenset(
    {"timeout", "refused", "no-such-host", "tls", "broken", "unreachable", "network"}
)


def first_answer(answers: Iterable[Answer[T]]) -> Answer[T]:
    """The first that is not Nothing, else Nothing; those behind it are not even made."""
    return next((answer for answer in answers if not isinstance(answer, Nothing)), Nothing())


def served(container: ListedContainer, reference: str) -> Answer[ManifestFacts]:
    """What the image's registry serves under a tag or digest, by HEAD.

    Where only the engine can reach the registry, the engine is asked.
    """
    repository = container.image.repository
    answer = container.get(RegistryManifest(repository, reference))
    if answer.problem is None or answer.problem.code not in _UNREACHABLE:
        return answer
    separator = "@" if ":" in reference else ":"
    name = f"{repository}{separator}{reference}"
    second = container.get(EngineDistribution(container.engine, name))
    return answer if second.problem else second


def same_content(container: ListedContainer, top: ManifestFacts) -> Answer[str]:
    """What a manifest or an index that the registry serves shares with what runs.

    Found("index digest") and the like; Nothing when it is other content.
    """
    if top.digest in container.digests:
        is_index = "index" in top.media_type or "manifest.list" in top.media_type
        return Found("index digest" if is_index else "manifest digest")
    return _content(container, top.digest).then(lambda content: _shared(container, content))


def _shared(container: ListedContainer, content: ManifestFacts) -> Answer[str]:
    if any(child.digest in container.digests for child in content.children):
        return Found("platform manifest")
    if container.containerd:
        return _shared_with_running(container, content)
    return _config_among(container, content, {container.listed.image_id})


def _content(container: ListedContainer, digest: str) -> Answer[ManifestFacts]:
    """A manifest's body; the registry has just named it, so one that is gone moved meanwhile."""
    content = container.get(RegistryContent(container.image.repository, digest))
    return Unknown(_moved(container, digest)) if isinstance(content, Nothing) else content


def _config_among(
    container: ListedContainer, content: ManifestFacts, configs: set[str]
) -> Answer[str]:
    served_configs = _configs(container, content)
    if any(config.value_or("") in configs for config in served_configs):
        return Found("config digest")
    return first_unknown(served_configs) or Nothing()


def _configs(container: ListedContainer, content: ManifestFacts) -> list[Answer[str]]:
    """The config digests of this platform's images in a manifest or an index."""
    if not content.children:
        return [Found(content.config)]
    manifests = [
        _content(container, child.digest) for child in _platform(container, content.children)
    ]
    return [manifest.then(lambda body: Found(body.config)) for manifest in manifests]


def _platform(container: ListedContainer, children: tuple[Child, ...]) -> tuple[Child, ...]:
    """The children for the engine's platform; all of them where none is (emulation)."""
    own = container.image.platform
    fitting = (c for c in children if c.platform == own or c.platform.startswith(f"{own}/"))
    return tuple(fitting) or children


def _shared_with_running(container: ListedContainer, content: ManifestFacts) -> Answer[str]:
    """The containerd store hides config digests: the registry tells them, if it knows what runs."""
    repository = container.image.repository
    running = [RegistryContent(repository, digest) for digest in sorted(container.digests)]
    shared = first_answer(
        container.get(query).then(lambda own: _shared_by(container, own, content))
        for query in running
    )
    if isinstance(shared, Nothing) and not any(container.get(q).value_or(None) for q in running):
        return Unknown(_hidden(container))
    return shared


def _shared_by(
    container: ListedContainer, own: ManifestFacts, content: ManifestFacts
) -> Answer[str]:
    """What two manifests of the registry share: that of what runs, and another."""
    if {child.digest for child in own.children} & {
        content.digest, *(child.digest for child in content.children),
    }:  # fmt: skip
        return Found("platform manifest")
    configs = values_of(_configs(container, own))
    return configs.then(lambda known: _config_among(container, content, set(known) - {""}))


def _moved(container: ListedContainer, digest: str) -> Problem:
    repository = container.image.repository
    message = f"{repository} named {digest} and no longer has it"
    return Problem("registry", repository, "moved", message, "look again")


def _hidden(container: ListedContainer) -> Problem:
    repository = container.image.repository
    message = (
        f"{repository} does not know the digest that {container.listed.name} runs, and the "
        "engine's store does not tell the image's config digest"
    )
    hint = "an image that was loaded from a file is proven by pulling it from its registry"
    return Problem("registry", repository, "not-comparable", message, hint)
