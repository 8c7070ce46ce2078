"""Only what is a host, a path, a tag or a digest gets near an address."""

from pathlib import Path

import pytest

from tests.sources.registry.asking import opened, problem_of, soon
from whatsrunning.sources.registry.names import RepositoryAddress, address_of, is_host


@pytest.mark.parametrize(
    ("repository", "reference"),
    [
        ("", "v1"), ("shop", "v1"), ("127.0.0.1:1/", "v1"), ("127.0.0.1:1/../x", "v1"),
        ("127.0.0.1:1/SHOP", "v1"), ("127.0.0.1:1/shop?x", "v1"), ("user@127.0.0.1:1/shop", "v1"),
        ("127.0.0.1:99999/shop", "v1"),
        ("127.0.0.1:0/shop", "v1"),
        ("[::::]/shop", "v1"),
        ("x..y/shop", "v1"),
        ("127.0.0.1:1/a\nb", "v1"), ("-x/shop", "v1"), ("127.0.0.1:1/" + "a" * 300, "v1"),
        ("127.0.0.1:1/shop", ""), ("127.0.0.1:1/shop", "../x"), ("127.0.0.1:1/shop", "sha256:1"),
        ("127.0.0.1:1/shop", "sha512:" + "a" * 128), ("127.0.0.1:1/shop", "v1\r\nX: y"),
    ],
)  # fmt: skip
def test_what_is_no_name_is_not_asked(tmp_path: Path, repository: str, reference: str) -> None:
    registry = opened(tmp_path)
    for ask in (registry.manifest, registry.content):
        problem = problem_of(ask, repository, reference, soon())
        assert problem.code == "bad-name"
        assert problem.message.isprintable()


@pytest.mark.parametrize(
    "host", ["[::1]:5000", "[::1]", "localhost:5000", "registry-1.docker.io", "a_b.example:65535"]
)
def test_what_is_a_host(host: str) -> None:
    assert is_host(host)


def test_an_address_of_the_newer_kind() -> None:
    address = RepositoryAddress("[::1]:5000", "[::1]:5000", "acme/shop")
    assert address_of("[::1]:5000/acme/shop") == address


def test_docker_hub_is_asked_at_another_host() -> None:
    address = RepositoryAddress("docker.io", "registry-1.docker.io", "library/redis")
    assert address_of("docker.io/library/redis") == address
