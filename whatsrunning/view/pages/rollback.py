"""What to go back to: ranked candidates with reasons and the change to make."""

from collections.abc import Iterator

from whatsrunning.facts.answers import Problem
from whatsrunning.report.commands import Candidate, RollbackPlan
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Column, Line, Note, Row, Table, join, text
from whatsrunning.view.common import findings, notes, nothing
from whatsrunning.view.context import PageContext
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.verdict_words import ci_word

_COLUMNS = (
    Column("RANK"),
    Column("REVISION"),
    Column("IMAGE", "image"),
    Column("CI", "CI", rank=1),
    Column("SUBJECT", rank=2, wraps=True),
)
_IMAGES = {
    "local": text("on the engine"),
    "registry": text("in the registry"),
    "gone": text("GONE", "bad"),
    "unknown": text("unknown", "bad"),
}


def page(context: PageContext) -> Iterator[Block]:
    """What runs, the candidates best first, findings. Nothing is run."""
    plan, marks = context.report.rollback, context.marks
    if plan is None:
        yield from nothing(
            context.report, "no container there is known to be ours: nothing to plan for"
        )
        yield from findings(context)
        return
    runs = any(c.managed and c.serves for c in context.report.containers)
    yield from notes("", *_intro(plan, runs, marks))
    if rows := tuple(_row(candidate, marks) for candidate in plan.candidates):
        yield Table("", _COLUMNS, rows)
    yield from findings(context)


def _intro(plan: RollbackPlan, runs: bool, marks: Footnotes) -> Iterator[Note]:
    running = marks.shown(plan.running, lambda found: words.sha(found.sha), "no revision")
    yield Note(join([text(plan.service, "strong"), text("runs" if runs else "ran"), running], " "))
    if plan.problem:
        yield _unread(plan.problem, bool(plan.candidates), marks)
    elif not plan.candidates:
        yield Note(text("there is no build to go back to", "bad"))
    if plan.candidates and not any(candidate.recommended for candidate in plan.candidates):
        yield Note(text("none of these is recommended: read the concerns", "warn"))


def _unread(problem: Problem, some: bool, marks: Footnotes) -> Note:
    """That there may be builds to go back to that nobody could see, why, and what to do."""
    what = text("there may be more builds than these" if some else "no build found", "warn")
    why = join([text(problem.message), marks.reference(problem)], " ")
    hint = (text(f"\u2192 {problem.hint}", "dim"),) if problem.hint and not some else ()
    return Note(join([what, why], ": "), hint)


def _row(candidate: Candidate, marks: Footnotes) -> Row:
    take = candidate.recommended
    cells = (
        text(f"{candidate.rank} TAKE THIS", "good") if take else text(f"{candidate.rank}"),
        words.sha(candidate.sha),
        _IMAGES[candidate.image],
        marks.shown(candidate.ci, ci_word, "none"),
        text(candidate.subject),
    )
    return Row(cells, tuple(_details(candidate, marks)), weight=2 if take else 0)


def _details(candidate: Candidate, marks: Footnotes) -> Iterator[Line]:
    leaves, what = candidate.leaves, "would take out"
    if leaves.value_or(()):
        yield join([text(what), words.pulls(leaves, marks)], " ")
    else:
        yield join([text(what), marks.absent(leaves, "no pull request")], ": ")
    for concern in candidate.concerns:
        yield join([text(concern.code, "warn"), text(concern.message)], ": ")
    if candidate.change:
        yield join([text("change:"), text(candidate.change, "strong")], " ")
    if candidate.digest not in candidate.change:
        yield join([text("digest:"), text(candidate.digest, "sha")], " ")
