"""What the pages say, and in which order."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.reports import NOW, SAMPLES
from tests.reports.parts import NEW, OLD, container
from whatsrunning.model.answers import Found, Nothing
from whatsrunning.model.report import Finding, Proof, Report, Revision
from whatsrunning.view import blocks
from whatsrunning.view.blocks import Block, Facts, Header, Line, Notes, Table


def said(line: Line) -> str:
    """A line's words."""
    return "".join(span.text for span in line)


def lines(page: tuple[Block, ...]) -> Iterator[str]:
    """All words of a page, a line each."""
    for block in page:
        match block:
            case Header(items, below):
                yield " | ".join(map(said, items))
                yield from map(said, below)
            case Table(title, _, rows):
                yield title
                for row in rows:
                    yield " | ".join(map(said, row.cells))
                    yield from map(said, row.details)
            case Facts(title, facts):
                yield title
                yield from (f"{f.label}: {said(f.value)} ({f.source})" for f in facts)
            case Notes(title, notes):
                yield title
                for note in notes:
                    yield from map(said, (note.line, *note.details))


def page(name: str, *, every: bool = False) -> str:
    """A sample's page as text."""
    return "\n".join(lines(blocks(SAMPLES[name], NOW, every)))


def test_the_first_screen_is_in_the_order_of_the_design() -> None:
    told = page("ps")
    parts = [
        "NOT COMPLETE",
        "Newest change",
        "Nothing running",
        "Broken",
        "web \u00d72",
        "2 not ours",
        "Findings",
        "Could not look at",
    ]
    places = [told.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_first_line_tells_whether_to_believe_the_rest(name: str) -> None:
    first = page(name).splitlines()[0]
    report = SAMPLES[name]
    assert first.startswith("complete" if report.complete else "NOT COMPLETE")
    assert all(engine.context in first for engine in report.engines)
    assert "2026-11-26T03:12:40Z" in first
    if len(report.engines) == 1:
        assert f"chosen by {report.engines[0].chosen_by}" in first


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ps-calm", "web changed 12 min ago: an unknown revision \u2192 157d3e91c40b"),
        ("ps-calm", "no pull request between them"),
        ("ps", "billing has nothing running: exited 137 (out of memory) since 25 min ago"),
        ("ps", "search (search-1) RESTARTING \u00d79 at 157d3e91c40b"),
        ("ps", "web (web-3) UNHEALTHY at 137d3e91c40b"),
        ("ps", "CONTRADICTED: label says 137d3e91c40b, image is 067d3e91c40b or 077d3e91c40b"),
        ("ps", "not proven: differs, the registry serves other content under this SHA"),
        ("ps", "not proven: label-only, the registry has no tag for this SHA"),
        ("ps", "DENIED: the registry knows neither this tag nor this digest"),
        ("ps", "could not look: registry.acme.example:5000 refused the connection (p3)"),
        ("ps", "raced, then failure"),
        ("ps", "CI no-run: tested-before-merge"),
        ("ps", "2 not ours: postgres, traefik"),
        ("ps-empty", "no service of ours runs here"),
        ("ps-unreachable", "unknown: not every engine answered"),
        ("ps-hosts", "its clock is 95 s behind"),
        ("ps-hosts", "engine UNREACHABLE at ssh://deploy@prod-2"),
        ("show", "claim: 137d3e91c40b65f8a2137d3e91c40b65f8a2137d (container-label git.sha)"),
        ("show", "position: behind by 3 builds, 7 commits (registry, git)"),
        ("show-unknown", "pull request: unknown (p1)"),
        ("show-nothing", "pull request: none: no pull request brought it"),
        ("show-nothing", "deployed: unknown (p1)"),
        ("diff", "never built, :latest"),
        ("diff", "\u2026 15 more commits, 15 built, none deployed"),
        ("diff", "merged, never built: unknown"),
        ("has", "412 is LIVE in 2 of 3 containers"),
        ("has-reverted", "412 is in, but REVERTED in 1 of 2 containers"),
        ("has-nowhere", "412 is NOT LIVE: in none of 1 container"),
        ("has-unsure", "CANNOT SAY whether 412 is live: 1 of 2 containers could not be judged"),
        ("has-missing", "NOT FOUND: nothing is named 9999"),
        ("has-unknown", "CANNOT SAY whether 9999 is live: unknown (p1)"),
        ("history", "covers 2026-11-19T21:12:40Z (6 days ago) and later; nothing is known before"),
        ("rollback-plan", "1 TAKE THIS"),
        ("rollback-plan", "change: image: ghcr.io/acme/web@sha256:"),
    ],
)
def test_words(name: str, words: str) -> None:
    assert words in page(name)


