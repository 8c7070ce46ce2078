"""Tags without a SHA, such as v1.2.3 or latest: what their images say of themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, together
from whatsrunning.facts.registry import ManifestFacts, RegistryLabels, RegistryManifest
from whatsrunning.facts.store import Case, memo
from whatsrunning.names.labels import first_label
from whatsrunning.verdicts.history.tags import BuildTags, added, named_tags
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.inherited import BUILD_LABELS, SOURCES
from whatsrunning.verdicts.origin.managed import managed_containers
from whatsrunning.verdicts.origin.whole_shas import commit_named, whole_claims

MOST_VERSIONS = 50
"""Tags whose images are looked into, the newest by version, besides `latest` and what runs."""


@memo
def labelled_tags(case: Case, image_repository: str, repository: str) -> Answer[BuildTags]:
    """The tags by commit, those too that only the label of their own image tells."""
    named = named_tags(case, image_repository, repository)
    return named.then(lambda tags: _looked_into(case, image_repository, repository, tags))


def containers_of(case: Case, image_repository: str) -> tuple[ListedContainer, ...]:
    """The managed containers that run from an image repository."""
    managed = managed_containers(case)
    return tuple(c for c in managed if c.image.repository == image_repository)


def head(case: Case, image_repository: str, tag: str) -> Answer[ManifestFacts]:
    """What a tag is now, by HEAD."""
    return case.get(RegistryManifest(image_repository, tag))


def _looked_into(
    case: Case, image_repository: str, repository: str, tags: BuildTags
) -> Answer[BuildTags]:
    wanted, old = looked_into(case, image_repository, tags)
    known = _claimed_digests(case, image_repository, tags) if wanted else {}
    answers = {tag: _commit_of(case, image_repository, repository, tag, known) for tag in wanted}

    def read(_: object) -> Answer[BuildTags]:
        told = {tag: answer.value_or("") for tag, answer in answers.items()}
        asked = [tags.unasked, *(answer.problem for answer in answers.values())]
        gone = {tag for tag, answer in answers.items() if answer == Nothing()}
        unread = tuple(tag for tag in tags.unread if tag not in gone and tag not in old)
        reason = next(filter(None, asked), None)
        whole = replace(tags, unread=unread, old=old, unasked=reason)
        return Found(added(whole, {tag: sha for tag, sha in told.items() if sha}))

    return together(answers.values()).then(read)


def looked_into(
    case: Case, image_repository: str, tags: BuildTags
) -> tuple[Sequence[str], tuple[str, ...]]:
    """The tags to look into, and those that are left out, since they say older versions."""
    first = {"latest", *(c.tag for c in containers_of(case, image_repository))}
    moving = [tag for tag in tags.unread if tag in first]
    rest = sorted((t for t in tags.unread if t not in first), key=names.version_order, reverse=True)
    versions = [tag for tag in rest if names.version(tag)]
    others = [tag for tag in rest if not names.version(tag)][:MOST_VERSIONS]
    return [*moving, *versions[:MOST_VERSIONS], *others], tuple(versions[MOST_VERSIONS:])


def _claimed_digests(case: Case, image_repository: str, tags: BuildTags) -> Mapping[str, str]:
    """The SHA by digest of the builds that containers claim: their tags are asked for anyway."""
    claims = (c.sha for own in containers_of(case, image_repository) for c in whole_claims(own))
    heads = {sha: head(case, image_repository, tags.tag(sha)) for sha in claims if tags.tag(sha)}
    return {top.digest: sha for sha, answer in heads.items() if (top := answer.value_or(None))}


def _commit_of(
    case: Case, image_repository: str, repository: str, tag: str, known: Mapping[str, str]
) -> Answer[str]:
    """The commit that the image of a tag says; empty where it says none. Nothing where the tag is
    gone, or no image."""

    def by_content(top: ManifestFacts) -> Answer[str]:
        if top.digest in known:
            return Found(known[top.digest])
        at_hand = next(_at_hand(case, image_repository, top.digest), None)
        asked = RegistryLabels(image_repository, top.digest)
        labels = Found(at_hand) if at_hand is not None else case.get(asked)
        return labels.then(lambda own: _said(case, repository, own))

    return head(case, image_repository, tag).then(by_content)


def _at_hand(case: Case, image_repository: str, digest: str) -> Iterator[Mapping[str, str]]:
    """The labels of an image by digest where an engine of the look has it."""
    for container in containers_of(case, image_repository):
        if container.image_entry and digest in container.digests:
            yield container.image_entry.labels


def _said(case: Case, repository: str, labels: Mapping[str, str]) -> Answer[str]:
    source = names.owner_name(first_label(labels, SOURCES), case.scope.github_host)
    if source and names.is_owner_name(repository) and not names.same_repository(source, repository):
        return Found("")  # its base image's labels
    for key in dict.fromkeys((*case.scope.revision_labels, *BUILD_LABELS)):
        parsed = names.revision(labels.get(key, ""))
        if parsed and not parsed.dirty:
            whole = commit_named(case, repository, parsed.sha)
            return whole if whole != Nothing() else Found("")
    return Found("")
