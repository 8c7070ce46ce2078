"""What to go back to: ranked candidates with reasons and the change to make."""

from collections.abc import Iterator
from datetime import datetime

from whatsrunning.facts.answers import Found
from whatsrunning.report.commands import Candidate, RollbackPlan
from whatsrunning.report.report import Report
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Column, Line, Note, Notes, Row, Table, join, text
from whatsrunning.view.common import findings, header, nothing, problems
from whatsrunning.view.footnotes import Footnotes

_COLUMNS = (
    Column("RANK"),
    Column("REVISION"),
    Column("IMAGE", "image"),
    Column("CI", "CI", rank=1),
    Column("SUBJECT", rank=2, wraps=True),
)
_IMAGES = {
    "local": "on the engine",
    "registry": "in the registry",
    "gone": "GONE",
    "unknown": "unknown",
}


def page(report: Report, now: datetime) -> tuple[Block, ...]:
    """Header, what runs, the candidates best first, findings, problems. Nothing is run."""
    marks = Footnotes.of(report)
    plan = report.rollback
    if plan is None:
        none = Note(nothing(report, "no container of ours there: nothing to plan for"))
        return (header(report, now, marks), Notes("", (none,)), *problems(marks))
    rows = tuple(_row(candidate, marks) for candidate in plan.candidates)
    table = (Table("", _COLUMNS, rows),) if rows else ()
    intro = Notes("", tuple(Note(line) for line in _intro(plan, marks)))
    return (header(report, now, marks), intro, *table, *findings(report), *problems(marks))


def _intro(plan: RollbackPlan, marks: Footnotes) -> Iterator[Line]:
    running = words.revision(plan.running, marks)
    yield join([text(plan.service, "strong"), text("runs"), running], " ")
    if plan.problem:
        said = "there may be more builds than these" if plan.candidates else "no build is known"
        yield join([text(said, "warn"), marks.reference(plan.problem)], " ")
    elif not plan.candidates:
        yield text("there is no build to go back to", "bad")
    if not plan.candidates:
        return
    if not any(candidate.recommended for candidate in plan.candidates):
        yield text("none of these is recommended: read the concerns", "warn")


def _row(candidate: Candidate, marks: Footnotes) -> Row:
    rank = f"{candidate.rank} TAKE THIS" if candidate.recommended else f"{candidate.rank}"
    image = _IMAGES[candidate.image]
    cells = (
        text(rank, "good" if candidate.recommended else "plain"),
        words.sha(candidate.sha),
        text(image, "plain" if candidate.image in ("local", "registry") else "bad"),
        words.ci_word(candidate.ci, marks),
        text(candidate.subject),
    )
    weight = 2 if candidate.recommended else 0
    return Row(cells, tuple(_details(candidate, marks)), weight)


def _details(candidate: Candidate, marks: Footnotes) -> Iterator[Line]:
    leaves = candidate.leaves
    if isinstance(leaves, Found) and leaves.value:
        yield join([text("would take out"), words.pulls(leaves, marks)], " ")
    else:
        missing = text("no pull request", "dim") if isinstance(leaves, Found) else ()
        missing = missing or marks.absent(leaves, "no pull request")
        yield join([text("would take out"), missing], ": ")
    for concern in candidate.concerns:
        yield join([text(concern.code, "warn"), text(concern.message)], ": ")
    if candidate.change:
        yield join([text("change:"), text(candidate.change, "strong")], " ")
    if candidate.digest not in candidate.change:
        yield join([text("digest:"), text(candidate.digest, "sha")], " ")
