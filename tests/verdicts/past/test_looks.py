"""What earlier looks saw: they end nothing, and what they could not tell is no revision."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from tests.scene import NOW, Scene, digest, minutes_ago, sha
from tests.verdicts.past.past_scene import (
    doubtful,
    event,
    look,
    remember,
    runs,
    scene_of_web,
    stopped,
)
from whatsrunning.facts.journal import JournalEntry
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.commands import Period
from whatsrunning.verdicts.containers import containers
from whatsrunning.verdicts.past.periods import run_history

JOB = {"com.docker.compose.service": "job"}


def _periods(scene: Scene, service: str = "job") -> list[Period]:
    """Newest first."""
    case = Case(FactStore(scene.answers), replace(scene.scope, command="history"))
    history = run_history(case, containers(case), NOW)
    return [period for period in history.entries if period.service == service]


def _rows(periods: Iterable[Period]) -> list[tuple[str, str, int | None]]:
    """What, how it ended, and when, in minutes before the look."""
    words = {sha(word): word for word in ("now", "old", "other")} | {"": ""}

    def minutes(period: Period) -> int | None:
        return round((NOW - period.until).total_seconds() / 60) if period.until else None

    return [(words[one.sha], one.ended, minutes(one)) for one in periods]


def _job(**more: Any) -> Scene:
    """`job` is nobody's in this look: no label of its own, and no clone of it is at hand."""
    scene = scene_of_web()
    known: dict[str, Any] = {
        "name": "job-1", "image": "elsewhere.test/jobs", "image_id": digest("old"), "labels": JOB,
        "created_at": minutes_ago(90),
    }  # fmt: skip
    scene.container(**(known | more))
    return scene


def _seen(word: str = "old", at: float = 40, **more: Any) -> JournalEntry:
    return look(word, at, 90, **({"service": "job", "container": "job-1"} | more))


def test_a_narrower_look_ends_nothing() -> None:
    """The container is listed still, although nothing tells this look whose it is."""
    scene = remember(_job(), looks=(_seen(),))
    managed = {one.name: one.managed for one in scene.look().containers}
    assert managed == {"web-1": True, "job-1": False}
    (period,) = _periods(scene)
    assert _rows([period]) == [("old", "running", None)]
    assert period.last_seen == minutes_ago(40)
    assert period.evidence == "a look at 2026-03-04T04:20:00Z; its container still serves"


@pytest.mark.parametrize(
    ("line", "now"),
    [
        (_seen(), {"created_at": minutes_ago(30)}),
        (_seen(), {"image_id": digest("new")}),
        (_seen(), {"name": "job-2"}),
        (_seen(container_id="f" * 64), {}),
    ],
    ids=["created later", "another image", "another name", "another ID"],
)
def test_another_container_is_not_the_one_that_was_seen(
    line: JournalEntry, now: dict[str, Any]
) -> None:
    (period,) = _periods(remember(_job(**now), looks=(line,)))
    assert _rows([period]) == [("old", "ended", None)]
    assert period.last_seen == minutes_ago(40)


def test_a_container_is_known_by_its_id_whatever_it_is_called_now() -> None:
    scene = _job(name="job-1_old")
    id_ = next(one.id for one in scene.look().containers if one.name == "job-1_old")
    remember(scene, looks=(_seen(container_id=id_),))
    assert _rows(_periods(scene)) == [("old", "running", None)]


def test_a_container_that_stopped_tells_its_own_end() -> None:
    scene = _job(state="exited", status="Exited (0) 20 minutes ago")
    id_ = next(one.id for one in scene.look().containers if one.name == "job-1")
    scene.inspect(id_, started_at=minutes_ago(90), finished_at=minutes_ago(20))
    (period,) = _periods(remember(scene, looks=(_seen(),)))
    assert _rows([period]) == [("old", "ended", 20)]
    assert period.evidence.endswith("; its container stopped")


def test_what_no_look_could_tell_ends_nothing_and_is_no_row() -> None:
    looks = (_seen(at=60), _seen("", 50, image_id=digest("old")), _seen("", 45), _seen(at=40))
    assert _rows(_periods(remember(scene_of_web(), looks=looks))) == [("old", "ended", None)]


