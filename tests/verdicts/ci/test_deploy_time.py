"""When it was deployed, by clocks that differ."""

from datetime import timedelta

import pytest

from tests.facts import NOW, engine_facts
from tests.verdicts.ci.ci_scene import check, ci_of, scene_of
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found


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
