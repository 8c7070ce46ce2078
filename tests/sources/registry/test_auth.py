"""Challenges and what answers them: tokens and passwords, asked for once, sent nowhere else."""

import json
import threading
from pathlib import Path

import pytest

from tests.sources.registry.asking import (
    DIGEST,
    GOOD,
    JSON,
    OCI,
    SECRET,
    always,
    login,
    opened,
    problem_of,
    soon,
    value_of,
)
from tests.sources.registry.conftest import SHAS, Guarded
from tests.world.paging import start_paging_proxy
from tests.world.scripted import Asked, Reply, Scripted
from tests.world.token_server import TokenRequest
from whatsrunning.sources.registry.auth import parse_challenge


@pytest.mark.parametrize(
    ("path", "tag", "by", "method", "user"),
    [
        ("shop", SHAS[0], "password", "GET", "ci"),
        ("shop", SHAS[0], "identity", "POST", "ci"),
        ("public/shop", "v1", "nobody", "GET", ""),
    ],
    ids=["a password", "an identity token", "nobody"],
)
def test_a_token_is_got(
    guarded: Guarded, tmp_path: Path, path: str, tag: str, by: str, *, method: str, user: str
) -> None:  # fmt: skip
    identity = {"auth": "Og==", "identitytoken": guarded.tokens.identity_token("ci")}
    entry = {"password": login("ci", "secret"), "identity": identity}.get(by)
    guarded.tokens.requests.clear()
    registry = opened(tmp_path, {"auths": {guarded.host: entry} if entry else {}})
    digest = value_of(registry.manifest(f"{guarded.host}/{path}", tag, soon())).digest
    assert digest == guarded.image.digest
    assert value_of(registry.tags(f"{guarded.host}/{path}", soon()))
    scope = f"repository:{path}:pull"
    assert guarded.tokens.requests == [TokenRequest(method, user, scope, True)]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (None, "asks for a login"),
        (login("ci", SECRET), "refused the login"),
        ({"identitytoken": SECRET}, "refused the login"),
    ],
    ids=["none", "wrong password", "wrong identity token"],
)
def test_a_login_that_does_not_do(
    guarded: Guarded, tmp_path: Path, entry: object, words: str
) -> None:
    host = guarded.host
    guarded.tokens.requests.clear()
    registry = opened(tmp_path, {"auths": {host: entry} if entry else {}})
    for sha in SHAS[:5]:
        problem = problem_of(registry.manifest, f"{host}/shop", sha, soon())
        assert (problem.code, problem.hint) == ("login", f"docker login {host}")
        assert problem.message.startswith(f"{host} {words}")
        assert SECRET not in repr(problem)
    # A wrong password is tried once, not once for every tag: accounts get locked.
    assert len(guarded.tokens.requests) == 1


def test_a_token_that_the_registry_does_not_take(guarded: Guarded, tmp_path: Path) -> None:
    registry = opened(tmp_path, {"auths": {guarded.host: login("ci", "secret")}})
    guarded.tokens.lifetime = -3600
    problem = problem_of(registry.manifest, f"{guarded.host}/shop", SHAS[0], soon())
    guarded.tokens.lifetime = 300
    assert problem.code == "denied"


def test_one_token_serves_all_threads(guarded: Guarded, tmp_path: Path) -> None:
    proxy = start_paging_proxy(guarded.host, size=0)
    guarded.tokens.requests.clear()
    registry = opened(tmp_path, {"auths": {proxy.host: login("ci", "secret")}})
    digests: list[str] = []

    def ask(number: int) -> None:
        for sha in SHAS[number::8]:
            answer = registry.manifest(f"{proxy.host}/shop", sha, soon())
            digests.append(value_of(answer).digest)

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


