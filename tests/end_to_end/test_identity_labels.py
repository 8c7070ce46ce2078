"""Whose label counts: inherited, copied and shared ones, and labels as people write them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.world.identity import Image, Start, Street, compose, labelled, oci, raise_street
from tests.world.mined import MinedHistory, mixed

OCI = "org.opencontainers.image.revision"
SOURCE = "https://github.com/acme/shop"
VERSIONS = ("v1.2.3", "latest")


@dataclass(frozen=True, slots=True)
class Labels:
    """What runs, and what the looks said: with both clones, with one, with -R, and offline."""

    truth: dict[str, str]
    shas: tuple[str, ...]
    looks: dict[str, dict[str, Any]]

    def container(self, look: str, name: str) -> dict[str, Any]:
        """One container of a look."""
        return next(one for one in self.looks[look]["containers"] if one["name"] == name)

    def codes(self, look: str, name: str) -> set[str]:
        """The findings about one container."""
        return {each["code"] for each in self.looks[look]["findings"] if each["container"] == name}


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labels]:
    """Everything, raised and looked at once."""
    street = raise_street(tmp_path_factory.mktemp("labels"))
    try:
        cart = MinedHistory(street.folder / "cart", "acme/cart")
        for _ in range(4):
            cart.commit(mixed)
        cart.finish()
        starts = [_bare(street, "api"), *_inherited(street, cart), *_monorepo(street)]
        starts += [*_copied(street), *_elsewhere(street), *_forms(street), _bare(street, "web")]
        street.run(starts)
        at_shop, at_cart = ("-C", str(street.history.clone)), ("-C", str(cart.clone))
        asked = {
            "both": (*at_shop, *at_cart),
            "shop": at_shop,
            "cart": ("-R", "acme/cart", *at_cart),
            "-R": ("-R", "acme/shop"),
        }
        words = "ps", "--all", "-o", "json"
        looks = {name: street.ask(*words, *more).json() for name, more in asked.items()}
        package = Image("ghcr.io/acme/cart", cart.line[-1], ("latest",), oci(street.shas[3]))
        street.build([package])
        street.run([Start("package", package.references[0])])
        looks["offline"] = street.ask("show", "package", "--offline", "-o", "json").json()
        yield Labels(street.truth(*(start.name for start in starts)), street.shas, looks)
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


def _bare(street: Street, service: str) -> Start:
    """Of one commit like the others, but its labels do not say of which repository."""
    sha = street.history.mainline[7]
    image = Image(street.lane("bare", f"acme/shop-{service}"), sha, VERSIONS, {OCI: sha})
    street.build([image])
    return Start(f"bare-{service}", image.references[0])


def _monorepo(street: Street) -> Iterator[Start]:
    """Images that one workflow built of one commit, under versions alone."""
    newest, older = street.shas[0], street.history.mainline[8]
    for lane, own in {"source": oci(newest), "stack": {OCI: older}}.items():
        for service in ("api", "web", "worker"):
            image = Image(street.lane(lane, f"acme/shop-{service}"), own[OCI], VERSIONS, own)
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


FORMS: dict[str, Callable[[str], str]] = {
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


CARTS = ("shop-short", "shop-latest", "vendor-short", "vendor-latest")
SIBLINGS = ("source-api", "source-web", "source-worker", "stack-api", "stack-web", "stack-worker")
COPIED = ("copied-version", "copied-short", "copied-whole")
ELSEWHERE = ("elsewhere-ecr", "elsewhere-hub", "elsewhere-local")
WRITTEN = (*(f"form-{name}" for name in FORMS), "form-schema")
PROOFS = {
    "shop-latest": "unlabelled",
    "vendor-latest": "unlabelled",
    "elsewhere-local": "label-only",
}
FALSE = {"never-pushed", "contradicted-label", "running-without-tag", "not-on-default-branch"}


@pytest.mark.parametrize(
    ("look", "name"),
    [
        *(
            ("both", name)
            for name in (*CARTS, *SIBLINGS, "bare-api", *COPIED, *ELSEWHERE, *WRITTEN)
        ),
        *(("shop", name) for name in (*SIBLINGS, *COPIED, *ELSEWHERE, *WRITTEN)),
        *(("cart", name) for name in CARTS),
        *(("-R", name) for name in (*ELSEWHERE, *SIBLINGS[:3])),
    ],
)
def test_what_was_built_into_it_is_told(labels: Labels, look: str, name: str) -> None:
    said = labels.container(look, name)
    assert said["managed"]
    assert said["repository"]["name"] == ("acme/cart" if name in CARTS else "acme/shop")
    assert said["revision"].get("sha") == labels.truth[name]
    assert said["proof"]["status"] == PROOFS.get(name, "verified")
    assert not labels.codes(look, name) & FALSE


@pytest.mark.parametrize(("look", "name"), [("both", "bare-web"), ("shop", "shop-latest")])
def test_a_label_that_may_be_inherited_is_unknown_with_its_reason(
    labels: Labels, look: str, name: str
) -> None:
    said = labels.container(look, name)
    problems = {problem["id"]: problem for problem in labels.looks[look]["problems"]}
    assert (said["managed"], said["revision"]["status"]) == (True, "unknown")
    assert problems[said["revision"]["problem"]]["code"] == "perhaps-inherited"
    assert problems[said["revision"]["problem"]]["hint"]
    assert not labels.codes(look, name) & FALSE


def test_a_package_is_not_of_its_base_images_repository(labels: Labels) -> None:
    [package] = labels.looks["offline"]["containers"]
    assert package["repository"].get("name") != "acme/shop"
    assert package["revision"]["status"] == "unknown"


@pytest.mark.parametrize("name", COPIED)
def test_a_copied_label_is_told_and_decides_nothing(labels: Labels, name: str) -> None:
    copied = [c["sha"] for c in labels.container("both", name)["claims"] if c["copied"]]
    told = [p["subject"] for p in labels.looks["both"]["problems"] if p["code"] == "copied-label"]
    assert copied == [labels.shas[3]]
    assert name in told


def test_changes_that_are_in_no_commit_are_found(labels: Labels) -> None:
    dirty = {name for name in WRITTEN if "dirty-build" in labels.codes("both", name)}
    assert dirty == {"form-modified", "form-dirty"}
