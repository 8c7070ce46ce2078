"""Replaying a saved look, and asking later for what is missing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.hand_made import AT, snapshot
from tests.program import whatsrunning
from whatsrunning.app.replay import completable, judge_saved, saved
from whatsrunning.errors import Refused
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.engine import EngineInfo, EngineInspect
from whatsrunning.facts.git import GitClones
from whatsrunning.facts.query import Query
from whatsrunning.facts.registry import RegistryTags
from whatsrunning.facts.store import FactStore
from whatsrunning.sources.saved.codec import to_text

LATE: Answer[Any] = Unknown(Problem("registry", "r", "timeout", "late"))


def test_what_was_not_asked_is_unknown() -> None:
    def verdict(facts: FactStore) -> list[Answer[Any]]:
        return [facts.get(EngineInfo("prod")), facts.get(RegistryTags("r/x"))]

    answers, judged = judge_saved(snapshot(), verdict)
    assert isinstance(judged[0], Found)
    assert isinstance(judged[1], Unknown)
    assert judged[1].problem.code == "not-recorded"
    assert "r/x" in judged[1].problem.message
    assert answers[RegistryTags("r/x")] == judged[1]


@pytest.mark.parametrize(
    ("question", "answer", "kept"),
    [
        (EngineInspect("prod", "x"), LATE, True),
        (RegistryTags("r/x"), LATE, False),
        (RegistryTags("r/x"), Found(("a",)), True),
        (RegistryTags("r/x"), Nothing(), True),
        (GitClones(), Found(()), False),
        (GitClones(), Found(("clone",)), True),
    ],
)
def test_what_resolve_asks_again(question: Query[Any], answer: Answer[Any], kept: bool) -> None:
    look = replace(snapshot(), answers={question: answer})
    assert (question in completable(look)) == kept


@pytest.mark.parametrize("change", [lambda _: "{}", lambda text: text[:-9], lambda _: "\x1b[31m"])
def test_a_broken_file_is_a_usage_error(tmp_path: Path, change: Callable[[str], str]) -> None:
    file = tmp_path / "look.json"
    file.write_text(change(to_text(snapshot())))
    with pytest.raises(Refused) as refused:
        saved(str(file))
    assert str(file) in refused.value.message
    done = whatsrunning("replay", str(file), home=tmp_path)
    assert (done.code, done.stdout) == (2, "")
    assert "hint: give a file that --save wrote" in done.stderr


def test_a_replay_says_the_same_again_and_can_be_saved_again(tmp_path: Path) -> None:
    file, again = tmp_path / "look.json", tmp_path / "again.json"
    file.write_text(to_text(snapshot()))
    first = whatsrunning("replay", str(file), "-o", "json", "--save", str(again), home=tmp_path)
    assert first.code == 0
    second = whatsrunning("-o", "json", "replay", str(again), "ps", home=tmp_path)
    assert {**second.json(), "replayed_at": ""} == {**first.json(), "replayed_at": ""}
    assert first.json()["taken_at"] == AT.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [container["name"] for container in first.json()["containers"]] == [
        "shop-db-1", "shop-web-1", "shop-web-2", "shop-worker-1",
    ]  # fmt: skip


def test_resolve_asks_no_engine(tmp_path: Path) -> None:
    file = tmp_path / "look.json"
    file.write_text(to_text(snapshot()))
    done = whatsrunning(
        "replay", "--resolve", str(file), "show", "shop-web-1", "-o", "json", "--offline",
        home=tmp_path, env={"DOCKER_HOST": "unix:///dev/null/none.sock"},
    )  # fmt: skip
    assert done.code == 0
    assert done.json()["engines"][0]["status"] == "ok"
    codes = {problem["code"] for problem in done.json()["problems"]}
    assert "offline" in codes
    assert "refused" not in codes
