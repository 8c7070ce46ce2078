"""Every finding code: one case that has it, and near misses that do not."""

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.reports.parts import NEW, NOW, OLD, PROD, STRAY, before, container
from whatsrunning.checks.catalogue import CATALOGUE
from whatsrunning.checks.findings import findings
from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.report.container import (
    Built,
    Ci,
    Claim,
    Container,
    Engine,
    Finding,
    Gate,
    PendingFix,
    Proof,
)
from whatsrunning.report.report import Report

WEB = container("web-1", "web", minutes=60)


def but(one: Container = WEB, **more: Any) -> Container:
    """The healthy container, with something else about it."""
    return replace(one, **more)


def image(one: Container = WEB, **more: Any) -> Container:
    """The healthy container, with something else about its image."""
    return replace(one, image=replace(one.image, **more))


def proof(status: Any, *, claim: str = NEW, **more: Any) -> Container:
    """A container whose proof came out so."""
    claims = (Claim(claim, "container-label", "git.sha"),)
    return replace(WEB, claims=claims, proof=Proof(status, **more))


def ci(verdict: Any, outcome: str = "", reason: str = "", gate: str = "success") -> Container:
    """A container with that CI verdict."""
    gates = (Gate("test", gate, before(30), "https://github.com/acme/web/actions/runs/1"),)
    return replace(WEB, ci=Found(Ci(verdict, outcome, None, "", reason, gates)))


def stopped(exit_code: int, policy: str = "no", **more: Any) -> Container:
    """A container that ended 20 minutes ago."""
    known = {"state": "exited", "health": "none", "finished_at": before(20), **more}
    return replace(WEB, exit_code=exit_code, restart_policy=policy, **known)


def on(branch: bool | None) -> Container:
    """A container whose commit is, or is not, part of the default branch."""
    assert isinstance(WEB.commit, Found)
    return replace(WEB, commit=Found(replace(WEB.commit.value, on_default_branch=branch)))


def at(name: str, sha: str, minutes: float = 60, **more: Any) -> Container:
    """A container of the service at some revision."""
    behind = 0 if sha == NEW else 4
    built = Found(Built("behind" if behind else "current", behind, behind, NEW, NEW))
    made = replace(container(name, "web", sha, minutes), built=built)
    return replace(made, **more)


def latest(reference: str, latest_sha: str, newest: str = NEW) -> Container:
    """A container made from a reference, while `:latest` is that build."""
    built = Built("current", 0, 0, newest, latest_sha)
    return replace(WEB, image=replace(WEB.image, reference=reference), built=Found(built))


def placed(code: str) -> Container:
    """A container whose position could not be told."""
    return replace(
        WEB, built=Unknown(Problem("git", "acme/web", code, "the clone is old", "fetch"))
    )


def waits(kind: Any, *, whole: bool = False, built: bool = False) -> Container:
    """A container for which a revert or fix is there."""
    return replace(WEB, pending_fixes=(PendingFix(STRAY, kind, "Subject", built, whole),))


NO_COMMIT = Problem("github", "acme/web", "no-such-commit", "GitHub has no such commit")
LATEST = "ghcr.io/acme/web:latest"
BARE = {"repository": "docker.io/library/web", "digests": ()}

