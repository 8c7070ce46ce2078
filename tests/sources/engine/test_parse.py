"""Replies of the Engine API as facts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sources.engine.asking import CONTAINER, INFO
from whatsrunning.facts.engine import EngineFacts
from whatsrunning.sources.engine import parse
from whatsrunning.sources.json_reader import MalformedReply

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CONTAINERD = [["driver-type", "io.containerd.snapshotter.v1"]]
MANAGED = {"LocalNodeState": "active", "ControlAvailable": True, "RemoteManagers": []}
WORKER = {
    "LocalNodeState": "active", "ControlAvailable": False,
    "RemoteManagers": [{"NodeID": "a", "Addr": "10.0.0.1:2377"}],
}  # fmt: skip


def engine(**info: Any) -> EngineFacts:
    """What `/info` says with these values."""
    return parse.engine({**INFO, **info}, "1.41", NOON, NOON, False)


@pytest.mark.parametrize(
    ("status", "swarm", "expected"),
    [
        (CONTAINERD, None, ("containerd", "inactive", ())),
        ([["Backing Filesystem", "extfs"]], MANAGED, ("classic", "manager", ())),
        (None, WORKER, ("classic", "worker", ("10.0.0.1:2377",))),
    ],
    ids=["containerd", "a manager", "a worker"],
)
def test_store_and_swarm(status: object, swarm: object, expected: object) -> None:
    facts = engine(DriverStatus=status, Swarm=swarm)
    assert (facts.store, facts.swarm, facts.managers) == expected
    assert facts.id == INFO["ID"]


@pytest.mark.parametrize(
    ("machine", "platform"),
    [("x86_64", "linux/amd64"), ("armv7l", "linux/arm/v7"), ("riscv64", "linux/riscv64")],
)
def test_the_platform_as_registries_name_it(machine: str, platform: str) -> None:
    assert engine(Architecture=machine).platform == platform


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["/other/web", "/web"], "web"),
        (["/web"], "web"),
        ([], CONTAINER["Id"][:12]),
        (None, CONTAINER["Id"][:12]),
    ],
    ids=["with a link", "one", "none", "null"],
)
def test_the_name_of_a_container(names: list[str] | None, name: str) -> None:
    assert parse.container({**CONTAINER, "Names": names}, False).name == name


@pytest.mark.parametrize(
    ("digests", "expected"),
    [
        (None, ()),
        (["<none>@<none>"], ()),
        (["b@sha256:2", "a@sha256:1"], ("b@sha256:2", "a@sha256:1")),
    ],
    ids=["null", "none", "in the engine's order"],
)
def test_the_digests_of_an_image(digests: list[str] | None, expected: tuple[str, ...]) -> None:
    item = {"Id": "sha256:1", "Created": 1700000000, "RepoDigests": digests, "RepoTags": None}
    assert parse.image(item, False).digests == expected


def test_an_event_to_the_microsecond() -> None:
    line = b'{"Action": "exec_start: ls", "Actor": {"ID": "1"}, "time": 1, "timeNano": 1000002000}'
    (event,) = parse.events(line + b"\n\n", False)
    assert (event.action, event.container) == ("exec_start", "1")
    assert event.at == datetime(1970, 1, 1, 0, 0, 1, 2, UTC)


@pytest.mark.parametrize("flag", ["yes", 1], ids=["text", "number"])
def test_what_is_no_flag_is_malformed(flag: object) -> None:
    with pytest.raises(MalformedReply, match="OOMKilled is no yes or no"):
        parse.inspect({"Id": "1", "State": {"ExitCode": 0, "OOMKilled": flag}}, False)
