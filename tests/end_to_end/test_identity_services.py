"""What is one service, and what is said where nothing could be judged or looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.program import Result
from tests.world.identity import Image, Start, Street, oci, raise_street
from tests.world.identity_services import kamal, one_offs, siblings
from tests.world.registry import start_registry


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
        one_offs(street)
        kamal(street)
        siblings(street)
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
        port = int(street.registry.host.rpartition(":")[2])
        with start_registry(street.folder / "registry", auth="htpasswd", port=port):
            said["no login"] = street.ask("ps", *at_hand)
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


def test_where_nothing_is_managed_the_next_step_is_said_and_nothing_vouched_for(
    services: Services,
) -> None:
    unnamed, checked = services.said["unnamed"], services.said["unnamed --check"]
    assert (unnamed.code, checked.code) == (0, 3)
    assert "whatsrunning -R acme/shop" in unnamed.stdout
    assert "nothing here is known to be ours yet" in checked.stdout


def test_a_repository_that_nothing_comes_from_is_told_and_not_vouched_for(
    services: Services,
) -> None:
    misnamed = services.said["misnamed --check"]
    assert misnamed.code == 3
    assert "nothing here comes from acme/nosuch" in misnamed.stdout


def test_show_looks_up_what_is_not_managed(services: Services) -> None:
    stranger, page = services.container("show", "stranger"), services.said["show page"].stdout
    told = {key: stranger[key]["status"] for key in ("deployed_at", "revision", "commit", "ci")}
    assert set(told.values()) == {"found"}
    assert stranger["revision"]["sha"] == services.street.shas[1]
    assert [item["number"] for item in stranger["pull_requests"]["items"]] == [31]
    false = ("never", "no label", "no such commit", "no pull request", "no CI", "not managed")
    assert [word for word in false if word in page] == []


@pytest.mark.parametrize("name", ["one-web-run-1", "one-api-run-1", "one-migrate-run-1"])
def test_a_one_off_is_no_replica(services: Services, name: str) -> None:
    has = services.said["has"].json()
    assert services.container("json", name)["one_off"]
    assert name not in {each["container"] for each in (*has["live"], *has["not_live"])}
    assert not [e for e in services.said["history"].json()["entries"] if name in e["evidence"]]


def test_a_one_off_does_not_stand_for_its_service(services: Services) -> None:
    assert "nothing-running" in services.codes("json", "web")
    assert services.codes("json", "api") == set()
    rows = services.said["page"].stdout.partition("SERVICE")[2].partition("Findings")[0]
    assert [line.split()[0] for line in rows.splitlines() if line.startswith(("api", "web"))] == [
        "api"
    ]


@pytest.mark.parametrize("service", ["shop-web", "cache"])
def test_what_a_deploy_left_behind_is_of_the_same_service(services: Services, service: str) -> None:
    named = [c for c in services.said["json"].json()["containers"] if c["service"] == service]
    running = [one["revision"]["sha"] for one in named if one["state"] == "running"]
    assert running == [services.street.shas[0]]
    assert len(named) == (4 if service == "shop-web" else 2)
    assert services.codes("json", service) == set()


def test_kamals_service_has_builds_to_go_back_to(services: Services) -> None:
    plan = services.said["plan"].json()
    assert plan["service"] == "shop-web"
    assert [one["sha"] for one in plan["candidates"]] == list(services.street.shas[1:])


@pytest.mark.parametrize("look", ["json", "bare"])
def test_a_replica_without_the_label_is_of_its_service(services: Services, look: str) -> None:
    third = services.container(look, "pay-3")
    assert (third["managed"], third["revision"]["sha"]) == (True, services.street.shas[3])
    assert services.codes(look, "pay") == {"split-revisions"}


def test_a_labelled_one_off_makes_its_service_managed(services: Services) -> None:
    assert services.container("bare", "late-1")["revision"]["sha"] == services.street.shas[0]
    assert services.codes("bare", "late") == set()


def test_two_projects_have_a_service_of_one_name(services: Services) -> None:
    sides = {
        one["project"]: one["revision"]["sha"]
        for one in services.said["json"].json()["containers"]
        if one["service"] == "app"
    }
    assert sides == {"prod": services.street.shas[0], "stage": services.street.shas[2]}
    assert services.codes("json", "app") == set()


@pytest.mark.parametrize("look", ["history", "history again"])
def test_a_narrower_look_ends_nothing_that_runs(services: Services, look: str) -> None:
    entries = services.said[look].json()["entries"]
    newest = services.street.shas[0]
    running = {e["service"] for e in entries if e["sha"] == newest and e["until"] is None}
    assert running >= {"shop-web", "cache", "api", "app", "pay"}
    ended = {entry["service"] for entry in entries if entry["until"] is not None}
    assert ended <= {"stranger", "web", "cache", "shop-web"}


@pytest.mark.parametrize("look", ["no registry", "offline", "no login"])
def test_not_built_is_not_said_while_the_registry_is_not_asked(
    services: Services, look: str
) -> None:
    page = services.said[look].stdout
    assert "is in a build and not deployed" in services.said["page"].stdout
    assert "whether it is built could not be looked at" in page
    false = ("not built", "not-built", "never built", "no tag", "label-only")
    assert [word for word in false if word in page] == []
