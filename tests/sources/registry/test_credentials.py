"""Logins as the Docker CLI keeps them: entries, stores and helpers, good and broken ones."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sources.registry.asking import SECRET, login, opened, problem_of, soon, value_of
from tests.sources.registry.conftest import SHAS, Guarded, Shop
from tests.world.registry import start_registry
from tests.world.scripted import Scripted
from whatsrunning.facts.answers import Answer
from whatsrunning.facts.query import Deadline
from whatsrunning.facts.registry import ManifestFacts
from whatsrunning.sources.registry.trust import HostRule

Ask = Callable[[object], Answer[ManifestFacts]]


@pytest.fixture(scope="module")
def host(shop: Shop) -> Iterator[str]:
    """The shop behind a password."""
    with start_registry(shop.process.folder, auth="htpasswd") as process:
        yield process.host


@pytest.fixture
def ask(host: str, tmp_path: Path) -> Ask:
    """A manifest of the shop by this `auths`."""

    def manifest(auths: object) -> Answer[ManifestFacts]:
        registry = opened(tmp_path, {"auths": auths})
        return registry.manifest(f"{host}/acme/shop", SHAS[0], soon())

    return manifest


OTHERS: dict[str, object] = {"broken.example": {"auth": "no base64, no colon"}}


@pytest.mark.parametrize("key", ["{}", "https://{}", "http://{}/v1/"])
def test_an_entry_is_found_by_its_host(ask: Ask, host: str, shop: Shop, key: str) -> None:
    answer = ask({**OTHERS, key.format(host): login("ci", "secret")})
    assert value_of(answer).digest == shop.image.digest


def test_an_entry_without_encoding(ask: Ask, host: str, shop: Shop) -> None:
    answer = ask({host: {"username": "ci", "password": "secret"}})
    assert value_of(answer).digest == shop.image.digest


def test_only_others_entries(ask: Ask, host: str) -> None:
    assert problem_of(ask, OTHERS).hint == f"docker login {host}"


def test_a_wrong_password(ask: Ask, host: str) -> None:
    problem = problem_of(ask, {host: login("ci", SECRET)})
    assert (problem.code, problem.hint) == ("login", f"docker login {host}")
    assert SECRET not in repr(problem)


@pytest.mark.parametrize(
    "entry",
    [{"auth": "!!!"}, {"auth": 7}, {"auth": "Y2k="}, {"identitytoken": "\u00e4"}, "text", 5],
    ids=["no base64", "a number", "no colon", "no ASCII", "a text", "another number"],
)
def test_a_broken_entry(ask: Ask, host: str, entry: object) -> None:
    problem = problem_of(ask, {host: entry})
    assert problem.code == "credentials"
    assert problem.message == f"the login for {host} in config.json is malformed"


def test_a_broken_file_matters_only_where_a_login_is_wanted(
    host: str, shop: Shop, tmp_path: Path
) -> None:
    broken = opened(tmp_path, "{ not json")
    assert problem_of(broken.tags, f"{host}/acme/shop", soon()).code == "credentials"
    assert value_of(broken.manifest(shop.name, SHAS[0], soon())).digest == shop.image.digest


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


EMPTY = "echo credentials not found in native keychain; exit 1"


@pytest.mark.parametrize(
    "config",
    [
        {"credHelpers": {"HOST": "good"}},
        {"credsStore": "good"},
        {"credsStore": "identity", "auths": {"HOST": {}}},
        {"credHelpers": {"HOST": "good"}, "credsStore": "nosuch"},
        {"credHelpers": {"elsewhere.example": "nosuch"}, "credsStore": "good"},
        {"credsStore": "empty", "auths": {"HOST": login("ci", "secret")}},
    ],
    ids=["helper", "store", "identity token", "helper before store", "store for others",
         "entry after an empty store"],
)  # fmt: skip
def test_helpers_and_stores_give_logins(
    guarded: Guarded, tmp_path: Path, config: dict[str, object]
) -> None:
    write_helper(tmp_path, "good", answer_of("ci", "secret"))
    write_helper(tmp_path, "identity", answer_of("<token>", guarded.tokens.identity_token("ci")))
    write_helper(tmp_path, "empty", EMPTY)
    written = json.dumps(config).replace("HOST", guarded.host)
    registry = opened(tmp_path, written, environment=environment(tmp_path))
    digest = value_of(registry.manifest(f"{guarded.host}/shop", SHAS[0], soon())).digest
    assert digest == guarded.image.digest
    if '"good"' in written:
        assert (tmp_path / "docker-credential-good.asked").read_text() == guarded.host


@pytest.mark.parametrize(
    ("name", "script", "code"),
    [
        ("junk", f"echo {SECRET}", "credentials"),
        ("list", "echo '[1]'", "credentials"),
        ("types", f'echo \'{{"Username": 1, "Secret": "{SECRET}"}}\'', "credentials"),
        ("fails", f"echo {SECRET}; exit 3", "credentials"),
        ("nosuch", "", "credentials"),
        ("../evil", answer_of("ci", "secret"), "credentials"),
        ("a; touch evil", "", "credentials"),
        ("empty", EMPTY, "login"),
    ],
)
def test_helpers_that_fail(
    guarded: Guarded,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    script: str,
    code: str,
) -> None:
    monkeypatch.chdir(tmp_path)  # where `../evil` would be found, if it were looked for
    (tmp_path / "docker-credential-..").mkdir()
    if script:
        write_helper(tmp_path, name, script)
    config = {"credHelpers": {guarded.host: name}}
    registry = opened(tmp_path, config, environment=environment(tmp_path))
    problem = problem_of(registry.manifest, f"{guarded.host}/shop", SHAS[0], soon())
    assert problem.code == code
    assert SECRET not in repr(problem)


def test_a_helper_that_hangs_is_killed(guarded: Guarded, tmp_path: Path) -> None:
    write_helper(tmp_path, "hangs", 'echo $$ > "$0.pid"; sleep 600; true')
    config = {"credsStore": "hangs"}
    registry = opened(tmp_path, config, environment=environment(tmp_path))
    started = time.monotonic()
    problem = problem_of(registry.manifest, f"{guarded.host}/shop", SHAS[0], Deadline.after(5))
    assert problem.code == "timeout"
    assert "docker-credential-hangs" in problem.message
    assert time.monotonic() - started < 15
    pid = int((tmp_path / "docker-credential-hangs.pid").read_text())
    assert not Path(f"/proc/{pid}").exists()


def test_a_helper_knows_docker_hub_by_its_old_address(proxy: Scripted, tmp_path: Path) -> None:
    write_helper(tmp_path, "hub", answer_of("ci", "s"))
    config = {"credHelpers": {"https://index.docker.io/v1/": "hub"}}
    hosts = {"docker.io": HostRule(insecure=True)}
    registry = opened(tmp_path, config, hosts=hosts, environment=environment(tmp_path))
    assert problem_of(registry.tags, "docker.io/acme/shop", soon()).code == "login"
    asked = (tmp_path / "docker-credential-hub.asked").read_text()
    assert asked == "https://index.docker.io/v1/"
    assert "authorization" in proxy.requests[-1].headers
