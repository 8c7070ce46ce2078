"""GitHub repositories as people write them: OWNER/NAME, URLs, image names. Pure, never trusting."""

import re
from urllib.parse import urlsplit

OWNER_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}")
_SCP_LIKE = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^:/\s]+):(?!/)(?P<path>\S+)")


def owner_name(text: str, github_host: str) -> str:
    """OWNER/NAME of a repository written so, as a URL or git@host:path; empty on another host."""
    text = text.strip()
    if OWNER_NAME.fullmatch(text):
        return text.removesuffix(".git")
    host, path = _located(text)
    if host.removeprefix("www.").removeprefix("ssh.") != github_host.lower():
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
