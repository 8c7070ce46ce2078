"""What an image repository holds by name: the SHA tags, and which of them `:latest` is."""

import re
from collections.abc import Iterable, Mapping, Sequence

from whatsrunning.model.answers import Answer, Found, Nothing, Unknown
from whatsrunning.model.questions import RegistryManifest, RegistryTags
from whatsrunning.questions import Facts

_SHA_TAG = re.compile(r"(?:sha-)?([0-9a-f]{40}|[0-9a-f]{64})")
# `:latest` is mostly the running or the newest build: the others are asked in growing groups.
_GROUPS = (8, 32, 160)


def sha_tags(facts: Facts, image_repository: str) -> Answer[Mapping[str, str]]:
    """The tags of host/path that are whole SHAs, with or without `sha-`: SHA to tag."""
    return facts.once(("sha-tags", image_repository), lambda: _sha_tags(facts, image_repository))


def latest_sha(
    facts: Facts, image_repository: str, first: Sequence[str], others: Sequence[str]
) -> Answer[str]:
    """The SHA whose tag has the digest of `:latest`; `first` is compared before `others`.

    At most 200 are compared; Nothing when there is no `:latest` or none of them matches.
    """
    tags = sha_tags(facts, image_repository)
    if not isinstance(tags, Found):
        return tags if isinstance(tags, Unknown) else Nothing()
    head = facts.look(RegistryManifest(image_repository, "latest"))
    if not isinstance(head, Found):
        return head
    rest = [sha for sha in others if sha not in first]
    for group in (tuple(first), *_grouped(rest)):
        found = _matching(facts, image_repository, head.value.digest, group, tags.value)
        if not isinstance(found, Nothing):
            return found
    return Nothing()


def _sha_tags(facts: Facts, image_repository: str) -> Answer[Mapping[str, str]]:
    tags = facts.look(RegistryTags(image_repository))
    if not isinstance(tags, Found):
        return tags
    known: dict[str, str] = {}
    for tag in sorted(tags.value):
        if match := _SHA_TAG.fullmatch(tag):
            known.setdefault(match[1], tag)
    return Found(known)


def _grouped(shas: Sequence[str]) -> Iterable[tuple[str, ...]]:
    start = 0
    for size in _GROUPS:
        yield tuple(shas[start : start + size])
        start += size


def _matching(
    facts: Facts, image_repository: str, digest: str, shas: Iterable[str], tags: Mapping[str, str]
) -> Answer[str]:
    """The first of a group with that digest; the whole group is asked at once."""
    answers = [
        (sha, facts.look(RegistryManifest(image_repository, tags[sha])))
        for sha in shas
        if sha in tags
    ]
    failed: Answer[str] = Nothing()
    for sha, answer in answers:
        if isinstance(answer, Found) and answer.value.digest == digest:
            return Found(sha) if isinstance(failed, Nothing) else failed
        if isinstance(answer, Unknown):
            failed = answer
    return failed
