"""What an image repository holds by name: the SHA tags, and which of them `:latest` is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown, together
from whatsrunning.facts.git import GitPrefix
from whatsrunning.facts.registry import ManifestFacts, RegistryManifest, RegistryTags
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.origin.claims import image_shas

ShaTags: TypeAlias = Mapping[str, str]
"""Tags by the SHA that each says."""

# `:latest` is mostly the running or the newest build: the others are asked in growing groups.
_GROUPS = (slice(8), slice(8, 40), slice(40, 200))
_MOST_SHORT = 200


def sha_tags(case: Case, image_repository: str) -> Answer[ShaTags]:
    """The tags of host/path that are whole SHAs, with or without `sha-`."""
    return _revision_tags(case, image_repository).then(lambda tags: Found(_whole_only(tags)))


@memo
def builds(case: Case, image_repository: str, repository: str) -> Answer[ShaTags]:
    """The SHA tags, short ones made whole where a claim or the clone of OWNER/NAME tells them.

    A short one that nothing tells stays short: a build that cannot be placed.
    """

    def made_whole(tags: ShaTags) -> Answer[ShaTags]:
        by_sha = _whole_only(tags)
        claims = (*by_sha, *image_shas(case, image_repository))
        short = [sha for sha in tags if sha not in by_sha]
        asked = {sha: _whole(case, repository, sha, claims) for sha in short[:_MOST_SHORT]}
        for sha in short:
            by_sha.setdefault(asked.get(sha, Nothing()).value_or(sha), tags[sha])
        return together(asked.values()).then(lambda _: Found(by_sha))

    return _revision_tags(case, image_repository).then(made_whole)


def latest_sha(
    case: Case, image_repository: str, tags: ShaTags, first: Sequence[str], others: Sequence[str]
) -> Answer[str]:
    """The SHA whose tag has the digest of `:latest`; `first` is compared before `others`.

    At most 200 are compared; Nothing when there is no `:latest` or none of them matches.
    """
    rest = [sha for sha in others if sha not in first]

    def named(latest: ManifestFacts) -> Answer[str]:
        for group in (first, *(rest[part] for part in _GROUPS)):
            tagged = [(sha, tags[sha]) for sha in group if sha in tags]
            # The whole group is asked at once.
            heads = {sha: case.get(RegistryManifest(image_repository, tag)) for sha, tag in tagged}
            for sha, head in heads.items():
                if head.problem:  # it might be the first with that digest
                    return Unknown(head.problem)
                if head.then(lambda manifest: Found(manifest.digest)) == Found(latest.digest):
                    return Found(sha)
        return Nothing()

    return case.get(RegistryManifest(image_repository, "latest")).then(named)


@memo
def _revision_tags(case: Case, image_repository: str) -> Answer[ShaTags]:
    """The tags that say a SHA, whole or short."""

    def by_sha(tags: Iterable[str]) -> Answer[ShaTags]:
        shas: dict[str, str] = {}
        for tag in sorted(tags):
            revision = names.tag_revision(tag)
            if revision and not revision.dirty:
                shas.setdefault(revision.sha, tag)
        return Found(shas)

    return case.get(RegistryTags(image_repository)).then(by_sha)


def _whole_only(tags: ShaTags) -> dict[str, str]:
    return {sha: tag for sha, tag in tags.items() if names.is_whole(sha)}


def _whole(case: Case, repository: str, short: str, claims: Iterable[str]) -> Answer[str]:
    claimed = {claim for claim in claims if claim.startswith(short)}
    if len(claimed) == 1:
        return Found(claimed.pop())
    return case.get(GitPrefix(repository, short)) if repository else Nothing()
