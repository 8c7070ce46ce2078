"""The labels of images in a real registry: by manifest and by index, and of what is no image."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sources.registry.asking import DIGEST, login, opened, problem_of, soon, value_of
from tests.sources.registry.conftest import SHAS, Guarded, Shop
from tests.world.artifacts import CACHE, CHART, EMPTY, LAYER, SIGNATURE, put_artifact, put_list
from tests.world.images import (
    DOCKER_MANIFEST,
    OCI_MANIFEST,
    delete_blob,
    delete_digest,
    put_image,
    put_index,
)
from tests.world.paging import start_paging_proxy
from whatsrunning.facts.answers import Answer, Nothing
from whatsrunning.facts.registry import RegistryLabels

REVISION = "org.opencontainers.image.revision"
IN_TOTO = "application/vnd.in-toto+json"
LABELS = {REVISION: SHAS[7], "git.sha": SHAS[7]}
OTHER = {REVISION: SHAS[8]}


def asked(shop: Shop, folder: Path, digest: str, path: str = "acme/labels") -> Answer[Any]:
    """What the registry says of a digest."""
    return RegistryLabels(f"{shop.process.host}/{path}", digest).ask(opened(folder), soon())


@pytest.mark.parametrize("media_type", [DOCKER_MANIFEST, OCI_MANIFEST], ids=["docker", "oci"])
def test_an_image_tells_its_labels(shop: Shop, tmp_path: Path, media_type: str) -> None:
    host = shop.process.host
    image = put_image(host, "acme/labels", labels=LABELS, media_type=media_type)
    assert value_of(asked(shop, tmp_path, image.digest)) == LABELS


def test_an_image_without_labels_has_none(shop: Shop, tmp_path: Path) -> None:
    assert value_of(asked(shop, tmp_path, shop.arm.digest, "acme/shop")) == {}


@pytest.mark.parametrize("config", [b"{}", b'{"config": null}', b'{"config": {"Labels": null}}'])
def test_a_configuration_may_leave_labels_out(shop: Shop, tmp_path: Path, config: bytes) -> None:
    digest = put_artifact(shop.process.host, "acme/labels", config)
    assert value_of(asked(shop, tmp_path, digest)) == {}


def test_an_index_tells_the_labels_of_its_first_image(shop: Shop, tmp_path: Path) -> None:
    host, path = shop.process.host, "acme/labels"
    first = put_image(host, path, labels=LABELS)
    second = put_image(host, path, labels=OTHER, platform="linux/arm64")
    index = put_index(host, path, (), [first, second], attestation=True)
    assert value_of(asked(shop, tmp_path, index)) == LABELS


def test_an_attestation_that_stands_first_is_passed_over(shop: Shop, tmp_path: Path) -> None:
    host, path = shop.process.host, "acme/labels"
    attestation = put_artifact(host, path, layer_type=IN_TOTO)
    image = put_image(host, path, labels=LABELS, media_type=OCI_MANIFEST)
    notes = {"vnd.docker.reference.type": "attestation-manifest"}
    unknown = {"os": "unknown", "architecture": "unknown"}
    for told in ({"annotations": notes}, {"platform": unknown}):
        index = put_list(host, path, {"digest": attestation, **told}, {"digest": image.digest})
        assert value_of(asked(shop, tmp_path, index)) == LABELS


def test_annotations_fill_in_what_the_labels_lack(shop: Shop, tmp_path: Path) -> None:
    host, path = shop.process.host, "acme/labels"
    config = json.dumps({"config": {"Labels": {"a": "config"}}}).encode()
    said = {"a": "manifest", "b": "manifest"}
    image = put_artifact(host, path, config, annotations=said)
    assert value_of(asked(shop, tmp_path, image)) == {"a": "config", "b": "manifest"}
    more = {"a": "index", "b": "index", "c": "index"}
    index = put_list(host, path, {"digest": image}, annotations=more)
    every = {"a": "config", "b": "manifest", "c": "index"}
    assert value_of(asked(shop, tmp_path, index)) == every


def test_annotations_alone_are_labels_too(shop: Shop, tmp_path: Path) -> None:
    host, path = shop.process.host, "acme/labels"
    image = put_artifact(host, path, annotations=LABELS)
    assert value_of(asked(shop, tmp_path, image)) == LABELS
    bare = put_artifact(host, path, b'{"config": {}}')
    index = put_list(host, path, {"digest": bare}, annotations=OTHER)
    assert value_of(asked(shop, tmp_path, index)) == OTHER


NO_IMAGES: dict[str, dict[str, Any]] = {
    "a build cache": {"config_type": CACHE},
    "an empty configuration": {"config_type": EMPTY},
    "a chart": {"config_type": CHART},
    "a signature": {"layer_type": SIGNATURE},
    "an attestation": {"layer_type": IN_TOTO},
    "an artifact": {"artifactType": "application/vnd.acme.sbom"},
}


@pytest.mark.parametrize("case", NO_IMAGES)
def test_what_is_no_image_is_nothing(shop: Shop, tmp_path: Path, case: str) -> None:
    digest = put_artifact(shop.process.host, "acme/labels", annotations=LABELS, **NO_IMAGES[case])
    assert asked(shop, tmp_path, digest) == Nothing()


def test_an_index_without_an_image_is_nothing(shop: Shop, tmp_path: Path) -> None:
    host, path = shop.process.host, "acme/labels"
    digest = put_artifact(host, path)
    cached = put_list(host, path, {"digest": digest, "mediaType": LAYER}, annotations=LABELS)
    assert asked(shop, tmp_path, cached) == Nothing()
    assert asked(shop, tmp_path, put_list(host, path, annotations=LABELS)) == Nothing()


@pytest.mark.parametrize("path", ["acme/labels", "acme/never"])
def test_what_is_not_there_is_nothing(shop: Shop, tmp_path: Path, path: str) -> None:
    assert asked(shop, tmp_path, DIGEST, path) == Nothing()


@pytest.mark.parametrize("digest", ["v1", "latest", "", "sha256:abc", f"{DIGEST}0", "../x"])
def test_only_a_digest_is_asked(shop: Shop, tmp_path: Path, digest: str) -> None:
    problem = problem_of(opened(tmp_path).labels, shop.name, digest, soon())
    assert problem.code == "bad-name"


def test_an_image_without_its_configuration_is_unknown(shop: Shop, tmp_path: Path) -> None:
    host, path = shop.process.host, "acme/broken"
    image = put_image(host, path, labels=LABELS, content=b"broken")
    delete_blob(host, path, image.config_digest)
    problem = problem_of(asked, shop, tmp_path, image.digest, path)
    words = f"{host} has an image of acme/broken, but not its configuration"
    assert (problem.code, problem.message) == ("incomplete", words)


def test_an_index_without_its_image_is_unknown(shop: Shop, tmp_path: Path) -> None:
    host, path = shop.process.host, "acme/broken"
    image = put_image(host, path, labels=LABELS, content=b"gone")
    index = put_index(host, path, (), [image], attestation=False)
    delete_digest(host, path, image.digest)
    problem = problem_of(asked, shop, tmp_path, index, path)
    words = f"{host} has an image of acme/broken, but not its manifest"
    assert (problem.code, problem.message) == ("incomplete", words)


def test_a_large_configuration_is_read_and_a_larger_one_is_not(shop: Shop, tmp_path: Path) -> None:
    host, path = shop.process.host, "acme/labels"
    labels = json.dumps({"config": {"Labels": LABELS}}).encode()
    size = 4 * 1024 * 1024
    fits = put_artifact(host, path, labels + b" " * (size - len(labels)))
    assert value_of(asked(shop, tmp_path, fits)) == LABELS
    larger = put_artifact(host, path, labels + b" " * (size + 1 - len(labels)))
    problem = problem_of(asked, shop, tmp_path, larger)
    assert problem.code == "malformed"
    assert problem.message.endswith(f"sent more than {size} bytes for one reply")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (b"<html>", "something else than JSON"),
        (b"[]", "JSON of another kind"),
        (b'{"config": []}', "a configuration of another kind"),
        (b'{"config": {"Labels": ["a"]}}', "a configuration of another kind"),
    ],
    ids=["a page", "a list", "a list for a config", "a list of labels"],
)
def test_a_malformed_configuration(shop: Shop, tmp_path: Path, config: bytes, words: str) -> None:
    digest = put_artifact(shop.process.host, "acme/labels", config, config_type="text/html")
    problem = problem_of(asked, shop, tmp_path, digest)
    assert problem.message == f"{shop.process.host} sent {words}"


def test_requests_are_few_and_only_read(shop: Shop, tmp_path: Path) -> None:
    proxy = start_paging_proxy(shop.process.host, size=0)
    opened(tmp_path).labels(f"{proxy.host}/acme/shop", shop.index, soon())
    proxy.stop()
    assert proxy.requests == [
        ("GET", f"/v2/acme/shop/manifests/{shop.index}"),
        ("GET", f"/v2/acme/shop/manifests/{shop.image.digest}"),
        ("GET", f"/v2/acme/shop/blobs/{shop.image.config_digest}"),
    ]


def test_one_token_is_for_manifests_and_blobs(guarded: Guarded, tmp_path: Path) -> None:
    guarded.tokens.requests.clear()
    registry = opened(tmp_path, {"auths": {guarded.host: login("ci", "secret")}})
    assert value_of(registry.labels(f"{guarded.host}/shop", guarded.image.digest, soon())) == {}
    assert len(guarded.tokens.requests) == 1
    nobody = problem_of(opened(tmp_path).labels, f"{guarded.host}/shop", DIGEST, soon())
    assert nobody.code == "login"
