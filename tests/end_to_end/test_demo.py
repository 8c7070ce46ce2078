"""The demo's facts: what the program saves of a real fleet, and the stories that they tell."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import golden_files
from tests.program import whatsrunning
from tests.world.demo import FILE, make_demo

STORIES = {
    ("nothing-running", "mailer"),
    ("unhealthy", "cart"),
    ("contradicted-label", "worker"),
    ("raced-then-red", "api"),
    ("raced-then-red", "web"),
    ("split-revisions", "api"),
}


def test_the_demo_is_what_a_real_fleet_gives(tmp_path: Path) -> None:
    made = make_demo(tmp_path)
    if golden_files.updating:
        FILE.write_text(made, encoding="utf-8")
    shipped = FILE.read_text(encoding="utf-8")
    assert json.loads(made) == json.loads(shipped)
    assert made == shipped


def test_the_demo_tells_its_stories_and_leaves_nothing_open() -> None:
    look = whatsrunning("demo", "-o", "json").json()
    assert (look["complete"], _codes(look)) == (True, {"unmanaged"})
    assert {(found["code"], found["service"]) for found in look["findings"]} == STORIES
    proofs = {one["name"]: one["proof"]["status"] for one in look["containers"] if one["managed"]}
    assert {name for name, proof in proofs.items() if proof != "verified"} == {"shop_worker_1"}


def _codes(look: Any) -> set[str]:
    return {problem["code"] for problem in look["problems"]}


def test_every_view_of_the_demo_is_complete() -> None:
    views = ("show worker", "diff", "history", "rollback-plan web", "has 33", "has 31")
    for view in views:
        look = whatsrunning("demo", *view.split(), "-o", "json")
        assert look.code == 0, (view, look.stderr)
        assert look.json()["complete"], view
        assert _codes(look.json()) <= {"unmanaged"}, view  # db, traefik


def test_check_says_no_to_the_demo_and_knows_what_is_not_live() -> None:
    assert whatsrunning("demo", "ps", "--check").code == 1
    assert whatsrunning("demo", "has", "34").code == 1


@pytest.mark.parametrize(
    "name", ["acme/shop", pytest.param("octocat_acme/shop", id="of a managed user")]
)
def test_a_repository_is_named_by_hand(name: str) -> None:
    named = whatsrunning("demo", "-R", name)
    assert (named.code, named.stderr) == (0, "")


@pytest.mark.parametrize("name", ["shop", "acme/..", "-acme/shop", "a/b/c"])
def test_what_is_no_repository_is_refused_by_hand(name: str) -> None:
    refused = whatsrunning("demo", f"-R{name}")
    assert (refused.code, refused.stdout) == (2, "")
    assert f"-R {name}: not a repository" in refused.stderr
