"""What every page has: the first line, findings (worst first) and problems with what to do next."""

from collections.abc import Iterator

from whatsrunning.facts.answers import Problem
from whatsrunning.report.container import Engine, Finding, Severity
from whatsrunning.report.report import Report
from whatsrunning.text import ago, one_line, utc
from whatsrunning.view.blocks import Block, Header, Line, Note, Notes, Role, join, text
from whatsrunning.view.context import PageContext
from whatsrunning.view.footnotes import Footnotes

_ROLES: dict[Severity, Role] = {"critical": "bad", "warning": "warn", "info": "dim"}
_ORDER = tuple(_ROLES)
_NAMED = 2


def header(context: PageContext) -> Header:
    """A saved look or a live one, complete or not and what is missing, engines, UTC time."""
    report, taken_at = context.report, text(utc(context.report.taken_at))
    if saved := _saved(report):
        # Beside it, what is missing would not fit on the first line of a narrow terminal.
        return Header((saved, *_complete(context), *_engines(report)), _engine_rows(report))
    complete = join(_complete(context), ": ")
    return Header((complete, *_engines(report), taken_at), _engine_rows(report))


def _saved(report: Report) -> Line:
    """That this is no live look, and how old it is; the demo's clock stands still."""
    if report.demo:
        return text(f"demo, a saved look of {utc(report.taken_at)}", "strong")
    if report.replayed_at is None:
        return ()
    # A look that another host's clock dates later than ours does now has no age to tell.
    known = report.replayed_at >= report.taken_at
    age = f", {ago(report.replayed_at, report.taken_at)}" if known else ""
    return text(f"saved look of {utc(report.taken_at)}{age}", "strong")


def _complete(context: PageContext) -> tuple[Line, ...]:
    marks, report = context.marks, context.report
    missing = (problem for problem in marks.problems if problem.id in marks.missing)
    names = list(dict.fromkeys(map(_short_name, missing)))
    if report.complete or not names:
        return (text("complete", "good") if report.complete else text("NOT COMPLETE", "bad"),)
    named = " and ".join(names) if len(names) <= _NAMED else ", ".join(names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return (text("NOT COMPLETE", "bad"), text(f"could not look at {named}{more}"))


def _engines(report: Report) -> tuple[Line, ...]:
    match report.engines:
        case ():
            return (text("no engine"),)
        case (engine,):
            return _engine(engine)
    contexts = ", ".join(engine.context for engine in report.engines)
    return (text(f"{len(report.engines)} engines", "strong"), text(f"contexts {contexts}"))


def _engine_rows(report: Report) -> tuple[Line, ...]:
    if len(report.engines) == 1:
        return _skew(report.engines[0])
    return tuple(map(_engine_row, report.engines))


def _short_name(problem: Problem) -> str:
    """A source with its host or name, without the path, commit or tag that was asked for."""
    subject = problem.subject
    if problem.source == "registry":
        subject = subject.partition("/")[0]
    elif problem.source in ("git", "github"):
        subject = subject.partition("@")[0]
    name = problem.source if subject == problem.source else f"{problem.source} {subject}"
    return one_line(f"the repository of {subject}" if problem.source == "config" else name, 60)


def _engine(engine: Engine) -> tuple[Line, ...]:
    chosen = f" (chosen by {engine.chosen_by})" if engine.chosen_by else ""
    return (_engine_name(engine), text(f"context {engine.context}{chosen}"))


def _engine_name(engine: Engine) -> Line:
    if engine.status == "unreachable":
        place = text(f"at {engine.endpoint}") if engine.endpoint else ()
        return join([text("engine"), text("UNREACHABLE", "bad"), place], " ")
    product = "Podman " if engine.product == "podman" else ""
    version = text(f"{product}{engine.version}", "dim") if engine.version else ()
    return join([text("engine"), text(engine.name or engine.id, "strong"), version], " ")


def _engine_row(engine: Engine) -> Line:
    why = text(f": {engine.problem.message}", "warn") if engine.problem else ()
    return join([*_engine(engine), *_skew(engine)]) + why


def _skew(engine: Engine) -> tuple[Line, ...]:
    skew = engine.clock_skew_s
    if skew is None or abs(skew) < 2:
        return ()
    return (text(f"its clock is {abs(skew):.0f} s {'ahead' if skew > 0 else 'behind'}", "warn"),)


def notes(title: str, *lines: Note) -> tuple[Block, ...]:
    """Notes under a title; nothing at all if there are none."""
    return (Notes(title, lines),) if lines else ()


def nothing(report: Report, none: str) -> tuple[Block, ...]:
    """What an empty page says: `none` only if every engine answered."""
    if report.engines and all(engine.status == "ok" for engine in report.engines):
        return notes("", Note(text(none, "dim")))
    return notes("", Note(text("unknown: not every engine answered", "warn")))


def findings(context: PageContext, *, brief: bool = False) -> tuple[Block, ...]:
    """Findings worst first, those of replicas once; `brief` leaves out names and next steps."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in sorted(context.report.findings, key=lambda f: _ORDER.index(f.severity)):
        key = (finding.code, context.service(finding), _without_name(finding))
        alike.setdefault(key, []).append(finding)
    return notes("Findings", *(_finding(context, group, brief) for group in alike.values()))


def _finding(context: PageContext, group: list[Finding], brief: bool) -> Note:
    first, count = group[0], len(group)
    engines = dict.fromkeys(finding.engine for finding in group if finding.engine)
    names = list(dict.fromkeys(finding.container for finding in group if finding.container))
    message = first.message
    if count > 1 and message != _without_name(first):
        message = f"each{_without_name(first)}"
    code = text(f"{first.severity} {first.code}", _ROLES[first.severity])
    line = join([code, text(message)], " ")
    if about := context.service(first) or first.container:
        times = f" \u00d7{count}" if count > 1 else ""
        subject = text(f"{about}{times}{context.on(', '.join(engines))}", "strong")
        line = join([code, join([subject, text(message)], ": ")], " ")
    replicas = (text(", ".join(names), "dim"),) if len(names) > 1 else ()
    return Note(line, () if brief else (*replicas, *_next(first.hint)))


def _without_name(finding: Finding) -> str:
    """What a finding says of its container: the message without the name that it begins with."""
    name = one_line(finding.container, 60)
    rest = finding.message.removeprefix(name)
    return rest if name and rest.startswith(" ") else finding.message


def _next(hint: str) -> tuple[Line, ...]:
    return (text(f"\u2192 {hint}", "dim"),) if hint else ()


def problems(marks: Footnotes) -> Iterator[Block]:
    """What could not be looked at, then what is only worth noting; each with the next step."""
    missing = (_problem(p, marks, "warn") for p in marks.problems if p.id in marks.missing)
    others = (_problem(p, marks, "dim") for p in marks.problems if p.id not in marks.missing)
    yield from notes("Could not look at", *missing)
    yield from notes("Notes", *others)


def _problem(problem: Problem, marks: Footnotes, role: Role) -> Note:
    mark = marks.by_id.get(problem.id, "")
    head = text(f"{mark} {problem.source} {problem.code}".strip(), role)
    named = problem.subject and problem.subject not in problem.message
    about = f"{problem.subject}: " if named else ""
    return Note(join([head, text(about + problem.message)], " "), _next(problem.hint))
