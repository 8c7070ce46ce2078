"""Blobs that a registry keeps elsewhere: redirects are followed without login, and not anywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.registry.asking import SECRET, always, login, opened, problem_of, soon, value_of
from tests.sources.registry.conftest import Shop
from tests.world.images import Pushed, put_image
from tests.world.scripted import Asked, Reply, Scripted
from tests.world.storage import CHALLENGE, Hosted, start_hosted
from whatsrunning.facts.answers import Problem
from whatsrunning.facts.registry import Registry

LABELS = {"git.sha": "a" * 40}
PATH = "acme/hosted"


@pytest.fixture(scope="module")
def image(shop: Shop) -> Pushed:
    """An image in the registry behind."""
    return put_image(shop.process.host, PATH, labels=LABELS)


@pytest.fixture
def hosted(shop: Shop) -> Iterator[Hosted]:
    """The registry, with its storage elsewhere."""
    running = start_hosted(shop.process.host)
    yield running
    running.stop()


@pytest.fixture
def registry(hosted: Hosted, tmp_path: Path) -> Registry:
    """The source, logged in to the registry and, as it happens, to the storage's host too."""
    hosts = (hosted.front.host, hosted.storage.host)
    return opened(tmp_path, {"auths": {host: login("ci", SECRET) for host in hosts}})


def problem(registry: Registry, hosted: Hosted, image: Pushed) -> Problem:
    """Why the labels are unknown; the address of a blob holds a secret, and is never shown."""
    found = problem_of(registry.labels, f"{hosted.front.host}/{PATH}", image.digest, soon())
    assert SECRET not in repr(found)
    assert "s3cret" not in repr(found)
    return found


def paths(server: Scripted) -> list[str]:
    """What a server was asked for, queries left out."""
    return [asked.path.partition("?")[0] for asked in server.requests]


def test_a_redirect_to_the_storage_is_followed_without_the_login(
    registry: Registry, hosted: Hosted, image: Pushed
) -> None:
    answer = registry.labels(f"{hosted.front.host}/{PATH}", image.digest, soon())
    assert value_of(answer) == LABELS
    (asked,) = hosted.storage.requests
    assert asked.path == f"/data/{PATH}/{image.config_digest}?signature=s3cret"
    assert "authorization" not in asked.headers
    assert "authorization" in hosted.front.requests[-1].headers


def test_a_redirect_on_the_registry_itself_keeps_the_login(
    registry: Registry, hosted: Hosted, image: Pushed
) -> None:
    digest = image.config_digest

    def answer(asked: Asked) -> Reply:
        if asked.path.startswith("/data/"):
            return hosted.stored(asked) if "authorization" in asked.headers else Reply(403)
        return hosted.answer(asked)

    hosted.front.answer, hosted.location = answer, "{blob}"
    answered = registry.labels(f"{hosted.front.host}/{PATH}", image.digest, soon())
    assert value_of(answered) == LABELS
    assert paths(hosted.front)[-1] == f"/data/{PATH}/{digest}"
    assert hosted.storage.requests == []


@pytest.mark.parametrize("step", ["here", "back"])
def test_a_login_that_was_left_behind_stays_behind(
    registry: Registry, hosted: Hosted, image: Pushed, step: str
) -> None:
    """Also on a second redirect, be it on the storage's host or back to the registry."""
    front = f"http://{hosted.front.host}"

    def stored(asked: Asked) -> Reply:
        if asked.path.startswith("/next"):
            return hosted.stored(Asked("GET", asked.path.removeprefix("/next"), {}))
        place = f"/next{asked.path}" if step == "here" else f"{front}/next{asked.path}"
        return Reply(302, {"Location": place})

    def answer(asked: Asked) -> Reply:
        return stored(asked) if asked.path.startswith("/next") else hosted.answer(asked)

    hosted.storage.answer, hosted.front.answer = stored, answer
    answered = registry.labels(f"{hosted.front.host}/{PATH}", image.digest, soon())
    assert value_of(answered) == LABELS
    last = (hosted.storage if step == "here" else hosted.front).requests[-1]
    assert last.path.startswith("/next/data/")
    assert "authorization" not in last.headers


