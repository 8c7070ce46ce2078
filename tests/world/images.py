"""Images pushed over HTTP without an engine: single ones and indexes; and their deletion."""

import gzip
import hashlib
import http.client
import io
import json
import ssl
import tarfile
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIGS = {
    OCI_MANIFEST: "application/vnd.oci.image.config.v1+json",
    DOCKER_MANIFEST: "application/vnd.docker.container.image.v1+json",
}
_LAYERS = {
    OCI_MANIFEST: "application/vnd.oci.image.layer.v1.tar+gzip",
    DOCKER_MANIFEST: "application/vnd.docker.image.rootfs.diff.tar.gzip",
}


@dataclass(frozen=True, slots=True)
class Pushed:
    """An image that the registry took; `config_digest` is the image ID on a classic store."""

    digest: str
    config_digest: str
    media_type: str
    size: int
    platform: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Door:
    """How to get into a registry: the Authorization header, and the CA file where it speaks TLS."""

    authorization: str = ""
    ca: Path | None = None


OPEN = Door()


def put_image(
    registry_host: str,
    repository: str,
    tags: Sequence[str] = (),
    *,
    labels: Mapping[str, str] | None = None,
    content: bytes = b"content",
    platform: str = "linux/amd64",
    media_type: str = DOCKER_MANIFEST,
    door: Door = OPEN,
) -> Pushed:
    """Push one image of one layer; without tags it is reachable by its digest alone."""
    layer, diff_id = _layer(content)
    config = _config(platform, labels or {}, diff_id)
    manifest = {
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": {"mediaType": _CONFIGS[media_type], **_described(config)},
        "layers": [{"mediaType": _LAYERS[media_type], **_described(layer)}],
    }
    for blob in (layer, config):
        put_blob(registry_host, repository, blob, door)
    body = json.dumps(manifest).encode()
    digest = put_manifest(registry_host, repository, tags, Body(body, media_type), door)
    return Pushed(digest, sha256(config), media_type, len(body), platform)


def fetch_image(registry_host: str, repository: str, reference: str, platform: str) -> Pushed:
    """What the registry has under a reference, described so that an index can name it."""
    connection = _connection(registry_host, OPEN)
    try:
        path = f"/v2/{repository}/manifests/{reference}"
        connection.request("GET", path, headers={"Accept": DOCKER_MANIFEST})
        body = connection.getresponse().read()
    finally:
        connection.close()
    config = json.loads(body)["config"]["digest"]
    return Pushed(sha256(body), config, DOCKER_MANIFEST, len(body), platform)


def put_index(
    registry_host: str,
    repository: str,
    tags: Sequence[str],
    children: Sequence[Pushed],
    attestation: bool = True,
    *,
    media_type: str = OCI_INDEX,
    door: Door = OPEN,
) -> str:
    """Push an index over images that are there, as buildx does with its attestation; its digest."""
    entries = [_child(child) for child in children]
    if attestation:
        content = b"attestation"
        extra = put_image(registry_host, repository, content=content, platform="unknown/unknown",
                          media_type=OCI_MANIFEST, door=door)  # fmt: skip
        notes = {
            "vnd.docker.reference.type": "attestation-manifest",
            "vnd.docker.reference.digest": children[0].digest,
        }
        entries.append({**_child(extra), "annotations": notes})
    index = {"schemaVersion": 2, "mediaType": media_type, "manifests": entries}
    body = json.dumps(index).encode()
    return put_manifest(registry_host, repository, tags, Body(body, media_type), door)


def delete_blob(host: str, repository: str, digest: str) -> None:
    """Delete a blob, and leave the manifests that name it."""
    _ask(host, "DELETE", f"/v2/{repository}/blobs/{digest}", OPEN, expect=202)


def delete_digest(registry_host: str, repository: str, digest: str, *, door: Door = OPEN) -> None:
    """Delete a manifest, and with it every tag that points to it."""
    _ask(registry_host, "DELETE", f"/v2/{repository}/manifests/{digest}", door, expect=202)


def sha256(content: bytes) -> str:
    """The digest of some bytes, as registries write it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _layer(content: bytes) -> tuple[bytes, str]:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0), sha256(plain.getvalue())


def _config(platform: str, labels: Mapping[str, str], diff_id: str) -> bytes:
    system, architecture, *variant = platform.split("/")
    document: dict[str, Any] = {
        "architecture": architecture,
        "os": system,
        "created": "2026-01-01T00:00:00Z",
        "config": {"Labels": dict(labels), "Cmd": ["/content"]},
        "rootfs": {"type": "layers", "diff_ids": [diff_id]},
        "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "tests"}],
    }
    if variant:
        document["variant"] = variant[0]
    return json.dumps(document).encode()


def _described(blob: bytes) -> dict[str, Any]:
    return {"size": len(blob), "digest": sha256(blob)}


def _child(image: Pushed) -> dict[str, Any]:
    system, architecture, *variant = image.platform.split("/")
    platform = {"architecture": architecture, "os": system}
    if variant:
        platform["variant"] = variant[0]
    return {
        "mediaType": image.media_type,
        "digest": image.digest,
        "size": image.size,
        "platform": platform,
    }


def put_blob(host: str, repository: str, blob: bytes, door: Door = OPEN) -> None:
    """Push one blob."""
    headers = _ask(host, "POST", f"/v2/{repository}/blobs/uploads/", door, expect=202)
    place = urllib.parse.urlsplit(headers["location"])
    path = f"{place.path}?{place.query}&digest={urllib.parse.quote(sha256(blob))}"
    _ask(host, "PUT", path, door, Body(blob, "application/octet-stream"), expect=201)


def put_manifest(
    host: str, repository: str, tags: Sequence[str], body: Body, door: Door = OPEN
) -> str:
    """Push a manifest whose blobs are there, by its digest where it has no tags; its digest."""
    digest = sha256(body.content)
    for reference in tags or (digest,):
        path = f"/v2/{repository}/manifests/{reference}"
        _ask(host, "PUT", path, door, body, expect=201)
    return digest


def _ask(
    host: str, method: str, path: str, door: Door, body: Body | None = None, *, expect: int
) -> dict[str, str]:
    headers = {"Content-Type": body.media_type} if body else {}
    if door.authorization:
        headers["Authorization"] = door.authorization
    connection = _connection(host, door)
    try:
        connection.request(method, path, body.content if body else None, headers)
        reply = connection.getresponse()
        said = reply.read()
    finally:
        connection.close()
    assert reply.status == expect, f"{method} {path}: {reply.status} {said[:500]!r}"
    return {name.lower(): value for name, value in reply.getheaders()}


def _connection(host: str, door: Door) -> http.client.HTTPConnection:
    if door.ca is None:
        return http.client.HTTPConnection(host, timeout=60)
    context = ssl.create_default_context(cafile=str(door.ca))
    return http.client.HTTPSConnection(host, timeout=60, context=context)
