"""Addresses of engines, as the Docker CLI takes them."""

import pytest

from whatsrunning.contexts.endpoint import UnusableContext, parse_endpoint


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
        ("tcp://h", "tcp://h:2375"),
        ("h:1", "tcp://h:1"),
        ("tcp://", "tcp://localhost:2375"),
        ("tcp://[::1]:2375/prefix/", "tcp://[::1]:2375/prefix"),
        ("tcp://user:hunter2@h:1", "tcp://h:1"),
        ("ssh://Alias", "ssh://Alias"),
        ("ssh://me@host:22/run/x.sock", "ssh://me@host:22/run/x.sock"),
        ("ssh://me@[fe80::1]:22", "ssh://me@[fe80::1]:22"),
    ],
)
def test_addresses(text: str, shown: str) -> None:
    endpoint = parse_endpoint(text)
    assert str(endpoint) == shown
    assert "hunter2" not in repr(endpoint)


@pytest.mark.parametrize(
    "text",
    [
        "ssh://me:hunter2@host", "ssh://", "ssh://-h", "ssh://-l@host", "ssh://a b", "ssh://a;b",
        "ssh://h?x=1", "ssh://$(id)@h", "unix://", "tcp://h:99999", "tcp://[::1", "ftp://h",
        "npipe:////./pipe/x", "tcp://h\n", "tcp://\x1b[2J", "fd://",
    ],
)  # fmt: skip
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(UnusableContext) as caught:
        parse_endpoint(text)
    assert caught.value.code == "bad-endpoint"
    assert "hunter2" not in caught.value.message
    assert caught.value.message.isprintable()