@pytest.mark.parametrize(
    "location",
    ["http://storage.example{blob}", "http://127.0.0.1.example{blob}", "file:///etc/passwd",
     "ftp://127.0.0.1{blob}", "https://ci:pass@127.0.0.1{blob}", "https://[", "https://",
     "https://127.0.0.1:0{blob}", "javascript:alert(1)"],
)  # fmt: skip
def test_an_unsafe_place_is_not_asked(
    registry: Registry, hosted: Hosted, image: Pushed, location: str
) -> None:
    hosted.location = location
    assert problem(registry, hosted, image).code == "foreign-redirect"
    assert hosted.storage.requests == []


def test_redirects_end(registry: Registry, hosted: Hosted, image: Pushed) -> None:
    hosted.storage.answer = lambda asked: Reply(307, {"Location": asked.path})
    assert problem(registry, hosted, image).code == "foreign-redirect"
    assert len(hosted.storage.requests) == 3


def test_a_manifest_is_never_fetched_elsewhere(
    registry: Registry, hosted: Hosted, image: Pushed
) -> None:
    away = Reply(307, {"Location": f"http://{hosted.storage.host}/v2/x"})
    hosted.front.answer = lambda asked: hosted.answer(asked) if "blobs" in asked.path else away
    assert problem(registry, hosted, image).code == "foreign-redirect"
    assert hosted.storage.requests == []


ANSWERS = {
    "a challenge": (Reply(401, CHALLENGE), "storage"),
    "a refusal": (Reply(403, {}, b"<Error/>"), "storage"),
    "a pause without end": (Reply(429, {"Retry-After": "3600"}), "storage"),
    "a failure": (Reply(500), "storage"),
    "not there": (Reply(404, {}, b"<Error/>"), "incomplete"),
    "another blob": (
        Reply(200, {}, b'{"config": {"Labels": {"git.sha": "b"}}}'),
        "digest-mismatch",
    ),
    "too much": (Reply(200, {}, b" " * (4 * 1024 * 1024 + 1)), "malformed"),
    "a broken connection": (Reply(cut=True), "broken"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_a_storage_without_the_blob_is_unknown(
    registry: Registry, hosted: Hosted, image: Pushed, case: str
) -> None:
    reply, code = ANSWERS[case]
    hosted.storage.answer = always(reply)
    found = problem(registry, hosted, image)
    assert found.code == code
    if code in ("storage", "broken"):
        assert hosted.storage.host in found.message
    assert all("authorization" not in asked.headers for asked in hosted.storage.requests)


def test_a_storage_that_cannot_be_reached_is_named(
    registry: Registry, hosted: Hosted, image: Pushed
) -> None:
    hosted.storage.stop()
    found = problem(registry, hosted, image)
    assert (found.code, found.subject) == ("refused", hosted.storage.host)


def test_a_blob_of_the_registry_s_own_with_another_digest(
    registry: Registry, hosted: Hosted, image: Pushed
) -> None:
    other = Reply(200, {}, b"{}")
    hosted.front.answer = lambda asked: other if "blobs" in asked.path else hosted.answer(asked)
    found = problem(registry, hosted, image)
    assert found.code == "digest-mismatch"
    assert found.message.endswith(f"a configuration of {PATH} whose digest is another one")


def test_a_404_that_no_registry_wrote_is_no_missing_blob(
    registry: Registry, hosted: Hosted, image: Pushed
) -> None:
    page = Reply(404, {"Content-Type": "text/html"}, b"<html>")
    hosted.front.answer = lambda asked: page if "blobs" in asked.path else hosted.answer(asked)
    assert problem(registry, hosted, image).code == "malformed"
