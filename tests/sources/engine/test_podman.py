"""Engines that differ: Podman as 4.3.1 replies, and Docker with the containerd image store."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.world.canned import DOCKER, canned, reply
from tests.world.engine import PATIENCE
from whatsrunning.contexts import Endpoint
from whatsrunning.facts.answers import Found
from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.sources.engine.client import DockerEngine

PODMAN = {"Api-Version": "1.41", "Libpod-Api-Version": "4.3.1", "Server": "Libpod/4.3.1 (linux)"}
IMAGE = f"sha256:{'7' * 64}"
PODMAN_INFO: dict[str, Any] = {
    "ID": "dcb490f8-66b8-4cd7-9f24-59077ad92be4", "Driver": "overlay", "DriverStatus": [],
    "SystemTime": "2026-11-26T04:31:53.335304689Z", "OSType": "linux", "Architecture": "arm64",
    "DockerRootDir": "/var/lib/containers/storage", "Name": "vm", "ServerVersion": "4.3.1",
    "Swarm": {"NodeID": "", "LocalNodeState": "inactive", "RemoteManagers": None},
}  # fmt: skip
PODMAN_LIST = [
    {"Id": "0" * 64, "Names": ["/web"], "Image": "localhost/base:latest", "ImageID": IMAGE,
     "Created": 1795667512, "Labels": {"git.sha": "import"}, "State": "running", "Status": "Up"},
    {"Id": "1" * 64, "Names": ["/made"], "Image": "quay.io/a/b:1", "ImageID": IMAGE,
     "Created": 1795667513, "Labels": None, "State": "configured", "Status": "Created"},
]  # fmt: skip
PODMAN_OWN = [{"Id": "0" * 64, "Status": "healthy"}, {"Id": "1" * 64, "Status": ""}]
PODMAN_IMAGES = [
    {"Id": IMAGE, "ParentId": "", "RepoTags": ["localhost/base:latest"], "Created": 1795667512,
     "RepoDigests": [f"localhost/base@sha256:{'a' * 64}", f"quay.io/a/b@sha256:{'a' * 64}"],
     "Labels": {"git.sha": "import"}},
]  # fmt: skip
PODMAN_INSPECT: dict[str, Any] = {
    "Id": "0" * 64, "RestartCount": 0, "Config": {"Image": "localhost/base:latest"},
    "State": {"Status": "running", "OOMKilled": False, "ExitCode": 0, "Error": "",
              "StartedAt": "2026-11-26T04:31:53.027894028Z", "FinishedAt": "0001-01-01T00:00:00Z",
              "Health": {"Status": "", "FailingStreak": 0, "Log": None}},
    "HostConfig": {"RestartPolicy": {"Name": "", "MaximumRetryCount": 0}},
}  # fmt: skip
PODMAN_EVENTS = (
    b'{"status":"start","id":"0","from":"localhost/base:latest","Type":"container",'
    b'"Action":"start","Actor":{"ID":"0","Attributes":{"containerExitCode":"0","git.sha":'
    b'"import","image":"localhost/base:latest","name":"web","podId":""}},"time":1795667512,'
    b'"timeNano":1795667512932790811}\n'
    b'{"Type":"container","Action":"remove","Actor":{"ID":"0"},"time":1795667513}\n'
)


@pytest.fixture
def path() -> Iterator[Path]:
    """Where a socket can be: pytest's own folders have names too long for one."""
    with tempfile.TemporaryDirectory(prefix="wr-s", dir="/tmp") as folder:
        yield Path(folder) / "s"


@pytest.fixture
def podman(path: Path) -> Iterator[DockerEngine]:
    """Our side of a Podman."""
    answers = {
        "/info": reply(PODMAN_INFO, headers=PODMAN),
        "/v4.3.1/libpod/containers/json": reply(PODMAN_OWN, headers=PODMAN),
        "/containers/json": reply(PODMAN_LIST, headers=PODMAN),
        "/images/json": reply(PODMAN_IMAGES, headers=PODMAN),
        "/containers/0/json": reply(PODMAN_INSPECT, headers=PODMAN),
        "/events": reply(PODMAN_EVENTS, headers=PODMAN),
    }
    with canned(path, answers) as asked:
        ours = DockerEngine("pod", Endpoint("unix", path=str(path)))
        yield ours
        ours.close()
        # With the end in the past, and with a stream, Podman 4.3.1 gives no events at all.
        assert all("stream=false" in one for one in asked if "/events" in one)


def test_podman_in_dockers_words(podman: DockerEngine) -> None:
    deadline = Deadline.after(PATIENCE)
    facts = podman.info(deadline)
    assert (facts.product, facts.version, facts.platform) == ("podman", "4.3.1", "linux/arm64")
    assert facts.id == "podman:vm:/var/lib/containers/storage"
    web, made = podman.containers(deadline)
    assert (web.name, web.image, web.state) == ("web", "base:latest", "running")
    assert (web.status, made.status) == ("Up (healthy)", "Created")
    assert (made.image, made.state, dict(made.labels)) == ("quay.io/a/b:1", "created", {})
    (image,) = podman.images(deadline)
    assert image.tags == ("base:latest",)
    assert image.digests == (f"quay.io/a/b@sha256:{'a' * 64}",)
    inspected = podman.inspect("0", deadline)
    assert isinstance(inspected, Found)
    assert inspected.value.reference == "base:latest"
    assert (inspected.value.health, inspected.value.finished_at) == ("", None)
    event, removed = podman.events(deadline)
    assert (removed.action, removed.at.microsecond) == ("destroy", 0)
    assert (event.action, event.name, event.image) == ("start", "web", "base:latest")
    assert (dict(event.labels), event.at.microsecond) == ({"git.sha": "import"}, 932790)


def test_podman_cannot_be_asked_for_a_registry(podman: DockerEngine) -> None:
    with pytest.raises(SourceError) as caught:
        podman.distribution("quay.io/a/b:1", Deadline.after(PATIENCE))
    assert caught.value.problem.code == "unsupported"


CONTAINERD = [["driver-type", "io.containerd.snapshotter.v1"]]
MANAGED = {"LocalNodeState": "active", "ControlAvailable": True, "RemoteManagers": []}
WORKER = {
    "LocalNodeState": "active", "ControlAvailable": False,
    "RemoteManagers": [{"NodeID": "a", "Addr": "10.0.0.1:2377"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("status", "swarm", "expected"),
    [
        (CONTAINERD, None, ("containerd", "inactive", ())),
        ([["Backing Filesystem", "extfs"]], MANAGED, ("classic", "manager", ())),
        (None, WORKER, ("classic", "worker", ("10.0.0.1:2377",))),
    ],
)
def test_store_and_swarm(path: Path, status: object, swarm: object, expected: object) -> None:
    said = {**PODMAN_INFO, "DriverStatus": status, "Swarm": swarm}
    with canned(path, {"/info": reply(said, headers=DOCKER)}):
        ours = DockerEngine("x", Endpoint("unix", path=str(path)))
        facts = ours.info(Deadline.after(PATIENCE))
        ours.close()
    assert (facts.store, facts.swarm, facts.managers) == expected
    assert facts.id == PODMAN_INFO["ID"]
