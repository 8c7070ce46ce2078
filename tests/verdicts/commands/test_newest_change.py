"""The newest change: which deploy, from what to what, and the pull requests between."""

from dataclasses import replace
from typing import Any

from tests.scene import IMAGE, REPOSITORY, Scene, digest, lost, minutes_ago, pull_facts, sha
from whatsrunning.facts.answers import Answer, Found, Unknown
from whatsrunning.facts.engine import EngineContainers
from whatsrunning.facts.github import GithubGraph
from whatsrunning.facts.journal import JournalEntry, JournalLooks
from whatsrunning.report.container import PullRequest


def _scene() -> Scene:
    """Two services; `web` changed last, from a to c, in which b came by #7 and c by #8."""
    scene = Scene()
    for word, service, age in (("c", "web", 5), ("a", "api", 50), ("c", "job", 2)):
        image = scene.image(digest(word), labels={"git.sha": sha(word)})
        state, status = ("exited", "Exited (0)") if service == "job" else ("running", "Up")
        scene.container(
            service, f"{IMAGE}:{sha(word)}", image, created_at=minutes_ago(age),
            state=state, status=status,
        )  # fmt: skip
    scene.container("db", "postgres:16", digest("db"), created_at=minutes_ago(1))
    for word, number in (("a", 6), ("b", 7), ("c", 8)):
        scene.commit(word, pulls=(pull_facts(number, word),))
    scene.clone("c", "b", "a")
    return scene


def _before(scene: Scene, word: str, since: float = 99) -> None:
    look = JournalEntry(
        minutes_ago(9), "ID-prod", "web", "web", sha(word), digest(word), minutes_ago(since)
    )
    scene.answers[JournalLooks("ID-prod")] = Found((look,))


def _relist(scene: Scene, name: str, **more: Any) -> None:
    """Another entry in the engine's list."""
    listed = scene.answers[EngineContainers("prod")].value
    changed = tuple(replace(one, **more) if one.name == name else one for one in listed)
    scene.answers[EngineContainers("prod")] = Found(changed)


def _id(scene: Scene, name: str) -> str:
    listed = scene.answers[EngineContainers("prod")].value
    return next(str(one.id) for one in listed if one.name == name)


def _numbers(answer: Answer[tuple[PullRequest, ...]]) -> list[int]:
    assert isinstance(answer, Found), answer
    return [pull.number for pull in answer.value]


def test_the_newest_deploy_of_ours() -> None:
    scene = _scene()
    _before(scene, "a")
    change = scene.look().change
    assert change is not None
    assert (change.service, change.engine, change.at) == ("web", "prod", minutes_ago(5))
    assert (change.from_sha, change.to_sha) == (sha("a"), sha("c"))
    assert _numbers(change.pull_requests) == [8, 7]


def test_creating_it_again_is_no_change() -> None:
    """The container is new, its revision served before: what `api` did since then is newer."""
    scene = _scene()
    _before(scene, "c", since=60)
    change = scene.look().change
    assert change is not None
    assert (change.service, change.at) == ("api", minutes_ago(50))
    _before(scene, "c", since=40)
    change = scene.look().change
    assert change is not None
    assert (change.service, change.at, change.to_sha) == ("web", minutes_ago(40), sha("c"))


def test_from_what_is_not_known() -> None:
    change = _scene().look().change
    assert change is not None
    assert (change.from_sha, change.to_sha) == ("", sha("c"))
    assert _numbers(change.pull_requests) == [8]


def test_a_step_back_tells_what_it_took_out() -> None:
    scene = _scene()
    _before(scene, "a")
    change = scene.look().change
    assert change is not None
    assert not change.back
    scene.clone("a", "b", "c")
    change = scene.look().change
    assert change is not None
    assert change.back
    assert (change.from_sha, change.to_sha) == (sha("a"), sha("c"))
    assert _numbers(change.pull_requests) == [6, 7]


def test_starting_it_again_is_no_change() -> None:
    """`web` was created before `api`, and nothing else served when it was stopped."""
    scene = _scene()
    started_again = {"created_at": minutes_ago(70), "status": "Up 5 minutes"}
    _relist(scene, "web", **started_again)
    scene.inspect(_id(scene, "web"), started_at=minutes_ago(5))
    change = scene.look().change
    assert change is not None
    assert (change.service, change.at) == ("api", minutes_ago(50))
    _before(scene, "a")
    change = scene.look().change
    assert change is not None
    assert (change.service, change.at, change.from_sha) == ("web", minutes_ago(5), sha("a"))


def test_a_history_that_does_not_reach() -> None:
    scene = _scene()
    _before(scene, "nowhere")
    change = scene.look().change
    assert change is not None
    assert isinstance(change.pull_requests, Unknown)
    assert change.pull_requests.problem.code == "too-far"
    scene.answers.graphs.clear()
    scene.answers[GithubGraph(REPOSITORY)] = lost(GithubGraph(REPOSITORY))
    without = scene.look().change
    assert without is not None
    assert isinstance(without.pull_requests, Unknown)


def test_nothing_of_ours() -> None:
    scene = Scene()
    scene.container("db", "postgres:16", digest("db"))
    assert scene.look().change is None
