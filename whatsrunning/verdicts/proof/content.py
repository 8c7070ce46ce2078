"""Whether a registry serves what runs, comparing like with like.

A classic store's image ID is the digest of the image's config, which a manifest names:
https://github.com/opencontainers/image-spec/blob/main/config.md#imageid. The containerd store's
is that of an index or a manifest. RepoDigests are such digests on both stores.
"""

from collections.abc import Iterator, Set

from whatsrunning.facts.answers import (
    Answer,
    Found,
    Nothing,
    Problem,
    Unknown,
    any_of,
    first_answer,
    values_of,
)
from whatsrunning.facts.engine import EngineDistribution
from whatsrunning.facts.registry import ManifestFacts, RegistryContent, RegistryManifest
from whatsrunning.verdicts.inventory.listed import ListedContainer

# The registry was not reached, so its answer may still come by way of the engine.
_UNREACHABLE = frozenset(
    {"timeout", "refused", "no-such-host", "tls", "broken", "unreachable", "network"}
)


def served(container: ListedContainer, reference: str) -> Answer[ManifestFacts]:
    """What the image's registry serves under a tag or digest, by HEAD; the engine is asked where
    it alone can reach the registry."""
    repository = container.image.repository
    answer = container.get(RegistryManifest(repository, reference))
    if answer.problem is None or answer.problem.code not in _UNREACHABLE:
        return answer
    name = f"{repository}{'@' if ':' in reference else ':'}{reference}"
    second = container.get(EngineDistribution(container.engine, name))
    return answer if second.problem else second


def same_content(container: ListedContainer, top: ManifestFacts) -> Answer[str]:
    """What a manifest or an index that the registry serves shares with what runs, such as
    Found("index digest"); Nothing when it is other content."""
    if top.digest in container.digests:
        is_index = "index" in top.media_type or "manifest.list" in top.media_type
        return Found("index digest" if is_index else "manifest digest")
    content = _content(container, top.digest)
    return content.then(lambda body: first_answer(_comparisons(container, body)))


def _content(container: ListedContainer, digest: str) -> Answer[ManifestFacts]:
    """A manifest's body; the registry has just named it, so one that is gone moved meanwhile."""
    query = RegistryContent(container.image.repository, digest)
    message = f"{query.repository} named {digest} and no longer has it"
    moved = Unknown(query.problem("moved", message, "look again"))
    return first_answer((container.get(query), moved))


def _comparisons(container: ListedContainer, content: ManifestFacts) -> Iterator[Answer[str]]:
    """What a body from the registry shares with what runs, one way of comparing after another."""
    yield _by_manifest(content, container.digests)
    if not container.containerd:
        yield _by_config(container, content, {container.listed.image_id})
        return
    # The containerd store hides config digests: the registry tells them, if it knows what runs.
    is_known, repository = False, container.image.repository
    for digest in sorted(container.digests):
        running = container.get(RegistryContent(repository, digest))
        is_known = is_known or running.value_or(None) is not None
        yield running.then(lambda own: _by_manifest(content, {c.digest for c in own.children}))
        configs = running.then(lambda own: values_of(_configs(container, own)))
        yield configs.then(lambda own: _by_config(container, content, {*own} - {""}))
    if not is_known:
        message = (
            f"{repository} does not know the digest that {container.listed.name} runs, and the "
            "engine's store does not tell the image's config digest"
        )
        hint = "an image that was loaded from a file is proven by pulling it from its registry"
        yield Unknown(Problem("registry", repository, "not-comparable", message, hint))


def _by_manifest(content: ManifestFacts, digests: Set[str]) -> Answer[str]:
    served_digests = {content.digest, *(child.digest for child in content.children)}
    return Found("platform manifest") if digests & served_digests else Nothing()


def _by_config(
    container: ListedContainer, content: ManifestFacts, configs: Set[str]
) -> Answer[str]:
    def same(config: str) -> Answer[str]:
        return Found("config digest") if config in configs else Nothing()

    return any_of(config.then(same) for config in _configs(container, content))


def _configs(container: ListedContainer, content: ManifestFacts) -> list[Answer[str]]:
    """The config digests of a manifest, or of an index for the engine's platform: of all platforms
    where the index has none for it, for then the engine emulates another."""
    if not content.children:
        return [Found(content.config)]
    own = f"{container.image.platform}/"
    fitting = [child for child in content.children if f"{child.platform}/".startswith(own)]
    bodies = [_content(container, child.digest) for child in fitting or content.children]
    return [body.then(lambda manifest: Found(manifest.config)) for body in bodies]
