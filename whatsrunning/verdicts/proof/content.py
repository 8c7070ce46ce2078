"""Whether a registry serves what runs, comparing like with like (DESIGN section 5).

A classic store's image ID is a config digest, the containerd store's an index or manifest digest;
RepoDigests are index or manifest digests on both, under whatever repository name.
"""

from collections.abc import Iterator

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import EngineDistribution, RegistryContent, RegistryManifest
from whatsrunning.facts.records import Child, ManifestFacts
from whatsrunning.facts.store import Facts
from whatsrunning.verdicts.inventory.listed import Subject
from whatsrunning.verdicts.offline import UNREACHABLE


def served(facts: Facts, one: Subject, reference: str) -> Answer[ManifestFacts]:
    """What the image's registry serves under a tag or digest, by HEAD.

    Where only the engine can reach the registry, the engine is asked.
    """
    repository = one.image.repository
    answer = facts.look(RegistryManifest(repository, reference))
    if not isinstance(answer, Unknown) or answer.problem.code not in UNREACHABLE:
        return answer
    separator = "@" if ":" in reference else ":"
    second = facts.look(EngineDistribution(one.engine, f"{repository}{separator}{reference}"))
    return answer if isinstance(second, Unknown) and second.problem.code != "pending" else second


def same_content(facts: Facts, one: Subject, top: ManifestFacts) -> Answer[str]:
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


def _content(facts: Facts, one: Subject, digest: str) -> Answer[ManifestFacts]:
    """A manifest's body; the registry has just named it, so one that is gone moved meanwhile."""
    content = facts.look(RegistryContent(one.image.repository, digest))
    return Unknown(_moved(one, digest)) if isinstance(content, Nothing) else content


def _config_is(
    facts: Facts, one: Subject, content: ManifestFacts, configs: set[str]
) -> Answer[str]:
    for answer in _configs(facts, one, content):
        if isinstance(answer, Unknown):
            return answer
        if isinstance(answer, Found) and answer.value in configs:
            return Found("config digest")
    return Nothing()


def _configs(facts: Facts, one: Subject, content: ManifestFacts) -> Iterator[Answer[str]]:
    """The config digests of this platform's images in a manifest or an index."""
    if not content.children:
        yield Found(content.config)
    answers = [_content(facts, one, child.digest) for child in _platform(one, content.children)]
    for answer in answers:
        yield Found(answer.value.config) if isinstance(answer, Found) else answer


def _platform(one: Subject, children: tuple[Child, ...]) -> tuple[Child, ...]:
    """The children for the engine's platform; all of them where none is (emulation)."""
    wanted = one.image.platform
    fitting = tuple(
        child
        for child in children
        if child.platform == wanted or child.platform.startswith(f"{wanted}/")
    )
    return fitting or children


def _against_running(facts: Facts, one: Subject, served: ManifestFacts) -> Answer[str]:
    """The containerd store hides config digests: the registry tells them, if it knows what runs."""
    known = False
    for digest in sorted(one.running):
        mine = facts.look(RegistryContent(one.image.repository, digest))
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
    facts: Facts, one: Subject, mine: ManifestFacts, served: ManifestFacts
) -> Answer[str]:
    configs: set[str] = set()
    for answer in _configs(facts, one, mine):
        if isinstance(answer, Unknown):
            return answer
        if isinstance(answer, Found):
            configs.add(answer.value)
    return _config_is(facts, one, served, configs - {""})


def _moved(one: Subject, digest: str) -> Problem:
    return Problem(
        "registry", one.image.repository, "moved",
        f"{one.image.repository} named {digest} and no longer has it", "look again",
    )  # fmt: skip


def _hidden(one: Subject) -> Problem:
    return Problem(
        "registry", one.image.repository, "not-comparable",
        f"{one.image.repository} does not know the digest that {one.said.name} runs, and the "
        "engine's store does not tell the image's config digest",
        "an image that was loaded from a file is proven by pulling it from its registry",
    )  # fmt: skip
