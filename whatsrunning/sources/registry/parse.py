"""What registries' documents say: manifests, indexes, tags. Everything is doubted.

Raises MalformedReply, whose text completes "the host sent ...".
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from whatsrunning.facts.registry import Child, ManifestFacts
from whatsrunning.names.image import TAG
from whatsrunning.sources import json_reader as j
from whatsrunning.sources.json_reader import MalformedReply

INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
IMAGE_TYPES = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
# All four, or the registry converts what it has to a kind that is accepted, whose digest is another
# (https://distribution.github.io/distribution/spec/manifest-v2-2/#backward-compatibility).
MANIFEST_TYPES = INDEX_TYPES + IMAGE_TYPES
ACCEPT = ", ".join(MANIFEST_TYPES)

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PLATFORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MOST_CHILDREN = 1000


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest or an index: what is told of it, and the whole document."""

    facts: ManifestFacts
    document: j.Object


def is_digest(text: object) -> bool:
    """Whether this is a well-formed sha256 digest."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


def is_tag(text: object) -> bool:
    """Whether this is a well-formed tag."""
    return isinstance(text, str) and TAG.fullmatch(text) is not None


def media_type(headers: Mapping[str, str]) -> str:
    """The Content-Type without its parameters, lower-case."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def digest_of(body: bytes) -> str:
    """The digest of what was sent."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def read_manifest(body: bytes, content_type: str) -> Manifest:
    """A manifest or an index; the digest is that of the body."""
    document = read_object(body)
    kind = content_type if content_type in MANIFEST_TYPES else str(document.get("mediaType"))
    return Manifest(_facts(document, kind, digest_of(body)), document)


def _facts(document: j.Object, kind: str, digest: str) -> ManifestFacts:
    if kind in INDEX_TYPES:
        return ManifestFacts(digest, kind, children=_children(document))
    if kind in IMAGE_TYPES:
        config = document.get("config")
        if not isinstance(config, dict) or not is_digest(config.get("digest")):
            raise MalformedReply("a manifest without a config digest")
        return ManifestFacts(digest, kind, config=config["digest"])
    raise MalformedReply("something else than a manifest")


def read_tags(body: bytes) -> tuple[str, ...]:
    """One page of tags; an empty list may come as null."""
    document = read_object(body)
    tags = document.get("tags", "")
    if tags is None:
        return ()
    if not isinstance(tags, list) or not all(map(is_tag, tags)):
        raise MalformedReply("something else than a list of tags")
    return tuple(tags)


def is_error_document(body: bytes) -> bool:
    """Whether this is a registry's own list of errors."""
    # https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
    try:
        return isinstance(read_object(body).get("errors"), list)
    except MalformedReply:
        return False


def read_object(body: bytes) -> j.Object:
    """A JSON object."""
    try:
        document = j.loads(body)
    except MalformedReply:
        raise MalformedReply("something else than JSON") from None
    if not isinstance(document, dict):
        raise MalformedReply("JSON of another kind")
    return document


def _children(document: j.Object) -> tuple[Child, ...]:
    entries = document.get("manifests")
    if not isinstance(entries, list) or len(entries) > _MOST_CHILDREN:
        raise MalformedReply("an index without a list of manifests")
    if not all(isinstance(entry, dict) and is_digest(entry.get("digest")) for entry in entries):
        raise MalformedReply("an index with a malformed digest")
    children = (Child(entry["digest"], _platform(entry)) for entry in entries)
    return tuple(child for child in children if child.platform)


def _platform(entry: j.Object) -> str:
    """os/arch[/variant], empty for what no machine runs: attestations and unknown platforms."""
    notes, platform = entry.get("annotations"), entry.get("platform")
    # https://docs.docker.com/build/metadata/attestations/attestation-storage/
    is_attestation = isinstance(notes, dict) and "vnd.docker.reference.type" in notes
    if is_attestation or not isinstance(platform, dict):
        return ""
    parts = [platform.get(key) or "" for key in ("os", "architecture", "variant")]
    if not all(
        part == "" or (isinstance(part, str) and _PLATFORM.fullmatch(part)) for part in parts
    ):
        raise MalformedReply("an index with a malformed platform")
    is_runnable = all(parts[:2]) and "unknown" not in parts[:2]
    return "/".join(filter(None, parts)) if is_runnable else ""
