"""What the digests say about the claim, and the revision that follows (DESIGN sections 1 and 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import RegistryTags
from whatsrunning.report.container import Claim, Proof, Revision
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import agree, claims_of, local_shas
from whatsrunning.verdicts.origin.whole_shas import whole_claims
from whatsrunning.verdicts.proof.content import same_content, served
from whatsrunning.verdicts.proof.identify import BEYOND, identify

_OTHER_NAMES = 5  # tags that can mean the same SHA: `sha-…`, short ones


@dataclass(frozen=True, slots=True)
class Verdict:
    """The claims, what the digests say about the first, and the effective revision."""

    claims: tuple[Claim, ...]
    proof: Proof
    revision: Answer[Revision]


@dataclass(frozen=True, slots=True)
class _Claimant:
    """A container with its claims; `short` says of short SHAs why they name no commit."""

    container: ListedContainer
    claims: tuple[Claim, ...] = ()
    short: Mapping[str, Problem] = field(default_factory=dict)

    @property
    def first(self) -> Claim:
        return self.claims[0]


@dataclass(frozen=True, slots=True)
class _Tagged:
    """The claim's tag in the registry; `basis` empty when it has other content than what runs."""

    tag: str
    digest: str
    basis: str = ""


def prove(container: ListedContainer) -> Verdict:
    """The verdict on one container of ours."""
    claims, short = whole_claims(container)
    claimant = _Claimant(container, claims, short)
    if doubt := claims_of(container).doubt:
        return Verdict(claims, _unknown(doubt), Unknown(doubt))
    if not claims:
        return _unlabelled(claimant)
    if not names.names_registry(container.image.repository):
        return _claimed(claimant, Proof("label-only", reason="the image names no registry"))
    tagged = _tagged(claimant)
    if isinstance(tagged, Unknown):
        return Verdict(claims, _unknown(tagged.problem), _standing(claimant, tagged.problem))
    if isinstance(tagged, Nothing):
        return _untagged(claimant)
    return _compared(claimant, tagged.value)


def _unknown(problem: Problem, digest: str = "") -> Proof:
    return Proof("unknown", reason=problem.message, registry_digest=digest, problem=problem)


def _claimed(claimant: _Claimant, proof: Proof) -> Verdict:
    """The claim is the revision, if it names one commit."""
    claim = claimant.first
    if not names.is_whole(claim.sha):
        return Verdict(claimant.claims, proof, Unknown(claimant.short[claim.sha]))
    return Verdict(claimant.claims, proof, Found(Revision(claim.sha, claim.claimed_by)))


def _unlabelled(claimant: _Claimant) -> Verdict:
    if not names.names_registry(claimant.container.image.repository):
        return Verdict((), Proof("unlabelled", reason="nothing claims a revision"), Nothing())
    shas = identify(claimant.container)
    if isinstance(shas, Unknown) and shas.problem.code != BEYOND:
        return Verdict((), _unknown(shas.problem), shas)
    matching = shas.value if isinstance(shas, Found) else ()
    proof = Proof(
        "unlabelled", "digest" if matching else "", "nothing claims a revision", "", matching
    )
    return Verdict((), proof, _identified(shas, Nothing()))


def _identified(shas: Answer[tuple[str, ...]], otherwise: Answer[Revision]) -> Answer[Revision]:
    """The SHA that the digest identifies, when it is unique."""
    if isinstance(shas, Found):
        return Found(Revision(shas.value[0], "digest")) if len(shas.value) == 1 else otherwise
    return shas if isinstance(shas, Unknown) else otherwise


def _tagged(claimant: _Claimant) -> Answer[_Tagged]:
    """The claim's tag: by its own name first, then by others that can mean the same SHA."""
    own = _tags(claimant.first)
    tagged = _first_tagged(claimant, own)
    if not isinstance(tagged, Nothing):
        return tagged
    listed = claimant.container.get(RegistryTags(claimant.container.image.repository))
    if not isinstance(listed, Found):
        return listed
    others = [
        tag for tag in sorted(listed.value) if tag not in own and _means(tag, claimant.first.sha)
    ]
    return _first_tagged(claimant, others[:_OTHER_NAMES])


