"""Verdicts in words that a tired person understands, with the contract's own word in each."""

from collections.abc import Mapping
from datetime import datetime

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.report.container import Built, Ci, Claim, Container, Proof, PullRequest, Revision
from whatsrunning.text import ago, short, utc
from whatsrunning.view.blocks import Line, Role, join, text
from whatsrunning.view.footnotes import Footnotes

PROOF_WORDS: Mapping[str, tuple[str, Role]] = {
    "verified": ("verified", "good"),
    "contradicted": ("CONTRADICTED", "bad"),
    "differs": ("differs", "warn"),
    "label-only": ("label-only", "warn"),
    "unlabelled": ("unlabelled", "warn"),
    "denied": ("DENIED", "bad"),
    "unknown": ("unknown", "warn"),
}
CI_WORDS: Mapping[str, tuple[str, Role]] = {
    "green": ("green", "good"),
    "raced": ("raced", "warn"),
    "red": ("RED", "bad"),
    "pending": ("pending", "warn"),
    "no-run": ("no-run", "warn"),
    "no-verdict": ("no-verdict", "warn"),
    "unknown": ("unknown", "warn"),
}
_PULLS = 5
_CLAIMS = {
    "container-label": "label says",
    "image-label": "image label says",
    "oci-label": "OCI label says",
    "image-tag": "tag says",
}
_CI_SENTENCES = {
    "green": "passed before this was deployed",
    "raced": "deployed before CI had finished",
    "red": "CI had FAILED when this was deployed",
    "pending": "deployed while CI ran, and it has not finished yet",
    "no-run": "no CI run was found",
    "no-verdict": "CI gave no verdict: only cancelled, skipped or neutral runs",
    "unknown": "cannot tell whether CI had passed",
}


def sha(value: str, url: str = "") -> Line:
    """A SHA as tables show it: 12 characters, linked."""
    return text(short(value), "sha", url)


def revision(answer: Answer[Revision], marks: Footnotes, url: str = "") -> Line:
    """The effective revision, or why there is none."""
    if isinstance(answer, Found):
        return sha(answer.value.sha, url)
    return marks.absent(answer, "no revision")


def proof_word(proof: Proof) -> Line:
    """The proof in one word."""
    word, role = PROOF_WORDS[proof.status]
    return text(word, role)


def proof_sentence(proof: Proof, claims: tuple[Claim, ...], marks: Footnotes) -> Line:
    """What the digests say about the claim, in one sentence."""
    match proof.status:
        case "verified":
            return text(f"verified: {_reason(proof)}", "good")
        case "contradicted":
            return join(
                [_claimed(claims, "CONTRADICTED: "), text("image is"), _matching(proof)], " "
            )
        case "unknown":
            said = text(f"could not look: {_reason(proof)}", "warn")
            return join([said, marks.reference(proof.problem)], " ")
        case "unlabelled" if proof.matching_shas:
            said = text("not proven: unlabelled, but the digest is that of", "warn")
            return join([said, _matching(proof)], " ")
        case "denied":
            return text(f"DENIED: {_reason(proof)}", "bad")
        case _:
            return text(f"not proven: {proof.status}, {_reason(proof)}", "warn")


_REASONS = {
    "verified": "the registry serves this same content under its SHA",
    "differs": "the registry serves other content under this SHA",
    "label-only": "nothing in a registry to compare with",
    "unlabelled": "nothing says which commit this is",
    "denied": "the registry knows neither this tag nor this digest",
    "unknown": "no answer about the digests",
}


def _reason(proof: Proof) -> str:
    told = proof.problem.message if proof.problem else ""
    return proof.reason or told or _REASONS.get(proof.status, "")


def _claimed(claims: tuple[Claim, ...], before: str) -> Line:
    if not claims:
        return text(before.strip(), "bad")
    said = text(f"{before}{_CLAIMS[claims[0].claimed_by]}", "bad")
    return join([said, join([sha(claims[0].sha), text(",")], "")], " ")


def _matching(proof: Proof) -> Line:
    known = [sha(value) for value in proof.matching_shas]
    return join(known, " or ") if known else text("another build")


def ci_word(answer: Answer[Ci], marks: Footnotes) -> Line:
    """CI when it was deployed, in a word or two."""
    if not isinstance(answer, Found):
        return marks.absent(answer, "none")
    word, role = CI_WORDS[answer.value.at_deploy]
    if answer.value.at_deploy == "raced" and answer.value.outcome:
        ended = answer.value.outcome
        return text(f"{word}, then {_ENDED.get(ended, ended)}", _outcome_role(ended))
    return text(word, role)


