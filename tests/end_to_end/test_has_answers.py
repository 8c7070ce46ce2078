"""`has` on the world: every kind of reference and landing, against the history as it was made."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.world.everything import World
from tests.world.git_writer import git
from tests.world.history import History
from tests.world.outage import github_down
from tests.world.prod import Prod
from tests.world.truth import Line

PULL = "https://github.com/acme/shop/pull"
PICK = "(cherry picked from commit {})"

Judged = Mapping[str, tuple[str, str] | None]
"""By container: how it holds the change, and what reverted it there; None where it does not."""


def _true(history: History, target: str, runs: Mapping[str, str]) -> Judged:
    """Ancestors, else a cherry-pick; #23 is what reverts #21 on main."""
    line = Line(history)
    undone = history.pulls[21].merge_sha

    def judge(sha: str) -> tuple[str, str] | None:
        if sha == target:
            return "same", ""
        reach = line.reach(sha)
        bodies = [history.commits[each].body for each in reach]
        picked = any(PICK.format(target) in body for body in bodies)
        if target not in reach and not picked:
            return None
        back = target == undone and history.named["revert"] in reach
        return "ancestor", history.named["revert"] if back else ""

    return {name: judge(sha) for name, sha in runs.items()}


def _said(document: Mapping[str, Any]) -> Judged:
    live = {row["container"]: (row["by"], row["reverted_by"]) for row in document["live"]}
    return {**live, **{row["container"]: None for row in document["not_live"]}}


def _runs(prod: Prod) -> Mapping[str, str]:
    return {f"shop_{service}_1": sha for service, sha in prod.runs.items()}


# How it is asked for; the commit that it means, by its name in the history or a request's number.
REFERENCES: Mapping[str, str | int] = {
    "12": 12,  # a merge
    "#14": 14,  # a squash
    "17": 17,  # a rebase of two commits
    f"{PULL}/19/files": 19,
    "21": 21,  # reverted later, and picked onto a release
    "23": 23,  # the revert itself
    "33": 33,  # merged, and nowhere here
    "34": "open-pr",
    "SHA direct": "direct",
    "sha built-6": "built-6",
    "release/1.4": "release-2",
    "main": "head",
}


def _reference(history: History, text: str) -> str:
    """`SHA NAME` is that commit's whole SHA, in capitals; `sha NAME` its first nine digits."""
    kind, _, name = text.partition(" ")
    if not name:
        return text
    sha = history.named[name]
    return sha.upper() if kind == "SHA" else sha[:9]


def _target(history: History, meant: str | int) -> str:
    return history.pulls[meant].merge_sha if isinstance(meant, int) else history.named[meant]


@pytest.mark.parametrize("text", REFERENCES)
def test_every_kind_of_reference(prod: Prod, text: str) -> None:
    history = prod.world.history
    target = _target(history, REFERENCES[text])
    result = prod.ask("has", _reference(history, text), "-o", "json")
    document = result.json()
    true = _true(history, target, _runs(prod))
    assert _said(document) == true
    assert document["resolved"] == {"status": "found", "shas": [target]}
    assert document["unknown_at"] == []
    assert document["complete"], document["problems"]
    assert result.code == (0 if any(true.values()) else 1)


def test_a_tag(prod: Prod, tmp_path: Path) -> None:
    """Of a clone of one's own that GitHub does not know yet."""
    history = prod.world.history
    git(tmp_path, "clone", "--quiet", str(history.clone), "mine")
    git(tmp_path / "mine", "remote", "set-url", "origin", "https://github.com/acme/shop.git")
    git(tmp_path / "mine", "tag", "v1.4", history.named["built-6"])
    document = prod.ask("has", "v1.4", "-C", str(tmp_path / "mine"), "-o", "json").json()
    assert _said(document) == _true(history, history.named["built-6"], _runs(prod))


@pytest.mark.parametrize("reference", ["412", "no-such-branch", "0" * 40])
def test_what_nobody_has(prod: Prod, reference: str) -> None:
    result = prod.ask("has", reference)
    assert result.code == 1
    assert f"NOT FOUND: nothing is named {reference}" in result.stdout


