"""What every page has: the first line, findings (worst first) and problems with what to do next."""

from datetime import datetime

from whatsrunning.facts.answers import Problem
from whatsrunning.report.container import Engine, Finding, Severity
from whatsrunning.report.report import Report
from whatsrunning.text import ago, one_line, utc
from whatsrunning.view.blocks import Block, Header, Line, Note, Notes, Role, join, text
from whatsrunning.view.footnotes import Footnotes

_ORDER: tuple[Severity, ...] = ("critical", "warning", "info")
_NAMED = 2
_ROLES: dict[Severity, Role] = {"critical": "bad", "warning": "warn", "info": "dim"}


def header(report: Report, now: datetime, marks: Footnotes) -> Header:
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


def _complete(report: Report, marks: Footnotes) -> Line:
    if report.complete:
        return text("complete", "good")
    missing = [problem for problem in marks.problems if problem.id in marks.missing]
    names = list(dict.fromkeys(map(_short_name, missing)))
    if not names:
        return text("NOT COMPLETE", "bad")
    named = " and ".join(names) if len(names) <= _NAMED else ", ".join(names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return join([text("NOT COMPLETE", "bad"), text(f": could not look at {named}{more}")], "")


def _short_name(problem: Problem) -> str:
    """A source with its host or name, without the path, commit or tag that was asked for."""
    subject = problem.subject
    if problem.source == "registry":
        subject = subject.partition("/")[0]
    elif problem.source in ("git", "github"):
        subject = subject.partition("@")[0]
    name = problem.source if subject == problem.source else f"{problem.source} {subject}"
    return one_line(f"the repository of {subject}" if problem.source == "config" else name, 60)


def _one(engine: Engine) -> tuple[Line, ...]:
    chosen = f" (chosen by {engine.chosen_by})" if engine.chosen_by else ""
    return (_named(engine), text(f"context {engine.context}{chosen}"))


def _named(engine: Engine) -> Line:
    if engine.status == "unreachable":
        place = [text(f"at {engine.endpoint}")] if engine.endpoint else []
        return join([text("engine"), text("UNREACHABLE", "bad"), *place], " ")
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


def findings(report: Report, *, brief: bool = False) -> tuple[Block, ...]:
    """Findings worst first, those of replicas once; `brief` leaves out names and next steps."""
    same: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in sorted(report.findings, key=lambda found: _ORDER.index(found.severity)):
        same.setdefault((finding.code, finding.service, _told(finding)), []).append(finding)
    several = len(report.engines) > 1
    notes = tuple(_finding(group, several, brief) for group in same.values())
    return (Notes("Findings", notes),) if notes else ()


def _finding(group: list[Finding], several: bool, brief: bool) -> Note:
    first = group[0]
    about = first.service or first.container
    engines = list(dict.fromkeys(found.engine for found in group if found.engine))
    where = f" on {', '.join(engines)}" if several and engines else ""
    count = f" \u00d7{len(group)}" if len(group) > 1 else ""
    message = first.message
    if len(group) > 1 and message != _told(first):
        message = f"each{_told(first)}"
    code = text(f"{first.severity} {first.code}", _ROLES[first.severity])
    subject = join([text(f"{about}{count}{where}", "strong"), text(message)], ": ")
    line = join([code, subject if about else text(message)], " ")
    return Note(line, () if brief else (*_members(group), *_next(first.hint)))


def _told(finding: Finding) -> str:
    """What a finding says of its container: the message without the name that it begins with."""
    name = one_line(finding.container, 60)
    rest = finding.message.removeprefix(name)
    return rest if name and rest.startswith(" ") else finding.message


def _members(group: list[Finding]) -> tuple[Line, ...]:
    names = list(dict.fromkeys(found.container for found in group if found.container))
    return (text(", ".join(names), "dim"),) if len(names) > 1 else ()


def _next(hint: str) -> tuple[Line, ...]:
    return (text(f"\u2192 {hint}", "dim"),) if hint else ()


def problems(marks: Footnotes) -> tuple[Block, ...]:
    """What could not be looked at, then what is only worth noting; each with the next step."""
    missing = tuple(_problem(p, marks, "warn") for p in marks.problems if p.id in marks.missing)
    others = tuple(_problem(p, marks, "dim") for p in marks.problems if p.id not in marks.missing)
    titled = (("Could not look at", missing), ("Notes", others))
    return tuple(Notes(title, notes) for title, notes in titled if notes)


def _problem(problem: Problem, marks: Footnotes, role: Role) -> Note:
    mark = marks.by_id.get(problem.id, "")
    head = text(f"{mark} {problem.source} {problem.code}".strip(), role)
    named = problem.subject and problem.subject not in problem.message
    about = f"{problem.subject}: " if named else ""
    return Note(join([head, text(about + problem.message)], " "), _next(problem.hint))
