"""Logins against real registries: tokens, identity tokens, credential helpers and stores."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sources.oci_asking import found, login, opened, problem_of, soon
from tests.world.images import Door, Pushed, put_image
from tests.world.paging import start_paging_proxy
from tests.world.registry import RegistryProcess, start_registry
from tests.world.token_server import TokenRequest, TokenServer, start_token_server
from whatsrunning.facts.ports import Deadline

SHAS = tuple(f"{number:040x}" for number in range(40))


@dataclass(frozen=True, slots=True)
class Guarded:
    """A registry that wants tokens, with a private and a public repository."""

    process: RegistryProcess
    tokens: TokenServer
    image: Pushed


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    tokens = start_token_server(tmp_path_factory.mktemp("tokens"))
    process = start_registry(tmp_path_factory.mktemp("registry"), auth="token", tokens=tokens)
    for path, tags in (("shop", SHAS), ("public/shop", ["v1"])):
        door = Door(f"Bearer {tokens.mint(path)}")
        image = put_image(process.host, path, tags, door=door)
    yield Guarded(process, tokens, image)
    process.stop()
    tokens.stop()


def test_tokens_for_a_user_an_identity_and_nobody(guarded: Guarded, tmp_path: Path) -> None:
    host = guarded.process.host
    identity = {"auth": "Og==", "identitytoken": guarded.tokens.identity_token("ci")}
    cases: tuple[tuple[str, str, dict[str, object], str, str], ...] = (
        ("shop", SHAS[0], {host: login("ci", "secret")}, "GET", "ci"),
        ("shop", SHAS[0], {host: identity}, "POST", "ci"),
        ("public/shop", "v1", {}, "GET", ""),
    )
    for path, tag, auths, method, user in cases:
        guarded.tokens.requests.clear()
        registry = opened(tmp_path, {"auths": auths})
        digest = found(registry.manifest(f"{host}/{path}", tag, soon())).digest
        assert digest == guarded.image.digest
        assert found(registry.tags(f"{host}/{path}", soon()))
        scope = f"repository:{path}:pull"
        assert guarded.tokens.requests == [TokenRequest(method, user, scope, True)]


def test_logins_that_do_not_do(guarded: Guarded, tmp_path: Path) -> None:
    host = guarded.process.host
    cases: tuple[tuple[dict[str, object], str], ...] = (
        ({}, f"{host} asks for a login"),
        ({host: login("ci", "hunter2")}, f"{host} refused the login"),
        ({host: {"identitytoken": "hunter2"}}, f"{host} refused the login"),
    )
    for auths, message in cases:
        guarded.tokens.requests.clear()
        registry = opened(tmp_path, {"auths": auths})
        for sha in SHAS[:5]:
            problem = problem_of(registry.manifest, f"{host}/shop", sha, soon())
            assert (problem.code, problem.hint) == ("login", f"docker login {host}")
            assert problem.message.startswith(message)
            assert "hunter2" not in repr(problem)
        # A wrong password is tried once, not once for every tag: accounts get locked.
        assert len(guarded.tokens.requests) == 1


def test_a_token_that_the_registry_does_not_take(guarded: Guarded, tmp_path: Path) -> None:
    host = guarded.process.host
    registry = opened(tmp_path, {"auths": {host: login("ci", "secret")}})
    guarded.tokens.lifetime = -3600
    problem = problem_of(registry.manifest, f"{host}/shop", SHAS[0], soon())
    guarded.tokens.lifetime = 300
    assert problem.code == "denied"


def test_one_token_serves_all_threads(guarded: Guarded, tmp_path: Path) -> None:
    proxy = start_paging_proxy(guarded.process.host, size=0)
    guarded.tokens.requests.clear()
    registry = opened(tmp_path, {"auths": {proxy.host: login("ci", "secret")}})
    digests: list[str] = []

    def ask(number: int) -> None:
        for sha in SHAS[number::8]:
            answer = registry.manifest(f"{proxy.host}/shop", sha, soon())
            digests.append(found(answer).digest)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    proxy.stop()
    assert digests == [guarded.image.digest] * len(SHAS)
    assert len(guarded.tokens.requests) == 1
    assert {method for method, _ in proxy.requests} == {"HEAD"}
    assert len(proxy.requests) <= len(SHAS) + 8


def write_helper(folder: Path, name: str, script: str) -> None:
    """Put a credential helper into a folder that serves as PATH."""
    path = folder / f"docker-credential-{name}"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def answer_of(user: str, secret: str) -> str:
    """A helper's script that gives this login to whoever asks for any host."""
    answer = json.dumps({"ServerURL": "", "Username": user, "Secret": secret})
    return f"cat > \"$0.asked\"; echo '{answer}'"


