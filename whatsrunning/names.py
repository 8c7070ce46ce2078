"""Names as people write them: image references, revisions, repositories, and Compose's labels.

Pure, never trusting. The grammar of image references is
https://github.com/distribution/reference/blob/main/reference.go
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

DOCKER_HUB = "docker.io"
_DIGEST = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}")
PATH = re.compile(r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*")
TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_REVISION = re.compile(
    r"(?P<prefix>(?:sha|git|commit)[-_:])?(?P<sha>[0-9a-f]{7,64})"
    r"(?P<dirty>[-_.+]dirty|_uncommitted_[0-9a-f]*)?"
)
# An owner has 39 letters, digits and hyphens at most; a managed user's name ends in the short code
# of its enterprise, `octocat_acme`:
# https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication
_OWNER_NAME = re.compile(
    r"(?=[^/]{1,39}/)[A-Za-z0-9][A-Za-z0-9-]*(?:_[A-Za-z0-9]+)?/(?!\.\.?\Z)[A-Za-z0-9._-]{1,100}"
)
_SCP_LIKE = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^:/\s]+):(?!/)(?P<path>\S+)")
# Compose's are canonical: https://docs.docker.com/reference/compose-file/services/#labels;
# podman-compose writes its own beside them: https://github.com/containers/podman-compose.
COMPOSE_SERVICE = "com.docker.compose.service"
SWARM_SERVICE = "com.docker.swarm.service.name"
SERVICE_LABELS = (COMPOSE_SERVICE, SWARM_SERVICE, "io.podman.compose.service")
PROJECT_LABELS = (
    "com.docker.compose.project",
    "com.docker.stack.namespace",
    "io.podman.compose.project",
)


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


@dataclass(frozen=True, slots=True)
class ParsedRevision:
    """A revision as it was written: `sha` lower-case hex, perhaps short; `marked` by a prefix."""

    sha: str
    dirty: bool = False
    marked: bool = False

    @property
    def whole(self) -> bool:
        """Whether the SHA names one commit without asking anybody: SHA-1 or SHA-256."""
        return is_whole(self.sha)


def is_whole(sha: str) -> bool:
    """Whether hex digits are as many as a whole SHA-1 or SHA-256 has."""
    return len(sha) in (40, 64)


def revision(text: str) -> ParsedRevision | None:
    """The revision in a label: short, upper case, `sha-`, `-dirty` and kamal's `_uncommitted_`."""
    match = _REVISION.fullmatch(text.strip().lower())
    if match is None or not match["sha"].strip("0") or 40 < len(match["sha"]) < 64:
        return None
    return ParsedRevision(match["sha"], bool(match["dirty"]), bool(match["prefix"]))


def tag_revision(tag: str) -> ParsedRevision | None:
    """The revision in a tag. A short one needs a prefix, or letters and digits: no dates."""
    parsed = revision(tag)
    if parsed is None or parsed.whole or parsed.marked:
        return parsed
    return None if parsed.sha.isdigit() or parsed.sha.isalpha() else parsed


def is_owner_name(text: str) -> bool:
    """Whether this can be a GitHub repository's OWNER/NAME; what can be is safe in a URL's path."""
    return bool(_OWNER_NAME.fullmatch(text))


def owner_name(text: str, github_host: str) -> str:
    """OWNER/NAME of a repository written so, as a URL or git@host:path; empty on another host."""
    text, wanted = text.strip(), github_host.partition(":")[0].lower()
    host, path = (wanted, text) if is_owner_name(text) else _located(text)
    if host.removeprefix("www.").removeprefix("ssh.") != wanted:
        return ""
    name = "/".join(path.strip("/").split("/")[:2]).removesuffix(".git")
    return name if is_owner_name(name) else ""


def _located(text: str) -> tuple[str, str]:
    if "://" not in text:
        match = _SCP_LIKE.fullmatch(text)
        return (match["host"].lower(), match["path"]) if match else ("", "")
    try:
        parts = urlsplit(text)
        return (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", ""


def ghcr_name(repository: str) -> str:
    """OWNER/NAME that a GitHub container registry's image repository is named after, else empty."""
    host, _, path = repository.partition("/")
    parts = path.split("/")
    return "/".join(parts[:2]) if host == "ghcr.io" and len(parts) > 1 else ""


def in_path(repository: str, project: str) -> bool:
    """Whether an image repository's path holds OWNER/NAME as two neighbours."""
    return bool(project) and f"/{project}/".lower() in f"/{repository.partition('/')[2]}/".lower()


def same_repository(name: str, other: str) -> bool:
    """Whether two OWNER/NAMEs are one repository: GitHub disregards case."""
    return name.lower() == other.lower()


def first_label(labels: Mapping[str, str], keys: Sequence[str]) -> str:
    """The value of the first of these labels that is there and not empty; else empty."""
    return next((labels[key] for key in keys if labels.get(key)), "")
