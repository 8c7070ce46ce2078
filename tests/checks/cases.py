"""Containers that something is wrong with, and how a check's cases are told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.reports.parts import NEW, NOW, PROD, STRAY, before, container
from whatsrunning.checks.catalogue import CATALOGUE
from whatsrunning.checks.findings import findings
from whatsrunning.facts.answers import Found, Problem, Unknown
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

Cases = Mapping[str, Mapping[str, list[Container]]]
"""By code: each case in words, and the containers of its fleet."""

WEB = container("web-1", "web", minutes=60)
NO_COMMIT = Problem("github", "acme/web", "no-such-commit", "GitHub has no such commit")
LATEST = "ghcr.io/acme/web:latest"
UNNAMED = {"repository": "docker.io/library/web", "digests": ()}
"""Of an image whose name leads to no registry."""


def but(web: Container = WEB, **more: Any) -> Container:
    """The healthy container, with something else about it."""
    return replace(web, **more)


def image(web: Container = WEB, **more: Any) -> Container:
    """The healthy container, with something else about its image."""
    return replace(web, image=replace(web.image, **more))


def proof(status: Any, *, claim: str = NEW, **more: Any) -> Container:
    """A container whose proof came out so."""
    claims = (Claim(claim, "container-label", "git.sha"),)
    return replace(WEB, claims=claims, proof=Proof(status, **more))


def untagged(status: Any) -> Container:
    """A container whose proof came out so, and no tag is of what it runs."""
    return but(proof(status), built=Found(Built("not-built", None, None, NEW, "")))


def ci(verdict: Any, outcome: str = "", reason: str = "", gate: str = "success") -> Container:
    """A container with that CI verdict."""
    gates = (Gate("test", gate, before(30), "https://github.com/acme/web/actions/runs/1"),)
    return replace(WEB, ci=Found(Ci(verdict, outcome, None, "", reason, gates)))


def stopped(exit_code: int, policy: str = "no", **more: Any) -> Container:
    """A container that ended 20 minutes ago."""
    ended = {"state": "exited", "health": "none", "finished_at": before(20), **more}
    return replace(WEB, exit_code=exit_code, restart_policy=policy, **ended)


def on(branch: bool | None) -> Container:
    """A container whose commit is, or is not, part of the default branch."""
    assert isinstance(WEB.commit, Found)
    return replace(WEB, commit=Found(replace(WEB.commit.value, on_default_branch=branch)))


def at(name: str, sha: str, minutes: float = 60, **more: Any) -> Container:
    """A container of the service at some revision."""
    behind = 0 if sha == NEW else 4
    built = Found(Built("behind" if behind else "current", behind, behind, NEW, NEW))
    return replace(container(name, "web", sha, minutes), **{"built": built, **more})


def latest(reference: str, latest_sha: str, newest: str = NEW) -> Container:
    """A container made from a reference, while `:latest` is that build."""
    built = Built("current", 0, 0, newest, latest_sha)
    return replace(WEB, image=replace(WEB.image, reference=reference), built=Found(built))


def placed(code: str) -> Container:
    """A container whose position could not be told."""
    problem = Problem("git", "acme/web", code, "the clone is old", "fetch")
    return replace(WEB, built=Unknown(problem))


def waits(kind: Any, *, whole: bool = False, built: bool | None = False) -> Container:
    """A container for which a revert or fix is there."""
    return replace(WEB, pending_fixes=(PendingFix(STRAY, kind, "Subject", built, whole),))


def found(*containers: Container, engines: tuple[Engine, ...] = (PROD,)) -> tuple[Finding, ...]:
    """The findings about these."""
    return findings(Report("ps", NOW, True, engines, containers), NOW)


def each(cases: Cases) -> pytest.MarkDecorator:
    """One test a case, which names the case in words when it fails."""
    parameters = [
        pytest.param(code, containers, id=f"{code}: {name}")
        for code, named in cases.items()
        for name, containers in named.items()
    ]
    return pytest.mark.parametrize(("code", "containers"), parameters)


def check_found(code: str, containers: list[Container]) -> None:
    """Found once, as severe as documented (or less, while something settles), with a next step."""
    severity = {check.code: check.severity for check in CATALOGUE}
    [finding] = [finding for finding in found(*containers) if finding.code == code]
    assert finding.severity in (severity[code], "info")
    assert finding.hint


def check_missed(code: str, containers: list[Container]) -> None:
    """A near miss is none."""
    assert code not in {finding.code for finding in found(*containers)}
