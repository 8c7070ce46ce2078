"""`history`: periods in which a revision served, and what an incident window changed."""

from dataclasses import replace
from typing import Any

from tests.scene import IMAGE, NOW, REPOSITORY, Scene, digest, lost, minutes_ago, sha
from tests.verdicts.past.past_scene import (
    deployment,
    event,
    look,
    remember,
    runs,
    scene_of_web,
    stopped,
)
from whatsrunning.facts.engine import EngineEvents, EngineInspect, EventFacts
from whatsrunning.facts.github import GithubDeployments
from whatsrunning.facts.journal import JournalLooks
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.commands import History
from whatsrunning.verdicts.containers import containers
from whatsrunning.verdicts.past.periods import run_history

WORDS = ("now", "old", "older", "ages", "other", "long", "test")


def _history(scene: Scene, **scope: Any) -> History:
    case = Case(FactStore(scene.answers), replace(scene.scope, command="history", **scope))
    return run_history(case, containers(case), NOW)


def _rows(history: History) -> list[tuple[str, float, float | None]]:
    """Word, begin and end in minutes before the look."""
    words = {sha(word): word for word in WORDS} | {"": ""}

    def minutes(at: Any) -> float:
        return float((NOW - at).total_seconds() / 60)

    return [
        (words[one.sha], minutes(one.since), None if one.until is None else minutes(one.until))
        for one in history.entries
    ]


def test_only_what_runs() -> None:
    history = _history(scene_of_web())
    assert _rows(history) == [("now", 30, None)]
    assert history.covers_since == minutes_ago(30)
    assert (history.changed, history.restarted) == ((), ())
    assert history.entries[0].evidence == "created"


def test_every_source() -> None:
    looks = (look("ages", 400, 500), look("ages", 300, 500), look("now", 10, 30),
             look("other", 20, 30, service="api", container="api-1"))  # fmt: skip
    events = (event("long", "start", 200), event("long", "die", 91))
    scene = remember(scene_of_web(), looks=looks, events=events)
    stopped(scene, "web-old", "old", 90, 31)
    history = _history(scene, services=("web",))
    assert _rows(history) == [
        ("now", 30, None), ("old", 90, 31), ("long", 200, 91), ("ages", 500, 200),
    ]  # fmt: skip
    assert [one.evidence.split()[-1] for one in history.entries[1:3]] == ["web-old", "web-1"]
    assert "a look at" in history.entries[3].evidence
    assert history.covers_since == minutes_ago(500)
    assert _rows(_history(scene, journal=False))[-1] == ("long", 200, 91)
    # Nothing is listed of that service any more.
    assert _rows(_history(scene, services=("api",))) == [("other", 30, None)]


def test_of_what_ran_for_long_events_keep_the_end_alone() -> None:
    """It began before all that is kept."""
    events = (event("long", "die", 300), event("old", "start", 200), event("older", "die", 31))
    scene = remember(scene_of_web(), events=events)
    assert _rows(_history(scene)) == [("now", 30, None), ("older", 300, 31), ("long", 300, 300)]


def test_a_start_before_the_stop_of_what_it_replaces() -> None:
    scene = remember(scene_of_web(), events=(event("old", "die", 25),))
    assert _rows(_history(scene)) == [("now", 30, None), ("old", 30, 25)]
    scene = remember(scene_of_web(), events=(event("old", "die", 5),))
    assert _rows(_history(scene)) == [("old", 5, 5), ("now", 30, None)]


def test_creating_it_again_is_the_same_period() -> None:
    looks = (look("now", 45, 60), look("old", 70, 80))
    history = _history(remember(scene_of_web(), looks=looks))
    assert _rows(history) == [("now", 60, None), ("old", 80, 60)]


def test_two_projects_with_a_service_of_one_name() -> None:
    """Each has a history of its own; what names no project is told of neither."""
    looks = (look("old", 40, 140), look("older", 300, 400, container="gone"))
    events = (event("long", "die", 35, "test-2", **{"com.docker.compose.project": "test"}),)
    scene = remember(scene_of_web(), looks=looks, events=events)
    runs(scene, "test-1", "test", 35, **{"com.docker.compose.project": "test"})
    assert _rows(_history(scene)) == [
        ("now", 30, None), ("test", 35, None), ("long", 35, 35), ("old", 140, 30),
        ("older", 400, None),
    ]  # fmt: skip


