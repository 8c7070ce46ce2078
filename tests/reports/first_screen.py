"""Reports of `ps` and `show`."""

from dataclasses import replace

from tests.reports.fleet import containers
from tests.reports.parts import (
    DOWN,
    ENGINE_DOWN,
    NEW,
    NOW,
    OLD,
    PROD,
    RACE,
    RATE_LIMIT,
    REGISTRY_DOWN,
    STRAY,
    before,
    container,
)
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.report.commands import Gone
from whatsrunning.report.container import Claim, Finding, NewestChange, Proof, Version
from whatsrunning.report.report import Report

VERSION = Version("v1.2.3", "git-describe")
MONTHS_LATER = before(-250 * 24 * 60)
GONE = (Gone("prod", "shop", "cron", True, OLD, before(90)),)
FINDINGS = (
    Finding(
        "split-revisions",
        "warning",
        "prod",
        "web-1",
        "web",
        "two revisions serve at once; they differ by #412",
        "finish the deploy, or roll the two new ones back",
    ),
    Finding(
        "contradicted-label",
        "critical",
        "prod",
        "worker-1",
        "worker",
        f"the label says {OLD[:12]}, the image is {STRAY[:12]}",
        "believe the digest: re-create the container without its old label",
    ),
    Finding(
        "nothing-running", "critical", "prod", "billing-1", "billing", "no container runs it", ""
    ),
    Finding("unhealthy", "critical", "prod", "web-3", "web", "its health check fails", ""),
    Finding("label-only", "info", "prod", "docs-1", "docs", "nothing proves the label", ""),
)


def ps() -> Report:
    """The first screen with everything on it."""
    change = NewestChange("web", "prod", before(12), OLD, NEW, Found((RACE,)))
    problems = (RATE_LIMIT, REGISTRY_DOWN)
    return Report("ps", NOW, False, (PROD,), containers(), FINDINGS, problems, change, gone=GONE)


def calm() -> Report:
    """All is well: complete, one service, no finding."""
    web = (container("web-1", "web"), container("web-2", "web"))
    change = NewestChange("web", "prod", before(12), "", NEW, Nothing())
    return Report("ps", NOW, True, (PROD,), web, change=change)


def empty() -> Report:
    """An engine without containers."""
    return Report("ps", NOW, True, (PROD,), ())


def hosts() -> Report:
    """Three engines: two disagree about a service, one does not answer."""
    second = replace(PROD, id="IJKL", context="edge", name="edge-1", clock_skew_s=-95.0)
    ours = (
        container("web-1", "web"),
        replace(container("web-1", "web", OLD, 900), engine="edge"),
        replace(container("jobs-1", "jobs", NEW, 5)),
        replace(container("jobs-1", "jobs", NEW, 6), engine="edge"),
    )
    engines = (PROD, second, DOWN)
    return Report("ps", NOW, False, engines, ours, (), (ENGINE_DOWN,), replayed_at=MONTHS_LATER)


def unreachable() -> Report:
    """The only engine does not answer."""
    return Report("ps", NOW, False, (DOWN,), (), (), (ENGINE_DOWN,))


def show(name: str = "worker-1") -> Report:
    """One container with the whole chain."""
    found = tuple(one for one in containers() if one.name == name)
    problems = () if name == "worker-1" else (RATE_LIMIT, REGISTRY_DOWN)
    findings = tuple(finding for finding in FINDINGS if finding.container == name)
    return Report("show", NOW, not problems, (PROD,), found, findings, problems)


def copied() -> Report:
    """A container that was re-created from a newer image with the label of the older one."""
    claims = (
        Claim(NEW, "image-label", "git.sha"),
        Claim(NEW[:7], "image-tag", f"v1.2.3-{NEW[:7]}"),
        Claim(OLD, "container-label", "git.sha", copied=True),
    )
    one = replace(container("web-1", "web"), claims=claims, version=Found(VERSION))
    return Report("show", NOW, True, (PROD,), (one,))


def unsure() -> Report:
    """Two labels disagree, and the registry that could tell does not answer."""
    claims = (Claim(OLD, "container-label", "git.sha"), Claim(NEW, "oci-label", "oci"))
    lost = Unknown(REGISTRY_DOWN)
    one = replace(
        container("web-1", "web"),
        claims=claims,
        revision=lost,
        proof=Proof("unknown", problem=REGISTRY_DOWN),
        commit=lost,
        pull_requests=lost,
        ci=lost,
        built=lost,
    )
    return Report("show", NOW, False, (PROD,), (one,), (), (REGISTRY_DOWN,))
