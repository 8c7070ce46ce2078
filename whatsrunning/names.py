"""Names as people write them: image references, revisions, repositories. Pure, never trusting."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

DOCKER_HUB = "docker.io"

_REVISION = re.compile(
    r"(?P<prefix>(?:sha|git|commit)[-_:])?(?P<sha>[0-9a-f]{7,64})"
    r"(?P<dirty>[-_.+]dirty|_uncommitted_[0-9a-f]*)?"
)
_WHOLE = (40, 64)
_DIGEST = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}")
_PATH = re.compile(
    r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*"
)
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
OWNER_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}")
_SCP_LIKE = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^:/\s]+):(?!/)(?P<path>\S+)")


@dataclass(frozen=True, slots=True)
class Said:
    """A revision as it was written: `sha` lower-case hex, perhaps short; `marked` by a prefix."""

    sha: str
    dirty: bool = False
    marked: bool = False

    @property
    def whole(self) -> bool:
        """Whether the SHA names one commit without asking anybody: SHA-1 or SHA-256."""
        return is_whole(self.sha)


@dataclass(frozen=True, slots=True)
class Reference:
    """An image reference; `repository` is host/path as registries know it, empty for a bare ID."""

    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def host(self) -> str:
        """The registry's host, with its port."""
        return self.repository.partition("/")[0]

    @property
    def path(self) -> str:
        """The repository's path on its registry."""
        return self.repository.partition("/")[2]


def is_whole(sha: str) -> bool:
    """Whether hex digits are as many as a whole SHA-1 or SHA-256 has."""
    return len(sha) in _WHOLE


def revision(text: str) -> Said | None:
    """The revision in a label: short, upper case, `sha-`, `-dirty` and kamal's `_uncommitted_`.

    None for everything else, the all-zero SHA included.
    """
    match = _REVISION.fullmatch(text.strip().lower())
    if match is None or not match["sha"].strip("0"):
        return None
    if 40 < len(match["sha"]) < 64:
        return None
    return Said(match["sha"], bool(match["dirty"]), bool(match["prefix"]))


def tag_revision(tag: str) -> Said | None:
    """The revision in a tag. A short one needs a prefix, or letters and digits: no dates."""
    said = revision(tag)
    if said is None or said.whole or said.marked:
        return said
    mixed = any(c.isdigit() for c in said.sha) and any(c.isalpha() for c in said.sha)
    return said if mixed else None


def reference(text: str) -> Reference:
    """The parts of an image reference; what is none (an image ID, nonsense) has no repository."""
    name, _, digest = text.partition("@")
    if is_image_id(text) or (digest and not _DIGEST.fullmatch(digest)):
        return Reference("")
    head, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        head, tag = name, ""
    repository = _normal(head)
    if not repository or (tag and not _TAG.fullmatch(tag)):
        return Reference("")
    return Reference(repository, tag, digest.lower())


def is_image_id(text: str) -> bool:
    """Whether this is an image's ID in place of a name, as the engine says once a tag moved."""
    return bool(re.fullmatch(r"(sha256:)?[0-9a-f]{64}", text))


def _normal(name: str) -> str:
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        host, path = first.lower(), rest
    else:
        host, path = DOCKER_HUB, name
    if host in ("index.docker.io", "registry-1.docker.io"):
        host = DOCKER_HUB
    if host == DOCKER_HUB and "/" not in path:
        path = f"library/{path}"
    return f"{host}/{path}" if _PATH.fullmatch(path) else ""


def names_registry(repository: str) -> bool:
    """Whether an image repository can be looked up: not a local name, `web` or `localhost/web`."""
    return bool(repository) and not repository.startswith((f"{DOCKER_HUB}/library/", "localhost/"))


def owner_name(text: str, forge_host: str) -> str:
    """OWNER/NAME of a repository written so, as a URL or git@host:path; empty on another host."""
    text = text.strip()
    if OWNER_NAME.fullmatch(text):
        return text.removesuffix(".git")
    host, path = _located(text)
    if host.removeprefix("www.").removeprefix("ssh.") != forge_host.lower():
        return ""
    found = "/".join(path.strip("/").split("/")[:2]).removesuffix(".git")
    return found if OWNER_NAME.fullmatch(found) else ""


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
    path = f"/{repository.partition('/')[2].lower()}/"
    return bool(project) and f"/{project.lower()}/" in path


def same_repository(one: str, other: str) -> bool:
    """GitHub tells repositories apart without regard to case."""
    return one.lower() == other.lower()
