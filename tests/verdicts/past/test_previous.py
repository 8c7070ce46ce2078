"""What served before, by its traces: stopped containers, earlier looks, the engine's events."""

from typing import Any

import pytest

from tests.facts import IMAGE, Scene, digest, lost, minutes_ago, sha
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.records import EventFacts, JournalEntry
from whatsrunning.report.container import Previous

LABELS = {"com.docker.compose.service": "web", "com.docker.compose.project": "shop"}


def _scene() -> Scene:
    """The service `web`, deployed half an hour ago."""
    scene = Scene()
    image = scene.image(digest("new"), labels={"git.sha": sha("new")})
    scene.container("web-1", f"{IMAGE}:{sha('new')}", image, LABELS)
    return scene


def _stopped(scene: Scene, name: str, word: str, ended: float, **labels: str) -> None:
    """A container that ended that many minutes ago."""
    image = scene.image(digest(word), labels={"git.sha": sha(word)})
    gone = scene.container(
        name, f"{IMAGE}:{sha(word)}", image, LABELS | labels,
        state="exited", status="Exited (0)", created_at=minutes_ago(ended + 100),
    )  # fmt: skip
    scene.inspect(gone, finished_at=minutes_ago(ended), started_at=minutes_ago(ended + 100))


def _looked(word: str, at: float, **more: Any) -> JournalEntry:
    known: dict[str, Any] = {
        "at": minutes_ago(at), "engine_id": "ID-prod", "service": "web", "container": "web-1",
        "sha": sha(word), "image_id": digest(word), "deployed_at": minutes_ago(at + 100),
    }  # fmt: skip
    return JournalEntry(**(known | more))


def _died(word: str, at: float, action: str = "die", **more: str) -> EventFacts:
    labels = {**LABELS, "git.sha": sha(word), **more}
    container = digest(f"gone {word}").removeprefix("sha256:")
    return EventFacts(minutes_ago(at), action, container, "web-1", IMAGE, labels)


def test_nothing_tells() -> None:
    assert _scene().one("web-1").previous == Nothing()


def test_the_newest_stopped_container() -> None:
    scene = _scene()
    _stopped(scene, "web-old", "old", 29)
    _stopped(scene, "web-older", "older", 300)
    _stopped(scene, "api-1", "api", 29, **{"com.docker.compose.service": "api"})
    _stopped(scene, "test-1", "test", 29, **{"com.docker.compose.project": "test"})
    _stopped(scene, "later", "later", 5)
    before = scene.one("web-1").previous
    assert before == Found(Previous(sha("old"), minutes_ago(29), "the stopped container web-old"))


def test_an_earlier_look() -> None:
    scene = _scene()
    looks = (
        _looked("old", 40), _looked("older", 400), _looked("api", 35, service="api"),
        _looked("new", 10, deployed_at=minutes_ago(30)), _looked("x", 33, sha=""),
    )  # fmt: skip
    scene.answers[ask.JournalLooks("ID-prod")] = Found(looks)
    before = scene.one("web-1").previous
    assert isinstance(before, Found)
    assert (before.value.sha, before.value.until) == (sha("old"), minutes_ago(30))
    assert "an earlier look" in before.value.evidence
    _stopped(scene, "web-old", "between", 31)
    newer = scene.one("web-1").previous
    assert isinstance(newer, Found)
    assert newer.value.sha == sha("between")
    assert scene.one("web-1", journal=False).previous == newer
    assert ask.JournalLooks("ID-prod") not in scene.answers.asked


@pytest.mark.parametrize(
    ("events", "word"),
    [
        ((_died("old", 30), _died("older", 90)), "old"),
        ((_died("old", 30, "start"),), ""),
        ((_died("old", 5),), ""),
        ((_died("api", 30, **{"com.docker.compose.service": "api"}),), ""),
        ((_died("", 30, **{"git.sha": "v1"}),), ""),
    ],
)
def test_events(events: tuple[EventFacts, ...], word: str) -> None:
    scene = _scene()
    scene.answers[ask.EngineEvents("prod")] = Found(events)
    before = scene.one("web-1", command="show", argument="web-1").previous
    assert (before.value.sha if isinstance(before, Found) else "") == (sha(word) if word else "")


def test_events_are_asked_only_for_one_container() -> None:
    """The first screen costs three requests an engine; events would be a fourth."""
    scene = _scene()
    scene.one("web-1")
    assert ask.EngineEvents("prod") not in scene.answers
    scene.answers[ask.EngineEvents("prod")] = lost(ask.EngineEvents("prod"))
    assert isinstance(scene.one("web-1", command="show", argument="web-1").previous, Unknown)


def test_what_restarts_is_not_replaced() -> None:
    scene = _scene()
    still = scene.look().containers[0].id
    died = EventFacts(
        minutes_ago(30), "die", still, "web-1", IMAGE, {**LABELS, "git.sha": sha("x")}
    )
    scene.answers[ask.EngineEvents("prod")] = Found((died,))
    assert scene.one("web-1", command="show", argument="web-1").previous == Nothing()


def test_a_source_that_fails_leaves_it_unknown() -> None:
    scene = _scene()
    scene.answers[ask.JournalLooks("ID-prod")] = lost(ask.JournalLooks("ID-prod"))
    assert isinstance(scene.one("web-1").previous, Unknown)
    _stopped(scene, "web-old", "old", 29)
    assert isinstance(scene.one("web-1").previous, Found)


def test_looks_at_another_project_tell_nothing() -> None:
    """Two projects on one engine may both call a service `web`."""
    scene = _scene()
    image = scene.image(digest("test"), labels={"git.sha": sha("test")})
    other = LABELS | {"com.docker.compose.project": "test"}
    scene.container("test-web-1", f"{IMAGE}:{sha('test')}", image, other)
    looks = (_looked("test", 35, container="test-web-1"), _looked("old", 40))
    scene.answers[ask.JournalLooks("ID-prod")] = Found(looks)
    before = scene.one("web-1").previous
    assert isinstance(before, Found)
    assert before.value.sha == sha("old")
