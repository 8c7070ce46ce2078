"""What lies between us and a registry: netrc, pauses, redirects, broken and slow connections."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.registry.asking import (
    DIGEST,
    GOOD,
    OCI,
    SECRET,
    always,
    login,
    opened,
    problem_of,
    soon,
    value_of,
)
from tests.sources.registry.conftest import SHAS, Shop
from tests.world.images import put_image
from tests.world.registry import start_registry
from tests.world.scripted import Asked, Reply, Scripted, start_scripted
from whatsrunning.facts.query import Deadline


def test_netrc_and_proxies_are_kept_out(
    server: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login ci password {SECRET}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    value_of(opened(tmp_path).manifest(f"{server.host}/shop", "v1", soon()))
    assert [("authorization" in asked.headers) for asked in server.requests] == [False]


def pause(after: str, status: int = 429) -> Reply:
    """A reply that asks to come back later."""
    return Reply(status, {"Retry-After": after})


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ([pause("0")], ""),
        ([pause("Wed, 21 Oct 2015 07:28:00 GMT", 503)], ""),
        ([pause("3600")], "rate-limited"),
        ([pause("junk")], "rate-limited"),
        ([pause("9" * 5000)], "rate-limited"),
        ([pause("0")] * 9, "rate-limited"),
        ([Reply(503)], "server-error"),
        ([Reply(403)], "denied"),
        ([Reply(cut=True)], ""),
        ([Reply(cut=True)] * 2, "broken"),
    ],
    ids=["a pause", "a date that is past", "an hour", "no time", "a long number", "without end",
         "503", "403", "cut once", "cut twice"],
)  # fmt: skip
def test_pauses_and_failures(
    server: Scripted, tmp_path: Path, script: list[Reply], code: str
) -> None:
    replies = list(script)
    server.answer = lambda _: replies.pop(0) if replies else GOOD
    registry, name, started = opened(tmp_path), f"{server.host}/shop", time.monotonic()
    if code:
        assert problem_of(registry.manifest, name, "v1", soon()).code == code
    else:
        assert value_of(registry.manifest(name, "v1", soon())).digest == DIGEST
    assert time.monotonic() - started < 30


def test_a_body_that_only_drips_ends_at_the_deadline(server: Scripted, tmp_path: Path) -> None:
    server.answer = always(Reply(body=b" " * 1000, drip=0.05))
    registry, started = opened(tmp_path), time.monotonic()
    problem = problem_of(registry.tags, f"{server.host}/shop", Deadline.after(1))
    assert problem.code == "timeout"
    assert time.monotonic() - started < 10


def test_a_deadline_that_is_over_asks_nothing(server: Scripted, tmp_path: Path) -> None:
    problem = problem_of(opened(tmp_path).tags, f"{server.host}/shop", Deadline.after(0))
    assert problem.code == "timeout"
    assert server.requests == []


@pytest.fixture
def elsewhere() -> Iterator[Scripted]:
    """Where no request may go."""
    running = start_scripted(always(GOOD))
    yield running
    running.stop()


@pytest.fixture
def moving(server: Scripted, elsewhere: Scripted) -> Scripted:
    """A registry that redirects: `moved/` well, `round/` to itself, `away/` to another host."""

    def answer(asked: Asked) -> Reply:
        repository = asked.path.split("/")[2]
        places = {
            "moved": "/v2/shop/manifests/v1",
            "round": asked.path,
            "away": f"http://{elsewhere.host}/v2/shop/manifests/v1",
        }
        if "authorization" not in asked.headers:
            return Reply(401, {"WWW-Authenticate": 'Basic realm="x"'})
        if repository in places:
            return Reply(307, {"Location": places[repository]})
        return Reply(200, {**OCI, "Docker-Content-Digest": DIGEST})

    server.answer = answer
    return server


@pytest.mark.parametrize(
    ("path", "code"), [("moved", ""), ("round", "foreign-redirect"), ("away", "foreign-redirect")]
)
def test_redirects_stay_on_their_host(
    moving: Scripted, elsewhere: Scripted, tmp_path: Path, path: str, code: str
) -> None:
    registry = opened(tmp_path, {"auths": {moving.host: login("ci", SECRET)}})
    name = f"{moving.host}/{path}"
    if code:
        assert problem_of(registry.manifest, name, "v1", soon()).code == code
    else:
        assert value_of(registry.manifest(name, "v1", soon())).digest == DIGEST
    assert elsewhere.requests == []


def test_a_frozen_registry_costs_no_more_than_the_deadline(shop: Shop, tmp_path: Path) -> None:
    with start_registry(tmp_path / "frozen") as process:
        put_image(process.host, "shop", ["v1"])
        registry, name = opened(tmp_path), f"{process.host}/shop"
        value_of(registry.manifest(name, "v1", soon()))
        process.freeze()
        for ask in (registry.tags, lambda name, deadline: registry.manifest(name, "v1", deadline)):
            started = time.monotonic()
            problem = problem_of(ask, name, Deadline.after(0.5))
            assert problem.code == "timeout"
            assert time.monotonic() - started < 5
        process.thaw()
        value_of(registry.manifest(name, "v1", soon()))
        process.stop()
        assert problem_of(registry.manifest, name, "v1", soon()).code == "refused"
        assert value_of(registry.manifest(shop.name, SHAS[0], soon())).digest == shop.image.digest
