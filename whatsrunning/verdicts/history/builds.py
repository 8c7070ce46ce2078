"""What an image repository holds by name: the SHA tags, and which of them `:latest` is."""

from collections.abc import Iterable, Mapping, Sequence

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import GitPrefix, RegistryManifest, RegistryTags
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.verdicts.offline import is_pending
from whatsrunning.verdicts.origin.managed import sha_claims

# `:latest` is mostly the running or the newest build: the others are asked in growing groups.
_GROUPS = (8, 32, 160)
_MOST_SHORT = 200


def sha_tags(facts: FactStore, image_repository: str) -> Answer[Mapping[str, str]]:
    """The tags of host/path that are whole SHAs, with or without `sha-`: SHA to tag."""
    said = _said(facts, image_repository)
    if not isinstance(said, Found):
        return said
    return Found({sha: tag for sha, tag in said.value.items() if names.is_whole(sha)})


def builds(
    facts: FactStore, scope: Scope, image_repository: str, repository: str
) -> Answer[Mapping[str, str]]:
    """The SHA tags, short ones made whole where a claim or the clone of OWNER/NAME tells them.

    A short one that nothing tells stays short: a build that cannot be placed.
    """
    return facts.memo(
        ("builds", image_repository, repository),
        lambda: _builds(facts, scope, image_repository, repository),
    )


def latest_sha(
    facts: FactStore,
    image_repository: str,
    tags: Mapping[str, str],
    first: Sequence[str],
    others: Sequence[str],
) -> Answer[str]:
    """The SHA whose tag has the digest of `:latest`; `first` is compared before `others`.

    At most 200 are compared; Nothing when there is no `:latest` or none of them matches.
    """
    head = facts.get(RegistryManifest(image_repository, "latest"))
    if not isinstance(head, Found):
        return head
    rest = [sha for sha in others if sha not in first]
    for group in (tuple(first), *_grouped(rest)):
        references = {sha: tags[sha] for sha in group if sha in tags}
        found = _matching(facts, image_repository, head.value.digest, references)
        if not isinstance(found, Nothing):
            return found
    return Nothing()


def _said(facts: FactStore, image_repository: str) -> Answer[Mapping[str, str]]:
    """The tags that say a SHA, whole or short."""
    return facts.memo(("tags", image_repository), lambda: _listed(facts, image_repository))


def _listed(facts: FactStore, image_repository: str) -> Answer[Mapping[str, str]]:
    tags = facts.get(RegistryTags(image_repository))
    if not isinstance(tags, Found):
        return tags
    known: dict[str, str] = {}
    for tag in sorted(tags.value):
        said = names.tag_revision(tag)
        if said and not said.dirty:
            known.setdefault(said.sha, tag)
    return Found(known)


def _builds(
    facts: FactStore, scope: Scope, image_repository: str, repository: str
) -> Answer[Mapping[str, str]]:
    tags = _said(facts, image_repository)
    if not isinstance(tags, Found):
        return tags
    known = {sha: tag for sha, tag in tags.value.items() if names.is_whole(sha)}
    short = [sha for sha in tags.value if not names.is_whole(sha)]
    claims = (*known, *sha_claims(facts, scope, image_repository))
    answers = {sha: _whole(facts, repository, sha, claims) for sha in short[:_MOST_SHORT]}
    for answer in answers.values():
        if isinstance(answer, Unknown) and is_pending(answer):
            return answer
    for sha in short:
        answer = answers.get(sha, Nothing())
        whole = answer.value if isinstance(answer, Found) else sha
        known.setdefault(whole, tags.value[sha])
    return Found(known)


def _whole(facts: FactStore, repository: str, short: str, claims: Iterable[str]) -> Answer[str]:
    claimed = {claim for claim in claims if claim.startswith(short)}
    if len(claimed) == 1:
        return Found(claimed.pop())
    return facts.get(GitPrefix(repository, short)) if repository else Nothing()


def _grouped(shas: Sequence[str]) -> Iterable[tuple[str, ...]]:
    start = 0
    for size in _GROUPS:
        yield tuple(shas[start : start + size])
        start += size


def _matching(
    facts: FactStore, image_repository: str, digest: str, tags: Mapping[str, str]
) -> Answer[str]:
    """The first of a group with that digest; the whole group is asked at once."""
    answers = {sha: facts.get(RegistryManifest(image_repository, tag)) for sha, tag in tags.items()}
    failed: Answer[str] = Nothing()
    for sha, answer in answers.items():
        if isinstance(answer, Found) and answer.value.digest == digest:
            return Found(sha) if isinstance(failed, Nothing) else failed
        if isinstance(answer, Unknown):
            failed = answer
    return failed