FINDS: dict[str, list[list[Container]]] = {
    "nothing-running": [
        [stopped(7)], [stopped(0, "always")], [stopped(137, oom_killed=True)],
        [but(state="created", health="none")], [stopped(7), stopped(1, id="b", name="web-2")],
    ],
    "crash-looping": [
        [but(state="restarting", exit_code=3)],
        [but(restart_count=3, started_at=before(1))],
    ],
    "unhealthy": [[but(health="unhealthy")]],
    "contradicted-label": [[proof("contradicted", claim=STRAY, matching_shas=(NEW,))]],
    "built-outside-ci": [[proof("denied")]],
    "ci-red": [[ci("red", "failure", gate="failure")]],
    "raced-then-red": [[ci("raced", "failure", gate="failure")], [ci("pending", "failure")]],
    "deployed-before-ci-finished": [[ci("raced", "success")], [ci("pending")]],
    "no-ci-run": [[ci("no-run")], [ci("no-run", reason="no run of e2e")]],
    "not-on-default-branch": [[on(False)]],
    "reverted": [[waits("revert", whole=True)]],
    "fix-waiting": [[waits("fix")], [waits("revert", built=True)]],
    "split-revisions": [
        [at("web-1", NEW), at("web-2", OLD)],
        [at("web-1", NEW, 5), at("web-2", OLD)],
        [at("web-1", NEW, engine="prod"), at("web-1", OLD, engine="prod-2")],
        [at("a", NEW, service="web-blue"), at("b", OLD, service="web-green")],
    ],
    "differs": [[proof("differs")]],
    "never-pushed": [
        [image(proof("label-only"), digests=())],
        [but(commit=Nothing())],
        [but(commit=Unknown(NO_COMMIT))],
    ],
    "dirty-build": [[but(claims=(Claim(NEW, "image-label", "git.sha", dirty=True),))]],
    "latest-moved": [[latest(LATEST, STRAY)], [latest("ghcr.io/acme/web", OLD)]],
    "running-without-tag": [[proof("label-only")]],
    "label-only": [[image(proof("label-only"), **BARE)]],
    "local-image-gone": [[image(gone=True)]],
    "clock-skew": [],
    "stale-clone": [[placed("stale-clone")], [placed("stale-clone"), placed("stale-clone")]],
}  # fmt: skip
MISSES: dict[str, list[list[Container]]] = {
    "nothing-running": [
        [stopped(0)], [stopped(0, "on-failure")], [stopped(7), WEB], [stopped(7, managed=False)],
        [stopped(0, state="removing")],
    ],
    "crash-looping": [
        [but(restart_count=3, started_at=before(60))],
        [but(restart_count=1, started_at=before(1))],
        [but(state="restarting", managed=False)],
    ],
    "unhealthy": [[but(health="starting")], [but(health="unknown")]],
    "contradicted-label": [[proof("differs")], [proof("unknown")]],
    "built-outside-ci": [[proof("label-only")], [proof("unknown")]],
    "ci-red": [[ci("raced", "failure")], [ci("unknown")], [but(ci=Nothing())]],
    "raced-then-red": [[ci("raced", "cancelled")], [ci("red", "failure")]],
    "deployed-before-ci-finished": [[ci("green", "success")], [ci("raced", "failure")]],
    "no-ci-run": [
        [ci("no-run", reason="tested-before-merge")], [ci("no-run", reason="path-filtered")],
        [ci("no-verdict")], [ci("unknown")],
    ],
    "not-on-default-branch": [[on(None)], [but(commit=Nothing())]],
    "reverted": [[waits("revert")], [waits("fix", whole=True)]],
    "fix-waiting": [[WEB]],
    "split-revisions": [
        [at("web-1", NEW), at("web-2", NEW)],
        [at("web-1", NEW), at("api-1", OLD, service="api")],
        [at("web-1", NEW), at("web-2", OLD, project="other")],
        [at("web-1", NEW), at("web-2", OLD, state="exited")],
        [at("web-1", NEW), at("web-2", OLD, revision=Nothing())],
    ],
    "differs": [[proof("verified")]],
    "never-pushed": [[proof("label-only")], [but(commit=Unknown(replace(NO_COMMIT, code="x")))]],
    "dirty-build": [[but(claims=())]],
    "latest-moved": [
        [latest(LATEST, NEW)], [latest(LATEST, "")], [latest(f"ghcr.io/acme/web:{NEW}", OLD)],
        [latest(f"{LATEST}@sha256:{'1' * 64}", OLD)], [latest("1234567890ab", OLD)],
    ],
    "running-without-tag": [[image(proof("label-only"), digests=())], [proof("denied")]],
    "label-only": [[proof("label-only")], [proof("unlabelled")]],
    "local-image-gone": [[image(digests=())]],
    "clock-skew": [],
    "stale-clone": [[placed("no-clone")]],
}  # fmt: skip


def found(*containers: Container, engines: tuple[Engine, ...] = (PROD,)) -> tuple[Finding, ...]:
    """The findings about these."""
    return findings(Report("ps", NOW, True, engines, containers), NOW)


@pytest.mark.parametrize("code", [code for code, cases in FINDS.items() for _ in cases[:1]])
def test_found(code: str) -> None:
    severity = {doc.code: doc.severity for doc in CATALOGUE}
    for case in FINDS[code]:
        told = [one for one in found(*case) if one.code == code]
        assert len(told) == 1, case
        assert told[0].severity in (severity[code], "info")
        assert told[0].hint


@pytest.mark.parametrize("code", [code for code, cases in MISSES.items() for _ in cases[:1]])
def test_near_misses(code: str) -> None:
    for case in MISSES[code]:
        assert code not in {one.code for one in found(*case)}, case


def test_a_healthy_fleet_has_none() -> None:
    others = replace(container("db", "db"), managed=False, health="unhealthy")
    assert found(WEB, others, engines=(PROD,)) == ()


