"""What the pages say, and in which order."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.reports import NOW, SAMPLES
from tests.reports.parts import NEW, OLD, RATE_LIMIT, container
from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.report.container import Finding, Proof, Revision
from whatsrunning.report.report import Report
from whatsrunning.view.blocks import Block, FactSheet, Header, Line, Notes, Table
from whatsrunning.view.page import blocks


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
            case FactSheet(title, facts):
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
    assert ("NOT COMPLETE" in first) == (not report.complete)
    assert (" complete |" in f" {first}") == report.complete
    assert first.startswith("saved look of") == (report.replayed_at is not None)
    assert all(engine.context in first for engine in report.engines)
    assert "2026-11-26T03:12:40Z" in first
    if len(report.engines) == 1:
        assert f"chosen by {report.engines[0].chosen_by}" in first


@pytest.mark.parametrize(
    ("name", "words"),
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
        ("ps-empty", "no service of ours runs here"),
        ("ps-unreachable", "unknown: not every engine answered"),
        ("ps-hosts", "its clock is 95 s behind"),
        ("ps-hosts", "engine UNREACHABLE at ssh://deploy@prod-2"),
        ("show", "claim: 137d3e91c40b65f8a2137d3e91c40b65f8a2137d (container-label git.sha)"),
        ("show", "position: behind by 3 builds, 7 commits (registry, git)"),
        ("show-unknown", "pull request: unknown (p1)"),
        ("show-nothing", "pull request: none: no pull request brought it"),
        ("show-nothing", "deployed: unknown (p1)"),
        ("show", "before: 137d3e91c40b65f8a2137d3e91c40b65f8a2137d (engine events)"),
        ("show", "until: 3 h ago, 2026-11-25T23:52:40Z"),
        (
            "show-nothing",
            "before: no earlier one found (stopped containers, engine events, earlier",
        ),
        ("diff", "never built, :latest"),
        ("diff", "\u2026 15 more commits, 15 built, none deployed"),
        ("diff", "merged, never built: unknown"),
        (
            "diff",
            "NOT COMPLETE: could not look at engine prod-2, registry registry.acme.example:5000",
        ),
        ("has", "412 is LIVE in 2 of 3 containers"),
        ("has-reverted", "412 is in, but REVERTED in 1 of 2 containers"),
        ("has-nowhere", "412 is NOT LIVE: in none of 1 container"),
        ("has-unsure", "CANNOT SAY whether 412 is live: 1 of 2 containers could not be judged"),
        ("has-missing", "NOT FOUND: nothing is named 9999"),
        ("has-unknown", "CANNOT SAY whether 9999 is live: unknown (p1)"),
        ("history", "covers 2026-11-19T21:12:40Z (6 days ago) and later; before its oldest row"),
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


def _race(number: int, sha: str = NEW) -> Finding:
    said = f"web-{number} was deployed at {sha[:12]} while CI ran, and CI failed"
    return Finding("raced-then-red", "critical", "prod", f"web-{number}", "web", said, "read it")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            "ps",
            ["each was deployed", "web-1, web-2", "\u2192 read it", "web-3 was", "\u2192 read it"],
        ),
        ("diff", ["each was deployed", "web-3 was"]),
        ("rollback-plan", ["each was deployed", "web-1, web-2", "\u2192 read it", "web-3 was"]),
        ("has", []),
        ("history", []),
    ],
)
def test_findings_of_replicas_are_said_once_and_where_they_belong(
    command: str, expected: list[str]
) -> None:
    sample = SAMPLES["ps-calm" if command == "ps" else command]
    report = replace(sample, findings=(_race(1), _race(2), _race(3, OLD)))
    told = "\n".join(lines(blocks(report, NOW)))
    _, _, said = told.partition("Findings\n")
    assert ("web \u00d72: each was deployed at 157d3e91c40b while" in said) == bool(expected)
    assert ("raced-then-red" in told) == bool(expected)
    for line, part in zip(said.splitlines(), expected, strict=False):
        assert part in line


def test_what_was_looked_at_is_a_note_and_not_missing() -> None:
    label = Problem("engine", "web-1", "label-not-a-sha", "the label is 'x'", "set it")
    nowhere = Problem("github", "acme/web@abc", "no-such-commit", "there is no commit", "")
    web = replace(container("web-1", "web"), commit=Unknown(nowhere))
    report = Report("ps", NOW, True, SAMPLES["ps"].engines, (web,), (), (label, nowhere))
    told = list(lines(blocks(report, NOW)))
    assert told[0].startswith("complete | ")
    assert "Could not look at" not in told
    assert told[told.index("Notes") :] == [
        "Notes",
        "engine label-not-a-sha web-1: the label is 'x'",
        "\u2192 set it",
        "p1 github no-such-commit acme/web@abc: there is no commit",
    ]
    api = replace(container("api-1", "api"), ci=Unknown(RATE_LIMIT))
    report = replace(report, complete=False, containers=(web, api))
    told = list(lines(blocks(report, NOW)))
    assert told[0].startswith("NOT COMPLETE: could not look at github acme/api | ")
    assert told[told.index("Could not look at") + 1].startswith("p1 github rate-limited acme/api: ")
    assert told.index("Notes") > told.index("Could not look at")


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
    fewer = replace(now, containers=tuple(c for c in changed if c.name != "web-2"))
    assert "changed since" not in "\n".join(lines(blocks(fewer, NOW, before=now)))
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
