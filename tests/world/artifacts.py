"""Manifests of any kind, pushed as they are written: caches, signatures, charts, odd images."""

import json
from typing import Any

from tests.world.images import OCI_INDEX, OCI_MANIFEST, Body, put_blob, put_manifest, sha256

IMAGE_CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
CACHE = "application/vnd.buildkit.cacheconfig.v0"
EMPTY = "application/vnd.oci.empty.v1+json"
CHART = "application/vnd.cncf.helm.config.v1+json"
SIGNATURE = "application/vnd.dev.cosign.simplesigning.v1+json"


def put_artifact(
    host: str,
    repository: str,
    config: bytes = b"{}",
    *,
    config_type: str = IMAGE_CONFIG,
    layer_type: str = LAYER,
    **more: Any,
) -> str:
    """Push an OCI manifest of one config and one layer; `more` is laid over it. Its digest."""
    layer = b"a layer"
    for blob in (config, layer):
        put_blob(host, repository, blob)
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": _descriptor(config, config_type),
        "layers": [_descriptor(layer, layer_type)],
        **more,
    }
    return put_manifest(host, repository, (), Body(json.dumps(manifest).encode(), OCI_MANIFEST))


def put_list(host: str, repository: str, *entries: dict[str, Any], **more: Any) -> str:
    """Push an OCI index of entries that may lack anything but their digest; its digest."""
    listed = [{"mediaType": OCI_MANIFEST, "size": 1, **entry} for entry in entries]
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": listed, **more}
    return put_manifest(host, repository, (), Body(json.dumps(index).encode(), OCI_INDEX))


def _descriptor(blob: bytes, media_type: str) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": sha256(blob), "size": len(blob)}
