"""Image references as people write them. Pure, never trusting.

Their grammar is https://github.com/distribution/reference/blob/main/reference.go
"""

import re
from dataclasses import dataclass

DOCKER_HUB = "docker.io"
_DIGEST = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}")
PATH = re.compile(r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*")
TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")


@dataclass(frozen=True, slots=True)
class Reference:
    """An image reference; `repository` is host/path as registries know it, empty for a bare ID."""

    repository: str
    tag: str = ""
    digest: str = ""


def reference(text: str) -> Reference:
    """The parts of an image reference; what is none (an image ID, nonsense) has no repository."""
    name, _, digest = text.partition("@")
    if is_image_id(text) or (digest and not _DIGEST.fullmatch(digest)):
        return Reference("")
    head, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        head, tag = name, ""
    repository = _normal(head)
    if not repository or (tag and not TAG.fullmatch(tag)):
        return Reference("")
    return Reference(repository, tag, digest.lower())


def follows_latest(text: str) -> bool:
    """Whether a container made from this reference changes with `:latest`; with an ID never."""
    parsed = reference(text)
    is_id = re.fullmatch(r"(sha256:)?[0-9a-f]{12,64}", text)
    return bool(parsed.repository) and not (is_id or parsed.digest) and parsed.tag in ("", "latest")


def is_image_id(text: str) -> bool:
    """Whether this is an image's ID in place of a name, as the engine says once a tag moved."""
    return bool(re.fullmatch(r"(sha256:)?[0-9a-f]{64}", text))


def _normal(name: str) -> str:
    """host/path as registries know it, empty for nonsense: what names no host is Docker Hub's."""
    host, slash, path = name.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, path = DOCKER_HUB, name
    host = host.lower()
    if host in ("index.docker.io", "registry-1.docker.io"):
        host = DOCKER_HUB
    if host == DOCKER_HUB and "/" not in path:
        path = f"library/{path}"
    return f"{host}/{path}" if PATH.fullmatch(path) else ""


def names_registry(repository: str) -> bool:
    """Whether an image repository can be looked up: not a local name, `web` or `localhost/web`."""
    return bool(repository) and not repository.startswith((f"{DOCKER_HUB}/library/", "localhost/"))
