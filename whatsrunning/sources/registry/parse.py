"""What registries' documents say: manifests, indexes, tags. Pure; everything is doubted."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from whatsrunning.facts.records import Child, ManifestFacts

INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
IMAGE_TYPES = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
# All four, or the registry converts, and the digest is another one (DESIGN section 7).
ACCEPT = ", ".join(INDEX_TYPES + IMAGE_TYPES)

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_PLATFORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MOST_CHILDREN = 1000


class MalformedError(ValueError):
    """A document that is not what it should be; the text completes "the host sent ..."."""


def is_digest(text: object) -> bool:
    """Whether this is a well-formed sha256 digest."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


def is_tag(text: object) -> bool:
    """Whether this is a well-formed tag."""
    return isinstance(text, str) and _TAG.fullmatch(text) is not None


def digest_of(body: bytes) -> str:
    """The digest of a manifest's bytes."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def media_type(headers: Mapping[str, str]) -> str:
    """The Content-Type without its parameters, lower-case."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def read_manifest(body: bytes, said: str) -> ManifestFacts:
    """A manifest's or an index's facts; `said` is the Content-Type. Raises MalformedError."""
    document = _object(body)
    kind = said if said in INDEX_TYPES + IMAGE_TYPES else str(document.get("mediaType"))
    if kind in INDEX_TYPES:
        return ManifestFacts(digest_of(body), kind, children=_children(document))
    if kind in IMAGE_TYPES:
        config = document.get("config")
        digest = config.get("digest") if isinstance(config, dict) else None
        if not is_digest(digest):
            raise MalformedError("a manifest without a config digest")
        return ManifestFacts(digest_of(body), kind, config=str(digest))
    raise MalformedError("something else than a manifest")


def read_tags(body: bytes) -> tuple[str, ...]:
    """One page of tags; an empty list may come as null. Raises MalformedError."""
    document = _object(body)
    tags = document.get("tags", ())
    if tags is None:
        return ()
    if "tags" not in document or not isinstance(tags, list) or not all(map(is_tag, tags)):
        raise MalformedError("something else than a list of tags")
    return tuple(tags)


def is_error_document(body: bytes) -> bool:
    """Whether this is a registry's own list of errors, as the specification has it."""
    try:
        return isinstance(_object(body).get("errors"), list)
    except MalformedError:
        return False


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedError("something else than JSON") from None
    if not isinstance(document, dict):
        raise MalformedError("JSON of another kind")
    return document


def _children(document: Mapping[str, Any]) -> tuple[Child, ...]:
    entries = document.get("manifests")
    if not isinstance(entries, list) or len(entries) > _MOST_CHILDREN:
        raise MalformedError("an index without a list of manifests")
    children = []
    for entry in entries:
        if not isinstance(entry, dict) or not is_digest(entry.get("digest")):
            raise MalformedError("an index with a malformed digest")
        platform = _platform(entry)
        if platform:
            children.append(Child(entry["digest"], platform))
    return tuple(children)


def _platform(entry: Mapping[str, Any]) -> str:
    """os/arch[/variant], empty for what no machine runs: attestations and unknown platforms."""
    notes, platform = entry.get("annotations"), entry.get("platform")
    if isinstance(notes, dict) and "vnd.docker.reference.type" in notes:
        return ""
    if not isinstance(platform, dict):
        return ""
    parts = [platform.get(name) or "" for name in ("os", "architecture", "variant")]
    given = [part for part in parts if part]
    if not all(isinstance(part, str) and _PLATFORM.fullmatch(part) for part in given):
        raise MalformedError("an index with a malformed platform")
    if not parts[0] or not parts[1] or "unknown" in parts[:2]:
        return ""
    return "/".join(given)
