"""Whether a registry serves what runs, comparing like with like (DESIGN section 5).

A classic store's image ID is a config digest, the containerd store's an index or manifest digest;
RepoDigests are index or manifest digests on both, under whatever repository name.
"""

from collections.abc import Iterator

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import EngineDistribution, RegistryContent, RegistryManifest
from whatsrunning.facts.records import Child, ManifestFacts
from whatsrunning.facts.store import FactStore
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.offline import UNREACHABLE


def served(facts: FactStore, one: ListedContainer, reference: str) -> Answer[ManifestFacts]:
    """What the image's registry serves under a tag or digest, by HEAD.

    Where only the engine can reach the registry, the engine is asked.
    """
    repository = one.image.repository
    answer = facts.get(RegistryManifest(repository, reference))
    if not isinstance(answer, Unknown) or answer.problem.code not in UNREACHABLE:
        return answer
    separator = "@" if ":" in reference else ":"
    second = facts.get(EngineDistribution(one.engine, f"{repository}{separator}{reference}"))
    return answer if isinstance(second, Unknown) and second.problem.code != "pending" else second


def same_content(facts: FactStore, one: ListedContainer, top: ManifestFacts) -> Answer[str]:
    """Found(basis) when it is what runs, Nothing when it is not."""
    if top.digest in one.running:
        return Found("index digest" if _is_index(top) else "manifest digest")
    content = _content(facts, one, top.digest)
    if not isinstance(content, Found):
        return content
    if any(child.digest in one.running for child in content.value.children):
        return Found("platform manifest")
    if one.containerd:
        return _against_running(facts, one, content.value)
    return _config_is(facts, one, content.value, {one.said.image_id})


def _is_index(manifest: ManifestFacts) -> bool:
    return "index" in manifest.media_type or "manifest.list" in manifest.media_type


def _content(facts: FactStore, one: ListedContainer, digest: str) -> Answer[ManifestFacts]:
    """A manifest's body; the registry has just named it, so one that is gone moved meanwhile."""
    content = facts.get(RegistryContent(one.image.repository, digest))
    return Unknown(_moved(one, digest)) if isinstance(content, Nothing) else content


def _config_is(
    facts: FactStore, one: ListedContainer, content: ManifestFacts, configs: set[str]
) -> Answer[str]:
    for answer in _configs(facts, one, content):
        if isinstance(answer, Unknown):
            return answer
        if isinstance(answer, Found) and answer.value in configs:
            return Found("config digest")
    return Nothing()


def _configs(
    facts: FactStore, one: ListedContainer, content: ManifestFacts
) -> Iterator[Answer[str]]:
    """The config digests of this platform's images in a manifest or an index."""
    if not content.children:
        yield Found(content.config)
    answers = [_content(facts, one, child.digest) for child in _platform(one, content.children)]
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


def _against_running(facts: FactStore, one: ListedContainer, served: ManifestFacts) -> Answer[str]:
    """The containerd store hides config digests: the registry tells them, if it knows what runs."""
    known = False
    for digest in sorted(one.running):
        mine = facts.get(RegistryContent(one.image.repository, digest))
        if isinstance(mine, Unknown):
            return mine
        if isinstance(mine, Nothing):
            continue
        known = True
        parts = {child.digest for child in mine.value.children}
        if parts & ({served.digest} | {child.digest for child in served.children}):
            return Found("platform manifest")
        same = _same_config(facts, one, mine.value, served)
        if not isinstance(same, Nothing):
            return same
    return Nothing() if known else Unknown(_hidden(one))


def _same_config(
    facts: FactStore, one: ListedContainer, mine: ManifestFacts, served: ManifestFacts
) -> Answer[str]:
    configs: set[str] = set()
    for answer in _configs(facts, one, mine):
        if isinstance(answer, Unknown):
            return answer
        if isinstance(answer, Found):
            configs.add(answer.value)
    return _config_is(facts, one, served, configs - {""})


def _moved(one: ListedContainer, digest: str) -> Problem:
    return Problem(
        "registry", one.image.repository, "moved",
        f"{one.image.repository} named {digest} and no longer has it", "look again",
    )  # fmt: skip


def _hidden(one: ListedContainer) -> Problem:
    return Problem(
        "registry", one.image.repository, "not-comparable",
        f"{one.image.repository} does not know the digest that {one.said.name} runs, and the "
        "engine's store does not tell the image's config digest",
        "an image that was loaded from a file is proven by pulling it from its registry",
    )  # fmt: skip
