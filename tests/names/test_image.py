"""Image references as people write them."""

import pytest

from whatsrunning.names.image import Reference, follows_latest, names_registry, reference

LONG = "0123456789abcdef" * 4
DIGEST = f"sha256:{LONG}"


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
    assert reference(text) == parts


@pytest.mark.parametrize(
    ("repository", "looked_up"),
    [
        ("ghcr.io/acme/shop", True),
        ("ghcr.io/acme/shop/web", True),
        ("ghcr.io/shop", True),
        ("localhost:5000/acme/shop", True),
        ("registry.test/my-acme/shop", True),
        ("docker.io/library/web", False),
        ("localhost/web", False),
        ("", False),
    ],
)
def test_only_a_name_with_a_registry_can_be_looked_up(repository: str, looked_up: bool) -> None:
    assert names_registry(repository) == looked_up


@pytest.mark.parametrize(
    ("text", "follows"),
    [
        ("ghcr.io/acme/web", True),
        ("ghcr.io/acme/web:latest", True),
        ("registry.acme.example:5000/web", True),
        ("ghcr.io/acme/web:v1", False),
        (f"ghcr.io/acme/web:latest@sha256:{'1' * 64}", False),
        (f"sha256:{'1' * 64}", False),
        ("1234567890ab", False),
        ("", False),
    ],
)
def test_what_follows_latest(text: str, follows: bool) -> None:
    assert follows_latest(text) == follows
