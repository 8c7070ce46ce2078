"""Reports of `diff`, `has`, `history` and `rollback-plan`."""

from dataclasses import replace

from tests.reports.fleet import containers
from tests.reports.parts import (
    NEW,
    NOW,
    OLD,
    PROD,
    RACE,
    RATE_LIMIT,
    REGISTRY_DOWN,
    REPOSITORY,
    SHAS,
    STRAY,
    UNREAD,
    before,
    digest,
    pull,
)
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.report.commands import (
    BuiltTag,
    Candidate,
    Concern,
    Entry,
    Has,
    History,
    Live,
    Period,
    RollbackPlan,
    RunningOn,
    Timeline,
)
from whatsrunning.report.container import Ci, Revision
from whatsrunning.report.report import Report


def _entries() -> tuple[Entry, ...]:
    running = {NEW: ("web-1", "web-2"), OLD: ("web-3",)}
    entries = []
    for place, sha in enumerate(reversed(SHAS[:24])):
        pulls = Found((pull(440 - place, f"Change number {place}"),)) if place % 3 else Nothing()
        built = Found(BuiltTag(sha, digest(sha[:2]))) if place not in (1, 5) else Nothing()
        on = tuple(RunningOn("prod", name) for name in running.get(sha, ()))
        at = before(60 * (place + 1))
        entries.append(Entry(sha, f"Change number {place}", pulls, at, built, sha == SHAS[22], on))
    entries[2] = replace(
        entries[2], built=Unknown(REGISTRY_DOWN), pull_requests=Unknown(RATE_LIMIT)
    )
    return tuple(entries)


def diff() -> Report:
    """A timeline with a deployed, a :latest, unbuilt ones and a long quiet run."""
    entries = _entries()
    never = (entries[1].sha, entries[5].sha)
    unbuilt = tuple(entry.sha for entry in entries[:3])
    line = Timeline(REPOSITORY, ("web", "worker"), "main", entries, unbuilt, Found(never), (STRAY,))
    other = Timeline("ghcr.io/acme/api", ("api",), "", (), (), Unknown(RATE_LIMIT), ())
    problems = (RATE_LIMIT, REGISTRY_DOWN)
    return Report("diff", NOW, False, (PROD,), containers(), (), problems, timelines=(line, other))


def has(kind: str = "live") -> Report:
    """`has 412`: live, reverted, nowhere, unsure, or no such thing."""
    yes = Live("prod", "web", "web-1", NEW, "same", "")
    no = Live("prod", "worker", "worker-1", STRAY, "", "")
    answers = {
        "live": Has("412", Found((NEW,)), (yes, replace(yes, by="ancestor")), (no,), ()),
        "reverted": Has("412", Found((OLD,)), (replace(yes, reverted_by=SHAS[19]),), (no,), ()),
        "nowhere": Has("412", Found((SHAS[30],)), (), (no,), ()),
        "unsure": Has("412", Found((SHAS[30],)), (), (no,), (replace(yes, sha="", by=""),)),
        "missing": Has("9999", Nothing(), (), (), ()),
        "unknown": Has("9999", Unknown(RATE_LIMIT), (), (), ()),
    }
    complete = kind in ("live", "reverted", "nowhere", "missing")
    problems = () if complete else (RATE_LIMIT,)
    return Report("has", NOW, complete, (PROD,), containers()[:2], (), problems, has=answers[kind])


def history() -> Report:
    """What ran before: spells without a revision, and of which nobody saw the end."""
    spells = (
        Period("web", "prod", NEW, before(12), None, "created", "running"),
        Period("web", "prod", OLD, before(1500), before(12), "engine events", "ended"),
        Period("api", "prod", OLD, before(2000), None, "earlier look", "ended", before(1800)),
        Period("mail", "prod", OLD, before(3000), None, "earlier look", "not-known", before(2900)),
        Period("worker", "prod", "", before(9000), before(200), "engine events", "ended"),
    )
    record = History(spells, before(9000), before(60), ("web",), ("api", "mail"))
    return Report("history", NOW, True, (PROD,), containers()[:3], history=record)


def rollback() -> Report:
    """Two candidates: one to take, one with concerns."""
    take = Candidate(
        OLD,
        digest("r"),
        1,
        True,
        "local",
        Found(Ci("green", "success", before(900))),
        Found((RACE, pull(409, "Speed up search"))),
        (),
        f"image: {REPOSITORY}@{digest('r')}",
        "Cache prices",
    )
    doubtful = Candidate(
        STRAY,
        digest("s"),
        2,
        False,
        "gone",
        Unknown(RATE_LIMIT),
        Nothing(),
        (Concern("migrations", "touches db/migrations/0042_prices.sql"),),
        "",
        "Add prices",
    )
    plan = RollbackPlan("web", Found(Revision(NEW, "digest")), (take, doubtful))
    return Report(
        "rollback-plan", NOW, False, (PROD,), containers()[:2], (), (RATE_LIMIT,), rollback=plan
    )


def unread_diff() -> Report:
    """Tags that name no commit: whatever is not among the others may yet be built."""
    unread = Unknown(UNREAD)
    known = tuple(entry for entry in _entries()[:8] if isinstance(entry.built, Found))
    line = Timeline(REPOSITORY, ("web",), "main", known, (), unread, (), UNREAD)
    return Report("diff", NOW, False, (PROD,), containers()[:2], (), (UNREAD,), timelines=(line,))


def unread_rollback() -> Report:
    """No candidate, and tags that name no commit."""
    plan = RollbackPlan("web", Found(Revision(NEW, "digest")), (), UNREAD)
    return Report(
        "rollback-plan", NOW, False, (PROD,), containers()[:2], (), (UNREAD,), rollback=plan
    )
