"""Every proof status on both stores, and the revision that follows (DESIGN section 5)."""

from dataclasses import replace

import pytest

from tests.facts import NOW, Scene, digest, sha
from tests.reconcile.proof_scenes import CASES, Case, V, W, run, verified
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.records import Store
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import Container, Revision
from whatsrunning.verdicts.report import judge

BOTH: tuple[Store, ...] = ("classic", "containerd")


def _revision(web: Container) -> tuple[str, str]:
    match web.revision:
        case Found(Revision(sha=said, identified_by=by)):
            return said, by
        case Nothing():
            return "none", ""
    return "unknown", ""


@pytest.mark.parametrize("store", BOTH)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].__name__)
def test_proof(case: Case, store: Store) -> None:
    make, status, revision, by, matching = case
    web = make(store).one()
    told = (web.proof.status, *_revision(web), web.proof.matching_shas)
    assert told == (status, revision, by, matching), web.proof
    assert (web.proof.problem is not None) == (status == "unknown")


def test_containerd_hides_the_config_digest_of_a_loaded_image() -> None:
    """The registry has the tag with other content and does not know the digest: no verdict."""
    scene = run("containerd", baked=V)
    scene.push(V, digest("again"), digest("config-v"))
    assert scene.one().proof.status == "unknown"


def test_beyond_the_newest_200_is_unknown() -> None:
    scene = run(tag="latest", label=V, top="top-old")
    words = [f"c{n}" for n in range(230)]
    scene.clone(*words, "v")
    scene.push(V, digest("top-v"), digest("config-other"))
    for word in words:
        scene.push(sha(word), digest(f"top-{word}"), digest(f"config-{word}"))
    web = scene.one()
    heads = [q for q in scene.answers.asked if isinstance(q, ask.RegistryManifest)]
    assert isinstance(web.revision, Unknown)
    assert web.revision.problem.code == "beyond-newest"
    assert len([q for q in heads if q.reference in map(sha, words)]) == 200
    scene.push(sha("c7"), digest("top-old"), digest("config-v"))
    assert scene.one().proof.matching_shas == (sha("c7"),)


@pytest.mark.parametrize(
    ("label", "baked", "tag", "more_tags", "stands"),
    [
        (V, "", "latest", (), False),
        (V, W, "latest", (), False),
        (V, "", W, (), False),
        (V, "", "latest", (W,), False),
        ("", V, "latest", (), True),
        (V, "", V, (), True),
        (V, "", "latest", (V,), True),
        ("", V, V, (W,), True),
    ],
)
def test_without_a_registry_a_claim_stands_only_where_the_image_agrees(
    label: str, baked: str, tag: str, more_tags: tuple[str, ...], stands: bool
) -> None:
    scene = run(label=label, baked=baked, tag=tag, more_tags=more_tags)
    scene.lose(ask.RegistryManifest, ask.RegistryTags, ask.RegistryContent, ask.EngineDistribution)
    web = scene.one()
    assert web.proof.status == "unknown"
    assert _revision(web)[0] == (V if stands else "unknown")


def test_offline_asks_no_registry_and_no_github() -> None:
    scene = verified("classic")
    scene.look()
    near = {q: a for q, a in scene.answers.asked.items() if q.source in ("engine", "git")}
    facts = FactStore(near)
    (web,) = judge(facts, replace(scene.scope, offline=True), NOW).containers
    assert web.proof.problem is not None
    assert web.proof.problem.code == "offline"
    assert {question.source for question in facts.missing} <= {"engine", "git", "journal"}
    assert isinstance(web.commit, Found)


def test_unmanaged_containers_ask_nothing_outside_the_engine() -> None:
    scene = Scene()
    scene.image(digest("pg"), "postgres:15", digests=[f"postgres@{digest('pg-top')}"])
    scene.container("db", "postgres:15", digest("pg"), state="exited", status="Exited (1)")
    db = scene.one("db")
    assert (db.managed, db.proof.status, db.revision) == (False, "unlabelled", Nothing())
    assert {question.source for question in scene.answers.asked} == {"engine"}
    assert not any(isinstance(question, ask.EngineInspect) for question in scene.answers.asked)