def test_what_nobody_could_be_asked_for(prod: Prod) -> None:
    with github_down(prod.world):
        unsure = prod.ask("has", "412")
    assert unsure.code == 3
    assert "CANNOT SAY whether 412 is live: unknown (p1)" in unsure.stdout


@pytest.mark.parametrize("reference", ["12", "21", "sha built-6"])
def test_github_down(prod: Prod, reference: str) -> None:
    """Merges and squashes name their number; what is in the clone is judged as ever."""
    history = prod.world.history
    with github_down(prod.world):
        result = prod.ask("has", _reference(history, reference), "-o", "json")
    target = _target(
        history, REFERENCES.get(reference, int(reference) if reference.isdigit() else "")
    )
    assert _said(result.json()) == _true(history, target, _runs(prod))
    assert result.code == 0
    assert not result.json()["complete"]


def test_github_down_and_no_message(prod: Prod) -> None:
    """A rebase names no number; and `nowhere` without GitHub's word is not vouched for."""
    with github_down(prod.world):
        rebase = prod.ask("has", "17", "-o", "json")
        nowhere = prod.ask("has", "33", "-o", "json")
    assert rebase.json()["resolved"]["status"] == "unknown"
    assert {row["container"] for row in rebase.json()["unknown_at"]} == set(_runs(prod))
    assert set(_said(nowhere.json()).values()) == {None}
    assert (rebase.code, nowhere.code) == (3, 3)


@pytest.mark.parametrize("reference", ["17", "21", "sha built-6", "release/1.4"])
def test_no_clone(prod: Prod, reference: str) -> None:
    history = prod.world.history
    result = prod.ask("has", _reference(history, reference), "-o", "json", clone=False)
    target = _target(history, REFERENCES[reference])
    true = _true(history, target, _runs(prod))
    assert _said(result.json()) == true
    assert result.code == (0 if any(true.values()) else 1)


def test_neither_clone_nor_github(prod: Prod) -> None:
    """A whole SHA is told where that very commit runs; of the others nothing is said."""
    history = prod.world.history
    with github_down(prod.world):
        result = prod.ask("has", history.named["built-6"], "-o", "json", clone=False)
    document = result.json()
    assert _said(document) == {"shop_docs_1": ("same", "")}
    problems = {problem["id"] for problem in document["problems"]}
    assert {row["problem"] for row in document["unknown_at"]} <= problems
    assert len(document["unknown_at"]) == len(prod.runs) - 1
    assert result.code == 0


def test_only_services_of_that_repository_count(prod: Prod, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[services.mailer]\nrepo = "acme/other"\n', encoding="utf-8")
    document = prod.ask("has", "12", "--config", str(config), "-o", "json").json()
    assert set(_said(document)) == set(_runs(prod)) - {"shop_mailer_1"}
    assert document["unknown_at"] == []


@pytest.mark.parametrize("meant", [21, 33, "release-1"])
def test_the_fleet(world: World, meant: str | int) -> None:
    """Every container of the fleet, those beside the default branch and at nobody's commit too."""
    history = world.history
    target = _target(history, meant)
    result = world.ask("has", target if isinstance(meant, str) else str(meant), "-o", "json")
    serving = {
        name: truth.sha
        for name, truth in world.fleet.truths.items()
        if truth.managed and truth.state in ("running", "restarting", "paused")
    }
    nowhere = serving.pop("nowhere")
    assert _said(result.json()) == _true(history, target, serving)
    assert [row["sha"] for row in result.json()["unknown_at"]] == [nowhere]
    assert result.code == 0


def test_what_the_readme_shows(world: World, prod: Prod) -> None:
    here = world.ask("has", "33")
    assert (here.code, "33 is LIVE in 4 of" in here.stdout) == (0, True)
    there = prod.ask("has", "33")
    assert (there.code, "33 is NOT LIVE: in none of 6 containers" in there.stdout) == (1, True)
    both = prod.ask("has", "#33", "-c", "fleet", "-o", "json").json()
    assert {row["engine"] for row in both["live"]} == {"fleet"}
    assert {row["engine"] for row in both["not_live"]} == {"fleet", "prod"}
