"""What the first screen says."""

from dataclasses import replace

import pytest

from tests.reports import NOW, SAMPLES
from tests.reports.parts import container, pull
from tests.view.reading import lines, page
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.report.container import PullRequest
from whatsrunning.report.report import Report
from whatsrunning.view.page import blocks


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "ps",
            "NOT COMPLETE: could not look at github acme/api, engine prod-2 and 1 more | engine",
        ),
        ("ps", "web changed 12 min ago: 137d3e91c40b \u2192 157d3e91c40b"),
        ("ps-calm", "web changed 12 min ago: to 157d3e91c40b, what ran before is not known"),
        ("ps-calm", "no pull request brought it"),
        ("ps", "billing: billing-1 exited 137 (out of memory), 25 min ago, 2026-11-26T02:47:40Z"),
        ("ps", "search (search-1) RESTARTING \u00d79 at 157d3e91c40b"),
        ("ps", "web (web-3) UNHEALTHY at 137d3e91c40b"),
        ("ps", "CONTRADICTED: label says 137d3e91c40b, image is 067d3e91c40b or 077d3e91c40b"),
        ("ps", "not proven: differs, the registry serves other content under this SHA"),
        ("ps", "not proven: label-only, the registry has no tag for this SHA"),
        ("ps", "DENIED: the registry knows neither this tag nor this digest"),
        ("ps", "could not look: registry.acme.example:5000 refused the connection (p3)"),
        ("ps", "raced, then red"),
        ("ps", "CI no-run: tested-before-merge"),
        ("ps", "2 not ours: postgres, traefik"),
        ("ps", "docs | 137d3e91c40b v1.2.3 | label-only"),
        ("ps-empty", "there is no container here: nothing was judged"),
        ("ps-in-vain", "nothing here comes from acme/nosuch"),
        ("ps-in-vain", "1 not ours: blog"),
        ("ps-in-vain", "1 names a commit of acme/blog: whatsrunning -c prod -R acme/blog"),
        ("ps-unreachable", "unknown: not every engine answered"),
        ("ps-hosts", "its clock is 95 s behind"),
        ("ps-hosts", "engine UNREACHABLE at ssh://deploy@prod-2"),
    ],
)
def test_words(name: str, said: str) -> None:
    assert said in page(name)


def test_a_step_back_is_called_so() -> None:
    change = SAMPLES["ps"].change
    assert change is not None

    def told(pulls: Answer[tuple[PullRequest, ...]]) -> str:
        back = replace(change, back=True, pull_requests=pulls)
        return "\n".join(lines(blocks(replace(SAMPLES["ps"], change=back), NOW)))

    words = told(Found(tuple(pull(number, "Title") for number in range(29, 39))))
    assert "web went back 12 min ago: 137d3e91c40b \u2192 157d3e91c40b\ntook out #29, #30" in words
    assert "#36, and 2 more\n" in words
    assert "web went back" in told(Nothing())
    assert "\ntook out no pull request\n" in told(Found(()))


def test_what_changed_since_the_last_look_is_marked() -> None:
    before = SAMPLES["ps"]
    changed = tuple(
        replace(one, health="unhealthy") if one.name == "docs-1" else one
        for one in before.containers
    )
    now = replace(before, containers=changed)
    told = list(lines(blocks(now, NOW, before=before)))
    marked = [told[at - 1] for at, line in enumerate(told) if line.startswith("changed since")]
    assert [line.split(" ")[0] for line in marked] == ["docs"]
    fewer = replace(now, containers=tuple(c for c in changed if c.name != "web-2"))
    assert "changed since" not in "\n".join(lines(blocks(fewer, NOW, before=now)))
    assert "changed since" not in "\n".join(lines(blocks(before, NOW, before=before)))


def test_a_claimless_container_without_commit_says_so() -> None:
    bare = replace(container("x", "x"), commit=Nothing(), pull_requests=Nothing())
    report = Report("ps", NOW, True, SAMPLES["ps"].engines, (bare,))
    assert "no commit, no pull request" in "\n".join(lines(blocks(report, NOW)))
