"""What served before: the period of the service's history before those of its own revision."""

from collections.abc import Callable
from dataclasses import replace
from itertools import dropwhile
from typing import Any

import pytest

from tests.scene import NOW, Scene, lost, minutes_ago, sha
from tests.verdicts.past.past_scene import (
    SCENES,
    deployment,
    doubtful,
    event,
    look,
    remember,
    runs,
    scene_of_web,
    stopped,
)
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.engine import EngineEvents, EngineInspect, EventFacts
from whatsrunning.facts.github import GithubDeployments
from whatsrunning.facts.journal import JournalLooks
from whatsrunning.facts.query import Query
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.commands import History, Period
from whatsrunning.report.container import Container, Previous
from whatsrunning.verdicts.containers import containers
from whatsrunning.verdicts.past.periods import revision_since
from whatsrunning.verdicts.report import judge


def _before(container: Container, history: History) -> Period | None:
    """The newest below the container's own of another revision, which did not begin with it."""
    assert isinstance(container.deployed_at, Found)
    assert isinstance(container.revision, Found)
    at, own = container.deployed_at.value.at, container.revision.value.sha
    periods = [period for period in history.entries if period.sha != sha("test")]
    below = list(dropwhile(lambda period: period.sha != own or period.since > at, periods))
    earlier = (period for period in below if period.until or period.since < below[0].since)
    return next((period for period in earlier if period.sha not in ("", own)), None)


@pytest.mark.parametrize("make", SCENES.values(), ids=SCENES.keys())
@pytest.mark.parametrize("command", ["show", "rollback-plan"])
def test_it_is_what_history_lists(make: Callable[[], Scene], command: str) -> None:
    scene = make()
    history = scene.look(command="history").history
    assert history is not None
    container = scene.one("web-1", command=command, argument="web-1", services=("web-1",))
    period, previous = _before(container, history), container.previous
    if period:
        words = period.evidence.replace("a look at", "an earlier look at")
        assert previous == Found(Previous(period.sha, period.until, words))
    elif history.missing:
        assert isinstance(previous, Unknown)
        assert previous.problem in history.missing
    else:
        assert previous == Nothing()


def _shown(scene: Scene, **scope: Any) -> Answer[Previous]:
    return scene.one("web-1", command="show", argument="web-1", **scope).previous


def _word(answer: Answer[Previous], *words: str) -> str:
    """Which of the commits it is; empty where none is found."""
    return next((w for w in words if answer.value_or(Previous("", None, "")).sha == sha(w)), "")


def test_nothing_tells() -> None:
    assert scene_of_web().one("web-1").previous == Nothing()


def test_the_newest_stopped_container() -> None:
    scene = scene_of_web()
    stopped(scene, "web-old", "old", 129, 29)
    stopped(scene, "web-older", "older", 400, 300)
    stopped(scene, "api-1", "api", 129, 29, **{"com.docker.compose.service": "api"})
    stopped(scene, "test-1", "test", 129, 29, **{"com.docker.compose.project": "test"})
    stopped(scene, "after", "after", 20, 5)
    before = Found(Previous(sha("old"), minutes_ago(29), "the stopped container web-old"))
    assert scene.one("web-1").previous == before
    stopped(scene, "longer", "longer", 105, 5)
    served_beside_it = Previous(sha("longer"), minutes_ago(5), "the stopped container longer")
    assert scene.one("web-1").previous == Found(served_beside_it)


def test_an_earlier_look() -> None:
    looks = (
        look("old", 40, 140), look("older", 400, 500), look("api", 35, 135, service="api"),
        look("new", 10, 30),
    )  # fmt: skip
    scene = remember(scene_of_web(), looks=looks)
    evidence = f"an earlier look at {minutes_ago(40):%Y-%m-%dT%H:%M:%SZ}"
    assert scene.one("web-1").previous == Found(Previous(sha("old"), minutes_ago(30), evidence))
    stopped(scene, "web-old", "between", 131, 31)
    newer = scene.one("web-1").previous
    assert _word(newer, "between") == "between"
    assert scene.one("web-1", journal=False).previous == newer
    assert JournalLooks("ID-prod") not in scene.answers.asked


def test_a_look_ends_what_was_seen_before_only_if_it_knew_that_there_is_no_revision() -> None:
    without = look("", 33, 133, project="shop", container_id="gone")
    for line, until in ((without, 133), (look("", 33, 133), 30)):
        scene = remember(scene_of_web(), looks=(look("old", 140, 200), line))
        previous = scene.one("web-1").previous
        assert isinstance(previous, Found)
        assert (previous.value.sha, previous.value.until) == (sha("old"), minutes_ago(until))


def test_before_a_revision_that_is_not_known_nothing_can_be_told() -> None:
    scene = remember(scene_of_web(), looks=(look("old", 40, 140),))
    doubtful(scene)
    web = scene.one("web-1")
    assert isinstance(web.revision, Unknown)
    assert web.previous == web.revision