@pytest.mark.parametrize(("skew", "told"), [(5.2, 1), (-9.0, 1), (5.0, 0), (None, 0)])
def test_clock_skew(skew: float | None, told: int) -> None:
    signs = found(WEB, engines=(replace(PROD, clock_skew_s=skew),))
    assert [one.code for one in signs] == ["clock-skew"] * told
    assert all("ahead of" in one.message or "behind" in one.message for one in signs)


def test_worst_first_and_stable() -> None:
    sick = replace(WEB, name="b", id="b", health="unhealthy")
    both = replace(sick, name="a", id="a", proof=Proof("denied"))
    told = found(image(gone=True), sick, both, proof("differs"))
    assert [(one.severity, one.code, one.container) for one in told] == [
        ("critical", "unhealthy", "b"), ("critical", "unhealthy", "a"),
        ("critical", "built-outside-ci", "a"), ("warning", "differs", "web-1"),
        ("info", "local-image-gone", "web-1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("newest", "health", "severity"),
    [(60, "healthy", "warning"), (9, "healthy", "info"), (60, "starting", "info")],
)
def test_an_update_settles(newest: float, health: Any, severity: str) -> None:
    [told] = found(at("web-1", NEW, newest, health=health), at("web-2", OLD))
    assert told.severity == severity
    assert f"the newer {NEW[:12]} on web-1" in told.message
    assert f"the older {OLD[:12]} on web-2" in told.message


def test_blue_and_green_are_not_chosen_between() -> None:
    blue, green = at("a", NEW, service="web-blue"), at("b", OLD, service="web-green")
    [told] = found(blue, green)
    assert "two live, traffic unknown" in told.message
    assert "newer" not in told.message


def test_what_runs_on_another_engine_is_a_warning() -> None:
    [told] = found(replace(stopped(7), engine="prod-2", id="x"), WEB)
    assert (told.code, told.severity, told.engine) == ("nothing-running", "warning", "prod-2")


def test_latest_that_was_moved_back() -> None:
    [back] = found(latest(LATEST, STRAY))
    [moved] = found(replace(at("web-1", OLD), image=replace(WEB.image, reference=LATEST)))
    assert "moved back" in back.message
    assert "moved back" not in moved.message
    assert NEW[:12] in moved.message


def test_messages_are_short_and_plain() -> None:
    """SHAs at 12 characters, one sentence, and nothing from outside that can do harm."""
    hostile = "web\x1b[31m\n<!channel> " + "x" * 200
    every = [one for cases in FINDS.values() for case in cases for one in case]
    for one in every:
        named = replace(one, name=hostile)
        for told in found(named):
            assert len(told.message) < 320
            assert "\n" not in told.message
            assert "\x1b" not in told.message
            assert not re.search(r"[0-9a-f]{13}", told.message), told.message
            assert not told.message.endswith(".")


def test_the_catalogue_is_the_design() -> None:
    """Retyped by hand from DESIGN section 5, so that a change here is a decision."""
    design = {
        "critical": "contradicted-label built-outside-ci ci-red raced-then-red unhealthy "
        "crash-looping nothing-running",
        "warning": "deployed-before-ci-finished no-ci-run not-on-default-branch split-revisions "
        "reverted fix-waiting "
        "differs never-pushed dirty-build",
        "info": "latest-moved label-only running-without-tag local-image-gone clock-skew "
        "stale-clone",
    }
    codes = {code: severity for severity, words in design.items() for code in words.split()}
    swarm = {
        "update-paused": "warning", "rolled-back": "warning", "replicas-missing": "warning",
        "re-creation": "warning", "update-running": "info",
    }  # fmt: skip
    assert {doc.code: doc.severity for doc in CATALOGUE} == codes | swarm
    assert [doc.code for doc in CATALOGUE if doc.code in codes] == list(FINDS) == list(MISSES)
    assert all(doc.meaning and doc.hint for doc in CATALOGUE)


@pytest.mark.parametrize("verdict", ["differs", "unknown"])
def test_checks_do_not_raise_on_unknowns(verdict: Any) -> None:
    problem = Unknown(Problem("registry", "x", "timeout", "x did not answer"))
    blank = replace(
        WEB, deployed_at=problem, repository=problem, claims=(), revision=problem,
        proof=Proof(verdict), commit=problem, pull_requests=problem, ci=problem, built=problem,
        previous=problem,
    )  # fmt: skip
    codes = {one.code for one in found(blank, replace(blank, state="exited", id="2"))}
    assert codes == ({"differs"} if verdict == "differs" else set())
