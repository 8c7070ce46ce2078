"""Proof and CI in words."""

from dataclasses import replace

import pytest

from tests.reports import NOW, SAMPLES
from tests.reports.parts import NEW, OLD, STRAY, container
from tests.view.reading import lines, words
from whatsrunning.facts.answers import Found
from whatsrunning.report.container import Ci, CiVerdict, Claim, Proof
from whatsrunning.report.report import Report
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.page import blocks
from whatsrunning.view.verdict_words import ci_reason, ci_sentence, ci_word, proof_sentence

LABEL = (Claim(OLD, "container-label", "git.sha"),)


def test_a_digest_tells_what_no_label_does() -> None:
    found = replace(container("x", "x"), claims=(), proof=Proof("unlabelled", matching_shas=(NEW,)))
    report = Report("ps", NOW, True, SAMPLES["ps"].engines, (found,))
    told = "\n".join(lines(blocks(report, NOW)))
    assert f"not proven: unlabelled, but the digest is that of {NEW[:12]}" in told


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (Proof("verified"), "verified: the registry serves this same content under its SHA"),
        (Proof("contradicted", matching_shas=(NEW,)), f"says {OLD[:12]}, image is {NEW[:12]}"),
        (Proof("contradicted"), f"label says {OLD[:12]}, image is another build"),
        (Proof("denied", reason="it says no"), "DENIED: it says no"),
        (Proof("unlabelled"), "not proven: unlabelled, nothing says which commit this is"),
        (Proof("unlabelled", matching_shas=(NEW, STRAY)), f"{NEW[:12]} or {STRAY[:12]}"),
        (Proof("unknown"), "could not look: no answer about the digests"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.status,
)
def test_proof(proof: Proof, said: str) -> None:
    assert said in words(proof_sentence(proof, LABEL, Footnotes({}, ())))


@pytest.mark.parametrize(
    ("verdict", "outcome", "word"),
    [
        ("green", "success", "green"),
        ("red", "failure", "RED"),
        ("raced", "", "raced"),
        ("raced", "success", "raced, then green"),
        ("raced", "failure", "raced, then red"),
        ("raced", "cancelled", "raced, then cancelled"),
        ("no-run", "", "no-run"),
    ],
)
def test_ci(verdict: CiVerdict, outcome: str, word: str) -> None:
    assert words(ci_word(Ci(verdict, outcome))) == word
    assert words(ci_sentence(Ci(verdict, outcome))).startswith(f"{verdict}: ")


def test_why_ci_says_no_more() -> None:
    filtered = Found(Ci("no-run", reason="path-filtered"))
    assert words(ci_reason(filtered)) == "CI no-run: path-filtered"
    assert ci_reason(Found(Ci("green", reason="path-filtered"))) == ()
    assert ci_reason(Found(Ci("no-run"))) == ()