def test_one_container_is_of_one_revision_whatever_looks_said() -> None:
    """A look that reached no registry took the label's word for it."""
    image = digest("old")
    looks = (_seen("other", 60, image_id=image), _seen("old", 50, image_id=image))
    for scene in (scene_of_web(), _job()):
        assert [period.sha for period in _periods(remember(scene, looks=looks))] == [sha("old")]
    own = look("old", 20, 30, image_id=digest("now"))
    scene = remember(scene_of_web(), looks=(own,))
    assert _rows(_periods(scene, "web")) == [("now", "running", None)]


def test_what_served_beside_its_successor_did_not_end_when_that_began() -> None:
    looks = (look("old", 20, 90, container="web-0"),)
    assert _rows(_periods(remember(scene_of_web(), looks=looks), "web")) == [
        ("now", "running", None), ("old", "ended", None),
    ]  # fmt: skip


def test_what_is_unknown_now_is_what_a_look_saw_of_the_same_container() -> None:
    scene = scene_of_web()
    doubtful(scene)
    (period,) = _periods(scene, "web")
    assert (period.sha, period.ended) == ("", "running")
    assert period.problem == scene.one("web-1").revision.problem
    remember(scene, looks=(look("old", 20, 30, image_id=digest("now")),))
    assert _rows(_periods(scene, "web")) == [("old", "running", None)]
    remember(scene, looks=(look("old", 40, 90),))
    assert _rows(_periods(scene, "web")) == [("", "running", None), ("old", "not-known", None)]


def test_two_projects_are_told_apart_by_what_looks_wrote() -> None:
    labels = {"com.docker.compose.project": "test"}
    looks = [look("old", 40, 140, project=name, container_id=name) for name in ("shop", "test")]
    scene = scene_of_web()
    runs(scene, "web-2", "other", 30, **labels)
    remember(scene, looks=(looks[0],))
    assert _rows(_periods(scene, "web")) == [
        ("now", "running", None), ("other", "running", None), ("old", "ended", 30),
    ]  # fmt: skip
    by_name = {one.name: one.previous for one in scene.look(command="history").containers}
    assert by_name["web-1"].value_or(None) is not None
    assert by_name["web-2"].value_or(None) is None
    remember(scene, looks=tuple(looks))
    assert len(_periods(scene, "web")) == 4


@pytest.mark.parametrize("service", ["web-1", "web"])
def test_a_line_that_took_a_containers_name_for_its_service(service: str) -> None:
    scene = remember(scene_of_web(), looks=(look("old", 40, 140, service=service),))
    assert _rows(_periods(scene, "web")) == [("now", "running", None), ("old", "ended", 30)]


ONE_OFF = {"com.docker.compose.oneoff": "True"}


def test_a_one_off_is_no_evidence() -> None:
    scene = scene_of_web()
    runs(scene, "web-run-1", "old", 5, **ONE_OFF)
    stopped(scene, "web-run-2", "other", 90, 80, **ONE_OFF)
    seen = look("old", 2, 5, container="web-run-1", image_id=digest("old"))
    gone = (event("other", "start", 20, **ONE_OFF), event("other", "die", 10, **ONE_OFF))
    remember(scene, looks=(seen,), events=gone)
    assert _rows(_periods(scene, "web")) == [("now", "running", None)]
    assert scene.one("web-1", command="history").previous.value_or(None) is None


def test_an_event_without_a_revision_is_of_what_a_look_saw() -> None:
    bare = {"git.sha": ""}
    gone = (event("old", "start", 90, **bare), event("old", "die", 50, **bare))
    scene = remember(scene_of_web(), events=gone)
    assert _rows(_periods(scene, "web")) == [("now", "running", None), ("", "ended", 50)]
    seen = look("old", 60, 90, project="shop", container_id=gone[0].container)
    remember(scene, looks=(seen,), events=gone)
    assert _rows(_periods(scene, "web")) == [("now", "running", None), ("old", "ended", 50)]
