"""`history` on the world: what ran, since when, how that is known, on an engine after a night."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.program import whatsrunning
from tests.world.outage import github_down
from tests.world.prod import Prod

Rows = list[tuple[str, str]]
"""Service and commit of each row, newest first."""


def _inspected(prod: Prod, container: str, key: str) -> datetime:
    said = prod.engine.docker("inspect", "--format", f"{{{{{key}}}}}", container)
    return datetime.fromisoformat(f"{said[:26].rstrip('Z')}+00:00")


def _rows(document: Mapping[str, Any], service: str) -> list[Any]:
    return [row for row in document["entries"] if row["service"] == service]


def _shas(rows: list[Any]) -> list[str]:
    return [row["sha"] for row in rows]


@pytest.fixture(scope="module")
def document(prod: Prod) -> Any:
    """One look at everything."""
    return prod.json("history")


def test_every_service_has_its_rows(prod: Prod, document: Any) -> None:
    assert document["complete"], document["problems"]
    for service, sha in prod.runs.items():
        rows = _rows(document, service)
        before = [prod.before[service]] if service in prod.before else []
        assert _shas(rows) == [sha, *before], service
        assert rows[0]["until"] is None
        assert rows[0]["engine"] == "prod"
    assert {row["service"] for row in document["entries"]} == {*prod.runs, "cron"}
    starts = [datetime.fromisoformat(row["from"]) for row in document["entries"]]
    assert starts == sorted(starts, reverse=True)
    assert datetime.fromisoformat(document["covers_since"]) == starts[-1]


def test_rows_tell_when_and_how_it_is_known(prod: Prod, document: Any) -> None:
    now, before = _rows(document, "web")
    second = timedelta(seconds=1)  # the engine's list tells whole seconds
    created = _inspected(prod, "shop_web_1", ".Created")
    assert created - second <= datetime.fromisoformat(now["from"]) <= created
    assert now["evidence"] == "created"
    ended = _inspected(prod, "shop_web_1_old", ".State.FinishedAt")
    assert abs(datetime.fromisoformat(before["until"]) - ended) < second
    assert before["evidence"] == "the stopped container shop_web_1_old"
    for service in ("api", "worker", "cron"):  # removed since; a look had seen them
        gone = _rows(document, service)[-1]
        assert gone["sha"] == prod.before[service]
        assert gone["evidence"].startswith("a look at ")
        assert datetime.fromisoformat(gone["from"]) < prod.night
        assert datetime.fromisoformat(gone["until"]) >= prod.night - timedelta(minutes=1)


@pytest.mark.parametrize(("clone", "github"), [(True, False), (False, True), (False, False)])
def test_the_same_without_github_or_a_clone(
    prod: Prod, document: Any, clone: bool, github: bool
) -> None:
    with github_down(prod.world, not github):
        other = prod.json("history", clone=clone)
    assert other["entries"] == document["entries"]
    assert other["complete"] is github


def test_a_service_of_which_nothing_is_left(prod: Prod) -> None:
    result = prod.ask("history", "cron", "-o", "json")
    assert result.code == 0, result.stderr
    assert _shas(result.json()["entries"]) == [prod.before["cron"]]
    assert prod.ask("history", "no-such-service").code == 2


def _since(prod: Prod) -> str:
    return prod.night.isoformat()


@pytest.mark.parametrize("command", ["history", "ps"])
def test_a_window_splits_changes_from_restarts(prod: Prod, command: str) -> None:
    document = prod.json(command, "--since", _since(prod))
    assert document["changed"] == ["api", "cron", "web", "worker"]
    assert document["restarted"] == ["mailer"]
    assert datetime.fromisoformat(document["since"]) == prod.night
    later = prod.json(command, "--since", datetime.now(prod.night.tzinfo).isoformat())
    assert (later["changed"], later["restarted"]) == ([], [])


def test_a_window_in_words(prod: Prod) -> None:
    for command in ("history", "ps"):
        told = prod.ask(command, "--since", _since(prod)).stdout
        assert f"changed since {prod.night:%Y-%m-%dT%H:%M:%SZ}" in told
        assert "): api, cron, web, worker\n" in told
        assert "restarted, same revision: mailer\n" in told
    was, now = prod.before["web"][:12], prod.runs["web"][:12]
    assert f"web: {was} \u2192 {now} " in told


def _journal(state: Path) -> list[Any]:
    file = state / "whatsrunning" / "looks.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_the_journal_grows_only_by_what_changed(prod: Prod, tmp_path: Path) -> None:
    """Without earlier looks the engine's events tell what ran, as far as they reach."""
    env = {"XDG_STATE_HOME": str(tmp_path)}
    first = prod.ask("history", "-o", "json", env=env)
    lines = _journal(tmp_path)
    assert {line["service"]: line["sha"] for line in lines} == prod.runs
    mode = (tmp_path / "whatsrunning" / "looks.jsonl").stat().st_mode
    assert mode & 0o077 == 0
    again = prod.ask("history", "-o", "json", env=env)
    assert _journal(tmp_path) == lines
    for document in (first.json(), again.json()):
        gone = _rows(document, "api")[-1]
        assert gone["sha"] == prod.before["api"]
        assert gone["evidence"] == "the engine's events of shop_api_1"


