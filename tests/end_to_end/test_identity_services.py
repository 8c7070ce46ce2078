"""What is one service, and what is said where nothing could be judged or looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.program import Result
from tests.world.identity import Image, Start, Street, compose, labelled, oci, raise_street

KEPT = ("--restart", "unless-stopped")


@dataclass(frozen=True, slots=True)
class Services:
    """What the runs printed, by what was asked."""

    street: Street
    said: dict[str, Result]

    def container(self, look: str, name: str) -> dict[str, Any]:
        """One container of a look."""
        return next(one for one in self.said[look].json()["containers"] if one["name"] == name)

    def codes(self, look: str, service: str) -> set[str]:
        """The findings about a service."""
        found = self.said[look].json()["findings"]
        return {each["code"] for each in found if each["service"] == service}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A server on which nothing is managed; then services of every kind; then no registry."""
    street = raise_street(tmp_path_factory.mktemp("services"))
    at_hand = "-C", str(street.history.clone)
    try:
        said = {name: street.ask(*words) for name, words in _strangers(street).items()}
        street.engine.docker("rm", "--force", "stranger")
        _one_offs(street)
        _kamal(street)
        _siblings(street)
        said["json"] = street.ask("ps", "-a", "-o", "json", *at_hand)
        said["page"] = street.ask("ps", *at_hand)
        said["bare"] = street.ask("ps", "-a", "-o", "json")
        said["has"] = street.ask("has", "33", "-o", "json", *at_hand)
        said["plan"] = street.ask("rollback-plan", "shop-web", "-o", "json", *at_hand)
        said["history"] = street.ask("history", "-o", "json")
        said["history again"] = street.ask("history", "-o", "json", *at_hand)
        street.registry.stop()
        said["no registry"] = street.ask("ps", *at_hand)
        said["offline"] = street.ask("ps", "--offline", *at_hand)
        yield Services(street, said)
    finally:
        street.stop()


def _strangers(street: Street) -> dict[str, tuple[str, ...]]:
    """An image that names its repository and commit, which nobody named."""
    sha = street.shas[1]
    image = Image(street.lane("strange", "web"), sha, ("v1.2.3",), oci(sha))
    street.build([image])
    street.run([Start("stranger", image.references[0])])
    return {
        "unnamed": ("ps",),
        "unnamed --check": ("ps", "--check"),
        "misnamed --check": ("ps", "--check", "-R", "acme/nosuch"),
        "show": ("show", "stranger", "-o", "json"),
        "show page": ("show", "stranger"),
    }


def _builds(street: Street, lane: str) -> list[str]:
    """References of the four builds, newest first; each was pushed under its SHA."""
    images = [Image(street.lane(lane), sha, (sha,)) for sha in reversed(street.shas)]
    street.build(images)
    return [image.references[0] for image in reversed(images)]


def _one_offs(street: Street) -> None:
    newest, *_, oldest = _builds(street, "one-offs")
    own, run = labelled(git_sha=street.shas[0]), {"oneoff": "True"}
    street.run([
        Start("one-web-1", newest, (*own, *KEPT, *compose("one", "web"))),
        Start("one-api-1", newest, (*own, *compose("one", "api"))),
    ])  # fmt: skip
    street.engine.docker("stop", "one-web-1")
    old = labelled(git_sha=street.shas[3])
    street.run([
        Start("one-web-run-1", newest, (*own, *compose("one", "web", **run))),
        Start("one-api-run-1", oldest, (*old, *compose("one", "api", **run))),
        Start("one-migrate-run-1", newest, (*own, *compose("one", "migrate", **run)),
              ("sh", "-c", "exit 3")),
    ])  # fmt: skip


def _kamal(street: Street) -> None:
    """Each deploy has a name of its own, and old ones are kept; one was renamed by hand."""
    references = _builds(street, "kamal")
    role = ("--label=service=shop", "--label=role=web")
    names = [f"shop-web-{sha}" for sha in street.shas]
    for name, reference in reversed([*zip(names, references, strict=True)]):
        street.run([Start(name, reference, (*role, *KEPT))])
        if reference is not references[0]:
            street.engine.docker("stop", name)
    street.run([Start("cache", references[1], KEPT)])
    street.engine.docker("rename", "cache", "cache-old")
    street.engine.docker("stop", "cache-old")
    street.run([Start("cache", references[0], KEPT)])


def _siblings(street: Street) -> None:
    """Of three replicas one has no label; two projects have a service of one name."""
    newest, _, older, oldest = _builds(street, "siblings")
    own = labelled(git_sha=street.shas[0])
    pay = [compose("pay", "pay", **{"container-number": str(n)}) for n in (1, 2, 3)]
    street.run([
        Start("pay-1", newest, (*own, *pay[0])), Start("pay-2", newest, (*own, *pay[1])),
        Start("pay-3", oldest, pay[2]),
        Start("prod-app-1", newest, (*own, *compose("prod", "app"))),
        Start("stage-app-1", older, (*labelled(git_sha=street.shas[2]), *compose("stage", "app"))),
    ])  # fmt: skip
    reverted = street.history.named["reverted"]
    images = [
        Image(street.lane("fixes"), street.history.named[name], (street.history.named[name],))
        for name in ("reverted", "revert")
    ]
    street.build(images)
    street.run([Start("fixes", images[0].references[0], labelled(git_sha=reverted))])
