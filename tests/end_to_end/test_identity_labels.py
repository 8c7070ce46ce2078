"""Whose label counts: inherited, copied and shared ones, and labels as people write them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.world.identity import Image, Start, oci, raise_street
from tests.world.identity_labels import (
    FORMS,
    bare,
    copied,
    elsewhere,
    forms,
    inherited,
    monorepo,
    stranger,
)
from tests.world.mined import MinedHistory, mixed


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
        starts = [bare(street, "api"), *inherited(street, cart), *monorepo(street)]
        starts += [*copied(street), *elsewhere(street), *forms(street), bare(street, "web")]
        starts += [stranger(street, cart)]
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


CARTS = ("shop-short", "shop-latest", "vendor-short", "vendor-latest", "stranger")
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


@pytest.mark.parametrize("look", ["-R", "shop"])
def test_nobody_is_accused_of_not_pushing_to_a_repository_of_somebody_elses(
    labels: Labels, look: str
) -> None:
    said = labels.container(look, "stranger")
    problems = {problem["id"]: problem for problem in labels.looks[look]["problems"]}
    assert said["revision"].get("sha") == labels.truth["stranger"]
    assert problems[said["repository"]["problem"]]["code"] == "no-repository"
    assert said["commit"]["problem"] == said["repository"]["problem"]
    assert not labels.codes(look, "stranger") & FALSE


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