def test_a_service_of_which_looks_and_events_tell_is_one() -> None:
    labels = {"com.docker.compose.service": "job"}
    events = (event("old", "start", 90, "job-1", **labels), event("old", "die", 80, **labels))
    looks = (look("older", 95, 100, service="job", container="job-0"),)
    history = _history(remember(scene_of_web(), looks=looks, events=events), services=("job",))
    assert _rows(history) == [("old", 90, 80), ("older", 100, 90)]


def test_deployments_of_a_repository_with_one_service() -> None:
    made = (
        deployment("now", 31),
        deployment("old", 100, state="inactive"),
        deployment("long", 120, state="failure"),
    )
    scene = remember(scene_of_web(), deployments=made)
    history = _history(scene)
    assert _rows(history) == [("now", 30, None), ("old", 100, 30)]
    assert history.entries[0].evidence == "created; GitHub's deployment to production"
    staged = replace(made[1], environment="staging")
    remember(scene, deployments=(made[0], staged))
    assert _rows(_history(scene)) == [("now", 30, None)]
    remember(scene, deployments=(made[0], replace(staged, environment="Prod")))
    assert _rows(_history(scene)) == [("now", 30, None), ("old", 100, 30)]
    scene.container("api", f"{IMAGE}:{sha('now')}", digest("now"))
    for services in ((), ("web",)):
        rows = _history(scene, services=services).entries
        assert {one.sha for one in rows} == {sha("now")}


def test_deployments_are_asked_for_with_a_token_alone() -> None:
    scene = remember(scene_of_web(github_token=False), deployments=(deployment("old", 100),))
    assert _rows(_history(scene)) == [("now", 30, None)]
    assert GithubDeployments(REPOSITORY) not in scene.answers.asked


def test_a_revision_that_was_down_in_between() -> None:
    scene = scene_of_web()
    stopped(scene, "web-2", "now", 200, 100)
    stopped(scene, "web-3", "now", 95, 45)
    history = _history(scene, since=minutes_ago(35))
    assert _rows(history) == [("now", 30, None)]
    assert _rows(_history(scene)) == [("now", 30, None), ("now", 200, 45)]
    assert (history.changed, history.restarted) == ((), ("web",))


def test_an_incident_window() -> None:
    """`web` changed in it, `api` was only started again, `job` did neither."""
    scene = remember(scene_of_web())
    for name, age in (("api", 600), ("job", 700)):
        image = scene.image(digest(name), labels={"git.sha": sha("ages")})
        up = "Up 10 minutes" if name == "api" else "Up 11 hours"
        made = scene.container(
            name, f"{IMAGE}:{sha('ages')}", image, created_at=minutes_ago(age), status=up
        )
        if name == "api":
            scene.inspect(
                made, started_at=minutes_ago(10), restart_count=2, restart_policy="always"
            )
    history = _history(scene, since=minutes_ago(60))
    assert (history.changed, history.restarted) == (("web",), ("api",))
    again = EventFacts(minutes_ago(20), "start", made, "job", IMAGE, {})
    labels = {"com.docker.compose.service": ""}
    gone = (event("long", "start", 90, "old", **labels), event("long", "die", 15, "old", **labels))
    remember(scene, events=(again, *gone))
    history = _history(scene, since=minutes_ago(60))
    assert (history.changed, history.restarted) == (("old", "web"), ("api", "job"))


def test_sources_that_do_not_answer_take_only_their_rows() -> None:
    scene = scene_of_web()
    for query in (EngineEvents("prod"), JournalLooks("ID-prod")):
        scene.answers[query] = lost(query)
    history = _history(scene)
    assert _rows(history) == [("now", 30, None)]
    assert {problem.source for problem in history.missing} == {"engine", "journal"}


def test_what_is_not_known_of_other_services_does_not_matter() -> None:
    scene = remember(scene_of_web())
    stopped(scene, "api-1", "old", 200, 100, **{"com.docker.compose.service": "api"})
    for query in [query for query in scene.answers if isinstance(query, EngineInspect)]:
        scene.answers[query] = lost(query)
    assert [problem.subject for problem in _history(scene).missing] == ["EngineInspect"]
    assert _history(scene, services=("web",)).missing == ()