def test_an_expired_token_is_renewed(server: Scripted, tmp_path: Path) -> None:
    valid = ["one"]

    def answer(asked: Asked) -> Reply:
        if asked.path.startswith("/token"):
            return Reply(200, JSON, json.dumps({"access_token": valid[0]}).encode())
        if asked.headers.get("authorization") == f"Bearer {valid[0]}":
            return Reply(200, {**OCI, "Docker-Content-Digest": DIGEST})
        return Reply(401, {"WWW-Authenticate": f'Bearer realm="http://{server.host}/token"'})

    server.answer = answer
    registry = opened(tmp_path)
    for token in ("one", "two"):
        valid[0] = token
        for _ in range(2):
            value_of(registry.manifest(f"{server.host}/shop", "v1", soon()))
    assert [asked.method for asked in server.requests].count("GET") == 2


@pytest.mark.parametrize(
    "realm",
    ["http://registry.example/token", "file:///etc/passwd", "https://user:pass@127.0.0.1/token",
     "//127.0.0.1/token", "", "https://[", "http://127.0.0.1.example/token"],
)  # fmt: skip
def test_logins_go_to_no_unsafe_realm(server: Scripted, tmp_path: Path, realm: str) -> None:
    server.answer = always(Reply(401, {"WWW-Authenticate": f'Bearer realm="{realm}"'}))
    registry = opened(tmp_path, {"auths": {server.host: login("ci", SECRET)}})
    problem = problem_of(registry.tags, f"{server.host}/shop", soon())
    assert (problem.code, len(server.requests)) == ("unsafe-realm", 1)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(200, JSON, b"<html>"), "malformed"),
        (Reply(200, JSON, b"[]"), "malformed"),
        (Reply(200, JSON, b'{"token": 7}'), "malformed"),
        (Reply(200, JSON, b'{"token": "a\\r\\nX: y"}'), "malformed"),
        (Reply(200, JSON, b'{"token": "t", "expires_in": "soon"}'), "malformed"),
        (Reply(307, {"Location": "http://127.0.0.1:1/"}), "foreign-redirect"),
        (Reply(500), "server-error"),
        (Reply(403), "login"),
        (Reply(429), "rate-limited"),
    ],
    ids=["a web page", "a list", "a number", "a header inside", "no number of seconds",
         "a redirect", "500", "403", "429"],
)  # fmt: skip
def test_odd_token_servers(server: Scripted, tmp_path: Path, reply: Reply, code: str) -> None:
    challenge = f'Basic realm="b", Bearer realm="http://{server.host}/token",service="a, b"'

    def answer(asked: Asked) -> Reply:
        if asked.path.startswith("/token"):
            return reply
        return Reply(401, {"WWW-Authenticate": challenge})

    server.answer = answer
    registry = opened(tmp_path, {"auths": {server.host: login("ci", SECRET)}})
    problem = problem_of(registry.tags, f"{server.host}/shop", soon())
    assert problem.code == code
    assert SECRET not in repr(problem)
    assert "service=a%2C+b" in server.requests[1].path


@pytest.mark.parametrize(
    ("header", "schemes"),
    [
        ('Bearer realm="https://a/t",service="s"',
         {"bearer": {"realm": "https://a/t", "service": "s"}}),
        ('Basic realm="b", Bearer realm=r', {"basic": {"realm": "b"}, "bearer": {"realm": "r"}}),
        (r'BASIC Realm = "a \"b\""', {"basic": {"realm": 'a "b"'}}),
        ("Negotiate", {"negotiate": {}}),
        ("", {}),
    ],
    ids=["one", "two", "quotes", "without parameters", "none"],
)  # fmt: skip
def test_a_challenge_is_read(header: str, schemes: dict[str, dict[str, str]]) -> None:
    assert parse_challenge(header) == schemes


def test_a_password_that_is_refused_is_sent_once(server: Scripted, tmp_path: Path) -> None:
    server.answer = lambda asked: (
        Reply(401, {"WWW-Authenticate": "Basic realm=x"}) if asked.method == "HEAD" else GOOD
    )
    registry = opened(tmp_path, {"auths": {server.host: login("ci", SECRET)}})
    for _ in range(3):
        problem = problem_of(registry.manifest, f"{server.host}/shop", "v1", soon())
        assert problem.message == f"{server.host} refused the login of config.json"
    sent = ["authorization" in asked.headers for asked in server.requests]
    assert sent.count(True) == 1
