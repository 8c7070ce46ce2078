"""Containers that nobody here is on call for: folded, or in place of a table, with the way on."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from whatsrunning.facts.answers import Problem
from whatsrunning.report.container import NOT_MANAGED, Container
from whatsrunning.report.report import Report
from whatsrunning.view import identified, words
from whatsrunning.view.blocks import Block, Note, join, text
from whatsrunning.view.common import notes
from whatsrunning.view.context import PageContext
from whatsrunning.view.services import services

_ROWS = 12
_REPOSITORIES = 3
_NAMED = 6
_MANAGED_BY = (
    "a container is ours by a label git.sha, -R OWNER/NAME, -C CLONE, or [services.NAME] in the "
    "configuration"
)


def is_all(report: Report) -> bool:
    """Whether nothing here is managed, no service of a Swarm either."""
    told = (service for swarm in report.swarms for service in swarm.services.value_or(()))
    return not services(report) and not any(service.managed for service in told)


def screen(context: PageContext) -> Iterator[Block]:
    """The first screen where nothing is managed: what the images say, and the next step."""
    yield from notes("", *_statement(context.report))
    rows = tuple(identified.rows(context.report))
    if rows:
        yield identified.table(context, rows[:_ROWS])
    more = len(rows) - _ROWS
    left = [Note(text(f"and {more} more (-a)", "dim"))] if more > 0 else []
    yield from notes("", *left, *_others(context, shown=identified.is_identified))
    yield from _next_step(context.report)


def step(context: PageContext) -> Iterator[Block]:
    """The same statement and next step, for pages that have said already who did not answer."""
    if _all_answered(context.report):
        yield from notes("", *_statement(context.report))
    yield from _next_step(context.report)


def folded(context: PageContext) -> Iterator[Note]:
    """Where others are managed: a line for these, and one for those that can be judged too."""
    yield from _in_vain(context.report)
    if context.every:
        return
    yield from _others(context)
    if groups := identified.groups(context.report):
        yield identified.offer(context.report, *groups)


def _statement(report: Report) -> Iterator[Note]:
    yield from _in_vain(report)
    if not _all_answered(report):
        yield Note(text("unknown: not every engine answered", "warn"))
    elif not report.containers:
        yield Note(text("there is no container here: nothing was judged", "warn"))
    else:
        what = f"{'no container' if report.findings else 'nothing'} here is known to be ours yet"
        if any(map(_doubt, report.containers)):
            what = "whether anything here is ours is not known"
        yield Note(text(f"{what}: nothing was judged", "warn"))


def _in_vain(report: Report) -> Iterator[Note]:
    if report.asked_in_vain and _all_answered(report):
        yield Note(text(f"nothing here comes from {report.asked_repository}", "warn"))


def _all_answered(report: Report) -> bool:
    return bool(report.engines) and all(engine.status == "ok" for engine in report.engines)


def _next_step(report: Report) -> tuple[Block, ...]:
    """The exact command for the repository that most containers name, or the few of these."""
    groups = identified.groups(report)
    most = [group for group in groups if len(group) == len(groups[0])][:_REPOSITORIES]
    lines = [identified.offer(report, group) for group in most]
    if len(groups) > len(most):
        rest = [text(group[0].identified) for group in groups[len(most) :]]
        others = join([text("others name commits of"), words.first_of(rest, _NAMED)], " ")
        lines.append(Note(others))
    if not lines and report.containers:
        lines.append(Note(text(_MANAGED_BY)))
    return notes("Next step", *lines)


def _others(
    context: PageContext, shown: Callable[[Container], bool] = lambda _: False
) -> Iterator[Note]:
    """Those that are not shown already, and those that could not be told."""
    unmanaged = [container for container in context.report.containers if not container.managed]
    if foreign := [c for c in unmanaged if not (_doubt(c) or shown(c))]:
        count = text(f"{len(foreign)} not ours:", "dim")
        yield Note(join([count, text(_named(foreign), "dim")], " "))
    for problem in dict.fromkeys(filter(None, map(_doubt, unmanaged))):
        unsure = [container for container in unmanaged if _doubt(container) == problem]
        head = text(f"{len(unsure)} perhaps ours,", "warn")
        yield Note(join([head, context.marks.unknown(problem), text(_named(unsure))], " "))


def _doubt(container: Container) -> Problem | None:
    """Why it could not be told whether it is managed; None where that is known."""
    problem = container.repository.problem
    return problem if problem and problem.code != NOT_MANAGED.code else None


def _named(containers: Sequence[Container]) -> str:
    count = Counter(container.service or container.name for container in containers)
    named = [f"{name} \u00d7{n}" if n > 1 else name for name, n in sorted(count.items())]
    return ", ".join(named[:8] + ([f"{len(named) - 8} more (-a)"] if len(named) > 8 else []))
