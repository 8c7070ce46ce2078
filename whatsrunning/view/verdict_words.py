"""Proof and CI in words, with the contract's own word in each."""

from collections.abc import Iterable, Mapping

from whatsrunning.facts.answers import Answer
from whatsrunning.report.container import Ci, Claim, Proof
from whatsrunning.view.blocks import Line, Role, join, text
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.words import first_of, sha

_ROLES: Mapping[str, Role] = {
    "verified": "good", "contradicted": "bad", "denied": "bad", "green": "good", "red": "bad",
}  # fmt: skip
"""Verdicts that are good or bad; the others are only worth a look."""
_PROOFS = {
    "verified": ("verified: ", "the registry serves this same content under its SHA"),
    "differs": ("not proven: differs, ", "the registry serves other content under this SHA"),
    "label-only": ("not proven: label-only, ", "nothing in a registry to compare with"),
    "unlabelled": ("not proven: unlabelled, ", "nothing says which commit this is"),
    "denied": ("DENIED: ", "the registry knows neither this tag nor this digest"),
    "unknown": ("could not look: ", "no answer about the digests"),
}
"""How each sentence begins, and the reason where the proof gives none of its own."""
_CLAIMS = {
    "container-label": "label says",
    "image-label": "image label says",
    "oci-label": "OCI label says",
    "image-tag": "tag says",
}
_CI = {
    "green": "passed before this was deployed",
    "raced": "deployed before CI had finished",
    "red": "CI had FAILED when this was deployed",
    "pending": "deployed while CI ran, and it has not finished yet",
    "no-run": "no CI run was found",
    "no-verdict": "CI gave no verdict: only cancelled, skipped or neutral runs",
    "unknown": "cannot tell whether CI had passed",
}
_SIDES = 3
_ENDED = {"success": "green", "failure": "red"}


def deciding(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims without those that were copied from another image, strongest first."""
    return tuple(claim for claim in claims if not claim.copied)


def sides(claims: Iterable[Claim]) -> Line:
    """What each says, where those that decide do not agree; else empty."""
    first: dict[str, Claim] = {}
    for claim in deciding(claims):
        if not any(_agree(claim.sha, other) for other in first):
            first[claim.sha] = claim
    told = [join([text(_CLAIMS[c.claimed_by]), sha(c.sha)], " ") for c in first.values()]
    return first_of(told, _SIDES) if len(told) > 1 else ()


def _agree(sha: str, other: str) -> bool:
    return sha.startswith(other) or other.startswith(sha)


def verdict_word(verdict: str) -> Line:
    """The contract's own word for proof or CI; bad ones are loud without colour too."""
    role = _ROLES.get(verdict, "warn")
    return text(verdict.upper() if role == "bad" else verdict, role)


def proof_word(proof: Proof, marks: Footnotes) -> Line:
    """The contract's word, and where nobody could look the mark of the reason."""
    return marks.unknown(proof.problem) if proof.problem else verdict_word(proof.status)


def proof_sentence(proof: Proof, claims: tuple[Claim, ...], marks: Footnotes) -> Line:
    """What the digests say about the claim, in one sentence."""
    builds = join(map(sha, proof.matching_shas), " or ")
    if proof.status == "contradicted":
        image = builds or text("another build")
        return join([_contradicted(claims), text("image is"), image], " ")
    if proof.status == "unlabelled" and builds:
        unlabelled = text("not proven: unlabelled, but the digest is that of", "warn")
        return join([unlabelled, builds], " ")
    begin, default = _PROOFS[proof.status]
    why = proof.problem.message if proof.problem else ""
    sentence = text(f"{begin}{proof.reason or why or default}", _ROLES.get(proof.status, "warn"))
    told = join([sentence, marks.reference(proof.problem)], " ")
    return join([() if proof.status == "verified" else sides(claims), told], ": ")


def _contradicted(claims: tuple[Claim, ...]) -> Line:
    if not (decide := deciding(claims)):
        return text("CONTRADICTED:", "bad")
    label = text(f"CONTRADICTED: {_CLAIMS[decide[0].claimed_by]}", "bad")
    return join([label, join([sha(decide[0].sha), text(",")], "")], " ")


def ci_word(ci: Ci) -> Line:
    """CI when it was deployed, in a word or two."""
    if ci.at_deploy == "raced" and ci.outcome:
        ended = _ENDED.get(ci.outcome, ci.outcome)
        return text(f"raced, then {ended}", "warn" if ended == "green" else "bad")
    return verdict_word(ci.at_deploy)


def ci_reason(answer: Answer[Ci]) -> Line:
    """Why CI says no more than it does; empty when it was green or gave no reason."""
    ci = answer.value_or(None)
    if ci is None or not ci.reason or ci.at_deploy == "green":
        return ()
    return text(f"CI {ci.at_deploy}: {ci.reason}", "dim")


def ci_sentence(ci: Ci) -> Line:
    """CI when it was deployed, in a sentence."""
    ended = f"; it then ended {ci.outcome}" if ci.at_deploy == "raced" and ci.outcome else ""
    why = f" ({ci.reason})" if ci.reason else ""
    via = f", by {ci.via}" if ci.via else ""
    return text(
        f"{ci.at_deploy}: {_CI[ci.at_deploy]}{ended}{why}{via}", _ROLES.get(ci.at_deploy, "warn")
    )
