"""What is said of a failure, and the next step that it names."""

import ssl
from pathlib import Path

import pytest
import urllib3
from urllib3 import exceptions

from tests.sources.registry.asking import opened, problem_of, soon
from tests.world.scripted import Scripted
from whatsrunning.sources.registry import errors
from whatsrunning.sources.registry.trust import HostRule

ECR = "1234.dkr.ecr.eu-west-1.amazonaws.com"
LASTS = "a login to ECR lasts 12 hours: aws ecr get-login-password | "
POOL = urllib3.HTTPConnectionPool("host")
CONNECTION = urllib3.connection.HTTPConnection("host")


@pytest.mark.parametrize(
    ("host", "hint"),
    [
        ("registry.example", "docker login registry.example"),
        ("docker.io", "docker login"),
        (ECR, f"{LASTS}docker login --username AWS --password-stdin {ECR}"),
    ],
    ids=["any", "docker hub", "ecr"],
)
def test_the_next_step_after_a_refused_login(
    proxy: Scripted, tmp_path: Path, host: str, hint: str
) -> None:
    registry = opened(tmp_path, hosts={host: HostRule(insecure=True)})
    problem = problem_of(registry.tags, f"{host}/a/b", soon())
    assert (problem.code, problem.hint) == ("login", hint)
    assert proxy.requests


def caused_by(error: Exception) -> Exception:
    """As urllib3 hands it on: inside the arguments of another."""
    return exceptions.MaxRetryError(POOL, "/", error)


def certificate(code: int) -> ssl.SSLError:
    """A certificate that OpenSSL refuses for this reason."""
    error = ssl.SSLCertVerificationError("refused")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (exceptions.ProxyError("no", OSError()), "refused", "the proxy did not lead to host"),
        (ssl.SSLError("no"), "tls", "host does not speak TLS as it should"),
        (certificate(10), "tls", "the certificate of host has expired"),
        (certificate(62), "tls", "the certificate of host is for another name"),
        (certificate(19), "tls", "the certificate of host is signed by an unknown authority"),
        (exceptions.NewConnectionError(CONNECTION, "no"), "refused", "host cannot be reached"),
        (ConnectionRefusedError(), "refused", "host refused the connection"),
        (TimeoutError(), "timeout", "host did not answer in time"),
        (exceptions.ProtocolError("no"), "broken", "host broke the connection off"),
        (ValueError(), "malformed", "host sent a reply that cannot be read"),
    ],
    ids=["proxy", "no tls", "expired", "another name", "unknown authority", "unreachable",
         "refused", "late", "broken off", "anything else"],
)  # fmt: skip
def test_what_a_failure_means(error: Exception, code: str, message: str) -> None:
    problem = errors.from_exception("host", caused_by(error)).problem
    assert (problem.code, problem.message) == (code, message)
    assert problem.hint


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "denied"), (429, "rate-limited"), (500, "server-error"), (418, "malformed")],
)
def test_what_a_status_means(status: int, code: str) -> None:
    assert errors.refused_status("host", status, "acme/shop").problem.code == code
