"""Compose's containers: their numbers, and a re-creation that is half-way."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.program import whatsrunning
from tests.scene import IMAGE, NOW, Scene, digest, minutes_ago, sha
from tests.world.engine import EngineProcess, base_image, start_engine
from whatsrunning.checks.findings import findings

OLD, NEW = sha("old"), sha("new")


def labels(number: str, service: str = "web", revision: str = OLD) -> Mapping[str, str]:
    """What Compose writes, and a revision of ours."""
    own = {"project": "shop", "service": service, "container-number": number}
    return {f"com.docker.compose.{k}": v for k, v in own.items()} | {"git.sha": revision}


def scene(*known: "Known") -> Scene:
    """Containers of `web` by name, ID's beginning, revision, and what else is said of each."""
    made = Scene(offline=True, journal=False)
    for name, begins, revision, more in known:
        whole = begins + "0" * (64 - len(begins))
        said = {"created_at": minutes_ago(600), "status": "Up 10 hours", **more}
        own = labels("1", str(said.pop("service", "web")), revision)
        made.container(name, f"{IMAGE}:{revision}", digest(revision), own, id=whole, **said)
    return made


FIRST, SECOND = "0f3a9c2d41b7", "9d8c7b6a5f4e"
FRESH = {"created_at": minutes_ago(1), "status": "Up About a minute"}
Known = tuple[str, str, str, Mapping[str, Any]]
PAIRS: dict[str, list[Known]] = {
    # Version 1 renames the old one, version 2 names the new one so for the time being.
    "v1": [(f"{FIRST}_shop_web_1", FIRST, OLD, {}), ("shop_web_1", SECOND, NEW, FRESH)],
    "v2": [("shop-web-1", FIRST, OLD, {}), (f"{FIRST}_shop-web-1", SECOND, NEW, FRESH)],
}
OTHERS: dict[str, list[Known]] = {
    "another prefix": [
        ("shop_web_1", FIRST, OLD, {}), ("aaaaaaaaaaaa_shop_web_1", SECOND, NEW, {}),
    ],
    "another name": [("shop_web_2", FIRST, OLD, {}), (f"{FIRST}_shop_web_1", SECOND, NEW, {})],
    "another service": [
        ("shop-web-1", FIRST, OLD, {"service": "api"}), (f"{FIRST}_shop-web-1", SECOND, NEW, {}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("version", PAIRS)
def test_half_way(version: str) -> None:
    made = scene(*PAIRS[version])
    report = made.look()
    replaced = {one.id[:12]: one.replaces[:12] for one in report.containers}
    assert replaced == {FIRST: "", SECOND: FIRST}
    told = {one.code: one for one in findings(report, NOW)}
    assert "split-revisions" not in told
    assert told["re-creation"].severity == "info"
    assert f"the old one (running) at {OLD[:12]}" in told["re-creation"].message
    assert f"the new one (running) at {NEW[:12]}" in told["re-creation"].message


@pytest.mark.parametrize("version", PAIRS)
def test_left_half_way(version: str) -> None:
    old, (name, begins, revision, _) = PAIRS[version]
    made = scene(old, (name, begins, revision, {"state": "created", "status": "Created"}))
    told = {one.code: one for one in findings(made.look(), NOW)}
    assert told["re-creation"].severity == "warning"
    assert "was left half-way re-created" in told["re-creation"].message


@pytest.mark.parametrize("name", OTHERS)
def test_near_misses(name: str) -> None:
    made = scene(*OTHERS[name])
    report = made.look()
    assert {one.replaces for one in report.containers} == {""}
    assert "re-creation" not in {one.code for one in findings(report, NOW)}


@pytest.mark.parametrize(
    ("number", "replica"), [("1", 1), ("12", 12), ("", None), ("x", None), ("9" * 5000, 999999999)]
)
def test_numbers(number: str, replica: int | None) -> None:
    made = Scene(offline=True, journal=False)
    made.container("shop_web_1", f"{IMAGE}:{OLD}", digest("i"), labels(number))
    assert made.one("shop_web_1").replica == replica


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """An engine with three replicas, of which Compose re-creates the second."""
    started = start_engine(tmp_path_factory.mktemp("compose"))
    try:
        base_image(started)
        _run(started, "shop_web_1", labels("1", revision=NEW))
        old = _run(started, "shop_web_2", labels("2", revision=OLD))
        started.docker("rename", "shop_web_2", f"{old[:12]}_shop_web_2")
        _run(started, "shop_web_2", labels("2", revision=NEW))
        _run(started, "shop_web_3", labels("3", revision=NEW))
        yield started
    finally:
        started.stop()


def _run(engine: EngineProcess, name: str, carried: Mapping[str, str]) -> str:
    quick = ("--detach", "--network", "none", "--stop-signal", "KILL", "--name", name)
    given = [f"--label={key}={value}" for key, value in carried.items()]
    return engine.docker("run", *quick, *given, "busybox:latest", "sleep", "100000")


def test_a_real_one(engine: EngineProcess) -> None:
    document = whatsrunning("ps", "-o", "json", "--offline", "-H", engine.url).json()
    known = {one["name"]: one for one in document["containers"]}
    old = next(name for name in known if name.endswith("_shop_web_2"))
    assert {name: one["replica"] for name, one in known.items()} == {
        "shop_web_1": 1, "shop_web_2": 2, "shop_web_3": 3, old: 2,
    }  # fmt: skip
    assert {(one["project"], one["service"]) for one in known.values()} == {("shop", "web")}
    assert known["shop_web_2"]["replaces"] == known[old]["id"]
    codes = {one["code"]: one["severity"] for one in document["findings"]}
    assert codes["re-creation"] == "info"
    assert "split-revisions" not in codes
    shown = whatsrunning("show", "shop_web_2", "-o", "plain", "--offline", "-H", engine.url).stdout
    assert f"{known[old]['id'][:12]}, which is still there" in shown