def ci_reason(answer: Answer[Ci]) -> Line:
    """Why CI says no more than it does; empty when it was green or gave no reason."""
    if not isinstance(answer, Found) or answer.value.at_deploy == "green":
        return ()
    why = answer.value.reason
    return text(f"CI {answer.value.at_deploy}: {why}", "dim") if why else ()


_ENDED = {"success": "green", "failure": "red"}


def _outcome_role(outcome: str) -> Role:
    return "warn" if outcome == "success" else "bad"


def ci_sentence(answer: Answer[Ci], marks: Footnotes) -> Line:
    """CI when it was deployed, in a sentence."""
    if not isinstance(answer, Found):
        return marks.absent(answer, "none: no CI answered")
    ci = answer.value
    said = f"{ci.at_deploy}: {_CI_SENTENCES[ci.at_deploy]}"
    ended = f"; it then ended {ci.outcome}" if ci.at_deploy == "raced" and ci.outcome else ""
    why = f" ({ci.reason})" if ci.reason else ""
    via = f", by {ci.via}" if ci.via else ""
    return text(said + ended + why + via, CI_WORDS[ci.at_deploy][1])


def built_word(answer: Answer[Built], marks: Footnotes) -> Line:
    """How the running build stands against the newest one."""
    if not isinstance(answer, Found):
        return marks.absent(answer, "none")
    built = answer.value
    if built.position == "behind":
        return text(_behind(built), "warn")
    role: Role = "good" if built.position == "current" else "warn"
    return text(built.position, role)


def _behind(built: Built) -> str:
    if built.builds_behind is None:
        return "behind"
    return f"{built.builds_behind} behind"


def built_sentence(answer: Answer[Built], marks: Footnotes) -> Line:
    """The same, with how many builds and commits."""
    if not isinstance(answer, Found) or answer.value.position in ("current", "not-built"):
        return built_word(answer, marks)
    built = answer.value
    builds, commits = built.builds_behind, built.commits_behind
    by = [counted(builds, "build")] if builds is not None else []
    by += [counted(commits, "commit")] if commits is not None else []
    behind = "" if built.position == "behind" else ", behind"
    told = f"{behind} by {', '.join(by)}" if by else ", how far is not known"
    return text(f"{built.position}{told}", "warn")


def moment(at: datetime, now: datetime) -> Line:
    """An instant, relative and absolute."""
    return join([text(ago(now, at)), text(utc(at), "dim")])


def counted(count: int, noun: str) -> str:
    """`1 build`, `2 builds`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def pull(request: PullRequest) -> Line:
    """A pull request: its number, linked, and its title."""
    number = text(f"#{request.number}", "strong", request.url)
    return join([number, text(request.title)], " ") if request.title else number


def pulls(answer: Answer[tuple[PullRequest, ...]], marks: Footnotes) -> Line:
    """Pull requests, or `no pull request` (somebody looked), or `unknown`."""
    if isinstance(answer, Found) and answer.value:
        more = len(answer.value) - _PULLS
        rest = [text(f"and {more} more")] if more > 0 else []
        return join([*map(pull, answer.value[:_PULLS]), *rest])
    if isinstance(answer, Found):
        return text("no pull request", "dim")
    missing = marks.absent(answer, "no pull request")
    return missing if missing[0].role == "dim" else join([text("pull request"), missing], " ")


def state(container: Container) -> Line:
    """State and health in one: what is wrong reads without colour."""
    if container.state == "running":
        return _health(container)
    if container.state == "restarting":
        count = f" \u00d7{container.restart_count}" if container.restart_count else ""
        return text(f"RESTARTING{count}", "bad")
    killed = " (out of memory)" if container.oom_killed else ""
    code = "" if container.exit_code is None else f" {container.exit_code}"
    bad = bool(container.exit_code) or bool(container.oom_killed) or container.state == "dead"
    return text(f"{container.state}{code}{killed}", "bad" if bad else "dim")


def _health(container: Container) -> Line:
    words: Mapping[str, tuple[str, Role]] = {
        "healthy": ("healthy", "good"),
        "unhealthy": ("UNHEALTHY", "bad"),
        "starting": ("starting", "warn"),
        "unknown": ("health unknown", "warn"),
    }
    return text(*words.get(container.health, ("running", "plain")))
