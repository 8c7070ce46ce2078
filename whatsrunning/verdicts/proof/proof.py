"""What the digests say about the claim, and the revision that follows (DESIGN sections 1 and 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import RegistryTags
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import Claim, Proof, Revision
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import agree, claims_of, local_shas, whole_claims
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
class _Case:
    facts: FactStore
    scope: Scope
    one: ListedContainer
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


def prove(facts: FactStore, scope: Scope, one: ListedContainer) -> Verdict:
    """The verdict on one container of ours."""
    claims, short = whole_claims(facts, scope, one)
    case = _Case(facts, scope, one, claims, short)
    if doubt := claims_of(facts, scope, one).doubt:
        return Verdict(claims, _unknown(doubt), Unknown(doubt))
    if not claims:
        return _unlabelled(case)
    if not names.names_registry(one.image.repository):
        return _claimed(case, Proof("label-only", reason="the image names no registry"))
    tagged = _tagged(case)
    if isinstance(tagged, Unknown):
        return Verdict(claims, _unknown(tagged.problem), _standing(case, tagged.problem))
    if isinstance(tagged, Nothing):
        return _untagged(case)
    return _compared(case, tagged.value)


def _unknown(problem: Problem, digest: str = "") -> Proof:
    return Proof("unknown", reason=problem.message, registry_digest=digest, problem=problem)


def _claimed(case: _Case, proof: Proof) -> Verdict:
    """The claim is the revision, if it names one commit."""
    claim = case.first
    if not names.is_whole(claim.sha):
        return Verdict(case.claims, proof, Unknown(case.short[claim.sha]))
    return Verdict(case.claims, proof, Found(Revision(claim.sha, claim.claimed_by)))


def _unlabelled(case: _Case) -> Verdict:
    if not names.names_registry(case.one.image.repository):
        return Verdict((), Proof("unlabelled", reason="nothing claims a revision"), Nothing())
    shas = identify(case.facts, case.scope, case.one)
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


def _tagged(case: _Case) -> Answer[_Tagged]:
    """The claim's tag: by its own name first, then by others that can mean the same SHA."""
    own = _tags(case.first)
    tagged = _first_tagged(case, own)
    if not isinstance(tagged, Nothing):
        return tagged
    listed = case.facts.get(RegistryTags(case.one.image.repository))
    if not isinstance(listed, Found):
        return listed
    others = [tag for tag in sorted(listed.value) if tag not in own and _means(tag, case.first.sha)]
    return _first_tagged(case, others[:_OTHER_NAMES])


def _tags(claim: Claim) -> tuple[str, ...]:
    if claim.claimed_by == "image-tag":
        return (claim.key,)
    return tuple(dict.fromkeys([claim.said, claim.sha] if claim.dirty else [claim.sha]))


def _means(tag: str, sha: str) -> bool:
    said = names.tag_revision(tag)
    return said is not None and not said.dirty and agree(said.sha, sha)


def _first_tagged(case: _Case, tags: Iterable[str]) -> Answer[_Tagged]:
    other: _Tagged | None = None
    for tag in tags:
        top = served(case.facts, case.one, tag)
        if isinstance(top, Unknown):
            return top
        if isinstance(top, Nothing):
            continue
        same = same_content(case.facts, case.one, top.value)
        if isinstance(same, Unknown):
            return same
        if isinstance(same, Found):
            return Found(_Tagged(tag, top.value.digest, same.value))
        other = other or _Tagged(tag, top.value.digest)
    return Found(other) if other else Nothing()


def _compared(case: _Case, tagged: _Tagged) -> Verdict:
    """The claim's tag is there: with the same content, or with other content."""
    if tagged.basis:
        reason = f"the registry serves the same content under :{tagged.tag}"
        return _claimed(case, Proof("verified", tagged.basis, reason, tagged.digest))
    shas = identify(case.facts, case.scope, case.one, case.first.sha)
    if isinstance(shas, Unknown):
        return Verdict(case.claims, _unknown(shas.problem, tagged.digest), shas)
    reason = f"the registry serves other content under :{tagged.tag}"
    if isinstance(shas, Nothing):
        return _claimed(case, Proof("differs", "digest", reason, tagged.digest))
    proof = Proof("contradicted", "digest", reason, tagged.digest, shas.value)
    return Verdict(case.claims, proof, _identified(shas, Nothing()))


def _untagged(case: _Case) -> Verdict:
    """No tag for the claim; whether the digest is known tells a prune from a stranger."""
    reason = f"the registry has no tag :{_tags(case.first)[0]}"
    known = _known(case)
    if isinstance(known, Unknown):
        return Verdict(case.claims, _unknown(known.problem), _standing(case, known.problem))
    if isinstance(known, Nothing):
        return _claimed(case, Proof("denied", "digest", f"{reason}, and does not know the digest"))
    shas = identify(case.facts, case.scope, case.one, case.first.sha)
    if isinstance(shas, Unknown) and shas.problem.code != BEYOND:
        return Verdict(case.claims, _unknown(shas.problem), _standing(case, shas.problem))
    matching = shas.value if isinstance(shas, Found) else ()
    claimed = _claimed(case, Proof("label-only", "", reason, "", matching))
    if isinstance(shas, Unknown):
        return claimed
    return Verdict(case.claims, claimed.proof, _identified(shas, claimed.revision))


def _known(case: _Case) -> Answer[None]:
    """Whether the registry knows what runs; without a digest nothing can be asked (save/load)."""
    if not case.one.running:
        return Found(None)
    answers = [served(case.facts, case.one, digest) for digest in sorted(case.one.running)]
    if any(isinstance(answer, Found) for answer in answers):
        return Found(None)
    return next((answer for answer in answers if isinstance(answer, Unknown)), Nothing())


def _standing(case: _Case, problem: Problem) -> Answer[Revision]:
    """While the registry cannot be looked at, a claim stands only where the image says the same.

    A label given at the start alone may be stale, as watchtower leaves it (DESIGN section 7).
    """
    sha, local = case.first.sha, local_shas(case.one)
    said = [claim.sha for claim in case.claims if claim.claimed_by != "container-label"]
    if not names.is_whole(sha) or not all(agree(sha, each) for each in said):
        return Unknown(problem)
    if (local and sha not in local) or not (said or local):
        return Unknown(problem)
    return Found(Revision(sha, case.first.claimed_by))
