"""Documents that no honest registry sends: each is a problem, and nothing is guessed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sources.registry.asking import (
    DIGEST,
    GOOD,
    JSON,
    OCI,
    always,
    opened,
    problem_of,
    soon,
    value_of,
)
from tests.world.images import OCI_INDEX, OCI_MANIFEST, sha256
from tests.world.scripted import Reply, Scripted

MANIFEST = json.dumps({"mediaType": OCI_MANIFEST, "config": {"digest": DIGEST}}).encode()
HTML = {"Content-Type": "text/html"}
INDEX = {"Content-Type": OCI_INDEX}
SCHEMA_1 = {
    "Content-Type": "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "Docker-Content-Digest": DIGEST,
}
LINUX = {"os": "linux", "architecture": "amd64"}


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
    "the old format": Reply(200, SCHEMA_1, b"{}"),
    "no list in an index": Reply(200, INDEX, b'{"manifests": {}}'),
    "text in an index": Reply(200, INDEX, b'{"manifests": ["x"]}'),
    "a bad child": Reply(200, INDEX, index(digest="sha256:xyz")),
    "a bad platform": Reply(
        200, INDEX, index(digest=DIGEST, platform={"os": "linux\x1b[2J", "architecture": "amd64"})
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
    ("body", "words"),
    [
        (b"{", "sent something else than JSON"),
        (b"[]", "sent JSON of another kind"),
        (b"{}", "sent a manifest without a config digest"),
        (MANIFEST + b" " * 10_000_000, "sent more than 8388608 bytes for one reply"),
    ],
    ids=["no JSON", "a list", "no config", "too much"],
)
def test_what_is_said_of_them(server: Scripted, tmp_path: Path, body: bytes, words: str) -> None:
    server.answer = always(Reply(200, OCI, body))
    problem = problem_of(opened(tmp_path).content, f"{server.host}/shop", "v1", soon())
    assert problem.message == f"{server.host} {words}"


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"tags": "v1"}', b'{"tags": ["v1", 2]}',
             b'{"tags": ["\\u001b[2J"]}', b'{"tags": {"v1": 1}}']
)  # fmt: skip
def test_malformed_tags(server: Scripted, tmp_path: Path, body: bytes) -> None:
    server.answer = always(Reply(200, JSON, body))
    problem = problem_of(opened(tmp_path).tags, f"{server.host}/shop", soon())
    assert problem.code == "malformed"


def test_null_is_an_empty_list_of_tags(server: Scripted, tmp_path: Path) -> None:
    server.answer = always(Reply(200, JSON, b'{"tags": null}'))
    assert value_of(opened(tmp_path).tags(f"{server.host}/shop", soon())) == ()


def test_digests_are_checked_against_the_body(server: Scripted, tmp_path: Path) -> None:
    registry, name = opened(tmp_path), f"{server.host}/shop"
    server.answer = always(Reply(200, OCI, MANIFEST))
    # A registry that leaves the header out: the digest is the body's own.
    assert value_of(registry.manifest(name, "v1", soon())).digest == sha256(MANIFEST)
    assert value_of(registry.content(name, sha256(MANIFEST), soon())).config == DIGEST
    assert problem_of(registry.content, name, DIGEST, soon()).code == "digest-mismatch"
    server.answer = always(Reply(200, GOOD.headers, MANIFEST))
    assert problem_of(registry.content, name, "v1", soon()).code == "digest-mismatch"
    other = f"sha256:{'b' * 64}"
    assert problem_of(registry.manifest, name, other, soon()).code == "digest-mismatch"
    assert value_of(registry.manifest(name, "v1", soon())).digest == DIGEST


@pytest.mark.parametrize(
    ("entry", "count"),
    [
        ({"platform": LINUX}, 1),
        ({"platform": LINUX, "annotations": {"any": "other"}}, 1),
        ({"platform": LINUX, "annotations": {"vnd.docker.reference.type": "attestation"}}, 0),
        ({"platform": {"os": "unknown", "architecture": "unknown"}}, 0),
        ({"platform": {"os": "linux"}}, 0),
        ({"platform": None}, 0),
        ({}, 0),
    ],
    ids=["image", "with a note", "attestation", "unknown", "no machine", "null", "no platform"],
)
def test_only_what_a_machine_can_run_is_a_child(
    server: Scripted, tmp_path: Path, entry: dict[str, Any], count: int
) -> None:
    server.answer = always(Reply(200, INDEX, index(digest=DIGEST, **entry)))
    facts = value_of(opened(tmp_path).content(f"{server.host}/shop", "v1", soon()))
    assert [child.platform for child in facts.children] == ["linux/amd64"] * count
