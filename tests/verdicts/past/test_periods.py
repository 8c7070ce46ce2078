"""`history`: rows of what served, each with its evidence, and what an incident window changed."""

from dataclasses import replace
from typing import Any

from tests.facts import IMAGE, NOW, REPOSITORY, Scene, digest, lost, minutes_ago, sha
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found
from whatsrunning.facts.records import DeploymentFacts, EventFacts, JournalEntry
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.commands import History
from whatsrunning.verdicts.containers import containers
from whatsrunning.verdicts.past.periods import run_history

WORDS = ("now", "before", "long", "ages", "other", "")


def _scene() -> Scene:
    """`web` runs `now` since half an hour."""
    scene = Scene()
    image = scene.image(digest("now"), labels={"git.sha": sha("now")})
    scene.container("web", f"{IMAGE}:{sha('now')}", image)
    return scene


def _history(scene: Scene, **scope: Any) -> History:
    about = replace(scene.scope, command="history", **scope)
    case = Case(FactStore(scene.answers), about)
    return run_history(case, containers(case), NOW)


def _rows(told: History) -> list[tuple[str, float, float | None]]:
    """Word, begin and end in minutes before the look."""
    words = {sha(word): word for word in WORDS if word} | {"": ""}
    return [
        (
            words[one.sha],
            (NOW - one.since).total_seconds() / 60,
            None if one.until is None else (NOW - one.until).total_seconds() / 60,
        )
        for one in told.entries
    ]


def _look(word: str, at: float, since: float, service: str = "web") -> JournalEntry:
    return JournalEntry(
        minutes_ago(at), "ID-prod", service, "web", sha(word), digest(word), minutes_ago(since)
    )


def _event(word: str, action: str, at: float) -> EventFacts:
    labels = {"git.sha": sha(word)}
    return EventFacts(minutes_ago(at), action, f"gone-{word}", "web", IMAGE, labels)


def test_only_what_runs() -> None:
    told = _history(_scene())
    assert _rows(told) == [("now", 30, None)]
    assert told.covers_since == minutes_ago(30)
    assert (told.changed, told.restarted) == ((), ())
    assert told.entries[0].evidence == "created"


def test_every_source() -> None:
    scene = _scene()
    image = scene.image(digest("before"), labels={"git.sha": sha("before")})
    old = scene.container(
        "web-old", f"{IMAGE}:{sha('before')}", image, {"com.docker.compose.service": "web"},
        state="exited", status="Exited (0)", created_at=minutes_ago(90),
    )  # fmt: skip
    scene.inspect(old, started_at=minutes_ago(90), finished_at=minutes_ago(31))
    events = (_event("long", "start", 200), _event("long", "die", 91), _event("now", "die", 300))
    scene.answers[ask.EngineEvents("prod")] = Found(events)
    looks = (_look("ages", 400, 500), _look("ages", 300, 500), _look("now", 10, 30),
             _look("other", 20, 30, "api"))  # fmt: skip
    scene.answers[ask.JournalLooks("ID-prod")] = Found(looks)
    told = _history(scene, services=("web",))
    assert _rows(told) == [
        ("now", 30, None), ("before", 90, 31), ("long", 200, 91), ("ages", 500, 200),
    ]  # fmt: skip
    assert [one.evidence.split()[-1] for one in told.entries[1:3]] == ["web-old", "web"]
    assert "a look at" in told.entries[3].evidence
    assert told.covers_since == minutes_ago(500)
    assert _rows(_history(scene, journal=False))[-1] == ("long", 200, 91)
    # Nothing is listed of that service any more.
    assert _rows(_history(scene, services=("api",))) == [("other", 30, 20)]


def test_creating_it_again_is_the_same_spell() -> None:
    scene = _scene()
    scene.answers[ask.JournalLooks("ID-prod")] = Found(
        (_look("now", 45, 60), _look("before", 70, 80))
    )
    assert _rows(_history(scene)) == [("now", 60, None), ("before", 80, 60)]


def test_deployments_of_a_repository_with_one_service() -> None:
    scene = _scene()
    scene.clone("now", "before")
    made = [
        DeploymentFacts(2, sha("now"), "production", minutes_ago(31), "success", ""),
        DeploymentFacts(1, sha("before"), "production", minutes_ago(100), "inactive", ""),
        DeploymentFacts(0, sha("long"), "production", minutes_ago(120), "failure", ""),
    ]
    scene.answers[ask.GithubDeployments(REPOSITORY)] = Found(tuple(made))
    told = _history(scene)
    assert _rows(told) == [("now", 30, None), ("before", 100, 30)]
    assert told.entries[0].evidence == "created; GitHub's deployment to production"
    staged = replace(made[1], environment="staging")
    scene.answers[ask.GithubDeployments(REPOSITORY)] = Found((made[0], staged))
    assert _rows(_history(scene)) == [("now", 30, None)]
    ours = replace(staged, environment="Prod")
    scene.answers[ask.GithubDeployments(REPOSITORY)] = Found((made[0], ours))
    assert _rows(_history(scene)) == [("now", 30, None), ("before", 100, 30)]
    scene.container("api", f"{IMAGE}:{sha('now')}", digest("now"))
    for services in ((), ("web",)):
        rows = _history(scene, services=services).entries
        assert {one.sha for one in rows} == {sha("now")}


def test_a_revision_that_was_down_in_between() -> None:
    scene = _scene()
    for name, began, ended in (("web-1", 200, 100), ("web-2", 95, 45)):
        image = scene.image(digest(name), labels={"git.sha": sha("now")})
        made = scene.container(
            name, f"{IMAGE}:{sha('now')}", image, {"com.docker.compose.service": "web"},
            state="exited", status="Exited (0)", created_at=minutes_ago(began),
        )  # fmt: skip
        scene.inspect(made, started_at=minutes_ago(began), finished_at=minutes_ago(ended))
    told = _history(scene, since=minutes_ago(35))
    assert _rows(told) == [("now", 30, None)]
    assert _rows(_history(scene)) == [("now", 30, None), ("now", 200, 45)]
    assert (told.changed, told.restarted) == ((), ("web",))


def test_an_incident_window() -> None:
    """`web` changed in it, `api` was only started again, `job` did neither."""
    scene = _scene()
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
    told = _history(scene, since=minutes_ago(60))
    assert (told.changed, told.restarted) == (("web",), ("api",))
    job = next(
        one.id
        for one in containers(Case(FactStore(scene.answers), scene.scope))
        if one.name == "job"
    )
    again = EventFacts(minutes_ago(20), "start", job, "job", IMAGE, {})
    gone = (_event("long", "start", 90), _event("long", "die", 15))
    scene.answers[ask.EngineEvents("prod")] = Found(
        (again, *(replace(e, name="old") for e in gone))
    )
    told = _history(scene, since=minutes_ago(60))
    assert (told.changed, told.restarted) == (("old", "web"), ("api", "job"))


def test_sources_that_do_not_answer_take_only_their_rows() -> None:
    scene = _scene()
    for question in (ask.EngineEvents("prod"), ask.JournalLooks("ID-prod")):
        scene.answers[question] = lost(question)
    told = _history(scene)
    assert _rows(told) == [("now", 30, None)]
    assert {problem.source for problem in told.missing} == {"engine", "journal"}
