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

from collections.abc import Iterable
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
from whatsrunning.facts.registry import ManifestFacts
from whatsrunning.report.container import NOT_MANAGED, Claim, Proof, Revision
from whatsrunning.verdicts.history.tags import BuildTags, missing
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of, local_shas
from whatsrunning.verdicts.origin.inherited import agree
from whatsrunning.verdicts.origin.managed import is_managed
from whatsrunning.verdicts.origin.whole_shas import whole_claims, whole_sha
from whatsrunning.verdicts.proof.content import same_content, served
from whatsrunning.verdicts.proof.identify import BEYOND, build_tags, identify
from whatsrunning.verdicts.proof.own_tags import tagged_otherwise

_MOST_NAMES = 20  # tags of one commit that are compared: of platforms, runs, times
_NAMELESS = frozenset({BEYOND, "unread-tags"})
"""What runs may have another name in the registry, which leads to no commit."""

Proven: TypeAlias = tuple[Proof, Answer[Revision]]
_ServedTag: TypeAlias = tuple[str, ManifestFacts]


def prove(container: ListedContainer) -> Proven:
    """The proof of a container's strongest claim, and the revision it is judged by."""
    managed, said = is_managed(container), claims_of(container)
    if managed == Nothing():
        return _unknown(NOT_MANAGED), Unknown(NOT_MANAGED)
    if doubt := managed.problem or (said.doubt if said.unread else None):
        return _unknown(doubt), Unknown(doubt)
    proof, revision = _proven(container)
    said_nowhere = revision == Nothing() or _by_doubted(container, revision)
    if said_nowhere and (unsaid := said.doubt or _unsaid(container)):
        return _unknown(unsaid), Unknown(unsaid)
    return proof, revision


def _by_doubted(container: ListedContainer, revision: Answer[Revision]) -> bool:
    """Whether the digest leads to a commit only by the image's label, which may not be its own."""
    found = revision.value_or(None)
    if found is None or found.identified_by != "digest" or not claims_of(container).doubtful:
        return False
    tags = build_tags(container).value_or(BuildTags({}))
    return tags.by_image.issuperset(tags.by_sha.get(found.sha, ()))


def _unsaid(container: ListedContainer) -> Problem | None:
    """Why a tag with hex digits, which may be a SHA, is none that anybody knows."""
    short = (c.sha for c in claims_of(container).claims if not names.is_whole(c.sha))
    answers = [whole_sha(container, sha) for sha in short]
    problems = (answer.problem for answer in answers if answer.problem)
    return next((problem for problem in problems if problem.code != "no-such-commit"), None)


def _proven(container: ListedContainer) -> Proven:
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
        case Unknown(problem) if problem.code not in _NAMELESS:
            return _unknown(problem), shas
        case _:
            return proof, shas


def _compared(container: ListedContainer, claim: Claim, tag: str, top: ManifestFacts) -> Proven:
    if basis := same_content(container, top).value_or(""):
        return _same(container, claim, tag, Proof("verified", basis, registry_digest=top.digest))
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


def _same(container: ListedContainer, claim: Claim, tag: str, proof: Proof) -> Proven:
    reason = f"the registry serves the same content under :{tag}"
    tags = build_tags(container).value_or(BuildTags({}))
    match tagged_otherwise(container, claim, tag, tags):
        case Found(matching):
            lies = replace(proof, status="contradicted", basis="digest", matching_shas=matching)
            reason += ", which only its own label says to be that commit's"
            return replace(lies, reason=reason), _only(matching) or Nothing()
        case Unknown(problem):
            return _unknown(problem, proof.registry_digest), Unknown(problem)
        case _:
            return replace(proof, reason=reason), _claimed(container, claim)


def _untagged(container: ListedContainer, claim: Claim) -> Proven:
    """The claim has no tag: pruned by now if the registry knows the digest, else never pushed."""
    tags = build_tags(container).value_or(BuildTags({}))
    unread = missing(tags, container.image.repository)
    reason = unread.message if unread else f"the registry has no tag :{_tags(claim)[0]}"
    claimed = _claimed(container, claim)
    match _is_known(container).then(lambda _: _matching(container, claim)):
        case Found(matching):
            return Proof("label-only", "", reason, "", matching), _only(matching) or claimed
        case Nothing() if unread:  # a tag that was moved may have been that of the claim
            return _unknown(unread), _unless_stale(container, unread)
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
    if shas.problem and shas.problem.code not in _NAMELESS:
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
    """The claim's tag: the first that serves what runs, its own name before every other that names
    its commit; else the first that serves anything."""

    def tagged(tag: str) -> Answer[_ServedTag]:
        return served(container, tag).then(lambda top: Found((tag, top)))

    def same(tag: str) -> Answer[_ServedTag]:
        answer = tagged(tag)
        return answer.then(lambda own: same_content(container, own[1]).then(lambda _: answer))

    def any_tag(tags: BuildTags) -> Answer[_ServedTag]:
        others = [tag for tag in _naming(tags, claim.sha) if tag not in own]
        # What an image says of itself proves less than its tag: whatever is built over a build
        # inherits its label, so it counts only where no tag says the SHA.
        by_text = [tag for tag in others if tag not in tags.by_image]
        named = first_answer(map(tagged, own)) != Nothing() or by_text
        others = by_text if named else others
        # The one that it was made from may be the only one for its platform.
        others.sort(key=lambda tag: tag != container.tag)
        naming = (*own, *others[:_MOST_NAMES])
        # A short tag that begins other commits too says nothing by other content.
        perhaps = [tag for tag in _agreeing(tags.unread, claim.sha) if tag not in naming]
        same_or_perhaps = map(same, (*naming, *perhaps[:_MOST_NAMES]))
        return first_answer(chain(same_or_perhaps, map(tagged, naming)))

    own = _tags(claim)
    at_once = first_answer(map(same, own))
    return build_tags(container).then(any_tag) if at_once == Nothing() else at_once


def _naming(tags: BuildTags, sha: str) -> list[str]:
    """The tags of a commit; of one whose SHA is still short, those that can mean it."""
    if names.is_whole(sha):
        return list(tags.by_sha.get(sha, ()))
    return _agreeing((*tags.by_sha, *tags.unread), sha)


def _agreeing(tags: Iterable[str], sha: str) -> list[str]:
    """The tags that can mean a SHA."""
    parsed = {tag: names.tag_revision(tag) for tag in tags}
    return [tag for tag, found in parsed.items() if found and agree(found.sha, sha)]


def _tags(claim: Claim) -> tuple[str, ...]:
    if claim.claimed_by == "image-tag":
        return tuple(dict.fromkeys((claim.key, claim.sha)))
    return tuple(dict.fromkeys([claim.text, claim.sha] if claim.dirty else [claim.sha]))
