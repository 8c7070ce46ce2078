"""One HTTP exchange: bounded in time and size, and nothing of the environment goes along."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from tests.world.scripted import Asked, Reply, Scripted, start_scripted
from tests.world.serving import Serving
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.http import FAILURES, exchange, new_session
from whatsrunning.sources.json_reader import MalformedReply


@pytest.fixture
def server() -> Iterator[Scripted]:
    """Answers each request with ten bytes."""
    running = start_scripted(lambda _: Reply(200, {"X-Word": "y"}, b"0123456789"))
    yield running
    running.stop()


def test_a_reply_of_any_status_is_read_whole(server: Scripted) -> None:
    server.answer = lambda _: Reply(418, {"X-Word": "y"}, b"tea")
    url = f"http://{server.host}/pot"
    reply = exchange(new_session(), "GET", url, Deadline.after(60), 100, params={"a": "b c"})
    assert (reply.status, reply.headers["x-word"], reply.body) == (418, "y", b"tea")
    assert reply.url == url
    [asked] = server.requests
    assert (asked.path, asked.headers["user-agent"]) == ("/pot?a=b+c", "whatsrunning")


@pytest.mark.parametrize(("limit", "is_read"), [(10, True), (9, False)])
def test_a_body_has_a_limit(server: Scripted, limit: int, *, is_read: bool) -> None:
    url = f"http://{server.host}/"
    if is_read:
        assert exchange(new_session(), "GET", url, Deadline.after(60), limit).body == b"0123456789"
        return
    with pytest.raises(MalformedReply, match="more than 9 bytes"):
        exchange(new_session(), "GET", url, Deadline.after(60), limit)


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [(Reply(body=b" " * 1000, drip=0.02), 0.5), (Reply(), 0)],
    ids=["a body that drips", "a deadline that is over"],
)
def test_it_ends_at_the_deadline(server: Scripted, reply: Reply, seconds: float) -> None:
    server.answer = lambda _: reply
    with pytest.raises(TimeoutError):
        exchange(new_session(), "GET", f"http://{server.host}/", Deadline.after(seconds), 10_000)


def test_a_connection_that_breaks_is_a_failure(server: Scripted) -> None:
    server.answer = lambda _: Reply(cut=True)
    with pytest.raises(FAILURES):
        exchange(new_session(), "GET", f"http://{server.host}/", Deadline.after(60), 100)


def test_redirects_are_not_followed_and_cookies_not_kept(server: Scripted) -> None:
    def answer(asked: Asked) -> Reply:
        headers = {"Location": "/b", "Set-Cookie": "who=me"}
        return Reply(302 if asked.path == "/a" else 200, headers)

    server.answer = answer
    session = new_session()
    for _ in range(2):
        url = f"http://{server.host}/a"
        assert exchange(session, "GET", url, Deadline.after(60), 100).status == 302
    assert [(asked.path, "cookie" in asked.headers) for asked in server.requests] == [
        ("/a", False),
        ("/a", False),
    ]


@pytest.mark.parametrize("location", ["/b", "https://[", "//127.0.0.1:x", "\x80"])
def test_the_body_of_a_redirect_is_bounded_too(server: Scripted, location: str) -> None:
    server.answer = lambda _: Reply(302, {"Location": location}, b"0123456789")
    url = f"http://{server.host}/a"
    reply = exchange(new_session(), "GET", url, Deadline.after(60), 10)
    assert (reply.status, reply.body) == (302, b"0123456789")
    with pytest.raises(MalformedReply, match="more than 9 bytes"):
        exchange(new_session(), "GET", url, Deadline.after(60), 9)


def test_one_connection_serves_many_requests() -> None:
    clients = set[object]()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        clients.add(handler.client_address)
        handler.send_response(200)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"ok")

    server, session = Serving(answer), new_session()
    for _ in range(3):
        reply = exchange(session, "GET", f"http://{server.host}/", Deadline.after(60), 100)
        assert reply.body == b"ok"
    server.stop()
    assert len(clients) == 1
