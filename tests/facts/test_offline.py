"""What a look with --offline may not ask."""

from dataclasses import replace

import pytest

from tests.scene import IMAGE, NOW, REPOSITORY, sha
from tests.verdicts.proof.proof_scenes import verified
from whatsrunning.facts.answers import Found, Unknown
from whatsrunning.facts.engine import EngineDistribution
from whatsrunning.facts.github import GithubCommit
from whatsrunning.facts.query import Query
from whatsrunning.facts.registry import ManifestFacts, RegistryManifest
from whatsrunning.facts.store import FactStore, Offline
from whatsrunning.verdicts.report import judge

TAG = RegistryManifest(IMAGE, "latest")


def test_offline_asks_no_registry_and_no_github() -> None:
    scene = verified("classic")
    scene.look()
    near = {q: a for q, a in scene.answers.asked.items() if q.source in ("engine", "git")}
    facts = FactStore(near)
    (web,) = judge(facts, replace(scene.scope, offline=True), NOW).containers
    assert web.proof.problem is not None
    assert web.proof.problem.code == "offline"
    assert {query.source for query in facts.missing} <= {"engine", "git", "journal"}
    assert isinstance(web.commit, Found)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (TAG, "--offline: the registry was not asked"),
        (EngineDistribution("prod", f"{IMAGE}:1"), "--offline: the registry was not asked"),
        (GithubCommit(REPOSITORY, sha("v")), "--offline: GitHub was not asked"),
    ],
    ids=["the registry", "the registry by way of the engine", "GitHub"],
)
def test_what_needs_the_network(query: Query[object], message: str) -> None:
    facts = FactStore({})
    answer = Offline(facts).get(query)
    assert isinstance(answer, Unknown)
    assert (answer.problem.message, list(facts.missing)) == (message, [])
    assert list(facts.problems) == [answer.problem]


def test_what_was_asked_before_still_answers() -> None:
    saved = Found(ManifestFacts("sha256:1", ""))
    assert Offline(FactStore({TAG: saved})).get(TAG) == saved
