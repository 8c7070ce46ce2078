"""What every page has: the first line, findings (worst first) and problems with what to do next."""

from datetime import datetime

from whatsrunning.model.report import Engine, Finding, Report, Severity
from whatsrunning.text import ago, utc
from whatsrunning.view.blocks import Block, Header, Line, Note, Notes, Role, join, text
from whatsrunning.view.marks import Marks

_ORDER: tuple[Severity, ...] = ("critical", "warning", "info")
_ROLES: dict[Severity, Role] = {"critical": "bad", "warning": "warn", "info": "dim"}


def header(report: Report, now: datetime, marks: Marks) -> Header:
    """Complete or not and what is missing, engine, context, what chose it, UTC time."""
    when = utc(report.taken_at)
    if report.replay:
        passed = f", {ago(now, report.taken_at)}" if now > report.taken_at else ""
        when = f"saved look of {when}{passed}"
    if len(report.engines) == 1:
        only = report.engines[0]
        return Header((_complete(report, marks), *_one(only), text(when)), _skew(only))
    if not report.engines:
        return Header((_complete(report, marks), text("no engine"), text(when)))
    items = (_complete(report, marks), text(f"{len(report.engines)} engines", "strong"))
    contexts = text("contexts " + ", ".join(engine.context for engine in report.engines))
    return Header((*items, contexts, text(when)), tuple(_row(e) for e in report.engines))


def _complete(report: Report, marks: Marks) -> Line:
    if report.complete:
        return text("complete", "good")
    missing = list(dict.fromkeys(f"{p.source} {p.subject}".strip() for p in marks.problems))
    shown = missing[:6] + ([f"{len(missing) - 6} more"] if len(missing) > 6 else [])
    if not missing:
        return text("NOT COMPLETE", "bad")
    return join([text("NOT COMPLETE", "bad"), text(": could not look at " + ", ".join(shown))], "")


def _one(engine: Engine) -> tuple[Line, ...]:
    chosen = f" (chosen by {engine.chosen_by})" if engine.chosen_by else ""
    return (_named(engine), text(f"context {engine.context}{chosen}"))


def _named(engine: Engine) -> Line:
    if engine.status == "unreachable":
        return join(
            [text("engine"), text("UNREACHABLE", "bad"), text(f"at {engine.endpoint}")], " "
        )
    name = join([text("engine"), text(engine.name or engine.id, "strong")], " ")
    product = "Podman " if engine.product == "podman" else ""
    version = text(f"{product}{engine.version}", "dim")
    return join([name, version], " ") if engine.version else name


def _row(engine: Engine) -> Line:
    why = f": {engine.problem.message}" if engine.problem else ""
    return join([*_one(engine), *_skew(engine)], ", ") + text(why, "warn")


def _skew(engine: Engine) -> tuple[Line, ...]:
    skew = engine.clock_skew_s
    if skew is None or abs(skew) < 2:
        return ()
    return (text(f"its clock is {abs(skew):.0f} s {'ahead' if skew > 0 else 'behind'}", "warn"),)


def nothing(report: Report, none: str) -> Line:
    """What an empty page says: `none` only if every engine answered."""
    if all(engine.status == "ok" for engine in report.engines) and report.engines:
        return text(none, "dim")
    return text("unknown: not every engine answered", "warn")


def findings(report: Report) -> tuple[Block, ...]:
    """Findings worst first, equal ones of several containers once."""
    same: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in sorted(report.findings, key=lambda found: _ORDER.index(found.severity)):
        same.setdefault((finding.code, finding.service, finding.message), []).append(finding)
    several = len(report.engines) > 1
    notes = tuple(_finding(group, several) for group in same.values())
    return (Notes("Findings", notes),) if notes else ()


def _finding(group: list[Finding], several: bool) -> Note:
    first = group[0]
    about = first.service or first.container
    engines = list(dict.fromkeys(found.engine for found in group if found.engine))
    where = f" on {', '.join(engines)}" if several and engines else ""
    count = f" \u00d7{len(group)}" if len(group) > 1 else ""
    code = text(f"{first.severity} {first.code}", _ROLES[first.severity])
    subject = join([text(f"{about}{count}{where}", "strong"), text(first.message)], ": ")
    line = join([code, subject if about else text(first.message)], " ")
    return Note(line, (text(f"\u2192 {first.hint}", "dim"),) if first.hint else ())


def problems(marks: Marks) -> tuple[Block, ...]:
    """What could not be looked at, each with its mark and the next step."""
    notes = []
    for problem in marks.problems:
        head = text(f"{marks.by_id[problem.id]} {problem.source} {problem.code}", "warn")
        named = problem.subject and problem.subject not in problem.message
        about = f"{problem.subject}: " if named else ""
        line = join([head, text(about + problem.message)], " ")
        notes.append(Note(line, (text(f"\u2192 {problem.hint}", "dim"),) if problem.hint else ()))
    return (Notes("Could not look at", tuple(notes)),) if notes else ()