def test_the_journal_can_be_turned_off(prod: Prod, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('journal = "off"\n', encoding="utf-8")
    state = tmp_path / "state"
    state.mkdir()
    off = ("--config", str(config), "-o", "json")
    assert prod.ask("history", *off, env={"XDG_STATE_HOME": str(state)}).code == 0
    assert list(state.iterdir()) == []
    # Nor is it read.
    document = prod.ask("history", *off).json()
    assert _shas(_rows(document, "api")) == [prod.runs["api"], prod.before["api"]]
    assert not any("a look at" in row["evidence"] for row in document["entries"])


@pytest.fixture
def deployments(prod: Prod) -> Iterator[tuple[str, str]]:
    """GitHub deployed to this engine yesterday, and elsewhere as well; the commit of each."""
    named = prod.world.history.named
    here, elsewhere = named["merge"], named["squash"]
    made = prod.night - timedelta(days=1)
    prod.world.github.deploy(
        *(
            {
                "id": number, "sha": sha, "environment": environment, "states": ["success"],
                "url": "", "created_at": f"{made:%Y-%m-%dT%H:%M:%SZ}",
            }
            for number, sha, environment in ((1, here, "Prod"), (2, elsewhere, "staging"))
        )
    )  # fmt: skip
    yield here, elsewhere
    prod.world.github.deploy()


def test_deployments_tell_of_a_repository_with_one_service(
    prod: Prod, deployments: tuple[str, str], tmp_path: Path
) -> None:
    here, _ = deployments
    config = tmp_path / "config.toml"
    others = "".join(
        f'[services.{name}]\nrepo = "acme/other"\n' for name in prod.runs if name != "web"
    )
    config.write_text(others, encoding="utf-8")
    document = prod.json("history", "web", "--config", str(config))
    assert _shas(document["entries"]) == [prod.runs["web"], prod.before["web"], here]
    last = document["entries"][-1]
    assert last["evidence"] == "GitHub's deployment to Prod"
    assert document["covers_since"] == last["from"]
    # Of six services nobody knows which one was meant.
    assert here not in _shas(prod.json("history", "web")["entries"])


def test_a_saved_looks_window_counts_back_from_that_look() -> None:
    document = whatsrunning("demo", "history", "--since", "1h", "-o", "json").json()
    assert document["changed"] == ["api", "web"]
    taken = datetime.fromisoformat(document["taken_at"])
    assert datetime.fromisoformat(document["since"]) == taken - timedelta(hours=1)