def _tags(claim: Claim) -> tuple[str, ...]:
    if claim.claimed_by == "image-tag":
        return (claim.key,)
    return tuple(dict.fromkeys([claim.said, claim.sha] if claim.dirty else [claim.sha]))


def _means(tag: str, sha: str) -> bool:
    said = names.tag_revision(tag)
    return said is not None and not said.dirty and agree(said.sha, sha)


def _first_tagged(claimant: _Claimant, tags: Iterable[str]) -> Answer[_Tagged]:
    other: _Tagged | None = None
    for tag in tags:
        top = served(claimant.container, tag)
        if isinstance(top, Unknown):
            return top
        if isinstance(top, Nothing):
            continue
        same = same_content(claimant.container, top.value)
        if isinstance(same, Unknown):
            return same
        if isinstance(same, Found):
            return Found(_Tagged(tag, top.value.digest, same.value))
        other = other or _Tagged(tag, top.value.digest)
    return Found(other) if other else Nothing()


def _compared(claimant: _Claimant, tagged: _Tagged) -> Verdict:
    """The claim's tag is there: with the same content, or with other content."""
    if tagged.basis:
        reason = f"the registry serves the same content under :{tagged.tag}"
        return _claimed(claimant, Proof("verified", tagged.basis, reason, tagged.digest))
    shas = identify(claimant.container, claimant.first.sha)
    if isinstance(shas, Unknown):
        return Verdict(claimant.claims, _unknown(shas.problem, tagged.digest), shas)
    reason = f"the registry serves other content under :{tagged.tag}"
    if isinstance(shas, Nothing):
        return _claimed(claimant, Proof("differs", "digest", reason, tagged.digest))
    proof = Proof("contradicted", "digest", reason, tagged.digest, shas.value)
    return Verdict(claimant.claims, proof, _identified(shas, Nothing()))


def _untagged(claimant: _Claimant) -> Verdict:
    """No tag for the claim; whether the digest is known tells a prune from a stranger."""
    reason = f"the registry has no tag :{_tags(claimant.first)[0]}"
    known = _known(claimant)
    if isinstance(known, Unknown):
        return Verdict(claimant.claims, _unknown(known.problem), _standing(claimant, known.problem))
    if isinstance(known, Nothing):
        return _claimed(
            claimant, Proof("denied", "digest", f"{reason}, and does not know the digest")
        )
    shas = identify(claimant.container, claimant.first.sha)
    if isinstance(shas, Unknown) and shas.problem.code != BEYOND:
        return Verdict(claimant.claims, _unknown(shas.problem), _standing(claimant, shas.problem))
    matching = shas.value if isinstance(shas, Found) else ()
    claimed = _claimed(claimant, Proof("label-only", "", reason, "", matching))
    if isinstance(shas, Unknown):
        return claimed
    return Verdict(claimant.claims, claimed.proof, _identified(shas, claimed.revision))


def _known(claimant: _Claimant) -> Answer[None]:
    """Whether the registry knows what runs; without a digest nothing can be asked (save/load)."""
    if not claimant.container.running:
        return Found(None)
    answers = [served(claimant.container, digest) for digest in sorted(claimant.container.running)]
    if any(isinstance(answer, Found) for answer in answers):
        return Found(None)
    return next((answer for answer in answers if isinstance(answer, Unknown)), Nothing())


def _standing(claimant: _Claimant, problem: Problem) -> Answer[Revision]:
    """While the registry cannot be looked at, a claim stands only where the image says the same.

    A label given at the start alone may be stale, as watchtower leaves it (DESIGN section 7).
    """
    sha, local = claimant.first.sha, local_shas(claimant.container)
    said = [claim.sha for claim in claimant.claims if claim.claimed_by != "container-label"]
    if not names.is_whole(sha) or not all(agree(sha, each) for each in said):
        return Unknown(problem)
    if (local and sha not in local) or not (said or local):
        return Unknown(problem)
    return Found(Revision(sha, claimant.first.claimed_by))
