"""TLS for an engine without a stored context: the Docker CLI's options over its environment."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contexts.asking import options
from whatsrunning.config.options import Flags
from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.contexts.resolve import engines_of

VERIFY, TLS = {"DOCKER_TLS_VERIFY": "1"}, {"DOCKER_TLS": "1"}
ELSEWHERE = {"DOCKER_CERT_PATH": "certs"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with certificate files in `.docker`, and a folder `certs` with an authority alone."""
    for path in (".docker/ca.pem", ".docker/cert.pem", ".docker/key.pem", "certs/ca.pem"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    return tmp_path


FILES = Flags(tlscacert="a", tlscert="b", tlskey="c")
USUAL = (".docker/ca.pem", ".docker/cert.pem", ".docker/key.pem")


@pytest.mark.parametrize(
    ("flags", "env", "verified", "files"),
    [
        (Flags(), {}, None, ()),
        (FILES, {}, None, ()),
        (Flags(), TLS, False, USUAL),
        (Flags(), VERIFY, True, USUAL),
        (Flags(tls="true"), {}, False, USUAL),
        (Flags(tls="false"), TLS, None, ()),
        (Flags(tls="false"), VERIFY, True, USUAL),
        (Flags(tlsverify="true"), {}, True, USUAL),
        (Flags(tlsverify="false"), {}, False, USUAL),
        (Flags(tlsverify="False"), VERIFY, False, USUAL),
        (Flags(tlsverify="1"), ELSEWHERE, True, ("certs/ca.pem", "", "")),
        (Flags(tlsverify="true", tlskey="k"), {}, True, (*USUAL[:2], "k")),
        (replace(FILES, tlsverify="true"), {}, True, ("a", "b", "c")),
        (replace(FILES, tls="true"), ELSEWHERE, False, ("a", "b", "c")),
    ],
    ids=[
        "nothing",
        "files alone",
        "DOCKER_TLS",
        "DOCKER_TLS_VERIFY",
        "--tls",
        "--tls=false over DOCKER_TLS",
        "--tls=false beside DOCKER_TLS_VERIFY",
        "--tlsverify",
        "--tlsverify=false",
        "--tlsverify=False over DOCKER_TLS_VERIFY",
        "DOCKER_CERT_PATH",
        "a key beside the usual files",
        "every file",
        "every file over DOCKER_CERT_PATH",
    ],
)
def test_options_go_before_the_environment(
    home: Path,
    flags: Flags,
    env: Mapping[str, str],
    *,
    verified: bool | None,
    files: tuple[str, ...],
) -> None:
    env = {key: str(home / value) if value == "certs" else value for key, value in env.items()}
    flags = replace(flags, host="tcp://prod.example:2376")
    [context] = engines_of(options(home, flags, env))
    assert isinstance(context.endpoint, Endpoint)
    tls = context.endpoint.tls
    assert (None if tls is None else not tls.skip_verify) == verified
    if tls is not None:
        shown = tuple(str(path).removeprefix(f"{home}/") for path in (tls.ca, tls.cert, tls.key))
        assert shown == files


@pytest.mark.parametrize(
    ("flags", "has_tls"),
    [
        (Flags(tlsverify="true"), True),
        (Flags(contexts=("default",), tlsverify="true"), True),
        (Flags(host="unix:///run/docker.sock", tlsverify="true"), False),
    ],
    ids=["DOCKER_HOST", "the default context", "a socket"],
)
def test_the_default_context_too_but_no_socket(home: Path, flags: Flags, has_tls: bool) -> None:
    env = {"DOCKER_HOST": "tcp://prod.example:1"}
    [context] = engines_of(options(home, flags, env))
    assert isinstance(context.endpoint, Endpoint)
    assert (context.endpoint.tls is not None) == has_tls