def test_none_and_unknown_never_look_alike() -> None:
    none, unknown = page("show-nothing").splitlines(), page("show-unknown").splitlines()
    for label in ("commit:", "pull request:", "position:", "CI at deploy:"):
        looked = next(line for line in none if line.startswith(label))
        could_not = next(line for line in unknown if line.startswith(label))
        assert "unknown" not in looked
        assert "unknown (p" in could_not


def test_findings_stand_worst_first_and_equal_ones_once() -> None:
    made = [
        Finding("label-only", "info", "prod", "a", "a", "x", ""),
        Finding("ci-red", "critical", "prod", "b-1", "b", "y", ""),
        Finding("ci-red", "critical", "prod", "b-2", "b", "y", ""),
        Finding("differs", "warning", "prod", "c", "c", "z", ""),
    ]
    report = replace(SAMPLES["ps-calm"], findings=tuple(made))
    told = [line for line in lines(blocks(report, NOW)) if " ci-" in line or ": " in line]
    assert told[-3:] == [
        "critical ci-red b \u00d72: y",
        "warning differs c: z",
        "info label-only a: x",
    ]


def test_replicas_fold_while_they_agree() -> None:
    web = [container(f"web-{n}", "web") for n in range(4)]
    web[3] = replace(web[3], revision=Found(Revision(OLD, "digest")))
    report = Report("ps", NOW, True, SAMPLES["ps"].engines, tuple(web))
    table = next(block for block in blocks(report, NOW) if isinstance(block, Table))
    names = [(said(row.cells[0]), said(row.cells[1])) for row in table.rows]
    assert names == [("web \u00d73", NEW[:12]), ("web", OLD[:12])]


def test_services_that_engines_disagree_about_come_first() -> None:
    table = next(b for b in blocks(SAMPLES["ps-hosts"], NOW) if isinstance(b, Table))
    assert [said(row.cells[0]) for row in table.rows] == ["web", "web", "jobs \u00d72"]


def test_every_shows_each_container() -> None:
    names = [c.name for c in SAMPLES["ps"].containers]
    table = next(b for b in blocks(SAMPLES["ps"], NOW, True) if isinstance(b, Table))
    shown = [said(row.cells[0]).split(" ")[0] for row in table.rows]
    assert sorted(shown) == sorted(names)


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
    assert "changed since" not in "\n".join(lines(blocks(before, NOW, before=before)))


def test_a_claimless_container_without_commit_says_so() -> None:
    bare = replace(container("x", "x"), commit=Nothing(), pull_requests=Nothing())
    report = Report("ps", NOW, True, SAMPLES["ps"].engines, (bare,))
    assert "no commit, no pull request" in "\n".join(lines(blocks(report, NOW)))


def test_a_digest_tells_what_no_label_does() -> None:
    found = replace(container("x", "x"), claims=(), proof=Proof("unlabelled", matching_shas=(NEW,)))
    report = Report("ps", NOW, True, SAMPLES["ps"].engines, (found,))
    told = "\n".join(lines(blocks(report, NOW)))
    assert f"not proven: unlabelled, but the digest is that of {NEW[:12]}" in told
