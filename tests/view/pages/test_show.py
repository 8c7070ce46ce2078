"""What is said of one container's whole chain."""

from dataclasses import replace
from typing import Any

import pytest

from tests.reports import NOW, SAMPLES
from tests.reports.parts import NEW, OLD, RATE_LIMIT, container
from tests.view.reading import lines, page
from whatsrunning.facts.answers import Nothing, Unknown
from whatsrunning.report.container import Claim, Image
from whatsrunning.view.page import blocks


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("show", "claim: 137d3e91c40b65f8a2137d3e91c40b65f8a2137d (container-label git.sha)"),
        ("show", "position: behind by 3 builds, 7 commits (registry, git)"),
        ("show-unknown", "pull request: unknown (p1)"),
        ("show-nothing", "claim: none: no label and no tag says which commit it is (engine)"),
        ("show-nothing", "commit: none: without a revision there is nothing to look for"),
        ("show-nothing", "pull request: none: without a revision there is nothing to look for"),
        ("show-nothing", "repository: none: no label, image name or configuration names one"),
        ("show-copied", f"claim: {NEW} (image-label git.sha)"),
        ("show-copied", f"claim: {OLD}, copied: the image itself says {NEW} (container-label git"),
        ("show-copied", "version: v1.2.3 (git describe)"),
        ("show-unsure", f"label says {OLD[:12]}, OCI label says {NEW[:12]}: could not look: "),
        ("show-nothing", "deployed: unknown (p1)"),
        ("show", "before: 137d3e91c40b65f8a2137d3e91c40b65f8a2137d (engine events)"),
        ("show", "until: 3 h ago, 2026-11-25T23:52:40Z"),
        (
            "show-nothing",
            "before: no earlier one found (stopped containers, engine events, earlier",
        ),
    ],
)
def test_words(name: str, said: str) -> None:
    assert said in page(name)


def test_none_and_unknown_never_look_alike() -> None:
    none, unknown = page("show-nothing").splitlines(), page("show-unknown").splitlines()
    for label in ("commit:", "pull request:", "position:", "CI at deploy:"):
        looked = next(line for line in none if line.startswith(label))
        could_not = next(line for line in unknown if line.startswith(label))
        assert "unknown" not in looked
        assert "unknown (p" in could_not


WEB = container("web-1", "web")
NOWHERE = {"commit": Nothing(), "pull_requests": Nothing(), "built": Nothing(), "ci": Nothing()}


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (NOWHERE, "commit: no such commit: whoever could have it was asked ()"),
        (NOWHERE, "pull request: none: no pull request brought it ()"),
        (NOWHERE, "position: none: its commit is in no history (registry, git)"),
        (NOWHERE, "CI at deploy: none: it was never deployed (github)"),
        (
            {**NOWHERE, "image": Image("web", "", "docker.io/library/web", (), "")},
            "position: none: its image names no registry (registry, git)",
        ),
        ({**NOWHERE, "repository": Nothing()}, "commit: none: no repository is known to look in ("),
        ({"deployed_at": Nothing()}, "deployed: not known ()"),
        (
            {"deployed_at": Nothing(), "state": "created"},
            "deployed: never: it has not been started ()",
        ),
        ({"one_off": True}, "one-off: started beside its service for one command (engine)"),
        ({"version": Unknown(RATE_LIMIT)}, "version: unknown (p1) ()"),
        (
            {"claims": (Claim(OLD, "container-label", "git.sha", copied=True),)},
            f"claim: {OLD}, copied: it decides nothing (container-label git.sha)",
        ),
    ],
)
def test_a_none_says_what_was_looked_at(about: dict[str, Any], said: str) -> None:
    report = replace(SAMPLES["show"], findings=(), containers=(replace(WEB, **about),))
    told = list(lines(blocks(report, NOW)))
    assert [line for line in told if line.startswith(said)]


def test_no_version_has_no_row() -> None:
    assert "version:" not in page("show")