def environment(folder: Path) -> dict[str, str]:
    """PATH with the helpers of this folder first."""
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_helpers_and_stores_give_logins(guarded: Guarded, tmp_path: Path) -> None:
    host = guarded.process.host
    identity = guarded.tokens.identity_token("ci")
    write_helper(tmp_path, "good", answer_of("ci", "secret"))
    write_helper(tmp_path, "identity", answer_of("<token>", identity))
    write_helper(tmp_path, "empty", "echo credentials not found in native keychain; exit 1")
    auths = {host: login("ci", "secret")}
    for config in (
        {"credHelpers": {host: "good"}},
        {"credsStore": "good"},
        {"credsStore": "identity", "auths": {host: {}}},
        {"credHelpers": {host: "good"}, "credsStore": "nosuch"},
        {"credHelpers": {"elsewhere.example": "nosuch"}, "credsStore": "good"},
        {"credsStore": "empty", "auths": auths},
    ):
        registry = opened(tmp_path, config, environment=environment(tmp_path))
        digest = found(registry.manifest(f"{host}/shop", SHAS[0], soon())).digest
        assert digest == guarded.image.digest
    assert (tmp_path / "docker-credential-good.asked").read_text() == host


def test_helpers_that_fail(
    guarded: Guarded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = guarded.process.host
    monkeypatch.chdir(tmp_path)  # where `../evil` would be found, if it were looked for
    (tmp_path / "docker-credential-..").mkdir()
    write_helper(tmp_path, "../evil", answer_of("ci", "secret"))
    write_helper(tmp_path, "junk", "echo hunter2")
    write_helper(tmp_path, "list", "echo '[1]'")
    write_helper(tmp_path, "types", 'echo \'{"Username": 1, "Secret": "hunter2"}\'')
    write_helper(tmp_path, "fails", "echo hunter2; exit 3")
    write_helper(tmp_path, "empty", "echo credentials not found in native keychain; exit 1")
    cases = {
        "junk": "credentials",
        "list": "credentials",
        "types": "credentials",
        "fails": "credentials",
        "nosuch": "credentials",
        "../evil": "credentials",
        "a; touch evil": "credentials",
        "empty": "login",
    }
    for name, code in cases.items():
        config = {"credHelpers": {host: name}}
        registry = opened(tmp_path, config, environment=environment(tmp_path))
        problem = problem_of(registry.manifest, f"{host}/shop", SHAS[0], soon())
        assert (name, problem.code) == (name, code)
        assert "hunter2" not in repr(problem)


def test_a_helper_that_hangs_is_killed(guarded: Guarded, tmp_path: Path) -> None:
    host = guarded.process.host
    write_helper(tmp_path, "hangs", 'echo $$ > "$0.pid"; sleep 600; true')
    config = {"credsStore": "hangs"}
    registry = opened(tmp_path, config, environment=environment(tmp_path))
    started = time.monotonic()
    problem = problem_of(registry.manifest, f"{host}/shop", SHAS[0], Deadline.after(5))
    assert problem.code == "timeout"
    assert "docker-credential-hangs" in problem.message
    assert time.monotonic() - started < 15
    pid = int((tmp_path / "docker-credential-hangs.pid").read_text())
    assert not Path(f"/proc/{pid}").exists()
