"""The builds of an image repository, and which of them `:latest` is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown, first_unknown, together
from whatsrunning.facts.registry import ManifestFacts
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.history.labelled import containers_of, head, labelled_tags, looked_into
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.tags import BuildTags, added
from whatsrunning.verdicts.origin.whole_shas import whole_claims

# A moving tag is mostly the running or the newest build: the others are asked in growing groups.
_GROUPS = (slice(8), slice(8, 40), slice(40, 200))


@memo
def builds(case: Case, image_repository: str, repository: str) -> Answer[BuildTags]:
    """The builds of host/path: tags that name a commit by themselves or by their image's label,
    those with the digest of such a one, and the tag that a container runs. Nothing for an image
    that is in no registry."""
    if not names.names_registry(image_repository):
        return Nothing()

    def with_running(tags: BuildTags) -> Answer[BuildTags]:
        return Found(added(tags, _running(case, image_repository, tags)))

    return aliased_tags(case, image_repository, repository).then(with_running)


@memo
def aliased_tags(case: Case, image_repository: str, repository: str) -> Answer[BuildTags]:
    """The same without what only a container says of the tag that it runs: these prove claims."""

    def whole(tags: BuildTags) -> Answer[BuildTags]:
        asked, _ = looked_into(case, image_repository, tags)
        heads = {tag: head(case, image_repository, tag) for tag in asked}
        digests = {tag: h.then(lambda top: Found(top.digest)) for tag, h in heads.items()}
        known = {tag: found for tag, answer in digests.items() if (found := answer.value_or(""))}
        aliases = _aliases(case, image_repository, repository, tags, known)
        unread = first_unknown((*heads.values(), aliases))

        def named(_: object) -> Answer[BuildTags]:
            every = added(tags, aliases.value_or({}))
            lost = unread.problem if unread and every.unread else None
            return Found(replace(every, unasked=every.unasked or lost))

        return together((*heads.values(), aliases)).then(named)

    return labelled_tags(case, image_repository, repository).then(whole)


@memo
def latest_sha(case: Case, image_repository: str, repository: str) -> Answer[str]:
    """The commit that `:latest` is a build of; Nothing where there is no such tag, or where it is
    the build of no commit that a tag names."""

    def named(tags: BuildTags) -> Answer[str]:
        if tags.unasked and "latest" in tags.unread:
            return Unknown(tags.unasked)
        sha = next((sha for sha, own in tags.by_sha.items() if "latest" in own), "")
        return Found(sha) if sha else Nothing()

    return builds(case, image_repository, repository).then(named)


def _running(case: Case, image_repository: str, tags: BuildTags) -> Mapping[str, str]:
    """The tag that a container was made from, served with the digest that it runs: a build of
    what it claims to be, whatever the tag is called, unless the claim has a tag of its own."""
    running: dict[str, str] = {}
    for container in containers_of(case, image_repository):
        claim = next((c for c in whole_claims(container) if not c.dirty), None)
        if claim is None or not names.is_whole(claim.sha) or claim.sha in tags.by_sha:
            continue
        if container.tag in tags.unread:
            top = head(case, image_repository, container.tag).value_or(None)
            if top and top.digest in container.digests:
                running.setdefault(container.tag, claim.sha)
    return running


def _aliases(
    case: Case, image_repository: str, repository: str, tags: BuildTags, digests: Mapping[str, str]
) -> Answer[Mapping[str, str]]:
    """Tags that have the digest of a build: its SHA by tag. At most 200 builds are compared."""
    found: dict[str, str] = {}
    lost: Unknown | None = None
    for group in _groups(case, image_repository, repository, tags) if digests else ():
        heads = {sha: head(case, image_repository, tags.tag(sha)) for sha in group}
        answered = together(heads.values())
        if answered.problem:
            return Unknown(answered.problem)
        lost = lost or first_unknown(heads.values())
        for sha, answer in heads.items():
            top: ManifestFacts | None = answer.value_or(None)
            same = (tag for tag, digest in digests.items() if top and digest == top.digest)
            found |= {tag: sha for tag in same if tag not in found}
        if len(found) == len(digests):
            break
    return Found(found) if found or not lost else lost


def _groups(
    case: Case, image_repository: str, repository: str, tags: BuildTags
) -> Iterator[Sequence[str]]:
    """The builds, most probable first: what runs, then the newest in git order."""
    claims = (c.sha for own in containers_of(case, image_repository) for c in whole_claims(own))
    first = [sha for sha in dict.fromkeys(claims) if sha in tags.by_sha]
    yield first
    graph = git_history(case, repository).value_or(None) if repository else None
    ordered = graph.order(tags.by_sha) if graph else tuple(tags.by_sha)
    rest = [sha for sha in ordered if sha not in first]
    yield from (rest[part] for part in _GROUPS)
