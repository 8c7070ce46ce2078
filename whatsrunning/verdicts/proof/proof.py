"""What the digests say about the strongest claim, and the revision that follows.

| under the claim's tag | what runs, under tags of others | proof        | revision           |
| --------------------- | ------------------------------- | ------------ | ------------------ |
| what runs             |                                 | verified     | claim              |
| other content         | yes                             | contradicted | the other, if one  |
| other content         | no                              | differs      | claim              |
| there is no such tag  | yes, or was once (pruned)       | label-only   | the other, or claim|
| there is no such tag  | unknown to the registry         | denied       | claim              |
| there is no claim     | yes or no                       | unlabelled   | the other, if one  |
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeAlias

from whatsrunning import names
from whatsrunning.facts.answers import (
    Answer,
    Found,
    Nothing,
    Problem,
    Unknown,
    any_of,
    first_answer,
)
from whatsrunning.facts.registry import ManifestFacts, RegistryTags
from whatsrunning.report.container import Claim, Proof, Revision
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import agree, claims_of, local_shas
from whatsrunning.verdicts.origin.managed import is_managed
from whatsrunning.verdicts.origin.whole_shas import whole_claims, whole_sha
from whatsrunning.verdicts.proof.content import same_content, served
from whatsrunning.verdicts.proof.identify import BEYOND, identify

_OTHER_NAMES = 5  # tags that can mean the same SHA: `sha-…`, short ones

Proven: TypeAlias = tuple[Proof, Answer[Revision]]
_ServedTag: TypeAlias = tuple[str, ManifestFacts]


def prove(container: ListedContainer) -> Proven:
    """The proof of a container's strongest claim, and the revision it is judged by."""
    managed = is_managed(container)
    if managed == Nothing():
        return Proof("unlabelled"), Nothing()
    if doubt := managed.problem or claims_of(container).doubt:
        return _unknown(doubt), Unknown(doubt)
    claim = next(iter(whole_claims(container)), None)
    in_registry = names.names_registry(container.image.repository)
    if claim is None:
        return _unlabelled(identify(container) if in_registry else Nothing())
    if not in_registry:
        proof = Proof("label-only", reason="the image names no registry")
        return proof, _claimed(container, claim)
    match _tag_of_claim(container, claim):
        case Found(served_tag):
            return _compared(container, claim, *served_tag)
        case Nothing():
            return _untagged(container, claim)
        case Unknown(problem):
            return _unknown(problem), _unless_stale(container, problem)


def _unknown(problem: Problem, digest: str = "") -> Proof:
    """The proof where something could not be looked at; `digest` is what the claim's tag serves."""
    return Proof("unknown", reason=problem.message, registry_digest=digest, problem=problem)


def _unlabelled(shas: Answer[tuple[str, ...]]) -> Proven:
    proof = Proof("unlabelled", reason="nothing claims a revision")
    match shas:
        case Found(matching):
            proof = replace(proof, basis="digest", matching_shas=matching)
            return proof, _only(matching) or Nothing()
        case Unknown(problem) if problem.code != BEYOND:
            return _unknown(problem), shas
        case _:
            return proof, shas


def _compared(container: ListedContainer, claim: Claim, tag: str, top: ManifestFacts) -> Proven:
    if basis := same_content(container, top).value_or(""):
        reason = f"the registry serves the same content under :{tag}"
        return Proof("verified", basis, reason, top.digest), _claimed(container, claim)
    reason = f"the registry serves other content under :{tag}"
    shas = identify(container, but=claim.sha)
    match shas:
        case Found(matching):
            proof = Proof("contradicted", "digest", reason, top.digest, matching)
            return proof, _only(matching) or Nothing()
        case Nothing():
            return Proof("differs", "digest", reason, top.digest), _claimed(container, claim)
        case Unknown(problem):
            return _unknown(problem, top.digest), shas


def _untagged(container: ListedContainer, claim: Claim) -> Proven:
    """The claim has no tag: pruned by now if the registry knows the digest, else never pushed."""
    reason = f"the registry has no tag :{_tags(claim)[0]}"
    claimed = _claimed(container, claim)
    match _is_known(container).then(lambda _: _matching(container, claim)):
        case Found(matching):
            return Proof("label-only", "", reason, "", matching), _only(matching) or claimed
        case Nothing():
            return Proof("denied", "digest", f"{reason}, and does not know the digest"), claimed
        case Unknown(problem):
            return _unknown(problem), _unless_stale(container, problem)


def _is_known(container: ListedContainer) -> Answer[object]:
    """Whether the registry knows what runs; without a digest nothing can be asked (save/load)."""
    answers = [served(container, digest) for digest in sorted(container.digests)]
    return any_of(answers) if answers else Found(None)


def _matching(container: ListedContainer, claim: Claim) -> Answer[tuple[str, ...]]:
    """Other SHAs that what runs is served under; none where only old builds were not compared."""
    shas = identify(container, but=claim.sha)
    if shas.problem and shas.problem.code != BEYOND:
        return shas
    return Found(shas.value_or(()))


def _claimed(container: ListedContainer, claim: Claim) -> Answer[Revision]:
    sha = whole_sha(container, claim.sha)
    return sha.then(lambda whole: Found(Revision(whole, claim.claimed_by)))


def _only(shas: tuple[str, ...]) -> Found[Revision] | None:
    return Found(Revision(shas[0], "digest")) if len(shas) == 1 else None


def _unless_stale(container: ListedContainer, problem: Problem) -> Answer[Revision]:
    """The claim, while the registry cannot be looked at, only where the image says the same: a
    label that only the container carries may be stale, see `claims.py`."""
    claims, local = whole_claims(container), local_shas(container)
    sha = claims[0].sha
    by_image = [claim.sha for claim in claims if claim.claimed_by != "container-label"]
    stands = names.is_whole(sha) and all(agree(sha, other) for other in by_image)
    stands = stands and (sha in local or (not local and bool(by_image)))
    return _claimed(container, claims[0]) if stands else Unknown(problem)


def _tag_of_claim(container: ListedContainer, claim: Claim) -> Answer[_ServedTag]:
    """The claim's tag: by its own name first, then by others that can mean the same SHA."""
    own = _tags(claim)

    def others(tags: Iterable[str]) -> Answer[_ServedTag]:
        revisions = {tag: names.tag_revision(tag) for tag in sorted(tags) if tag not in own}
        clean = {
            tag: parsed.sha for tag, parsed in revisions.items() if parsed and not parsed.dirty
        }
        same = [tag for tag, sha in clean.items() if agree(sha, claim.sha)]
        return _first_served(container, same[:_OTHER_NAMES])

    tagged = _first_served(container, own)
    listed = RegistryTags(container.image.repository)
    return container.get(listed).then(others) if tagged == Nothing() else tagged


def _tags(claim: Claim) -> tuple[str, ...]:
    if claim.claimed_by == "image-tag":
        return (claim.key,)
    return tuple(dict.fromkeys([claim.text, claim.sha] if claim.dirty else [claim.sha]))


def _first_served(container: ListedContainer, tags: Sequence[str]) -> Answer[_ServedTag]:
    """The first of the tags that serves what runs, else the first that serves anything."""

    def tagged(tag: str) -> Answer[_ServedTag]:
        return served(container, tag).then(lambda top: Found((tag, top)))

    def same(tag: str) -> Answer[_ServedTag]:
        answer = tagged(tag)
        return answer.then(lambda own: same_content(container, own[1]).then(lambda _: answer))

    return first_answer(chain(map(same, tags), map(tagged, tags)))
