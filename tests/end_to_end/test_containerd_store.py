"""Proof on the containerd image store: an engine's replies from files, a registry that is real.

How the replies were made is written in data/containerd/README.md.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.program import whatsrunning
from tests.world.canned import canned
from tests.world.containerd import NOBODY, Expected, Server
from tests.world.images import OCI_MANIFEST, Pushed, delete_digest, put_image, put_index
from tests.world.registry import RegistryProcess, start_registry


def sha(name: str) -> str:
    """A commit's SHA, the same for the same name."""
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()


def _push(server: Server, *names: str, content: str = "", labelled: bool = True) -> Pushed:
    """An image of one platform under the tags of these commits, labelled with the first or not."""
    labels = {"git.sha": sha(names[0])} if labelled else {}
    return put_image(
        server.host, "acme/shop", [sha(name) for name in names], labels=labels,
        content=(content or names[0]).encode(), media_type=OCI_MANIFEST,
    )  # fmt: skip


def _parts(server: Server, name: str) -> tuple[Pushed, Pushed]:
    """Two platforms of one commit, reachable by digest alone: ours, and another."""
    labels = {"git.sha": sha(name)}
    ours, other = (
        put_image(server.host, "acme/shop", labels=labels, content=f"{name} {each}".encode(),
                  platform=each, media_type=OCI_MANIFEST)
        for each in ("linux/amd64", "linux/arm64")
    )  # fmt: skip
    return ours, other


def _verified(name: str, basis: str, by: str = "image-label") -> Expected:
    return Expected("verified", sha(name), by, basis)


def _same_content(server: Server) -> None:
    """What the registry serves under the claim is what runs, in every way that it can be."""
    shop = server.shop
    single = _push(server, "single")
    it = _verified("single", "manifest digest")
    server.run("single", f"{shop}:{sha('single')}", single.digest, it, baked=sha("single"))
    two = _push(server, "first", "second", labelled=False)
    it = _verified("second", "manifest digest", "container-label")
    reference = f"{shop}:{sha('second')}"
    server.run("two-tags", reference, two.digest, it, said=sha("second"))
    ours, other = _parts(server, "index")
    index = put_index(server.host, "acme/shop", [sha("index")], [other, ours])
    it = _verified("index", "index digest")
    reference = f"{shop}:{sha('index')}"
    server.run("index", reference, index, it, manifest=ours.digest, baked=sha("index"))
    it = _verified("index", "platform manifest")
    reference = f"{shop}@{ours.digest}"
    server.run("by-platform", reference, ours.digest, it, baked=sha("index"))
    it = _verified("floating", "manifest digest", "container-label")
    moved = _push(server, "floating")
    latest = f"{shop}:latest"
    server.run("floating", latest, moved.digest, it, said=sha("floating"), moved=True)


def _attested_again(server: Server) -> None:
    """The index was pushed again with its attestation; the platform's manifest stayed."""
    for name in ("attested", "collected"):
        ours, other = _parts(server, name)
        parts = [ours, other]
        before = put_index(server.host, "acme/shop", [sha(name)], parts, attestation=False)
        put_index(server.host, "acme/shop", [sha(name)], parts)
        if name == "collected":
            delete_digest(server.host, "acme/shop", before)
        it = _verified(name, "platform manifest")
        reference = f"{server.shop}:{sha(name)}"
        server.run(name, reference, before, it, manifest=ours.digest, baked=sha(name))


def _mirrored(server: Server) -> None:
    """The same content under another name, pulled from there."""
    labels = {"git.sha": sha("mirror")}
    pushed = [
        put_image(server.host, repository, [sha("mirror")], labels=labels, content=b"mirror",
                  media_type=OCI_MANIFEST)
        for repository in ("acme/shop", "mirror/shop")
    ]  # fmt: skip
    assert pushed[0].digest == pushed[1].digest
    it = _verified("mirror", "manifest digest")
    reference = f"{server.host}/mirror/shop:{sha('mirror')}"
    server.run("mirror", reference, pushed[0].digest, it, baked=sha("mirror"))


def _other_content(server: Server) -> None:
    """Contradicted by the digest of another commit's build; and a tag that was pushed again."""
    _push(server, "old")
    new = _push(server, "new", labelled=False)
    it = Expected("contradicted", sha("new"), "digest", "digest", (sha("new"),))
    reference = f"{server.shop}:{sha('new')}"
    server.run("watchtower", reference, new.digest, it, said=sha("old"))
    own = _push(server, "own")
    it = _verified("own", "manifest digest")
    reference = f"{server.shop}:{sha('own')}"
    server.run("copied", reference, own.digest, it, said=sha("old"), baked=sha("own"))
    before = _push(server, "again")
    _push(server, "again", content="built again")
    it = Expected("differs", sha("again"), "image-label", "digest")
    reference = f"{server.shop}:{sha('again')}"
    server.run("rebuilt", reference, before.digest, it, baked=sha("again"))


