"""Whose label counts: inherited, copied and shared ones, and labels as people write them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.world.identity import Image, Start, Street, compose, labelled, oci, raise_street
from tests.world.mined import MinedHistory, mixed

OCI = "org.opencontainers.image.revision"
SOURCE = "https://github.com/acme/shop"
VERSIONS = ("v1.2.3", "latest")


@dataclass(frozen=True, slots=True)
class Labels:
    """What runs, and what looks with the one clone, the other, and both at hand said."""

    street: Street
    cart: MinedHistory
    truth: dict[str, str]
    shop_look: dict[str, Any]
    cart_look: dict[str, Any]


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labels]:
    """Everything, raised and looked at once."""
    street = raise_street(tmp_path_factory.mktemp("labels"))
    try:
        cart = MinedHistory(street.folder / "cart", "acme/cart")
        for _ in range(4):
            cart.commit(mixed)
        cart.finish()
        starts = [*_inherited(street, cart), *_monorepo(street), *_copied(street)]
        starts += [*_elsewhere(street), *_forms(street)]
        street.run(starts)
        shop = street.ask("ps", "--all", "-o", "json", "-C", str(street.history.clone))
        project = "-R", "acme/cart", "-C", str(cart.clone)
        carts = street.ask("ps", "--all", "-o", "json", *project, cwd=cart.clone)
        truth = street.truth(*(start.name for start in starts))
        yield Labels(street, cart, truth, shop.json(), carts.json())
    finally:
        street.stop()


def _inherited(street: Street, cart: MinedHistory) -> Iterator[Start]:
    """Images of acme/cart, built over one that carries another's labels, and pulled since."""
    sha, older = cart.line[-1], cart.line[-2]
    bases = {"shop": oci(street.shas[3]), "vendor": oci("e" * 40, "vendor/base")}
    for name, said in bases.items():
        base = Image(f"base/{name}", sha, ("v1",), said)
        for kind, tags in (("short", (f"sha-{sha[:7]}",)), ("latest", (sha, "latest"))):
            lane = street.lane(f"{name}-{kind}", "acme/cart")
            street.build([base])
            old = older if kind == "latest" else f"sha-{older[:7]}"
            street.store([Image(lane, older, (old,))])
            image = Image(lane, sha, tags, base=base.references[0])
            street.build([image])
            street.engine.docker("rmi", "--force", *image.references, *base.references)
            yield Start(f"{name}-{kind}", image.references[-1])


def _monorepo(street: Street) -> Iterator[Start]:
    """Images that one workflow built of one commit, under versions alone."""
    newest, *_, other, third = street.history.mainline[:9]
    said = {"source": oci(newest), "bare": {OCI: other}, "stack": {OCI: third}}
    for lane, own in said.items():
        for service in ("api", "web", "worker"):
            repository = street.lane(lane, f"acme/shop-{service}")
            image = Image(repository, own[OCI], VERSIONS, own)
            street.build([image])
            project = compose("shop", service) if lane == "stack" else ()
            yield Start(f"{lane}-{service}", image.references[0], project)


def _copied(street: Street) -> Iterator[Start]:
    """Re-created with all labels of the container before, those of its older image among them."""
    newest, stale = street.shas[0], street.shas[3]
    schemes = {"version": VERSIONS, "short": (f"sha-{newest[:7]}",), "whole": (newest, "latest")}
    for name, tags in schemes.items():
        lane = street.lane(f"copied-{name}")
        old = {"version": "v1.0.0", "short": f"sha-{stale[:7]}", "whole": stale}[name]
        street.store([Image(lane, stale, (old,), oci(stale))])
        image = Image(lane, newest, tags, oci(newest))
        street.build([image])
        yield Start(f"copied-{name}", image.references[-1], (f"--label={OCI}={stale}",))


def _elsewhere(street: Street) -> Iterator[Start]:
    """Image names that do not hold the repository's."""
    host, sha = street.registry.host, street.shas[1]
    names = {"ecr": f"{host}/shop-web", "hub": f"{host}/acme/web", "local": "shop-local"}
    for name, repository in names.items():
        image = Image(repository, sha, VERSIONS, oci(sha))
        street.build([image])
        yield Start(f"elsewhere-{name}", image.references[1])


FORMS = {
    "upper": lambda sha: sha.upper(),
    "quoted": lambda sha: f'"{sha}"',
    "flux": lambda sha: f"main@sha1:{sha}",
    "describe": lambda sha: f"v1.2.3-5-g{sha[:7]}",
    "modified": lambda sha: f"{sha}-modified",
    "dirty": lambda sha: f"{sha}-dirty",
}


def _forms(street: Street) -> Iterator[Start]:
    sha = street.shas[1]
    for name, form in FORMS.items():
        lane = street.lane(f"form-{name}")
        street.build([Image(lane, sha, (sha, "latest"))])
        yield Start(f"form-{name}", f"{lane}:latest", labelled(git_sha=form(sha)))
    lane = street.lane("form-schema")
    said = {"org.label-schema.vcs-ref": sha, "org.label-schema.vcs-url": SOURCE}
    street.build([Image(lane, sha, VERSIONS, said)])
    yield Start("form-schema", f"{lane}:latest")
