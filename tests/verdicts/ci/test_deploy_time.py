"""When it was deployed: clocks that differ, and the revision's first deploy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.facts import NOW, engine_facts, sha
from tests.verdicts.ci.ci_scene import at, check, ci_of, scene_of
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found
from whatsrunning.facts.records import JournalEntry


# The last gate ended at T by our clock. The engine's clock may be off, and the request took 4 s.
@pytest.mark.parametrize(
    ("skew", "took", "at_deploy"),
    [
        (-30.0, 0.0, "green"),  # the engine's clock is late: it was deployed after CI had ended
        (30.0, 0.0, "raced"),
        (-4.0, 4.0, "green"),
        (4.0, 4.0, "raced"),
        (-2.0, 4.0, "unknown"),
        (2.0, 4.0, "unknown"),
        (0.0, 0.0, "unknown"),
        (None, 0.0, "unknown"),
    ],
)
def test_clocks(skew: float | None, took: float, at_deploy: str) -> None:
    scene = scene_of(check("test", -9, 0))
    asked = NOW - timedelta(seconds=took)
    scene.answers[ask.EngineInfo("prod")] = Found(engine_facts(asked_at=asked))
    ci = ci_of(scene, skew)
    assert ci.at_deploy == at_deploy
    assert bool(ci.reason) is (at_deploy == "unknown")


def test_creating_it_again_never_improves_a_verdict() -> None:
    """Earlier looks saw the same revision begin while CI ran, with nothing else in between."""
    scene = scene_of(check("test", -20, -10))
    assert ci_of(scene).at_deploy == "green"
    seen = JournalEntry(at(-5), "ID-prod", "web", "web-1", sha("c"), "sha256:1", at(-15))
    scene.answers[ask.JournalLooks("ID-prod")] = Found((seen,))
    ci = ci_of(scene)
    assert (ci.at_deploy, ci.outcome) == ("raced", "success")
    assert "first deployed" in ci.reason
    between = replace(seen, at=at(-3), deployed_at=at(-4), sha=sha("other"))
    scene.answers[ask.JournalLooks("ID-prod")] = Found((seen, between))
    assert ci_of(scene).at_deploy == "green"
    scene.answers[ask.JournalLooks("ID-prod")] = Found((replace(seen, service="api"),))
    assert ci_of(scene).at_deploy == "green"