def _no_tag(server: Server) -> None:
    """No tag for the claim: pruned, never pushed, of no registry; and no claim at all."""
    labels = {"git.sha": sha("pruned")}
    pruned = put_image(server.host, "acme/shop", labels=labels, media_type=OCI_MANIFEST)
    it = Expected("label-only", sha("pruned"), "image-label")
    server.run("pruned", f"{server.shop}:{sha('pruned')}", pruned.digest, it, baked=sha("pruned"))
    local = f"sha256:{hashlib.sha256(b'local').hexdigest()}"
    it = Expected("label-only", sha("local"), "image-label")
    server.run("local", "shop:dev", local, it, baked=sha("local"))
    stranger = f"sha256:{hashlib.sha256(b'stranger').hexdigest()}"
    it = Expected("denied", sha("denied"), "image-label", "digest")
    server.run("denied", f"{server.shop}:{sha('denied')}", stranger, it, baked=sha("denied"))
    bare = put_image(server.host, "acme/shop", [sha("bare")], content=b"bare")
    it = Expected("unlabelled", sha("bare"), "digest", "digest", (sha("bare"),))
    server.run("unlabelled", f"{server.shop}@{bare.digest}", bare.digest, it)
    hidden = f"sha256:{hashlib.sha256(b'hidden').hexdigest()}"
    it = Expected("unknown", sha("hidden"), "image-label")
    reference = f"{NOBODY}/acme/shop:{sha('hidden')}"
    server.run("unreachable", reference, hidden, it, baked=sha("hidden"))


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryProcess]:
    """A registry of its own."""
    with start_registry(tmp_path_factory.mktemp("registry")) as started:
        yield started


@pytest.fixture(scope="module")
def server(registry: RegistryProcess) -> Server:
    """The engine, after everything was pushed and started."""
    made = Server(registry.host, datetime.now(UTC))
    for tell in (_same_content, _attested_again, _mirrored, _other_content, _no_tag):
        tell(made)
    return made


@pytest.fixture(scope="module")
def document(server: Server) -> Any:
    """One `ps` of that engine, without GitHub and without a clone."""
    with tempfile.TemporaryDirectory(prefix="wr-c") as folder:
        path = Path(folder) / "docker.sock"
        env = {"DOCKER_HOST": f"unix://{path}", "GITHUB_API_URL": f"http://{NOBODY}"}
        with canned(path, server.answers()):
            result = whatsrunning(
                "ps", "-o", "json", "-R", "acme/shop", "--timeout", "30", env=env, home=folder
            )
    assert result.code == 0, result.stderr
    return result.json()


def _containers(document: Mapping[str, Any]) -> dict[str, Any]:
    return {container["name"]: container for container in document["containers"]}


def test_every_container_is_named_rightly(document: Mapping[str, Any], server: Server) -> None:
    said = _containers(document)
    assert sorted(said) == sorted(server.expected)
    wrong = {
        name: (shown, expected)
        for name, expected in server.expected.items()
        if (shown := _shown(said[name])) != expected
    }
    assert wrong == {}


def _shown(said: Mapping[str, Any]) -> Expected:
    revision, proof = said["revision"], said["proof"]
    return Expected(
        proof["status"],
        revision.get("sha", ""),
        revision.get("identified_by", ""),
        proof.get("basis") or "",
        tuple(proof.get("matching_shas") or ()),
    )


def test_every_status_has_its_case(server: Server) -> None:
    assert {each.proof for each in server.expected.values()} == {
        "verified", "contradicted", "differs", "label-only", "unlabelled", "denied", "unknown",
    }  # fmt: skip


def test_the_ids_are_the_registrys_digests(document: Mapping[str, Any]) -> None:
    """Like with like: what the engine calls the image is what the registry serves."""
    for name in ("single", "two-tags", "index", "mirror"):
        said = _containers(document)[name]
        assert said["image"]["id"] == said["proof"]["registry_digest"]


def test_what_the_on_call_is_told(document: Mapping[str, Any]) -> None:
    codes = {"contradicted-label", "built-outside-ci", "differs", "never-pushed"}
    told = {(f["container"], f["code"]) for f in document["findings"] if f["code"] in codes}
    assert told == {
        ("watchtower", "contradicted-label"),
        ("rebuilt", "differs"),
        ("denied", "built-outside-ci"),
    }
    unknown = _containers(document)["unreachable"]["proof"]
    problems = {problem["id"]: problem for problem in document["problems"]}
    assert problems[unknown["problem"]]["source"] == "registry"
    assert not document["complete"]
