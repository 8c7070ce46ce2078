"""What lies between us and a registry: netrc, proxies, pauses, broken and dripping connections."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.oci_asking import found, login, opened, problem_of, soon
from tests.world.images import OCI_MANIFEST
from tests.world.scripted import Asked, Reply, Scripted, start_scripted
from whatsrunning.facts.ports import Deadline
from whatsrunning.sources.registry.settings import HostRule

DIGEST = f"sha256:{'a' * 64}"
GOOD = Reply(200, {"Content-Type": OCI_MANIFEST, "Docker-Content-Digest": DIGEST})
SECRET = "hunter2"
ECR = "1234.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.fixture
def server() -> Iterator[Scripted]:
    running = start_scripted(lambda _: GOOD)
    yield running
    running.stop()


def test_netrc_is_kept_out(
    server: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text(f"machine 127.0.0.1 login ci password {SECRET}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    found(opened(tmp_path).manifest(f"{server.host}/shop", "v1", soon()))
    assert [("authorization" in asked.headers) for asked in server.requests] == [False]


def test_pauses_and_failures(server: Scripted, tmp_path: Path) -> None:
    replies: list[Reply] = []

    def answer(_: Asked) -> Reply:
        return replies.pop(0) if replies else GOOD

    server.answer = answer
    registry, name = opened(tmp_path), f"{server.host}/shop"
    cases: tuple[tuple[list[Reply], str], ...] = (
        ([Reply(429, {"Retry-After": "0"})], ""),
        ([Reply(503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})], ""),
        ([Reply(429, {"Retry-After": "3600"})], "rate-limited"),
        ([Reply(429, {"Retry-After": "junk"})], "rate-limited"),
        ([Reply(429, {"Retry-After": "0"})] * 9, "rate-limited"),
        ([Reply(503)], "server-error"),
        ([Reply(403)], "denied"),
        ([Reply(cut=True)], ""),
        ([Reply(cut=True)] * 2, "broken"),
    )
    for script, code in cases:
        replies[:] = script
        started = time.monotonic()
        if code:
            assert problem_of(registry.manifest, name, "v1", soon()).code == code
        else:
            assert found(registry.manifest(name, "v1", soon())).digest == DIGEST
        assert time.monotonic() - started < 30


def test_a_body_that_only_drips_ends_at_the_deadline(server: Scripted, tmp_path: Path) -> None:
    server.answer = lambda _: Reply(body=b" " * 1000, drip=0.05)
    registry, started = opened(tmp_path), time.monotonic()
    problem = problem_of(registry.tags, f"{server.host}/shop", Deadline.after(1))
    assert problem.code == "timeout"
    assert time.monotonic() - started < 10
    assert problem_of(registry.tags, f"{server.host}/shop", Deadline.after(0)).code == "timeout"


@pytest.fixture
def proxy(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The scripted server as the way out, so that no name is looked up; it tunnels nothing."""

    def answer(asked: Asked) -> Reply:
        if asked.method == "CONNECT":
            return Reply(405)
        return Reply(401, {"WWW-Authenticate": "Basic realm=x"})

    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://ci:{SECRET}@{server.host}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.answer = answer
    return server


@pytest.mark.parametrize(
    ("host", "api", "key"),
    [
        ("registry.example:5000", "registry.example:5000", "registry.example:5000"),
        ("docker.io", "registry-1.docker.io", "https://index.docker.io/v1/"),
        (ECR, ECR, f"https://{ECR}"),
    ],
)
def test_plain_http_off_this_machine(
    proxy: Scripted, tmp_path: Path, host: str, api: str, key: str
) -> None:
    name, config = f"{host}/acme/shop", {"auths": {key: login("ci", SECRET)}}
    problem = problem_of(opened(tmp_path, config).tags, name, soon())
    assert (problem.code, problem.subject) == ("refused", host)
    assert SECRET not in repr(problem)
    # https alone: plain http is for hosts that configuration calls insecure.
    tunnel = api if ":" in api else f"{api}:443"
    assert {(asked.method, asked.path) for asked in proxy.requests} == {("CONNECT", tunnel)}
    assert all("authorization" not in asked.headers for asked in proxy.requests)

    insecure = opened(tmp_path, config, hosts={host: HostRule(insecure=True)})
    problem = problem_of(insecure.tags, name, soon())
    assert (problem.code, problem.subject) == ("login", host)
    basic = f"Basic {base64.b64encode(f'ci:{SECRET}'.encode()).decode()}"
    plain = [asked for asked in proxy.requests if asked.method == "GET"]
    assert {asked.path for asked in plain} == {f"http://{api}/v2/acme/shop/tags/list?n=1000"}
    assert [asked.headers.get("authorization") for asked in plain] == [None, basic]


def test_a_helper_knows_docker_hub_by_its_old_address(proxy: Scripted, tmp_path: Path) -> None:
    helper = tmp_path / "docker-credential-hub"
    helper.write_text('#!/bin/sh\ncat > "$0.asked"\necho \'{"Username": "ci", "Secret": "s"}\'\n')
    helper.chmod(0o755)
    config = {"credHelpers": {"https://index.docker.io/v1/": "hub"}}
    registry = opened(
        tmp_path,
        config,
        hosts={"docker.io": HostRule(insecure=True)},
        environment={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )
    assert problem_of(registry.tags, "docker.io/acme/shop", soon()).code == "login"
    asked = (tmp_path / "docker-credential-hub.asked").read_text()
    assert asked == "https://index.docker.io/v1/"
    assert "authorization" in proxy.requests[-1].headers


def test_the_next_step_after_a_refused_login(proxy: Scripted, tmp_path: Path) -> None:
    hints = {
        "registry.example": "docker login registry.example",
        "docker.io": "docker login",
        ECR: "a login to ECR lasts 12 hours: aws ecr get-login-password | "
        f"docker login --username AWS --password-stdin {ECR}",
    }
    for host, hint in hints.items():
        registry = opened(tmp_path, hosts={host: HostRule(insecure=True)})
        problem = problem_of(registry.tags, f"{host}/a/b", soon())
        assert (problem.code, problem.hint) == ("login", hint)
    assert proxy.requests
