"""When it was deployed, by clocks that differ."""

from datetime import timedelta

import pytest

from tests.scene import NOW, REPOSITORY, engine_facts, lost, sha
from tests.verdicts.ci.ci_scene import at, check, ci_of, scene_of
from whatsrunning.facts.answers import Found
from whatsrunning.facts.engine import EngineInfo
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.verdicts.ci.deploy_time import Deploy, Instants, instants


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
    scene.answers[EngineInfo("prod")] = Found(engine_facts(asked_at=asked))
    ci = ci_of(scene, skew)
    assert ci.at_deploy == at_deploy
    assert bool(ci.reason) is (at_deploy == "unknown")


@pytest.mark.parametrize(("skew", "error"), [(0.0, 3.0), (90.0, 3.0), (None, 30.0)])
def test_the_instant_and_its_error(skew: float | None, error: float) -> None:
    """Whole seconds and half of the 4 s that the request took; without a clock half a minute."""
    scene = scene_of()
    facts = engine_facts(asked_at=NOW - timedelta(seconds=4))
    scene.answers[EngineInfo("prod")] = Found(facts)
    deploy = Deploy("prod", "web", REPOSITORY, sha("c"), at(0), skew)
    known = instants(Case(FactStore(scene.answers), scene.scope), deploy)
    early, likely, late = known.span
    assert likely == at(0) - timedelta(seconds=skew or 0)
    assert late - likely == likely - early == timedelta(seconds=error)
    assert known.now == NOW


def test_an_engine_that_does_not_answer() -> None:
    scene = scene_of()
    scene.answers[EngineInfo("prod")] = lost(EngineInfo("prod"))
    deploy = Deploy("prod", "web", REPOSITORY, sha("c"), at(0), None)
    case = Case(FactStore(scene.answers), scene.scope)
    assert instants(case, deploy) == Instants(at(0), timedelta(seconds=30))
