"""The facts of a real engine: a small fleet with everything that the list alone does not tell."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.engine.asking import CONTAINER, INFO, distribution, unix
from tests.world.canned import canned, reply
from tests.world.engine import PATIENCE, EngineProcess, base_image, start_engine
from tests.world.registry import start_registry
from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.facts.answers import Found, Nothing
from whatsrunning.facts.engine import ContainerFacts, InspectFacts
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.engine.client import DockerEngine

SHA = "0123456789abcdef0123456789abcdef01234567"
RUN = ("run", "--detach", "--network", "none", "--stop-signal", "KILL", "--name")
UNHEALTHY = ("--health-cmd", "false", "--health-interval", "1s", "--health-retries", "1")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """One engine with the fleet of this file."""
    started = start_engine(tmp_path_factory.mktemp("engine"))
    try:
        base_image(started)
        _fleet(started)
        yield started
    finally:
        started.stop()


def _fleet(engine: EngineProcess) -> None:
    docker = engine.docker
    docker(*RUN, "web", "--label", f"git.sha={SHA}", "busybox", "sleep", "10000")
    docker(*RUN, "ended", "busybox", "sh", "-c", "exit 7")
    docker("create", "--network", "none", "--name", "made", "busybox", "true")
    docker("tag", "busybox:latest", "app:1")
    docker(*RUN, "moved", "app:1", "sleep", "10000")
    docker("commit", "--change", "LABEL here=image", "web", "app:1")
    docker("commit", "--change", "LABEL here=image", "web", "gone:1")
    docker(*RUN, "orphan", "gone:1", "true")
    docker("wait", "ended", "orphan")
    docker("rmi", "--force", "gone:1")
    docker(*RUN, "removed", "busybox", "true")
    docker("wait", "removed")


@pytest.fixture
def client(engine: EngineProcess) -> Iterator[DockerEngine]:
    """How that engine is client."""
    opened = DockerEngine("here", Endpoint("unix", path=str(engine.socket)))
    yield opened
    opened.close()


@pytest.fixture
def deadline() -> Deadline:
    """Far away: nothing here is about time."""
    return Deadline.after(PATIENCE)


def _named(client: DockerEngine, deadline: Deadline) -> dict[str, ContainerFacts]:
    return {container.name: container for container in client.containers(deadline)}


def _inspected(client: DockerEngine, name: str, deadline: Deadline) -> InspectFacts:
    answer = client.inspect(_named(client, deadline)[name].id, deadline)
    assert isinstance(answer, Found)
    return answer.value


def test_info(client: DockerEngine, engine: EngineProcess, deadline: Deadline) -> None:
    facts = client.info(deadline)
    info = json.loads(engine.docker("info", "--format", "{{json .}}"))
    expected = (info["ID"], info["Name"], info["ServerVersion"])
    assert (facts.id, facts.name, facts.version) == expected
    assert facts.api_version == engine.docker("version", "--format", "{{.Server.APIVersion}}")
    assert facts.platform.startswith("linux/")
    assert (facts.store, facts.product, facts.swarm) == ("classic", "docker", "inactive")
    assert facts.system_time is not None
    assert abs((facts.system_time - facts.asked_at).total_seconds()) < PATIENCE


def test_the_list(client: DockerEngine, engine: EngineProcess, deadline: Deadline) -> None:
    containers = _named(client, deadline)
    assert set(containers) == {"web", "ended", "made", "moved", "orphan", "removed"}
    assert {n: c.state for n, c in containers.items() if n not in ("orphan", "removed")} == {
        "web": "running", "ended": "exited", "made": "created",
        "moved": "running",
    }  # fmt: skip
    web = containers["web"]
    assert (web.image, dict(web.labels)) == ("busybox", {"git.sha": SHA})
    assert web.id == engine.docker("inspect", "--format", "{{.Id}}", "web")
    assert web.created_at.tzinfo is not None
    assert containers["ended"].status.startswith("Exited (7)")
    assert containers["orphan"].labels["here"] == "image"


def test_images_and_a_tag_that_moved(client: DockerEngine, deadline: Deadline) -> None:
    moved = _named(client, deadline)["moved"]
    images = {image.id: image for image in client.images(deadline)}
    assert moved.image == moved.image_id
    assert _inspected(client, "moved", deadline).reference == "app:1"
    assert images[moved.image_id].tags == ("busybox:latest",)
    newer = next(image for image in images.values() if image.tags == ("app:1",))
    assert newer.labels == {"git.sha": SHA, "here": "image"}
    assert newer.digests == ()


def test_an_image_removed_under_its_container(client: DockerEngine, deadline: Deadline) -> None:
    orphan = _named(client, deadline)["orphan"]
    assert orphan.image_id not in {image.id for image in client.images(deadline)}
    assert _inspected(client, "orphan", deadline).exit_code == 0


def test_what_only_an_inspect_tells(client: DockerEngine, deadline: Deadline) -> None:
    ended = _inspected(client, "ended", deadline)
    assert (ended.exit_code, ended.oom_killed, ended.restart_count) == (7, False, 0)
    assert (ended.reference, ended.restart_policy, ended.health) == ("busybox", "", "")
    assert ended.started_at is not None
    assert ended.finished_at is not None
    assert _inspected(client, "made", deadline).started_at is None
    assert _inspected(client, "web", deadline).finished_at is None


def test_health_turns_bad(client: DockerEngine, engine: EngineProcess, deadline: Deadline) -> None:
    engine.docker(*RUN, "sick", *UNHEALTHY, "--restart", "always", "busybox", "sleep", "10000")
    while (sick := _inspected(client, "sick", deadline)).health != "unhealthy":
        assert sick.health == "starting"
        assert deadline.left() > 0
        time.sleep(0.05)
    assert sick.restart_policy == "always"
    assert "(unhealthy)" in _named(client, deadline)["sick"].status
    # Gone before other tests look: its checks would push their events out of the engine's memory.
    engine.docker("rm", "--force", "sick")


def test_a_removed_container_is_nothing(
    client: DockerEngine, engine: EngineProcess, deadline: Deadline
) -> None:
    removed = _named(client, deadline)["removed"]
    engine.docker("rm", "removed")
    assert client.inspect(removed.id, deadline) == Nothing()
    engine.docker(*RUN, "removed", "busybox", "true")
    engine.docker("wait", "removed")


def test_events_end_by_themselves(client: DockerEngine, deadline: Deadline) -> None:
    events = [event for event in client.events(deadline) if event.name == "ended"]
    assert [event.action for event in events] == ["create", "start", "die"]
    assert {event.image for event in events} == {"busybox"}
    assert events == sorted(events, key=lambda event: event.at)
    web = next(event for event in client.events(deadline) if event.name == "web")
    assert dict(web.labels) == {"git.sha": SHA}
    assert not [event for event in client.events(deadline) if ":" in event.action]


def test_the_registry_as_the_engine_sees_it(
    client: DockerEngine, engine: EngineProcess, deadline: Deadline, tmp_path: Path
) -> None:
    registry = start_registry(tmp_path)
    name = f"{registry.host}/team/app"
    try:
        engine.docker("tag", "busybox:latest", f"{name}:1")
        pushed = engine.docker("push", f"{name}:1").rpartition("digest: ")[2].split()[0]
        there = client.distribution(f"{name}:1", deadline)
        assert isinstance(there, Found)
        assert there.value.digest == pushed
        assert there.value.media_type.endswith("v2+json")
        assert client.distribution(f"{name}:2", deadline) == Nothing()
        assert f"{name}@{pushed}" in {
            digest for image in client.images(deadline) for digest in image.digests
        }
    finally:
        registry.stop()
    with pytest.raises(SourceError) as caught:
        client.distribution(f"{name}:1", deadline)
    assert caught.value.problem.code == "api-error"
    assert "connection refused" in caught.value.problem.message
    engine.docker("rmi", f"{name}:1")


def test_two_engines_on_one_machine_are_two(engine: EngineProcess, tmp_path: Path) -> None:
    other = start_engine(tmp_path / "other")
    try:
        deadline = Deadline.after(PATIENCE)
        here, there = (
            DockerEngine("x", Endpoint("unix", path=str(process.socket)))
            for process in (engine, other)
        )
        assert here.info(deadline).id != there.info(deadline).id
        assert there.containers(deadline) == ()
    finally:
        other.stop()
    assert not other.run.exists()
    assert not other.folder.exists()


@pytest.mark.parametrize("message", ["manifest unknown: tag 1", "errors: name unknown: not found"])
def test_what_a_registry_does_not_have_is_nothing(path: Path, message: str) -> None:
    with canned(path, {"/info": reply(INFO), "/json": reply({"message": message}, 404)}):
        client = unix(path)
        assert distribution(client, Deadline.after(PATIENCE)) == Nothing()
        client.close()


def test_the_version_comes_with_the_first_reply_and_info_is_asked_once(path: Path) -> None:
    answers = {"/info": reply(INFO), "/json": reply([CONTAINER])}
    with canned(path, answers) as asked:
        client, deadline = unix(path), Deadline.after(PATIENCE)
        (container,) = client.containers(deadline)
        assert (container.name, dict(container.labels)) == ("web", {})
        assert client.info(deadline).system_time is not None
        client.info(deadline)
        client.close()
    assert asked == ["/info", "/v1.41/containers/json?all=1", "/info"]
