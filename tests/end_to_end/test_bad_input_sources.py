"""Sources that refuse, or are not what they should be: one sentence, a next step, and the rest."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.bad_sources import (
    Case,
    Setting,
    certificate_unknown,
    environment,
    fault,
    fork_clone,
    login_expired,
    no_clone,
    no_git,
    other_clone,
    stale_clone,
)
from tests.program import clean_environment, whatsrunning
from tests.world.everything import World
from tests.world.gate import open_gate

FIELDS = ("repository", "revision", "commit", "pull_requests", "ci", "built")
ALWAYS = ("id", "service", "state", "health", "image")


@dataclass(frozen=True, slots=True)
class Expected:
    """The problem that has to be listed, and the fields that may be unknown because of it."""

    source: str
    code: str
    words: tuple[str, ...]
    hint: str
    touched: tuple[str, ...]


FROM_GITHUB = ("commit", "pull_requests", "ci", "built")
CASES: dict[str, tuple[Case, Expected]] = {
    "token refused": (
        environment(GH_TOKEN="ghp_of_yesterday"),
        Expected("github", "token-refused", ("refused the token",), "GH_TOKEN", FROM_GITHUB),
    ),
    "no token": (
        environment(GH_TOKEN=""),
        Expected("github", "no-token", ("without a token",), "GH_TOKEN", ("ci",)),
    ),
    "rate limit used up": (
        fault("rate-limited"),
        Expected(
            "github", "rate-limited", ("rate limit", "is used up, until 2033-05-18T03:33:20Z"),
            "ask again after that", FROM_GITHUB,
        ),
    ),
    "login expired": (
        login_expired,
        Expected(
            "registry", "login", ("refused the login of config.json",), "docker login 127.0.0.1:",
            ("revision", "commit", "pull_requests", "ci", "built"),
        ),
    ),
    "certificate unknown": (
        certificate_unknown,
        Expected(
            "registry", "tls", ("certificate of 127.0.0.1:", "unknown authority"), "certs.d",
            ("revision", "commit", "pull_requests", "ci", "built"),
        ),
    ),
    "no git binary": (
        no_git,
        Expected("git", "no-git", ("git is not installed",), "install git", FIELDS),
    ),
    "no clone": (
        no_clone,
        Expected("git", "no-clone", ("no clone of acme/shop",), "-C PATH", FIELDS),
    ),
    "a clone of something else": (
        other_clone,
        Expected(
            "git", "no-clone", ("no clone of acme/shop", "only of other/thing"), "-C PATH", FIELDS,
        ),
    ),
    "the clone of a fork": (
        fork_clone,
        Expected(
            "github", "repository-not-found", ("other/thing",), "check the name", FROM_GITHUB,
        ),
    ),
    "stale clone": (
        stale_clone,
        Expected(
            "git", "stale-clone", ("not in the clone of acme/shop", "last fetched"), "--fetch",
            FIELDS,
        ),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def healthy(world: World) -> dict[str, dict[str, Any]]:
    """What is said while nothing is wrong, by container."""
    return _by_name(world.ask("ps", "--all", "-o", "json").json())


def _by_name(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in document["containers"]}


@pytest.mark.parametrize("name", CASES)
def test_it_is_said_and_the_rest_stands(
    world: World, healthy: dict[str, dict[str, Any]], tmp_path: Path, name: str
) -> None:
    case, expected = CASES[name]
    setting = Setting(world, tmp_path, ["-C", str(world.history.clone)])
    with case(setting):
        result = setting.ask("ps", "--all", "-o", "json")
    assert result.code == 0, result.stderr
    document = result.json()
    _assert_said(document["problems"], expected)
    assert document["complete"] is False
    problems = {problem["id"] for problem in document["problems"]}
    after = _by_name(document)
    assert set(after) == set(healthy)
    wrong = [
        f"{container}.{key}: {before[key]} became {after[container][key]}"
        for container, before in healthy.items()
        for key in (*ALWAYS, *FIELDS)
        if not _stands(key, before[key], after[container][key], expected, problems)
    ]
    assert wrong == []


def _assert_said(problems: list[dict[str, Any]], expected: Expected) -> None:
    kinds = {(one["source"], one["code"]): one for one in problems}
    said = kinds.get((expected.source, expected.code))
    assert said is not None, kinds
    assert all(word in said["message"] for word in expected.words), said
    assert expected.hint in said["hint"], said


def _stands(key: str, before: Any, after: Any, expected: Expected, problems: set[str]) -> bool:
    if key in ALWAYS:
        return bool(before == after)
    if after["status"] == "unknown" != before["status"]:
        return key in expected.touched and after["problem"] in problems
    return bool(after["status"] == before["status"])


def test_the_page_says_it_too(world: World, tmp_path: Path) -> None:
    setting = Setting(world, tmp_path, ["-C", str(world.history.clone)])
    with fault("rate-limited")(setting):
        page = setting.ask("ps", "--all", "-o", "plain").stdout
    head = page.partition("\n")[0]
    assert head.startswith("NOT COMPLETE: could not look at ")
    assert "github acme/shop" in head
    assert "is used up, until 2033-05-18T03:33:20Z" in page
    assert "→ ask again after that" in page
    assert "CONTRADICTED" in page
    assert "\nmerge" in page


def test_nobody_is_called_foreign_while_the_clones_cannot_be_read(
    world: World, tmp_path: Path
) -> None:
    setting = Setting(world, tmp_path, ["-C", str(world.history.clone)])
    with no_git(setting):
        setting.arguments.append("--offline")
        page, shown = (setting.ask(*words) for words in (("ps",), ("show", "tag-only")))
    foreign = [line for line in page.stdout.splitlines() if "not ours:" in line]
    assert foreign == ["2 not ours: postgres, traefik"]
    assert "tag-only" in page.stdout
    assert "not ours" not in shown.stdout


def test_an_engine_that_cannot_be_reached(tmp_path: Path) -> None:
    nowhere = tmp_path / "none.sock"
    result = whatsrunning("-H", f"unix://{nowhere}", home=tmp_path)
    assert result.code == 4
    assert "UNREACHABLE" in result.stdout
    assert f"there is no socket at unix://{nowhere}" in result.stdout
    assert "→ start the engine, or name another one with -c or -H" in result.stdout


def test_no_permission_on_the_socket(world: World, tmp_path: Path) -> None:
    gate = open_gate(str(world.engine.socket), tmp_path / "closed.sock")
    Path(str(gate.address)).chmod(0)
    # root may do everything, unless this one capability is taken away.
    without = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*without, sys.executable, "-m", "whatsrunning", "-H", f"unix://{gate.address}"],
        env=clean_environment(tmp_path), cwd="/", stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    gate.shut()
    assert (done.returncode, done.stderr) == (4, "")
    assert f"no permission to use the socket unix://{gate.address}" in done.stdout
    assert "→ use sudo, or join the docker group" in done.stdout
    assert gate.connections == 0
