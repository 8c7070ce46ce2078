"""Podman as 4.3.1 replies, in Docker's words."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.world.canned import canned, reply
from tests.world.engine import PATIENCE
from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.facts.answers import Found
from whatsrunning.facts.engine import ContainerFacts
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.engine.client import DockerEngine
from whatsrunning.sources.engine.parse import with_health

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

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
def podman(path: Path) -> Iterator[DockerEngine]:
    """A Podman."""
    answers = {
        "/info": reply(PODMAN_INFO, headers=PODMAN),
        "/v4.3.1/libpod/containers/json": reply(PODMAN_OWN, headers=PODMAN),
        "/containers/json": reply(PODMAN_LIST, headers=PODMAN),
        "/images/json": reply(PODMAN_IMAGES, headers=PODMAN),
        "/containers/0/json": reply(PODMAN_INSPECT, headers=PODMAN),
        "/events": reply(PODMAN_EVENTS, headers=PODMAN),
    }
    with canned(path, answers) as asked:
        engine = DockerEngine("pod", Endpoint("unix", path=str(path)))
        yield engine
        engine.close()
        # With the end in the past, and with a stream, Podman 4.3.1 gives no events at all.
        assert all("stream=false" in query for query in asked if "/events" in query)


@pytest.fixture
def deadline() -> Deadline:
    """Far away: nothing here is about time."""
    return Deadline.after(PATIENCE)


def test_its_id_is_of_what_stays(podman: DockerEngine, deadline: Deadline) -> None:
    facts = podman.info(deadline)
    assert (facts.product, facts.version, facts.platform) == ("podman", "4.3.1", "linux/arm64")
    assert facts.id == "podman:vm:/var/lib/containers/storage"


def test_containers_with_their_health(podman: DockerEngine, deadline: Deadline) -> None:
    web, made = podman.containers(deadline)
    assert (web.name, web.image, web.state) == ("web", "base:latest", "running")
    assert (web.status, made.status) == ("Up (healthy)", "Created")
    assert (made.image, made.state, dict(made.labels)) == ("quay.io/a/b:1", "created", {})


def test_images_by_names_without_its_own_host(podman: DockerEngine, deadline: Deadline) -> None:
    (image,) = podman.images(deadline)
    assert image.tags == ("base:latest",)
    assert image.digests == (f"quay.io/a/b@sha256:{'a' * 64}",)


def test_an_inspect(podman: DockerEngine, deadline: Deadline) -> None:
    inspected = podman.inspect("0", deadline)
    assert isinstance(inspected, Found)
    assert inspected.value.reference == "base:latest"
    assert (inspected.value.health, inspected.value.finished_at) == ("", None)


def test_events(podman: DockerEngine, deadline: Deadline) -> None:
    event, removed = podman.events(deadline)
    assert (removed.action, removed.at.microsecond) == ("destroy", 0)
    assert (event.action, event.name, event.image) == ("start", "web", "base:latest")
    assert (dict(event.labels), event.at.microsecond) == ({"git.sha": "import"}, 932790)


@pytest.mark.parametrize(
    ("state", "status", "results", "expected"),
    [
        ("running", "Up", {"0": "starting"}, "Up (health: starting)"),
        ("paused", "Up (Paused)", {"0": "healthy"}, "Up (Paused)"),
        ("running", "Up", {"0": "unhealthy"}, "Up (unhealthy)"),
        ("running", "Up", {}, "Up"),
        ("running", "Up", None, "Up (health: unknown)"),
        ("exited", "Exited", {"0": "unhealthy"}, "Exited"),
    ],
    ids=["starting", "told already", "unhealthy", "no check", "not known", "stopped"],
)
def test_health_in_a_status(
    state: str, status: str, results: Mapping[str, str] | None, expected: str
) -> None:
    container = ContainerFacts("0", "web", "app", "sha256:1", NOON, state, status)
    assert with_health(container, results).status == expected


def test_podman_cannot_be_asked_for_a_registry(podman: DockerEngine) -> None:
    with pytest.raises(SourceError) as caught:
        podman.distribution("quay.io/a/b:1", Deadline.after(PATIENCE))
    assert caught.value.problem.code == "unsupported"
