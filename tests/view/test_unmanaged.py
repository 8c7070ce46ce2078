"""What is said where nobody is on call for a container, and how to have it judged."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from tests.reports import NOW, SAMPLES
from tests.reports.fleet import unmanaged
from tests.reports.parts import DOWN, NEW, OLD, PROD, RATE_LIMIT, container
from tests.reports.typical import ENGINE, foreign, identified, typical
from tests.view.reading import lines, words
from whatsrunning.facts.answers import Unknown
from whatsrunning.report.commands import Has, History
from whatsrunning.report.container import Claim, Container, Finding
from whatsrunning.report.report import Report
from whatsrunning.view.blocks import Table
from whatsrunning.view.page import blocks

MANAGED_BY = "a container is ours by a label git.sha, -R OWNER/NAME, -C CLONE, or [services.NAME]"
MANY = tuple(identified(f"shop-{n}", repository=f"acme/shop-{n:02}") for n in range(20))
WEB = replace(identified("web"), project="shop", service="web")
ALSO = replace(PROD, id="E", context="edge", chosen_by="-c edge")


def told(report: Report, *, every: bool = False) -> list[str]:
    return list(lines(blocks(report, NOW, every)))


def table(report: Report, *, every: bool = False) -> list[list[str]]:
    [found] = [block for block in blocks(report, NOW, every) if isinstance(block, Table)]
    return [[words(cell) for cell in row.cells] for row in found.rows]


def offers(report: Report) -> list[str]:
    said = told(report)
    commands = [place for place, line in enumerate(said) if "whatsrunning" in line]
    return [" ".join(said[place - 1 : place + 1]) for place in commands]


def test_a_server_of_which_nothing_is_managed() -> None:
    said = told(typical())
    assert said[0].startswith("complete | ")
    assert said[1] == ""
    assert said[2] == "nothing here is known to be ours yet: nothing was judged"
    assert [row[0] for row in table(typical())] == [
        *("api", "cron", "web \u00d72", "worker", "migrate"),
        *("grafana", "loki", "traefik"),
    ]
    assert table(typical())[2] == [
        *("web \u00d72", f"{NEW[:12]} v1.2.3", "unproven", "running", "acme/shop")
    ]
    assert "OCI label says 137d3e91c40b, tag says 067d3e9" in said
    assert "2 not ours: postgres, redis" in said
    assert said[said.index("Next step") + 1 :] == [
        "6 containers name commits of acme/shop; if that is yours:",
        "\u2192 whatsrunning -c prod -R acme/shop",
        "others name commits of grafana/grafana, grafana/loki, traefik/traefik",
    ]


def test_none_of_it_is_a_problem_of_the_look() -> None:
    for report in (typical(), foreign(), SAMPLES["ps-in-vain"]):
        for every in (False, True):
            said = "\n".join(told(report, every=every))
            assert "Notes" not in said
            assert "Could not look at" not in said
            assert "unknown" not in said


def test_only_so_many_rows() -> None:
    report = replace(typical(), containers=MANY)
    assert len(table(report)) == 12
    assert "and 8 more (-a)" in told(report)
    assert len(table(report, every=True)) == 20


def test_nothing_says_what_it_is() -> None:
    said = told(foreign())
    assert said[2] == "nothing here is known to be ours yet: nothing was judged"
    assert said[said.index("Next step") + 1].startswith(MANAGED_BY)


@pytest.mark.parametrize(
    ("change", "command"),
    [
        ({"engines": (PROD,)}, "whatsrunning -R acme/shop"),
        ({"engines": (ENGINE,)}, "whatsrunning -c prod -R acme/shop"),
        ({"engines": (ENGINE, ALSO)}, "whatsrunning -c prod -c edge -R acme/shop"),
        (
            {"engines": (replace(PROD, chosen_by="-H"),)},
            "whatsrunning -H ssh://deploy@prod-1 -R acme/shop",
        ),
        (
            {"engines": tuple(replace(e, chosen_by="--all-contexts") for e in (PROD, ALSO))},
            "whatsrunning --all-contexts -R acme/shop",
        ),
        ({"engines": (replace(PROD, chosen_by="DOCKER_HOST"),)}, "whatsrunning -R acme/shop"),
        ({"engines": (replace(ENGINE, context="a b;c"),)}, "whatsrunning -c 'a b;c' -R acme/shop"),
        ({"replayed_at": NOW}, ", in a live look: \u2192 whatsrunning -c prod -R acme/shop"),
    ],
    ids=["default", "-c", "-c twice", "-H", "--all-contexts", "environment", "quoted", "saved"],
)
def test_the_command_asks_the_same_engines(change: dict[str, Any], command: str) -> None:
    first = offers(replace(typical(), **change))[0]
    offered = "6 containers name commits of acme/shop; if that is yours"
    assert first == offered + (command if command.startswith(",") else f": \u2192 {command}")


@pytest.mark.parametrize("said", ["acme/shop; reboot", "-R/x", "shop", "$(reboot)/x", "a/b/c"])
def test_a_label_that_is_no_repository_is_in_no_command(said: str) -> None:
    report = replace(typical(), containers=(replace(identified("x"), identified=said),))
    assert offers(report) == []
    assert "1 not ours: x" in told(report)


def _with_service(*others: Container) -> Report:
    return replace(typical(), containers=(container("web-1", "web"), *others))


@pytest.mark.parametrize(
    ("others", "line"),
    [
        ((), ""),
        ((unmanaged("redis", "redis:7"),), ""),
        (
            typical().containers,
            "6 containers name commits of acme/shop, 1 of grafana/grafana, 1 of grafana/loki, "
            "1 of others; if one of these is yours: \u2192 whatsrunning -c prod -R acme/shop",
        ),
    ],
    ids=["alone", "beside one that says nothing", "beside many"],
)
def test_beside_what_is_managed(others: Iterable[Container], line: str) -> None:
    report = _with_service(*others)
    assert offers(report) == ([line] if line else [])
    assert "known to be ours" not in "\n".join(told(report))
    assert len(table(report)) == 1


def test_one_whose_repository_could_not_be_told_is_perhaps_ours() -> None:
    unsure = replace(unmanaged("redis", "redis:7"), repository=Unknown(RATE_LIMIT))
    report = replace(typical(), complete=False, containers=(unsure,))
    said = told(report)
    assert "1 perhaps ours, unknown (p1) redis" in said
    assert said[2] == "whether anything here is ours is not known: nothing was judged"
    asked = "\n".join(told(replace(report, asked_repository="acme/nosuch")))
    assert "comes from" not in asked


def test_an_engine_that_is_silent_may_run_what_is_managed() -> None:
    report = replace(typical(), complete=False, engines=(ENGINE, DOWN))
    said = told(report)
    assert "unknown: not every engine answered" in said
    assert "known to be ours" not in "\n".join(said)
    assert len(table(report)) == 8


@pytest.mark.parametrize("command", ["ps", "diff", "rollback-plan"])
def test_who_did_not_answer_is_said_once(command: str) -> None:
    report = replace(typical(), command=command, complete=False, engines=(ENGINE, DOWN))
    assert told(report).count("unknown: not every engine answered") == 1


def test_a_service_without_a_container_is_managed() -> None:
    gone = Finding("nothing-running", "critical", "", "", "cron", "no container runs it", "")
    said = told(replace(foreign(), findings=(gone,)))
    assert "no container here is known to be ours yet: nothing was judged" in said


@pytest.mark.parametrize(
    ("change", "command"),
    [
        ({"command": "diff"}, "diff -c prod -R acme/shop"),
        ({"command": "history", "history": History((), None)}, "history -c prod -R acme/shop"),
        ({"command": "rollback-plan"}, "-c prod -R acme/shop"),
        (
            {"command": "rollback-plan", "containers": (WEB,)},
            "rollback-plan shop/web -c prod -R acme/shop",
        ),
        (
            {"command": "rollback-plan", "containers": (replace(WEB, project="", service="-H x"),)},
            "-c prod -R acme/shop",
        ),
        (
            {"command": "has", "has": Has("4 2", Unknown(RATE_LIMIT), (), (), ())},
            "has '4 2' -c prod -R acme/shop",
        ),
    ],
    ids=["diff", "history", "several services", "one service", "hostile", "has"],
)
def test_every_page_says_the_next_step(change: dict[str, Any], command: str) -> None:
    said = told(replace(typical(), **change))
    assert "nothing here is known to be ours yet: nothing was judged" in said
    assert f"\u2192 whatsrunning {command}" in said
    managed = (container("web-1", "web"), *typical().containers)
    said = told(replace(typical(), **{**change, "containers": managed}))
    assert "nothing was judged" not in "\n".join(said)


def test_every_shows_what_the_image_says_and_that_nothing_was_looked_up() -> None:
    rows = {row[0]: row[1:] for row in table(typical(), every=True)}
    empty = [""] * 5
    assert rows["postgres"] == ["-", "not looked up", "running", *empty]
    assert rows["shop-web-1 (web)"] == [f"{NEW[:12]} v1.2.3", "unproven", "running", *empty]
    said = told(typical(), every=True)
    assert "not ours: postgres:16" in said
    assert "not ours: ghcr.io/acme/shop:v1.2.3, of acme/shop" in said
    assert "nothing here is known to be ours yet: nothing was judged" in said


def test_a_copied_label_is_not_what_the_image_says() -> None:
    claims = (Claim(OLD, "container-label", "git.sha", copied=True), Claim(NEW, "oci-label", "oci"))
    one = replace(identified("x"), claims=claims)
    assert table(replace(typical(), containers=(one,)))[0][1] == NEW[:12]


def test_asked_for_in_vain_is_said_with_all_containers_too() -> None:
    for every in (False, True):
        assert "nothing here comes from acme/nosuch" in told(SAMPLES["ps-in-vain"], every=every)
    alone = replace(typical(), asked_repository="acme/nosuch")
    said = told(alone)
    assert said[2:4] == [
        "nothing here comes from acme/nosuch",
        "nothing here is known to be ours yet: nothing was judged",
    ]
