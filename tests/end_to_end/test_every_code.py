"""Every finding code is shown by a real case (issue 3), of the world or made here."""

import contextlib
import http.client
import json
import re
import socket
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.program import Result, whatsrunning
from tests.world.canned import canned, reply
from tests.world.everything import World
from tests.world.git_writer import git
from tests.world.github.stories import Story, job, run
from tests.world.stories import compose_labels
from whatsrunning.checks.catalogue import CATALOGUE

Found = Mapping[str, Any]

# code -> the container that shows it, or the service, or the engine's context where it has none
CASES: Mapping[str, str] = {
    "nothing-running": "failed",
    "crash-looping": "crash-loop",
    "unhealthy": "unhealthy",
    "contradicted-label": "stale-label",
    "built-outside-ci": "denied",
    "ci-red": "rebuilt",
    "raced-then-red": "revert",
    "deployed-before-ci-finished": "rebase-2",
    "no-ci-run": "merge-side",
    "not-on-default-branch": "release-2",
    "split-revisions": "api",
    "differs": "rebuilt",
    "never-pushed": "never-pushed",
    "dirty-build": "dirty",
    "latest-moved": "floating",
    "running-without-tag": "pruned",
    "label-only": "code-local",
    "local-image-gone": "code-gone",
    "reverted": "code-reverted",
    "fix-waiting": "pruned",
    "re-creation": "shop_code_1",
    "clock-skew": "",  # the engine's clock is ours here: its own replies, with another time
    "stale-clone": "",
}
# What needs a Swarm is shown by a real one in test_swarm.py.
OF_A_SWARM = {"update-running", "update-paused", "rolled-back", "replicas-missing"}
# Containers here are younger than ten minutes: what they do may still be an update under way.
SETTLING = {"split-revisions", "re-creation"}
SKEW = timedelta(seconds=90)
LONG_AFTER = "2999-01-01T00:00:00Z"
DEPLOY = job("deploy", deployment=True)
TOLD: Mapping[str, Story | str] = {
    "rebuilt": "red",
    "revert": {"runs": [run(job("test", "failure", finished=LONG_AFTER), DEPLOY)]},
    "rebase-2": {"runs": [run(job("test", ""), DEPLOY)]},
}


@contextlib.contextmanager
def _told(world: World) -> Iterator[None]:
    """CI as the stories have it; all of it green again afterwards."""
    shas = {world.fleet.truths[name].sha: story for name, story in TOLD.items()}
    try:
        for sha, story in shas.items():
            world.github.tell(sha, story)
        yield
    finally:
        for sha in shas:
            world.github.tell(sha, "green" if sha in world.history.mainline else "none")


@contextlib.contextmanager
def _extra(world: World) -> Iterator[None]:
    """Containers that the fleet has not; gone again afterwards, with their images."""
    docker, named = world.fleet.yard.engine.docker, world.history.named
    reverted = f"{world.fleet.yard.shop}:{named['reverted']}"
    local, gone = "code-local:dev", "code-gone:dev"
    how = ("--network", "none", "--stop-signal", "KILL", "--name")
    labels = ("--label", f"git.sha={named['direct']}")
    replica = (*compose_labels("code", 1), *labels)
    made: list[str] = []
    try:
        for image in (local, gone, reverted):
            world.fleet.yard.build(image, stamp=image)
        made.append(docker("run", "--detach", *how, "code-local", *labels, local))
        made.append(docker("run", "--detach", *how, "code-reverted", reverted))
        # Its image is removed while it stands still.
        made.append(docker("create", *how, "code-gone", *labels, gone))
        docker("rmi", "--force", gone)
        docker("start", "code-gone")
        # Compose gives the old container its ID before its name, and was interrupted then.
        made.append(docker("run", "--detach", *how, "shop_code_1", *replica, local))
        docker("rename", "shop_code_1", f"{made[-1][:12]}_shop_code_1")
        made.append(docker("run", "--detach", *how, "shop_code_1", *replica, local))
        yield
    finally:
        docker("rm", "--force", *made, check=False)
        docker("rmi", "--force", local, gone, reverted, check=False)


@pytest.fixture(scope="module")
def looks(world: World) -> Mapping[str, Result]:
    """`ps` in the world in three formats, on a clock that is off, and with a clone left behind."""
    wide = {"COLUMNS": "400"}
    with _told(world), _extra(world):
        return {
            "json": world.ask("ps", "-o", "json"),
            "plain": world.ask("ps", "-o", "plain", env=wide),
            "table": world.ask("ps", "-o", "table", env=wide),
            "off clock": _off_clock(world),
            "left behind": _left_behind(world),
        }


