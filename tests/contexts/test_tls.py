"""TLS for an engine without a stored context: the Docker CLI's options over its environment."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from whatsrunning.contexts import ContextRequest, Endpoint, TlsFlags, resolve

VERIFY, TLS = {"DOCKER_TLS_VERIFY": "1"}, {"DOCKER_TLS": "1"}
ELSEWHERE = {"DOCKER_CERT_PATH": "certs"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with certificate files in `.docker`, and a folder `certs` with an authority alone."""
    for path in (".docker/ca.pem", ".docker/cert.pem", ".docker/key.pem", "certs/ca.pem"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    return tmp_path


USUAL = (".docker/ca.pem", ".docker/cert.pem", ".docker/key.pem")


@pytest.mark.parametrize(
    ("flags", "env", "verified", "files"),
    [
        (TlsFlags(), {}, None, ()),
        (TlsFlags(ca="a", cert="b", key="c"), {}, None, ()),
        (TlsFlags(), TLS, False, USUAL),
        (TlsFlags(), VERIFY, True, USUAL),
        (TlsFlags(tls="true"), {}, False, USUAL),
        (TlsFlags(tls="false"), TLS, None, ()),
        (TlsFlags(tls="false"), VERIFY, True, USUAL),
        (TlsFlags(tlsverify="true"), {}, True, USUAL),
        (TlsFlags(tlsverify="false"), {}, False, USUAL),
        (TlsFlags(tlsverify="False"), VERIFY, False, USUAL),
        (TlsFlags(tlsverify="1"), ELSEWHERE, True, ("certs/ca.pem", "", "")),
        (TlsFlags(tlsverify="true", key="k"), {}, True, (*USUAL[:2], "k")),
        (TlsFlags("", "true", "a", "b", "c"), {}, True, ("a", "b", "c")),
        (TlsFlags("true", "", "a", "b", "c"), ELSEWHERE, False, ("a", "b", "c")),
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
    flags: TlsFlags,
    env: Mapping[str, str],
    *,
    verified: bool | None,
    files: tuple[str, ...],
) -> None:
    env = {key: str(home / value) if value == "certs" else value for key, value in env.items()}
    [context] = resolve(ContextRequest(host="tcp://prod.example:2376", tls=flags), env, home)
    assert isinstance(context.endpoint, Endpoint)
    tls = context.endpoint.tls
    assert (None if tls is None else not tls.skip_verify) == verified
    if tls is not None:
        shown = tuple(str(path).removeprefix(f"{home}/") for path in (tls.ca, tls.cert, tls.key))
        assert shown == files


@pytest.mark.parametrize(
    ("request_", "has_tls"),
    [
        (ContextRequest(tls=TlsFlags(tlsverify="true")), True),
        (ContextRequest(contexts=("default",), tls=TlsFlags(tlsverify="true")), True),
        (ContextRequest(host="unix:///run/docker.sock", tls=TlsFlags(tlsverify="true")), False),
    ],
    ids=["DOCKER_HOST", "the default context", "a socket"],
)
def test_the_default_context_too_but_no_socket(
    home: Path, request_: ContextRequest, has_tls: bool
) -> None:
    [context] = resolve(request_, {"DOCKER_HOST": "tcp://prod.example:1"}, home)
    assert isinstance(context.endpoint, Endpoint)
    assert (context.endpoint.tls is not None) == has_tls
