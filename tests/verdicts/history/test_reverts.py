"""Reverts and fixes: how messages say it, and what waits for a running revision."""

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, commit_facts, digest, pull_facts, sha
from whatsrunning.facts.answers import Found
from whatsrunning.facts.github import GithubPull
from whatsrunning.facts.registry import RegistryTags
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.verdicts.containers import containers
from whatsrunning.verdicts.history.reverts import Mentions, fixed, pending_fixes, reverted

SHA = "0123456789abcdef" * 2 + "01234567"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"This reverts commit {SHA}.", Mentions((SHA,), ())),
        (
            f"This reverts commit {SHA}, reversing\nchanges made to {'9' * 40}.",
            Mentions((SHA,), ()),
        ),
        ("Reverts acme/shop#412", Mentions((), (412,))),
        ("Some words.\n\nReverts #7\n", Mentions((), (7,))),
        ("It no longer Reverts #7", Mentions((), ())),
        ("This reverts commit message style", Mentions((), ())),
    ],
)
def test_how_a_revert_says_it(body: str, expected: Mentions) -> None:
    assert reverted(commit_facts("x", "Revert", body)) == expected


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("Fix #412", "", Mentions((), (412,))),
        ("Fix the race of #412 (#430)", "", Mentions((), (412,))),
        ("Repair", f'Fixes: {SHA[:12]} ("Race")', Mentions((SHA[:12],), ())),
        ("Prefix #412", "", Mentions((), ())),
        ("Add a thing (#430)", "See #412", Mentions((), ())),
    ],
)
def test_how_a_fix_says_it(subject: str, body: str, expected: Mentions) -> None:
    assert fixed(commit_facts("x", subject, body)) == expected


def _waits(scene: Scene) -> list[tuple[str, str, bool | None, bool]]:
    case = Case(FactStore(scene.answers), scene.scope)
    [one] = containers(case)
    words = {sha(word): word for word in ("undo", "redo", "repair", "head", "old-undo")}
    told = pending_fixes(case, one)
    return [(words[it.sha], it.kind, it.built, it.whole) for it in told]


def _scene(reference: str = f"{IMAGE}:{sha('now')}") -> Scene:
    """`now`, which came by #7, runs; the default branch went on."""
    scene = Scene(project=REPOSITORY)
    image = scene.image(digest("now"), labels={"git.sha": sha("now")})
    scene.container("web", reference, image)
    scene.push(sha("now"), digest("now"))
    scene.commit("now", "Now (#7)", pulls=(pull_facts(7, "now"),))
    scene.clone("head", "repair", "undo", "now", "old")
    return scene


def test_what_waits() -> None:
    scene = _scene()
    assert _waits(scene) == []
    scene.commit("undo", 'Revert "Now (#7)" (#8)', "Reverts acme/shop#7")
    scene.commit("repair", "Fix the regression of #7")
    assert _waits(scene) == [("repair", "fix", False, True), ("undo", "revert", False, True)]
    scene.push(sha("undo"), digest("undo"))
    assert _waits(scene) == [("repair", "fix", False, True), ("undo", "revert", True, True)]


def test_of_a_local_image_no_registry_is_asked_whether_a_fix_is_built() -> None:
    scene = _scene("shop-local:latest")
    scene.commit("undo", 'Revert "Now (#7)" (#8)', "Reverts acme/shop#7")
    assert _waits(scene) == [("undo", "revert", None, True)]
    assert not any(isinstance(query, RegistryTags) for query in scene.answers.asked)


def test_a_revert_that_was_taken_back() -> None:
    scene = _scene()
    scene.commit("undo", "Revert", f"This reverts commit {sha('now')}.")
    scene.commit("repair", "Reapply", f"This reverts commit {sha('undo')}.")
    assert _waits(scene) == []


def test_a_revert_of_something_older() -> None:
    scene = _scene()
    scene.commit("undo", "Revert", f"This reverts commit {sha('old')}.")
    assert _waits(scene) == [("undo", "revert", False, False)]
    scene.commit("undo", "Revert", "Reverts acme/shop#3")
    scene.answers[GithubPull(REPOSITORY, 3)] = Found(pull_facts(3, "old"))
    assert _waits(scene) == [("undo", "revert", False, False)]
    scene.answers[GithubPull(REPOSITORY, 3)] = Found(pull_facts(3, "elsewhere"))
    assert _waits(scene) == []