@pytest.fixture(scope="module")
def findings(looks: Mapping[str, Result]) -> list[Found]:
    """What is found in all of them."""
    names = ("json", "off clock", "left behind")
    return [found for name in names for found in _findings(looks[name])]


def _findings(result: Result) -> list[Found]:
    assert result.code == 0, result.stderr
    found: list[Found] = result.json()["findings"]
    return found


def _off_clock(world: World) -> Result:
    """The engine's own replies, with a clock that is ahead."""
    engine = world.engine.socket
    ahead = datetime.now(UTC) + SKEW
    info = json.loads(_engine_says(engine, "/info")) | {"SystemTime": ahead.isoformat()}
    answers = {"/info": reply(info)}
    for said in ("/containers/json?all=1", "/images/json"):
        answers[said.partition("?")[0]] = reply(_engine_says(engine, said))
    with tempfile.TemporaryDirectory(prefix="wr-k") as folder:
        path = Path(folder) / "docker.sock"
        with canned(path, answers):
            env = {"DOCKER_HOST": f"unix://{path}"}
            return whatsrunning("ps", "-o", "json", "--offline", env=env, home=folder)


def _engine_says(path: Path, resource: str) -> bytes:
    connection = http.client.HTTPConnection("engine", timeout=60)
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as connected:
        connected.settimeout(60)
        connected.connect(str(path))
        connection.sock = connected
        connection.request("GET", resource)
        return connection.getresponse().read()


def _left_behind(world: World) -> Result:
    """A clone of long ago, while GitHub cannot be reached."""
    with tempfile.TemporaryDirectory(prefix="wr-k") as folder:
        origin, clone = Path(folder) / "origin.git", Path(folder) / "clone"
        git(Path(folder), "clone", "--quiet", "--bare", str(world.history.origin), str(origin))
        for line in git(origin, "for-each-ref", "--format=%(refname)").splitlines():
            git(origin, "update-ref", "-d", line)
        git(origin, "update-ref", "refs/heads/main", world.history.named["built-1"])
        git(Path(folder), "clone", "--quiet", "--no-local", str(origin), str(clone))
        git(clone, "remote", "set-url", "origin", "https://github.com/acme/shop.git")
        world.gates.github.shut()
        try:
            return whatsrunning(
                "ps", "-o", "json", "--timeout", "30", "-C", str(clone),
                env=world.environment(), home=world.folder / "home",
            )  # fmt: skip
        finally:
            world.gates.github.open()


def _at(found: Found) -> str:
    return str(found["container"] or found["service"])


def test_every_code_has_its_case() -> None:
    assert {*CASES, *OF_A_SWARM} == {doc.code for doc in CATALOGUE}
    swarm = Path(__file__).with_name("test_swarm.py").read_text("utf-8")
    assert [code for code in OF_A_SWARM if f'"{code}"' not in swarm] == []


@pytest.mark.parametrize("code", CASES)
def test_it_is_found_where_it_is(findings: list[Found], code: str) -> None:
    places = {_at(found) for found in findings if found["code"] == code}
    assert CASES[code] in places


def test_it_is_as_severe_as_documented(findings: list[Found]) -> None:
    documented = {doc.code: doc.severity for doc in CATALOGUE}
    for found in findings:
        young = {"info"} if found["code"] in SETTLING else set()
        assert found["severity"] in {documented[found["code"]], *young}, found


def test_it_says_what_to_do(findings: list[Found]) -> None:
    for found in findings:
        assert found["message"]
        assert found["hint"]
        assert found["container"] in found["message"] or found["service"] in found["message"]


@pytest.mark.parametrize("form", ["plain", "table"])
def test_people_read_the_same(looks: Mapping[str, Result], form: str) -> None:
    said = _words(looks[form].stdout)
    for found in _findings(looks["json"]):
        assert found["code"] in said
        # Replicas are told once, with their names beside.
        for part in (found["container"], found["message"].removeprefix(found["container"])):
            assert _words(part) in said
        assert _words(found["hint"]) in said


def _words(text: str) -> str:
    """Without line ends, and without numbers: seconds and restarts go on between two looks."""
    return re.sub(r"[0-9]+", "#", " ".join(text.split()))
