"""What is said of a service that has no container here, and of whose rights sudo leaves."""

import getpass
import pwd
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from tests.hand_made import AT, INFO, snapshot
from whatsrunning.app.sudo import sudo_notes
from whatsrunning.cli.main import main
from whatsrunning.facts.answers import Found
from whatsrunning.facts.queries import EngineInfo, EngineNodes, EngineServices, EngineTasks
from whatsrunning.facts.query import Answers
from whatsrunning.facts.records import NodeFacts, ServiceFacts, TaskFacts, UpdateFacts
from whatsrunning.sources.saved.codec import to_text
from whatsrunning.terminal.streams import Io


def _service(name: str) -> ServiceFacts:
    return ServiceFacts(f"id-{name}", name, "app:1", "replicated", 2, AT, AT, UpdateFacts("none"))


def _task(number: int, node: str, state: str) -> TaskFacts:
    service, container = "id-away", "c" * 64
    return TaskFacts(f"t{number}", service, node, number, "app:1", container, state, "running", AT)


def _node(name: str) -> NodeFacts:
    return NodeFacts(f"id-{name}", name, "worker", False, "ready", "active", "10.0.0.1")


MANAGER: Answers = {
    EngineInfo("prod"): Found(replace(INFO, swarm="manager", managers=("10.0.0.9:2377",))),
    EngineServices("prod"): Found((_service("away"), _service("idle"))),
    EngineTasks("prod"): Found(
        (
            _task(1, "id-node-c", "running"),
            _task(2, "id-node-b", "running"),
            _task(3, "id-node-d", "failed"),
        )
    ),
    EngineNodes("prod"): Found(tuple(map(_node, ("node-b", "node-c", "node-d")))),
}
WORKER: Answers = {
    EngineInfo("prod"): Found(replace(INFO, swarm="worker", managers=("10.0.0.9:2377",)))
}


@pytest.mark.parametrize(
    ("swarm", "words", "code", "message", "hint"),
    [
        (MANAGER, "show away", 2, "engines asked: it runs on node-b, node-c", "see `ps away`"),
        (MANAGER, "show idle", 2, "without a container on the engines asked: none", "`ps idle`"),
        (MANAGER, "show awya", 2, "there is no container or service awya", "did you mean"),
        (WORKER, "show away", 3, "no container of away on the engines asked", "USER@10.0.0.9"),
        (WORKER, "ps away", 3, "is a Swarm worker", "ask a manager"),
        ({}, "show away", 2, "there is no container or service away", "known: "),
    ],
)
def test_a_service_without_a_container_here(
    tmp_path: Path, swarm: Answers, words: str, code: int, message: str, hint: str
) -> None:
    whole = snapshot()
    file = tmp_path / "look.json"
    file.write_text(to_text(replace(whole, answers={**whole.answers, **swarm})))
    io = Io(StringIO(), StringIO(), {"HOME": str(tmp_path)})
    assert main(["replay", str(file), *words.split()], io) == code
    assert isinstance(io.stderr, StringIO)
    first, second = io.stderr.getvalue().splitlines()
    assert message in first
    assert second.startswith("hint: ")
    assert hint in second


def _home(folder: Path) -> Path:
    """A home with contexts, a login and a token."""
    for path in (".docker/contexts/meta/x", ".config/gh"):
        (folder / path).mkdir(parents=True)
    (folder / ".docker/config.json").write_text("{}")
    (folder / ".config/gh/hosts.yml").touch()
    return folder


ALL = "contexts, registry logins, a GitHub token"


@pytest.mark.parametrize(
    ("env", "missing"),
    [
        ({"HOME": "full"}, ""),
        ({"HOME": "empty"}, ALL),
        ({"HOME": "empty", "GH_TOKEN": "s3cret"}, "contexts, registry logins"),
        ({"HOME": "empty", "DOCKER_CONFIG": "full/.docker"}, "a GitHub token"),
    ],
)
def test_sudo_names_whose_rights_were_used_and_what_is_missing(
    tmp_path: Path, env: dict[str, str], missing: str
) -> None:
    _home(tmp_path / "full")
    paths = {k: v if k == "GH_TOKEN" else str(tmp_path / v) for k, v in env.items()}
    [note] = sudo_notes({**paths, "SUDO_USER": "\x1b[1malice"})
    assert f"those of {paths['HOME']}, not " in note
    assert "alice's" in note
    lack = f"; missing there: {missing};" if missing else "alice's; sudo --preserve-env"
    assert lack in note
    assert "s3cret" not in note
    assert "\x1b" not in note


def test_sudo_that_kept_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user, home = getpass.getuser(), _home(tmp_path)
    monkeypatch.setattr(pwd, "getpwnam", lambda _name: pwd.struct_passwd(
        (user, "x", 1, 1, "", str(home), "/bin/sh")
    ))  # fmt: skip
    env = {"HOME": str(home), "SUDO_USER": user}
    assert sudo_notes(env) == [
        f"note: under sudo, contexts, registry logins and tokens are {user}'s"
    ]
    (home / ".config/gh/hosts.yml").unlink()
    [note] = sudo_notes(env)
    assert note.endswith(f"a GitHub token; sudo --preserve-env=GH_TOKEN keeps {user}'s")
    assert sudo_notes({"HOME": str(home)}) == []
