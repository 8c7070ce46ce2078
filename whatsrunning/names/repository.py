"""GitHub repositories as people write them: OWNER/NAME, URLs, image names. Pure, never trusting."""

import re
from urllib.parse import urlsplit

# An owner has 39 letters, digits and hyphens at most; a managed user's name ends in the short code
# of its enterprise, `octocat_acme`:
# https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication
_OWNER_NAME = re.compile(
    r"(?=[^/]{1,39}/)[A-Za-z0-9][A-Za-z0-9-]*(?:_[A-Za-z0-9]+)?/(?!\.\.?\Z)[A-Za-z0-9._-]{1,100}"
)
_SCP_LIKE = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^:/\s]+):(?!/)(?P<path>\S+)")


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
    """Whether an image repository's path holds OWNER/NAME as neighbours; of host/path the path."""
    if project.startswith("/"):
        return False  # a folder
    path = project if project.count("/") < 2 else project.partition("/")[2]
    return bool(path) and f"/{path}/".lower() in f"/{repository.partition('/')[2]}/".lower()


def same_repository(name: str, other: str) -> bool:
    """Whether two OWNER/NAMEs are one repository: GitHub disregards case."""
    return name.lower() == other.lower()


def same_owner(name: str, other: str) -> bool:
    """Whether two OWNER/NAMEs have one owner."""
    return name.partition("/")[0].lower() == other.partition("/")[0].lower()


def is_part(package: str, repository: str) -> bool:
    """Whether a package is named as a part of a repository: acme/shop-web of acme/shop."""
    return bool(re.match(rf"{re.escape(repository)}[-_.]", package, re.IGNORECASE))
