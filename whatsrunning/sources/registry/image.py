"""What an image says of itself: the labels of its configuration, and annotations. Hostile text.

Raises MalformedReply, whose text completes "the host sent ...".
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from whatsrunning.sources import json_reader as j
from whatsrunning.sources.json_reader import MalformedReply
from whatsrunning.sources.registry import parse
from whatsrunning.sources.registry.parse import Manifest

_MOST_LABELS = 200
_LONGEST = 4_096
_ATTESTATION = "vnd.docker.reference.type"
# What Docker takes for an image's configuration; the last four are other builders' mistakes:
# https://github.com/moby/moby/blob/v27.5.1/distribution/registry.go
_CONFIG_TYPES = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
    "application/octet-stream",
    "application/json",
    "text/html",
    "",
)
_LAYERS = ("application/vnd.oci.image.layer.", "application/vnd.docker.image.rootfs.")


def first_image(index: Manifest) -> str:
    """The digest of an index's first image that a machine runs, empty for an index without any."""
    children = index.facts.children
    return children[0].digest if children else next(_of_unsaid_platform(index.document), "")


def _of_unsaid_platform(index: j.Object) -> Iterator[str]:
    """Images whose platform only their configuration tells, as an index may leave it out."""
    # https://github.com/opencontainers/image-spec/blob/main/image-index.md
    for entry in index["manifests"]:
        is_told = entry.get("platform") is not None
        is_attestation = _ATTESTATION in _texts(entry.get("annotations"))
        if _kind(entry) in parse.IMAGE_TYPES and not is_told and not is_attestation:
            yield entry["digest"]


def is_image(manifest: Manifest) -> bool:
    """Whether a container can run it: no build cache, signature, attestation or chart."""
    # https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage
    document = manifest.document
    if manifest.facts.media_type not in parse.IMAGE_TYPES:
        raise MalformedReply("an index inside an index")
    if document.get("artifactType") or _kind(document["config"]) not in _CONFIG_TYPES:
        return False
    layers = document.get("layers") or []
    if not isinstance(layers, list):
        raise MalformedReply("an image without a list of layers")
    # Signatures and attestations have the configuration of an image, and no file in any layer.
    return not layers or any(_kind(layer).startswith(_LAYERS) for layer in layers)


def config_labels(body: bytes) -> dict[str, str]:
    """The labels in an image's configuration."""
    said = parse.read_object(body)
    for key in ("config", "Labels"):
        if (inner := said.get(key)) is None:
            return {}
        if not isinstance(inner, dict):
            raise MalformedReply("a configuration of another kind")
        said = inner
    return _texts(said)


def annotations(manifest: Manifest) -> dict[str, str]:
    """The annotations of a manifest or an index."""
    return _texts(manifest.document.get("annotations"))


def joined(*sayings: Mapping[str, str]) -> dict[str, str]:
    """Everything that was said, 200 at the most; of one key, what was said first."""
    every = {key: text for said in reversed(sayings) for key, text in said.items()}
    ordered = dict.fromkeys(key for said in sayings for key in said)
    return {key: every[key] for key in islice(ordered, _MOST_LABELS)}


def _kind(described: object) -> str:
    """The media type of a part; one without any is none that is known."""
    kind = described.get("mediaType") if isinstance(described, dict) else None
    return kind if isinstance(kind, str) else ""


def _texts(said: object) -> dict[str, str]:
    """The texts of a map that are not too long; anything else is left out."""
    if not isinstance(said, dict):
        return {}
    return j.labels(
        {
            key: text
            for key, text in said.items()
            if isinstance(text, str) and max(len(key), len(text)) <= _LONGEST
        }
    )
