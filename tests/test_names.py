"""Names as people write them."""

import pytest

from whatsrunning import names
from whatsrunning.names import ParsedRevision, Reference

WHOLE = "0123456789abcdef0123456789abcdef01234567"
LONG = WHOLE + WHOLE[:24]
DIGEST = f"sha256:{LONG}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WHOLE, ParsedRevision(WHOLE)),
        (LONG, ParsedRevision(LONG)),
        (f" {WHOLE.upper()}\n", ParsedRevision(WHOLE)),
        (f"sha-{WHOLE}", ParsedRevision(WHOLE, marked=True)),
        (f"{WHOLE}-dirty", ParsedRevision(WHOLE, dirty=True)),
        (f"{WHOLE}_uncommitted_9f8e7d6c", ParsedRevision(WHOLE, dirty=True)),
        ("sha-0123abc", ParsedRevision("0123abc", marked=True)),
        ("0123abc", ParsedRevision("0123abc")),
        ("1234567", ParsedRevision("1234567")),
        ("012345", None),
        (WHOLE + "0", None),
        ("0" * 40, None),
        ("", None),
        ("v1.2.3-final", None),
        ("unknown", None),
        (f"{WHOLE} {WHOLE}", None),
        (f"{WHOLE}\x1b[31m", None),
        ("--upload-pack=x", None),
    ],
)
def test_revision(text: str, said: ParsedRevision | None) -> None:
    assert names.revision(text) == said


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        (WHOLE, ParsedRevision(WHOLE)),
        ("sha-1234567", ParsedRevision("1234567", marked=True)),
        ("12ab34c", ParsedRevision("12ab34c")),
        ("20240101", None),
        ("defaced", None),
        ("latest", None),
        ("1.2.3", None),
    ],
)
def test_a_tag_says_less(tag: str, said: ParsedRevision | None) -> None:
    assert names.tag_revision(tag) == said


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("web", Reference("docker.io/library/web")),
        ("acme/web:v1", Reference("docker.io/acme/web", "v1")),
        ("index.docker.io/acme/web", Reference("docker.io/acme/web")),
        ("localhost/web:dev", Reference("localhost/web", "dev")),
        ("localhost:5000/web", Reference("localhost:5000/web")),
        ("127.0.0.1:5000/acme/shop:x", Reference("127.0.0.1:5000/acme/shop", "x")),
        (f"GHCR.io/acme/web:a@{DIGEST}", Reference("ghcr.io/acme/web", "a", DIGEST)),
        (f"ghcr.io/acme/web@{DIGEST}", Reference("ghcr.io/acme/web", "", DIGEST)),
        (DIGEST, Reference("")),
        (LONG, Reference("")),
        ("ghcr.io/Acme/web", Reference("")),
        ("ghcr.io/acme/web@sha256:short", Reference("")),
        ("ghcr.io/../../etc/passwd", Reference("")),
        ("a b", Reference("")),
        ("", Reference("")),
    ],
)
def test_reference(text: str, parts: Reference) -> None:
    assert names.reference(text) == parts


@pytest.mark.parametrize(
    ("text", "host", "project"),
    [
        ("acme/shop", "github.com", "acme/shop"),
        ("https://github.com/acme/shop", "github.com", "acme/shop"),
        ("https://www.github.com/Acme/shop.git", "github.com", "Acme/shop"),
        ("https://github.com/acme/shop/tree/main", "github.com", "acme/shop"),
        ("git@github.com:acme/shop.git", "github.com", "acme/shop"),
        ("ssh://git@ssh.github.com:443/acme/shop.git", "github.com", "acme/shop"),
        ("https://git.corp/acme/shop", "git.corp", "acme/shop"),
        ("https://gitlab.com/acme/shop", "github.com", ""),
        ("https://github.com.evil.test/acme/shop", "github.com", ""),
        ("https://github.com@evil.test/acme/shop", "github.com", ""),
        ("https://github.com/acme", "github.com", ""),
        ("https://[", "github.com", ""),
        ("acme/../shop", "github.com", ""),
        ("", "github.com", ""),
    ],
)
def test_owner_name(text: str, host: str, project: str) -> None:
    assert names.owner_name(text, host) == project


@pytest.mark.parametrize(
    ("repository", "ghcr", "looked_up", "is_shop"),
    [
        ("ghcr.io/acme/shop", "acme/shop", True, True),
        ("ghcr.io/acme/shop/web", "acme/shop", True, True),
        ("ghcr.io/shop", "", True, False),
        ("localhost:5000/acme/shop", "", True, True),
        ("registry.test/my-acme/shop", "", True, False),
        ("docker.io/library/web", "", False, False),
        ("localhost/web", "", False, False),
        ("", "", False, False),
    ],
)
def test_what_an_image_repository_tells(
    repository: str, ghcr: str, looked_up: bool, is_shop: bool
) -> None:
    told = (
        names.ghcr_name(repository),
        names.names_registry(repository),
        names.in_path(repository, "Acme/Shop"),
    )
    assert told == (ghcr, looked_up, is_shop)
