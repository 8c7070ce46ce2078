"""The registry source against real registries: answers, pages, logins, TLS, outages."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sources.oci_asking import found, login, opened, problem_of, soon
from tests.world.certificates import Authority, new_authority
from tests.world.images import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    Pushed,
    delete_digest,
    put_image,
    put_index,
)
from tests.world.paging import Links, start_paging_proxy
from tests.world.registry import RegistryProcess, start_registry
from whatsrunning.facts.answers import Answer, Nothing
from whatsrunning.facts.ports import Deadline
from whatsrunning.facts.records import Child, ManifestFacts
from whatsrunning.sources.registry.settings import HostRule

SHAS = tuple(f"{number:040x}" for number in range(45))


@dataclass(frozen=True, slots=True)
class Shop:
    """A registry with one repository: many tags on one image, and an index of two platforms."""

    process: RegistryProcess
    image: Pushed
    arm: Pushed
    index: str
    listed: str

    @property
    def name(self) -> str:
        """The repository as host/path."""
        return f"{self.process.host}/acme/shop"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    process = start_registry(tmp_path_factory.mktemp("registry"))
    host, path = process.host, "acme/shop"
    image = put_image(host, path, SHAS, labels={"git.sha": SHAS[0]})
    arm = put_image(host, path, platform="linux/arm/v7", media_type=OCI_MANIFEST)
    index = put_index(host, path, ["multi"], [image, arm])
    listed = put_index(host, path, ["listed"], [image], False, media_type=DOCKER_LIST)
    yield Shop(process, image, arm, index, listed)
    process.stop()


def test_head_and_body_agree_on_every_kind_of_manifest(shop: Shop, tmp_path: Path) -> None:
    registry = opened(tmp_path)
    children = (Child(shop.image.digest, "linux/amd64"), Child(shop.arm.digest, "linux/arm/v7"))
    cases = {
        SHAS[3]: (shop.image.digest, DOCKER_MANIFEST, shop.image.config_digest, ()),
        shop.arm.digest: (shop.arm.digest, OCI_MANIFEST, shop.arm.config_digest, ()),
        "multi": (shop.index, OCI_INDEX, "", children),
        shop.index: (shop.index, OCI_INDEX, "", children),
        "listed": (shop.listed, DOCKER_LIST, "", children[:1]),
    }
    for reference, (digest, media_type, config, platforms) in cases.items():
        head = found(registry.manifest(shop.name, reference, soon()))
        assert (head.digest, head.media_type) == (digest, media_type)
        assert (head.config, head.children) == ("", ())
        body = found(registry.content(shop.name, reference, soon()))
        assert (body.digest, body.media_type) == (digest, media_type)
        assert (body.config, body.children) == (config, platforms)


def test_what_is_not_there_is_nothing(shop: Shop, tmp_path: Path) -> None:
    registry, host = opened(tmp_path), shop.process.host
    gone = put_image(host, "acme/gone", ["v1"], content=b"soon deleted")
    assert found(registry.manifest(f"{host}/acme/gone", "v1", soon())).digest == gone.digest
    delete_digest(host, "acme/gone", gone.digest)
    absent = f"sha256:{'0' * 64}"
    for repository in (f"{host}/acme/gone", shop.name, f"{host}/acme/never"):
        for reference in ("v1", absent):
            assert registry.manifest(repository, reference, soon()) == Nothing()
            assert registry.content(repository, reference, soon()) == Nothing()
    assert registry.tags(f"{host}/acme/never", soon()) == Nothing()
    assert found(registry.tags(f"{host}/acme/gone", soon())) == ()


def test_requests_are_few_and_only_read(shop: Shop, tmp_path: Path) -> None:
    proxy = start_paging_proxy(shop.process.host, size=0)
    registry, name = opened(tmp_path), f"{proxy.host}/acme/shop"
    registry.manifest(name, "multi", soon())
    registry.manifest(name, "nosuch", soon())
    registry.content(name, "multi", soon())
    registry.tags(name, soon())
    proxy.stop()
    assert proxy.requests == [
        ("HEAD", "/v2/acme/shop/manifests/multi"),
        ("HEAD", "/v2/acme/shop/manifests/nosuch"),
        ("GET", "/v2/acme/shop/manifests/multi"),
        ("GET", "/v2/acme/shop/tags/list?n=1000"),
    ]


@pytest.mark.parametrize("links", ["relative", "absolute"])
def test_all_pages_are_read(shop: Shop, tmp_path: Path, links: Links) -> None:
    proxy = start_paging_proxy(shop.process.host, 20, links)
    tags = found(opened(tmp_path).tags(f"{proxy.host}/acme/shop", soon()))
    proxy.stop()
    assert sorted(tags) == sorted([*SHAS, "multi", "listed"])
    assert len(proxy.requests) == 3


def test_a_page_on_another_host_is_not_followed(shop: Shop, tmp_path: Path) -> None:
    elsewhere = start_paging_proxy(shop.process.host)
    proxy = start_paging_proxy(shop.process.host, 20, "foreign", elsewhere.host)
    problem = problem_of(opened(tmp_path).tags, f"{proxy.host}/acme/shop", soon())
    for server in (proxy, elsewhere):
        server.stop()
    assert (problem.code, problem.subject) == ("foreign-link", proxy.host)
    assert elsewhere.requests == []


def test_too_many_pages_are_a_problem(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whatsrunning.sources.registry.client.MOST_PAGES", 4)
    proxy = start_paging_proxy(shop.process.host, 5)
    problem = problem_of(opened(tmp_path).tags, f"{proxy.host}/acme/shop", soon())
    proxy.stop()
    assert problem.code == "too-many-tags"
    assert len(proxy.requests) == 4


def test_htpasswd(shop: Shop, tmp_path: Path) -> None:
    with start_registry(shop.process.folder, auth="htpasswd") as process:
        host = process.host
        other: dict[str, object] = {"broken.example": {"auth": "no base64, no colon"}}
        name = f"{host}/acme/shop"

        def ask(auths: object) -> Answer[ManifestFacts]:
            return opened(tmp_path, {"auths": auths}).manifest(name, SHAS[0], soon())

        for key in (host, f"https://{host}", f"http://{host}/v1/"):
            answer = found(ask({**other, key: login("ci", "secret")}))
            assert answer.digest == shop.image.digest
        plain = {"username": "ci", "password": "secret"}
        assert found(ask({host: plain})).digest == shop.image.digest

        assert problem_of(ask, other).hint == f"docker login {host}"
        wrong = problem_of(ask, {host: login("ci", "hunter2")})
        assert (wrong.code, wrong.hint) == ("login", f"docker login {host}")
        assert "hunter2" not in repr(wrong)
        for entry in ({"auth": "!!!"}, {"auth": 7}, "text", login("ci", "secret")["auth"], 5):
            assert problem_of(ask, {host: entry}).code == "credentials"
        broken = opened(tmp_path, "{ not json")
        assert problem_of(broken.tags, name, soon()).code == "credentials"
        assert found(broken.manifest(shop.name, SHAS[0], soon())).digest == shop.image.digest


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


def test_a_private_authority(shop: Shop, authority: Authority, tmp_path: Path) -> None:
    with start_registry(shop.process.folder, tls=authority.issue("registry")) as process:
        host, name = process.host, f"{process.host}/acme/shop"
        unknown = problem_of(opened(tmp_path).manifest, name, SHAS[0], soon())
        assert (unknown.code, unknown.subject) == ("tls", host)
        assert f"/etc/docker/certs.d/{host}/ca.crt" in unknown.hint
        assert f'[registries."{host}"]' in unknown.hint

        junk = tmp_path / "junk.crt"
        junk.write_text("no certificate")
        for ca in (junk, tmp_path / "nosuch.crt"):
            bad = opened(tmp_path, hosts={host: HostRule(ca=str(ca))})
            assert problem_of(bad.tags, name, soon()).code == "tls"

        for bundle in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            lost = opened(tmp_path, environment={bundle: "/nonexistent.pem"})
            assert bundle in problem_of(lost.tags, name, soon()).hint

        docker = tmp_path / "docker"
        certificates = docker / "certs.d" / host
        certificates.mkdir(parents=True)
        (certificates / "ca.crt").write_bytes(authority.certificate.read_bytes())
        for registry in (
            opened(tmp_path, hosts={host: HostRule(ca=str(authority.certificate))}),
            opened(tmp_path, hosts={host: HostRule(insecure=True)}),
            opened(tmp_path, environment={"REQUESTS_CA_BUNDLE": str(authority.certificate)}),
            opened(tmp_path, environment={"SSL_CERT_FILE": str(authority.certificate)}),
            opened(docker),
        ):
            assert found(registry.manifest(name, SHAS[0], soon())).digest == shop.image.digest


def test_a_frozen_registry_costs_no_more_than_the_deadline(shop: Shop, tmp_path: Path) -> None:
    with start_registry(tmp_path / "frozen") as process:
        put_image(process.host, "shop", ["v1"])
        registry, name = opened(tmp_path), f"{process.host}/shop"
        found(registry.manifest(name, "v1", soon()))
        process.freeze()
        for ask in (registry.tags, lambda name, deadline: registry.manifest(name, "v1", deadline)):
            started = time.monotonic()
            problem = problem_of(ask, name, Deadline.after(0.5))
            assert problem.code == "timeout"
            assert time.monotonic() - started < 5
        process.thaw()
        found(registry.manifest(name, "v1", soon()))
        process.stop()
        assert problem_of(registry.manifest, name, "v1", soon()).code == "refused"
        assert found(registry.manifest(shop.name, SHAS[0], soon())).digest == shop.image.digest
