"""What registries answer: manifests, indexes, tags and all their pages."""

from pathlib import Path

import pytest

from tests.sources.registry.asking import DIGEST, JSON, always, opened, problem_of, soon, value_of
from tests.sources.registry.conftest import SHAS, Shop
from tests.world.images import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    delete_digest,
    put_image,
)
from tests.world.paging import Links, start_paging_proxy
from tests.world.scripted import Reply, Scripted
from whatsrunning.facts.answers import Nothing
from whatsrunning.facts.registry import Child


def children(shop: Shop) -> tuple[Child, ...]:
    """What the shop's index holds."""
    return (Child(shop.image.digest, "linux/amd64"), Child(shop.arm.digest, "linux/arm/v7"))


@pytest.mark.parametrize(
    "kind", ["docker manifest", "oci manifest", "oci index", "index by digest", "docker list"]
)
def test_head_and_body_agree(shop: Shop, tmp_path: Path, kind: str) -> None:
    cases = {
        "docker manifest": (
            SHAS[3],
            shop.image.digest,
            DOCKER_MANIFEST,
            shop.image.config_digest,
            (),
        ),
        "oci manifest": (
            shop.arm.digest,
            shop.arm.digest,
            OCI_MANIFEST,
            shop.arm.config_digest,
            (),
        ),
        "oci index": ("multi", shop.index, OCI_INDEX, "", children(shop)),
        "index by digest": (shop.index, shop.index, OCI_INDEX, "", children(shop)),
        "docker list": ("listed", shop.listed, DOCKER_LIST, "", children(shop)[:1]),
    }
    reference, digest, media_type, config, platforms = cases[kind]
    registry = opened(tmp_path)
    head = value_of(registry.manifest(shop.name, reference, soon()))
    assert (head.digest, head.media_type) == (digest, media_type)
    assert (head.config, head.children) == ("", ())
    body = value_of(registry.content(shop.name, reference, soon()))
    assert (body.digest, body.media_type) == (digest, media_type)
    assert (body.config, body.children) == (config, platforms)


@pytest.mark.parametrize("reference", ["v1", f"sha256:{'0' * 64}"], ids=["tag", "digest"])
@pytest.mark.parametrize("repository", ["acme/shop", "acme/never"])
def test_what_is_not_there_is_nothing(
    shop: Shop, tmp_path: Path, repository: str, reference: str
) -> None:
    registry, name = opened(tmp_path), f"{shop.process.host}/{repository}"
    assert registry.manifest(name, reference, soon()) == Nothing()
    assert registry.content(name, reference, soon()) == Nothing()


def test_what_was_deleted_is_nothing(shop: Shop, tmp_path: Path) -> None:
    registry, host = opened(tmp_path), shop.process.host
    gone = put_image(host, "acme/gone", ["v1"], content=b"soon deleted")
    name = f"{host}/acme/gone"
    assert value_of(registry.manifest(name, "v1", soon())).digest == gone.digest
    delete_digest(host, "acme/gone", gone.digest)
    for reference in ("v1", gone.digest, f"sha256:{'0' * 64}"):
        assert registry.manifest(name, reference, soon()) == Nothing()
        assert registry.content(name, reference, soon()) == Nothing()
    assert value_of(registry.tags(name, soon())) == ()


def test_tags_of_a_repository_that_never_was_are_nothing(shop: Shop, tmp_path: Path) -> None:
    assert opened(tmp_path).tags(f"{shop.process.host}/acme/never", soon()) == Nothing()


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


def test_a_404_without_a_word_is_asked_again_in_full(server: Scripted, tmp_path: Path) -> None:
    server.answer = always(Reply(404, {}, b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}'))
    assert opened(tmp_path).manifest(f"{server.host}/shop", "v1", soon()) == Nothing()
    assert [asked.method for asked in server.requests] == ["HEAD", "GET"]


@pytest.mark.parametrize("links", ["relative", "absolute"])
def test_all_pages_are_read(shop: Shop, tmp_path: Path, links: Links) -> None:
    proxy = start_paging_proxy(shop.process.host, 20, links)
    tags = value_of(opened(tmp_path).tags(f"{proxy.host}/acme/shop", soon()))
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


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("/v2/shop/tags/list?n=1000", "malformed"),
        ("/v2/shop/tags/list/../x", "malformed"),
        ("/token", "malformed"),
        ("//127.0.0.1:1/v2/shop/tags/list", "foreign-link"),
        ("https://[", "foreign-link"),
        ("file:///v2/shop/tags/list", "foreign-link"),
    ],
    ids=["circle", "dots", "another path", "another port", "no address", "a file"],
)
def test_a_link_that_leads_astray(server: Scripted, tmp_path: Path, link: str, code: str) -> None:
    headers = {**JSON, "Link": f'<{link}>; rel="next"'}
    server.answer = always(Reply(200, headers, b'{"tags": ["v1"]}'))
    problem = problem_of(opened(tmp_path).tags, f"{server.host}/shop", soon())
    assert problem.code == code


def test_too_many_pages_are_a_problem(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whatsrunning.sources.registry.client.MOST_PAGES", 4)
    proxy = start_paging_proxy(shop.process.host, 5)
    problem = problem_of(opened(tmp_path).tags, f"{proxy.host}/acme/shop", soon())
    proxy.stop()
    assert problem.code == "too-many-tags"
    assert len(proxy.requests) == 4


def test_too_many_tags_are_a_problem(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whatsrunning.sources.registry.client.MOST_TAGS", len(SHAS) + 1)
    problem = problem_of(opened(tmp_path).tags, shop.name, soon())
    assert problem.code == "too-many-tags"


def test_the_digest_is_the_bodys_where_no_header_tells_it(server: Scripted, tmp_path: Path) -> None:
    body = f'{{"mediaType": "{DOCKER_MANIFEST}", "config": {{"digest": "{DIGEST}"}}}}'.encode()
    server.answer = always(Reply(200, {}, body))
    facts = value_of(opened(tmp_path).manifest(f"{server.host}/shop", "v1", soon()))
    assert (facts.media_type, facts.config) == (DOCKER_MANIFEST, DIGEST)
