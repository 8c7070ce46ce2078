"""A real Podman behind its Docker-compatible API, as root and as an unprivileged user."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contexts.asking import options
from tests.program import Result, whatsrunning
from tests.world.engine import PATIENCE
from tests.world.podman import NOBODY, Podman, start_podman
from whatsrunning.config.options import Flags
from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.contexts.resolve import engines_of
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.engine.client import DockerEngine

SHA, IMAGE_SHA = "a" * 40, "b" * 40
_BY_HAND = ("--health-retries", "1", "--health-interval", "disable", "--health-cmd")


@pytest.fixture(scope="module", params=[False, True], ids=["rootful", "rootless"])
def podman(request: pytest.FixtureRequest) -> Iterator[Podman]:
    """A Podman with containers in every state that it calls otherwise than Docker."""
    started = start_podman(rootless=request.param)
    try:
        _fill(started)
        yield started
    finally:
        started.stop()


def _fill(podman: Podman) -> None:
    change = ("--change", f"LABEL=git.sha={IMAGE_SHA}")
    podman.podman("import", "-q", *change, str(podman.folder / "base.tar"), "localhost/app:1")
    compose = {"project": "shop", "service": "web", "container-number": "2"}
    labels = [f"--label=com.docker.compose.{key}={value}" for key, value in compose.items()]
    podman.run("shop_web_2", f"--label=git.sha={SHA}", *labels)
    podman.run("plain", image="localhost/app:1")
    podman.run("fit", f"--label=git.sha={SHA}", *_BY_HAND, "true")
    podman.run("sick", f"--label=git.sha={SHA}", *_BY_HAND, "false")
    podman.podman("healthcheck", "run", "fit")
    podman.podman("healthcheck", "run", "sick", check=False)
    quiet = ("--network", "none", "--pull", "never", "--label", f"git.sha={SHA}")
    podman.podman(
        "run", "--name", "ended", *quiet, "localhost/app:1", "sh", "-c", "exit 7", check=False
    )
    podman.podman("create", "--name", "made", *quiet, "localhost/app:1", "sleep", "1")


def _asked(podman: Podman, *args: str) -> Result:
    return whatsrunning(*args, "--offline", "-H", f"unix://{podman.socket}")


def _containers(document: Any) -> dict[str, Any]:
    return {one["name"]: one for one in document["containers"]}


def test_the_first_screen(podman: Podman) -> None:
    document = _asked(podman, "ps", "-o", "json").json()
    [engine] = document["engines"]
    assert (engine["status"], engine["product"], engine["version"][:1]) == ("ok", "podman", "4")
    told = {
        name: (one["state"], one["health"], one["image"]["reference"], one["exit_code"])
        for name, one in _containers(document).items()
    }
    assert told == {
        "shop_web_2": ("running", "none", "base:latest", None),
        "plain": ("running", "none", "app:1", None),
        "fit": ("running", "healthy", "base:latest", None),
        "sick": ("running", "unhealthy", "base:latest", None),
        "ended": ("exited", "none", "app:1", 7),
        "made": ("created", "none", "app:1", None),
    }
    unwell = [one["container"] for one in document["findings"] if one["code"] == "unhealthy"]
    assert unwell == ["sick"]
    shown = _asked(podman, "ps", "-o", "plain").stdout.splitlines()[0]
    assert f"Podman {engine['version']}" in shown


def test_one_container(podman: Podman) -> None:
    one = _containers(_asked(podman, "show", "shop_web_2", "-o", "json").json())["shop_web_2"]
    assert (one["project"], one["service"], one["replica"]) == ("shop", "web", 2)
    assert (one["revision"]["sha"], one["proof"]["status"]) == (SHA, "label-only")
    assert one["deployed_at"]["evidence"] == "created"
    # The name and the digest that Podman makes up for a local image are no registry's.
    assert one["image"]["digests"] == []
    plain = _containers(_asked(podman, "show", "plain", "-o", "json").json())["plain"]
    claims = [(claim["sha"], claim["claimed_by"]) for claim in plain["claims"]]
    assert claims == [(IMAGE_SHA, "image-label")]


def test_what_happened(podman: Podman) -> None:
    ours = DockerEngine("pod", Endpoint("unix", path=str(podman.socket)))
    events = ours.events(Deadline.after(PATIENCE))
    web = [(event.action, event.image) for event in events if event.name == "shop_web_2"]
    assert web[:1] == [("create", "base:latest")]
    assert ("start", "base:latest") in web
    ours.close()


def test_its_own_socket_where_nothing_is_named(podman: Podman, tmp_path: Path) -> None:
    env = {"XDG_RUNTIME_DIR": str(podman.folder)}
    found = engines_of(options(tmp_path, Flags(), env), tmp_path)
    assert isinstance(found, tuple)
    assert found[0].chosen_by == "default: no Docker socket here, so Podman's"
    assert isinstance(found[0].endpoint, Endpoint)
    ours = DockerEngine("default", found[0].endpoint)
    assert ours.info(Deadline.after(PATIENCE)).product == "podman"
    ours.close()
    named = whatsrunning("ps", "-o", "json", "-H", f"unix://{tmp_path}/no.sock", env=env)
    assert (named.code, named.json()["engines"][0]["status"]) == (4, "unreachable")


def test_the_program_finds_it(podman: Podman, tmp_path: Path) -> None:
    """Unless this machine has an engine of its own where every program looks first."""
    own = [Path("/var/run/docker.sock"), Path("/run/podman/podman.sock")]
    first = next((path for path in own if path.exists()), podman.socket)
    env = {"XDG_RUNTIME_DIR": str(podman.folder)}
    result = whatsrunning("ps", "-o", "json", "--offline", env=env, home=tmp_path)
    [engine] = result.json()["engines"]
    assert engine["endpoint"] == f"unix://{first}"
    assert ("so Podman's" in engine["chosen_by"]) == (first.name == "podman.sock")


def test_the_unprivileged_user_owns_what_runs(podman: Podman) -> None:
    owner = podman.socket.stat().st_uid
    assert owner == (NOBODY if podman.rootless else 0)
    pid = podman.podman("inspect", "--format", "{{.State.Pid}}", "plain")
    assert Path(f"/proc/{pid}").stat().st_uid == owner
