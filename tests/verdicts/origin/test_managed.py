"""Which containers the reader is on call for."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.scene import Scene, digest, lost, sha
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.engine import EngineInspect
from whatsrunning.facts.git import GitClones
from whatsrunning.facts.journal import JournalLooks
from whatsrunning.facts.scope import ServiceRule

V = sha("v")
IMAGE = "registry.test/acme/shop"
OCI_REVISION = "org.opencontainers.image.revision"


def scene_of(image: str = IMAGE, labels: Mapping[str, str] | None = None, **scope: Any) -> Scene:
    """One container, unlabelled as a rule."""
    scene = Scene(**scope)
    scene.image(digest("config"), f"{image}:1")
    scene.container("web", f"{image}:1", digest("config"), labels)
    return scene


@pytest.mark.parametrize(
    ("scene", "managed"),
    [
        pytest.param(scene_of("docker.io/library/postgres"), False, id="somebody else's image"),
        pytest.param(scene_of(), False, id="nothing says so"),
        pytest.param(scene_of(labels={"git.sha": "nonsense"}), True, id="labelled, with nonsense"),
        pytest.param(
            scene_of(labels={"commit": V}, revision_labels=("commit",)), True,
            id="labelled as configured",
        ),
        pytest.param(scene_of(labels={OCI_REVISION: V}), False, id="the OCI label alone"),
        pytest.param(scene_of(project="acme/shop"), True, id="-R is in its image's name"),
        pytest.param(
            scene_of(service_rules={"web": ServiceRule(repo="a/b")}), True, id="a service's rule"
        ),
        pytest.param(
            scene_of(service_rules={"web": ServiceRule(context="other")}), False,
            id="a service's rule for another engine",
        ),
        pytest.param(
            scene_of(service_rules={"x": ServiceRule(image=IMAGE)}), True,
            id="a service's rule by image",
        ),
        pytest.param(
            scene_of(image_rules={"registry.test/acme/*": "a/b"}), True, id="an image's rule"
        ),
    ],
)  # fmt: skip
def test_managed(scene: Scene, managed: bool) -> None:
    assert scene.one().managed is managed


def test_a_clone_at_hand_makes_its_images_managed_and_its_loss_makes_them_unknown() -> None:
    scene = scene_of()
    scene.clone("x")
    assert scene.one().managed
    scene.answers[GitClones()] = lost(GitClones())
    report = scene.look()
    assert isinstance(report.containers[0].revision, Unknown)
    assert report.complete is False


def test_a_commit_that_a_clone_holds_counts_where_the_label_may_be_the_base_images() -> None:
    scene = scene_of("registry.test/web-a")
    said = {OCI_REVISION: V}
    for name, age in (("b", 900), ("c", 60)):
        image = f"registry.test/web-{name}:1"
        scene.container(name, image, scene.image(digest(name), image, labels=said, age=age))
    scene.clone("v")
    found = {one.name: one for one in scene.look().containers}
    assert (found["b"].managed, found["b"].sha) == (True, V)
    assert found["c"].managed
    assert found["c"].revision.problem
    assert found["c"].revision.problem.code == "perhaps-inherited"
    assert not found["web"].managed


def test_unmanaged_containers_ask_nothing_beyond_this_machine() -> None:
    scene = Scene()
    scene.image(digest("pg"), "postgres:15", digests=[f"postgres@{digest('pg-top')}"])
    scene.container("db", "postgres:15", digest("pg"), state="exited", status="Exited (1)")
    db = scene.one("db")
    assert (db.managed, db.proof.status) == (False, "unknown")
    assert isinstance(db.revision, Unknown)
    assert db.revision.problem.code == "unmanaged"
    assert scene.look().complete
    asked = {query for query in scene.answers.asked if query.source != "engine"}
    # The clones at hand make containers managed, and an earlier look may have seen more of them.
    assert asked == {GitClones(), JournalLooks("ID-prod")}
    assert not any(isinstance(query, EngineInspect) for query in scene.answers.asked)


def test_show_looks_up_a_stranger_and_does_not_call_it_ours() -> None:
    """-R says what ours are built from; where there is no revision, there is no CI to look for."""
    about: dict[str, Any] = {"command": "show", "argument": "web", "project": "acme/shop"}
    shown = scene_of("docker.io/library/postgres").one(**about)
    assert (shown.managed, shown.revision, shown.ci) == (True, Nothing(), Nothing())
    assert isinstance(shown.repository, Unknown)
    labelled = scene_of("docker.io/library/web", {"git.sha": V}).one(**about)
    assert labelled.repository == Found("acme/shop")


def test_an_image_whose_name_could_not_be_asked_may_be_managed() -> None:
    scene = Scene(project="acme/shop")
    scene.image(digest("config"), digests=[f"{IMAGE}@{digest('top')}"])
    scene.container("web", digest("config"), digest("config"))
    scene.lose(EngineInspect)
    web = scene.one()
    assert (web.managed, web.proof.status) == (False, "unknown")
