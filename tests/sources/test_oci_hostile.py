"""Replies that no honest registry gives: each is a problem, and no login goes astray."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sources.oci_asking import found, login, opened, problem_of, soon
from tests.world.images import DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST, sha256
from tests.world.scripted import Asked, Reply, Scripted, start_scripted
from whatsrunning.facts.answers import Nothing
from whatsrunning.sources.registry.names import RepositoryAddress, address_of, is_host

DIGEST = f"sha256:{'a' * 64}"
MANIFEST = json.dumps({"mediaType": OCI_MANIFEST, "config": {"digest": DIGEST}}).encode()
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}
OCI = {"Content-Type": OCI_MANIFEST}
SECRET = "hunter2"


@pytest.fixture
def server() -> Iterator[Scripted]:
    running = start_scripted(lambda _: Reply(500))
    yield running
    running.stop()


@pytest.fixture
def elsewhere() -> Iterator[Scripted]:
    running = start_scripted(lambda _: Reply(200, {**OCI, "Docker-Content-Digest": DIGEST}))
    yield running
    running.stop()


def always(reply: Reply) -> Callable[[Asked], Reply]:
    """A script of one answer."""
    return lambda _: reply


def index(**entry: object) -> bytes:
    """An index of one entry."""
    return json.dumps({"manifests": [entry]}).encode()


MALFORMED = {
    "a web page": Reply(200, HTML, b"<html>"),
    "a missing page": Reply(404, HTML, b"<html>"),
    "a proxy's 404": Reply(404, {"Content-Type": "text/plain"}, b"404 page not found"),
    "no JSON": Reply(200, OCI, b"{"),
    "deep JSON": Reply(200, OCI, b"[" * 100_000),
    "a list": Reply(200, OCI, b"[]"),
    "no config": Reply(200, OCI, b"{}"),
    "a number for a config": Reply(200, OCI, b'{"config": 7}'),
    "a bad config digest": Reply(200, OCI, b'{"config": {"digest": "sha256:xyz"}}'),
    "a bad header digest": Reply(200, {**OCI, "Docker-Content-Digest": "sha256:XYZ"}, MANIFEST),
    "the old format": Reply(
        200,
        {
            "Content-Type": "application/vnd.docker.distribution.manifest.v1+prettyjws",
            "Docker-Content-Digest": DIGEST,
        },
        b"{}",
    ),
    "no list in an index": Reply(200, {"Content-Type": OCI_INDEX}, b'{"manifests": {}}'),
    "text in an index": Reply(200, {"Content-Type": OCI_INDEX}, b'{"manifests": ["x"]}'),
    "a bad child": Reply(200, {"Content-Type": OCI_INDEX}, index(digest="sha256:xyz")),
    "a bad platform": Reply(
        200,
        {"Content-Type": OCI_INDEX},
        index(digest=DIGEST, platform={"os": "linux\x1b[2J", "architecture": "amd64"}),
    ),
    "too much": Reply(200, OCI, MANIFEST + b" " * 10_000_000),
    "an odd status": Reply(418, JSON, b"{}"),
    "an odd challenge": Reply(401, {"WWW-Authenticate": "Negotiate"}),
    "no challenge": Reply(401),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_replies(server: Scripted, tmp_path: Path, case: str) -> None:
    server.answer = always(MALFORMED[case])
    registry, name = opened(tmp_path), f"{server.host}/shop"
    for ask in (registry.content, registry.manifest):
        problem = problem_of(ask, name, "v1", soon())
        assert (problem.code, problem.subject) == ("malformed", server.host)
        assert problem.message.isprintable()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"tags": "v1"}', b'{"tags": ["v1", 2]}',
             b'{"tags": ["\\u001b[2J"]}', b'{"tags": {"v1": 1}}']
)  # fmt: skip
def test_malformed_tags(server: Scripted, tmp_path: Path, body: bytes) -> None:
    server.answer = always(Reply(200, JSON, body))
    problem = problem_of(opened(tmp_path).tags, f"{server.host}/shop", soon())
    assert problem.code == "malformed"


def test_tags_in_a_circle_or_at_another_repository(server: Scripted, tmp_path: Path) -> None:
    for link in ("/v2/shop/tags/list?n=1000", "/v2/shop/tags/list/../x", "/token"):
        page = Reply(200, {**JSON, "Link": f'<{link}>; rel="next"'}, b'{"tags": ["v1"]}')
        server.answer = always(page)
        problem = problem_of(opened(tmp_path).tags, f"{server.host}/shop", soon())
        assert problem.code == "malformed"
    for link in ("//127.0.0.1:1/v2/shop/tags/list", "https://[", "file:///v2/shop/tags/list"):
        page = Reply(200, {**JSON, "Link": f'<{link}>; rel="next"'}, b'{"tags": ["v1"]}')
        server.answer = always(page)
        problem = problem_of(opened(tmp_path).tags, f"{server.host}/shop", soon())
        assert problem.code == "foreign-link"


def test_digests_are_checked_against_the_body(server: Scripted, tmp_path: Path) -> None:
    registry, name = opened(tmp_path), f"{server.host}/shop"
    server.answer = always(Reply(200, OCI, MANIFEST))
    # A registry that leaves the header out: the digest is the body's own.
    assert found(registry.manifest(name, "v1", soon())).digest == sha256(MANIFEST)
    assert found(registry.content(name, sha256(MANIFEST), soon())).config == DIGEST
    assert problem_of(registry.content, name, DIGEST, soon()).code == "digest-mismatch"
    server.answer = always(Reply(200, {**OCI, "Docker-Content-Digest": DIGEST}, MANIFEST))
    assert problem_of(registry.content, name, "v1", soon()).code == "digest-mismatch"
    other = f"sha256:{'b' * 64}"
    assert problem_of(registry.manifest, name, other, soon()).code == "digest-mismatch"
    assert found(registry.manifest(name, "v1", soon())).digest == DIGEST


def test_only_what_a_machine_can_run_is_a_child(server: Scripted, tmp_path: Path) -> None:
    linux = {"os": "linux", "architecture": "amd64"}
    note = {"vnd.docker.reference.type": "attestation-manifest"}
    entries: tuple[tuple[dict[str, object], int], ...] = (
        ({"platform": linux}, 1),
        ({"platform": linux, "annotations": {"any": "other"}}, 1),
        ({"platform": linux, "annotations": note}, 0),
        ({"platform": {"os": "unknown", "architecture": "unknown"}}, 0),
        ({"platform": {"os": "linux"}}, 0),
        ({"platform": None}, 0),
        ({}, 0),
    )
    for entry, count in entries:
        body = index(digest=DIGEST, **entry)
        server.answer = always(Reply(200, {"Content-Type": OCI_INDEX}, body))
        facts = found(opened(tmp_path).content(f"{server.host}/shop", "v1", soon()))
        assert [child.platform for child in facts.children] == ["linux/amd64"] * count


def test_a_404_without_a_word_is_asked_again_in_full(server: Scripted, tmp_path: Path) -> None:
    unknown = b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}'
    server.answer = always(Reply(404, {}, unknown))
    assert opened(tmp_path).manifest(f"{server.host}/shop", "v1", soon()) == Nothing()
    assert [asked.method for asked in server.requests] == ["HEAD", "GET"]


def test_redirects_stay_on_their_host(
    server: Scripted, elsewhere: Scripted, tmp_path: Path
) -> None:
    def answer(asked: Asked) -> Reply:
        if "authorization" not in asked.headers:
            return Reply(401, {"WWW-Authenticate": 'Basic realm="x"'})
        if asked.path.startswith("/v2/moved/"):
            return Reply(307, {"Location": "/v2/shop/manifests/v1"})
        if asked.path.startswith("/v2/round/"):
            return Reply(302, {"Location": asked.path})
        if asked.path.startswith("/v2/away/"):
            return Reply(307, {"Location": f"http://{elsewhere.host}/v2/shop/manifests/v1"})
        return Reply(200, {**OCI, "Docker-Content-Digest": DIGEST})

    server.answer = answer
    registry = opened(tmp_path, {"auths": {server.host: login("ci", SECRET)}})
    assert found(registry.manifest(f"{server.host}/moved", "v1", soon())).digest == DIGEST
    for path in ("round", "away"):
        problem = problem_of(registry.manifest, f"{server.host}/{path}", "v1", soon())
        assert problem.code == "foreign-redirect"
    assert elsewhere.requests == []


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
)
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
            found(registry.manifest(f"{server.host}/shop", "v1", soon()))
    assert [asked.method for asked in server.requests].count("GET") == 2


@pytest.mark.parametrize(
    ("repository", "reference"),
    [
        ("", "v1"), ("shop", "v1"), ("127.0.0.1:1/", "v1"), ("127.0.0.1:1/../x", "v1"),
        ("127.0.0.1:1/SHOP", "v1"), ("127.0.0.1:1/shop?x", "v1"), ("user@127.0.0.1:1/shop", "v1"),
        ("127.0.0.1:99999/shop", "v1"),
        ("127.0.0.1:0/shop", "v1"),
        ("[::::]/shop", "v1"),
        ("x..y/shop", "v1"),
        ("127.0.0.1:1/a\nb", "v1"), ("-x/shop", "v1"), ("127.0.0.1:1/" + "a" * 300, "v1"),
        ("127.0.0.1:1/shop", ""), ("127.0.0.1:1/shop", "../x"), ("127.0.0.1:1/shop", "sha256:1"),
        ("127.0.0.1:1/shop", "sha512:" + "a" * 128), ("127.0.0.1:1/shop", "v1\r\nX: y"),
    ],
)  # fmt: skip
def test_what_is_no_name_is_not_asked(tmp_path: Path, repository: str, reference: str) -> None:
    registry = opened(tmp_path)
    for ask in (registry.manifest, registry.content):
        problem = problem_of(ask, repository, reference, soon())
        assert problem.code == "bad-name"
        assert problem.message.isprintable()


def test_docker_manifests_without_a_content_type_are_read(server: Scripted, tmp_path: Path) -> None:
    body = json.dumps({"mediaType": DOCKER_MANIFEST, "config": {"digest": DIGEST}}).encode()
    server.answer = always(Reply(200, {}, body))
    facts = found(opened(tmp_path).manifest(f"{server.host}/shop", "v1", soon()))
    assert (facts.media_type, facts.config) == (DOCKER_MANIFEST, DIGEST)


def test_an_address_of_the_newer_kind_is_a_host() -> None:
    hosts = ("[::1]:5000", "[::1]", "localhost:5000", "registry-1.docker.io", "a_b.example:65535")
    assert [host for host in hosts if not is_host(host)] == []
    assert address_of("[::1]:5000/acme/shop") == RepositoryAddress(
        "[::1]:5000", "[::1]:5000", "acme/shop"
    )
