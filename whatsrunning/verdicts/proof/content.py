"""Whether a registry serves what runs, comparing like with like (DESIGN section 5).

A classic store's image ID is a config digest, the containerd store's an index or manifest digest;
RepoDigests are index or manifest digests on both, under whatever repository name.
"""

from collections.abc import Iterator

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import EngineDistribution, RegistryContent, RegistryManifest
from whatsrunning.facts.records import Child, ManifestFacts
from whatsrunning.verdicts.inventory.listed import ListedContainer

# The registry was not reached, so its answer may still come by way of the engine.
_UNREACHABLE = frozenset(
    {"timeout", "refused", "no-such-host", "tls", "broken", "unreachable", "network"}
)


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
    return answer if isinstance(second, Unknown) else second


def same_content(container: ListedContainer, top: ManifestFacts) -> Answer[str]:
    """Found(basis) when it is what runs, Nothing when it is not."""
    if top.digest in container.running:
        return Found("index digest" if _is_index(top) else "manifest digest")
    content = _content(container, top.digest)
    if not isinstance(content, Found):
        return content
    if any(child.digest in container.running for child in content.value.children):
        return Found("platform manifest")
    if container.containerd:
        return _against_running(container, content.value)
    return _config_is(container, content.value, {container.listed.image_id})


def _is_index(manifest: ManifestFacts) -> bool:
    return "index" in manifest.media_type or "manifest.list" in manifest.media_type


def _content(container: ListedContainer, digest: str) -> Answer[ManifestFacts]:
    """A manifest's body; the registry has just named it, so one that is gone moved meanwhile."""
    content = container.get(RegistryContent(container.image.repository, digest))
    return Unknown(_moved(container, digest)) if isinstance(content, Nothing) else content


def _config_is(
    container: ListedContainer, content: ManifestFacts, configs: set[str]
) -> Answer[str]:
    for answer in _configs(container, content):
        if isinstance(answer, Unknown):
            return answer
        if isinstance(answer, Found) and answer.value in configs:
            return Found("config digest")
    return Nothing()


def _configs(container: ListedContainer, content: ManifestFacts) -> Iterator[Answer[str]]:
    """The config digests of this platform's images in a manifest or an index."""
    if not content.children:
        yield Found(content.config)
    answers = [
        _content(container, child.digest) for child in _platform(container, content.children)
    ]
    for answer in answers:
        yield Found(answer.value.config) if isinstance(answer, Found) else answer


def _platform(one: ListedContainer, children: tuple[Child, ...]) -> tuple[Child, ...]:
    """The children for the engine's platform; all of them where none is (emulation)."""
    wanted = one.image.platform
    fitting = tuple(
        child
        for child in children
        if child.platform == wanted or child.platform.startswith(f"{wanted}/")
    )
    return fitting or children


def _against_running(container: ListedContainer, served: ManifestFacts) -> Answer[str]:
    """The containerd store hides config digests: the registry tells them, if it knows what runs."""
    known = False
    for digest in sorted(container.running):
        mine = container.get(RegistryContent(container.image.repository, digest))
        if isinstance(mine, Unknown):
            return mine
        if isinstance(mine, Nothing):
            continue
        known = True
        parts = {child.digest for child in mine.value.children}
        if parts & ({served.digest} | {child.digest for child in served.children}):
            return Found("platform manifest")
        same = _same_config(container, mine.value, served)
        if not isinstance(same, Nothing):
            return same
    return Nothing() if known else Unknown(_hidden(container))


def _same_config(
    container: ListedContainer, mine: ManifestFacts, served: ManifestFacts
) -> Answer[str]:
    configs: set[str] = set()
    for answer in _configs(container, mine):
        if isinstance(answer, Unknown):
            return answer
        if isinstance(answer, Found):
            configs.add(answer.value)
    return _config_is(container, served, configs - {""})


def _moved(one: ListedContainer, digest: str) -> Problem:
    return Problem(
        "registry", one.image.repository, "moved",
        f"{one.image.repository} named {digest} and no longer has it", "look again",
    )  # fmt: skip


def _hidden(one: ListedContainer) -> Problem:
    return Problem(
        "registry", one.image.repository, "not-comparable",
        f"{one.image.repository} does not know the digest that {one.listed.name} runs, and the "
        "engine's store does not tell the image's config digest",
        "an image that was loaded from a file is proven by pulling it from its registry",
    )  # fmt: skip