def test_nothing_before_is_not_said_where_events_tell_no_revision() -> None:
    scene = remember(scene_of_web(), events=(event("old", "die", 30, **{"git.sha": "v1"}),))
    previous = _shown(scene)
    assert isinstance(previous, Unknown)
    assert previous.problem.code == "no-revision"


API = {"com.docker.compose.service": "api"}


@pytest.mark.parametrize(
    ("events", "word"),
    [
        ((event("older", "die", 90), event("old", "die", 30)), "old"),
        ((event("x", "die", 90), event("old", "start", 80), event("old", "die", 30)), "old"),
        ((event("old", "die", 25),), "old"),
        ((event("old", "start", 30),), ""),
        ((event("old", "die", 5),), ""),
        ((event("api", "die", 30, **API),), ""),
        ((event("old", "die", 30, **{"git.sha": "v1"}),), ""),
    ],
    ids=[
        "the last that ended", "the last that began", "ended after its replacement started",
        "a start alone", "ended long after", "another service", "no revision",
    ],
)  # fmt: skip
def test_events(events: tuple[EventFacts, ...], word: str) -> None:
    assert _word(_shown(remember(scene_of_web(), events=events)), "old", "older") == word


class _Recorder(FactStore):
    """A store that writes down what was asked, which a peek is not."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene.answers)
        self.asked: set[type] = set()

    def get(self, query: Query[Any]) -> Answer[Any]:
        """The answer, written down."""
        self.asked.add(type(query))
        return super().get(query)


@pytest.mark.parametrize(
    ("scope", "asks"),
    [
        ({"command": "ps"}, False),
        ({"command": "diff"}, False),
        ({"command": "has", "argument": "7"}, False),
        ({"command": "ps", "since": minutes_ago(60)}, True),
        ({"command": "ps", "save": True}, True),
        ({"command": "show", "argument": "web-1"}, True),
        ({"command": "history"}, True),
        ({"command": "rollback-plan", "services": ("web",)}, True),
    ],
    ids=["ps", "diff", "has", "ps --since", "ps --save", "show", "history", "rollback-plan"],
)
def test_who_asks_for_events_and_deployments(scope: dict[str, Any], asks: bool) -> None:
    """The first screen costs three requests an engine; events would be a fourth."""
    scene = remember(scene_of_web())
    facts = _Recorder(scene)
    judge(facts, replace(scene.scope, **scope), NOW)
    assert {EngineEvents, GithubDeployments} & facts.asked == (
        {EngineEvents, GithubDeployments} if asks else set()
    )


def test_the_first_screen_uses_what_is_known() -> None:
    events = (event("old", "die", 30),)
    assert _word(remember(scene_of_web(), events=events).one("web-1").previous, "old") == "old"
    deployments = (deployment("old", 90),)
    scene = remember(scene_of_web(), deployments=deployments)
    assert _word(scene.one("web-1").previous, "old") == "old"
    assert _word(scene.one("web-1", github_token=False).previous, "old") == ""


def test_what_restarts_is_not_replaced() -> None:
    scene = scene_of_web()
    died = event("x", "die", 30)
    still = replace(died, container=scene.one("web-1").id)
    assert _shown(remember(scene, events=(died,))) != Nothing()
    assert _shown(remember(scene, events=(still,))) == Nothing()


def test_a_source_that_fails_leaves_it_unknown() -> None:
    scene = scene_of_web()
    scene.answers[JournalLooks("ID-prod")] = lost(JournalLooks("ID-prod"))
    assert isinstance(scene.one("web-1").previous, Unknown)
    stopped(scene, "web-old", "old", 129, 29)
    assert isinstance(scene.one("web-1").previous, Found)


def test_a_container_that_nobody_can_date_has_no_before() -> None:
    scene = scene_of_web()
    again = runs(scene, "web-2", "now", 500)
    inspect = EngineInspect("prod", again)
    scene.answers[inspect] = lost(inspect)
    web = scene.one("web-2")
    assert web.deployed_at == web.previous == lost(inspect)


def test_looks_at_another_project_tell_nothing() -> None:
    scene = SCENES["another project"]()
    assert _word(scene.one("web-1").previous, "old", "test") == "old"
    assert scene.one("test-web-1").previous == Nothing()


def test_creating_it_again_is_no_change() -> None:
    """What served before, and when it was replaced, are asked of the revision."""
    scene = SCENES["created again at the same revision"]()
    assert _word(scene.one("web-1").previous, "old", "now") == "old"
    case = Case(FactStore(scene.answers), scene.scope)
    assert [revision_since(case, one) for one in containers(case)] == [minutes_ago(60)]


def test_what_began_at_the_same_instant_was_not_before_whatever_looks_saw_since() -> None:
    """Compose starts replicas of two revisions in one second, which is all that the list tells."""
    scene = scene_of_web()
    runs(scene, "web-2", "other", 60)
    runs(scene, "web-3", "now", 60)
    seen = (look("now", 30, 60), look("other", 30, 60), look("now", 20, 60))
    for looks in ((), seen):
        remember(scene, looks=looks)
        for name in ("web-2", "web-3"):
            container = scene.one(name, command="show", argument=name)
            assert container.previous == Nothing(), (name, looks)
