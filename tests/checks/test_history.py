"""Checks against history."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks.cases import (
    LATEST,
    WEB,
    Cases,
    at,
    but,
    check_found,
    check_missed,
    each,
    found,
    latest,
    on,
    placed,
    waits,
)
from tests.reports.parts import NEW, OLD, STRAY
from whatsrunning.facts.answers import Nothing
from whatsrunning.report.container import Container

FINDS: Cases = {
    "not-on-default-branch": {"a side branch": [on(False)]},
    "reverted": {"the whole commit": [waits("revert", whole=True)]},
    "fix-waiting": {
        "a fix": [waits("fix")],
        "a revert": [waits("revert", built=True)],
        "nobody could look whether it is built": [waits("fix", built=None)],
    },
    "split-revisions": {
        "two replicas": [at("web-1", NEW), at("web-2", OLD)],
        "one is new": [at("web-1", NEW, 5), at("web-2", OLD)],
        "two engines": [at("web-1", NEW, engine="prod"), at("web-1", OLD, engine="prod-2")],
        "blue and green": [at("a", NEW, service="web-blue"), at("b", OLD, service="web-green")],
    },
    "latest-moved": {
        "by its tag": [latest(LATEST, STRAY)],
        "by no tag": [latest("ghcr.io/acme/web", OLD)],
    },
    "stale-clone": {
        "one container": [placed("stale-clone")],
        "two of one clone": [placed("stale-clone"), placed("stale-clone")],
    },
}
MISSES: Cases = {
    "not-on-default-branch": {
        "nobody knows": [on(None)],
        "there is no commit": [but(commit=Nothing())],
    },
    "reverted": {"a part of it": [waits("revert")], "a fix": [waits("fix", whole=True)]},
    "fix-waiting": {"nothing is there": [WEB]},
    "split-revisions": {
        "they agree": [at("web-1", NEW), at("web-2", NEW)],
        "two services": [at("web-1", NEW), at("api-1", OLD, service="api")],
        "two projects": [at("web-1", NEW), at("web-2", OLD, project="other")],
        "the other has stopped": [at("web-1", NEW), at("web-2", OLD, state="exited")],
        "the other has no revision": [at("web-1", NEW), at("web-2", OLD, revision=Nothing())],
    },
    "latest-moved": {
        "it is the same": [latest(LATEST, NEW)],
        "there is no :latest": [latest(LATEST, "")],
        "by its SHA": [latest(f"ghcr.io/acme/web:{NEW}", OLD)],
        "by a digest too": [latest(f"{LATEST}@sha256:{'1' * 64}", OLD)],
        "by a short image ID": [latest("1234567890ab", OLD)],
    },
    "stale-clone": {"there is no clone": [placed("no-clone")]},
}


@each(FINDS)
def test_found(code: str, containers: list[Container]) -> None:
    check_found(code, containers)


@each(MISSES)
def test_near_misses(code: str, containers: list[Container]) -> None:
    check_missed(code, containers)


@pytest.mark.parametrize(
    ("newest", "health", "severity"),
    [(60, "healthy", "warning"), (9, "healthy", "info"), (60, "starting", "info")],
    ids=["long ago", "just now", "still starting"],
)
def test_an_update_settles(newest: float, health: Any, severity: str) -> None:
    [finding] = found(at("web-1", NEW, newest, health=health), at("web-2", OLD))
    assert finding.severity == severity
    assert f"the newer {NEW[:12]} on web-1" in finding.message
    assert f"the older {OLD[:12]} on web-2" in finding.message


def test_blue_and_green_are_not_chosen_between() -> None:
    blue, green = at("a", NEW, service="web-blue"), at("b", OLD, service="web-green")
    [finding] = found(blue, green)
    assert "two live, traffic unknown" in finding.message
    assert "newer" not in finding.message


def test_latest_that_was_moved_back() -> None:
    [back] = found(latest(LATEST, STRAY))
    [moved] = found(replace(at("web-1", OLD), image=replace(WEB.image, reference=LATEST)))
    assert "moved back" in back.message
    assert "moved back" not in moved.message
    assert NEW[:12] in moved.message


@pytest.mark.parametrize(
    ("built", "said"),
    [
        (True, "a fix of what it runs is in a build and not deployed"),
        (False, "a fix of what it runs is merged, not built yet, and not deployed"),
        (
            None,
            "a fix of what it runs is merged and not deployed; "
            "whether it is built could not be looked at",
        ),
    ],
)
def test_what_is_said_of_a_fix(built: bool | None, said: str) -> None:
    [finding] = [f for f in found(waits("fix", built=built)) if f.code == "fix-waiting"]
    assert finding.message == f"web-1 waits for {STRAY[:12]}: {said}"


def test_of_several_fixes_the_one_that_is_built_is_told() -> None:
    fixes = [waits("fix", built=built).pending_fixes[0] for built in (False, None, True)]
    both = but(pending_fixes=tuple(fixes))
    [finding] = [f for f in found(both) if f.code == "fix-waiting"]
    assert "is in a build and not deployed" in finding.message
