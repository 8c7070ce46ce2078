"""Which scheme is tried, and whose certificates are believed."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.registry.asking import SECRET, login, opened, problem_of, soon, value_of
from tests.sources.registry.conftest import SHAS, Shop
from tests.world.certificates import Authority, new_authority
from tests.world.registry import start_registry
from tests.world.scripted import Scripted
from whatsrunning.facts.scope import RegistryRule
from whatsrunning.sources.registry.trust import RegistrySettings, is_safe

ECR = "1234.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A company's own."""
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def host(shop: Shop, authority: Authority) -> Iterator[str]:
    """The shop with a certificate of that authority."""
    with start_registry(shop.process.folder, tls=authority.issue("registry")) as process:
        yield process.host


def test_an_unknown_authority(host: str, tmp_path: Path) -> None:
    problem = problem_of(opened(tmp_path).manifest, f"{host}/acme/shop", SHAS[0], soon())
    assert (problem.code, problem.subject) == ("tls", host)
    assert f"/etc/docker/certs.d/{host}/ca.crt" in problem.hint
    assert f'[registries."{host}"]' in problem.hint


@pytest.mark.parametrize("name", ["junk.crt", "nosuch.crt"])
def test_a_ca_file_that_cannot_be_used(host: str, tmp_path: Path, name: str) -> None:
    (tmp_path / "junk.crt").write_text("no certificate")
    bad = opened(tmp_path, hosts={host: RegistryRule(ca=str(tmp_path / name))})
    assert problem_of(bad.tags, f"{host}/acme/shop", soon()).code == "tls"


@pytest.mark.parametrize("bundle", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_bundle_that_cannot_be_read(host: str, tmp_path: Path, bundle: str) -> None:
    lost = opened(tmp_path, environment={bundle: "/nonexistent.pem"})
    assert bundle in problem_of(lost.tags, f"{host}/acme/shop", soon()).hint


@pytest.mark.parametrize(
    "way", ["configured", "insecure", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "certs.d"]
)
def test_ways_to_a_private_authority(
    host: str, shop: Shop, authority: Authority, tmp_path: Path, way: str
) -> None:
    ca = str(authority.certificate)
    rules = {"configured": RegistryRule(ca=ca), "insecure": RegistryRule(insecure=True)}
    if way == "certs.d":
        folder = tmp_path / "certs.d" / host
        folder.mkdir(parents=True)
        (folder / "ca.crt").write_bytes(authority.certificate.read_bytes())
    registry = opened(
        tmp_path,
        hosts={host: rules[way]} if way in rules else {},
        environment={way: ca} if way.isupper() else {},
    )
    answer = registry.manifest(f"{host}/acme/shop", SHAS[0], soon())
    assert value_of(answer).digest == shop.image.digest


@pytest.mark.parametrize("files", [["ca.crt", "a.crt"], ["b.crt", "notes.txt"]])
def test_the_first_file_of_certs_d(
    host: str, shop: Shop, authority: Authority, tmp_path: Path, files: list[str]
) -> None:
    folder = tmp_path / "certs.d" / host
    folder.mkdir(parents=True)
    for name in files:
        (folder / name).write_text("no certificate")
    (folder / files[0]).write_bytes(authority.certificate.read_bytes())
    answer = opened(tmp_path).manifest(f"{host}/acme/shop", SHAS[0], soon())
    assert value_of(answer).digest == shop.image.digest


@pytest.mark.parametrize(
    ("host", "api", "key"),
    [
        ("registry.example:5000", "registry.example:5000", "registry.example:5000"),
        ("docker.io", "registry-1.docker.io", "https://index.docker.io/v1/"),
        (ECR, ECR, f"https://{ECR}"),
    ],
    ids=["a port", "docker hub", "ecr"],
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

    insecure = opened(tmp_path, config, hosts={host: RegistryRule(insecure=True)})
    problem = problem_of(insecure.tags, name, soon())
    assert (problem.code, problem.subject) == ("login", host)
    basic = f"Basic {base64.b64encode(f'ci:{SECRET}'.encode()).decode()}"
    plain = [asked for asked in proxy.requests if asked.method == "GET"]
    assert {asked.path for asked in plain} == {f"http://{api}/v2/acme/shop/tags/list?n=1000"}
    assert [asked.headers.get("authorization") for asked in plain] == [None, basic]


@pytest.mark.parametrize(
    ("host", "url", "safe"),
    [
        pytest.param("a.example", "https://b.example/x", True, id="https"),
        pytest.param("a.example", "http://b.example/x", False, id="plain http"),
        pytest.param("a.example", "http://a.example/x", False, id="plain http to itself"),
        pytest.param("a.example", "http://127.0.0.1/x", False, id="from afar to this machine"),
        pytest.param("127.0.0.1:5000", "http://127.0.0.1:9000/x", True, id="on this machine"),
        pytest.param("127.0.0.1:5000", "http://b.example/x", False, id="from this machine away"),
        pytest.param("a.example", "http://insecure.example/x", True, id="insecure by name"),
        pytest.param("insecure.example", "http://insecure.example:90/x", True, id="another port"),
        pytest.param("insecure.example", "http://b.example/x", False, id="its rule is its own"),
        pytest.param("a.example", "https://ci:x@b.example/x", False, id="a user"),
        pytest.param("a.example", "//b.example/x", False, id="no scheme"),
        pytest.param("a.example", "/x", False, id="no host"),
        pytest.param("a.example", "https://[", False, id="no address"),
        pytest.param("a.example", "ftp://b.example/x", False, id="another scheme"),
        pytest.param("a.example", "", False, id="nothing"),
    ],
)
def test_where_a_reply_may_send_us(tmp_path: Path, host: str, url: str, safe: bool) -> None:
    rules = {"insecure.example": RegistryRule(insecure=True)}
    assert is_safe(host, url, RegistrySettings(tmp_path, hosts=rules)) is safe
