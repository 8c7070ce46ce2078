"""The public contract of `-o json`, which schema/v1.json describes. Keys are never renamed."""

import json
from collections.abc import Mapping
from datetime import datetime

from whatsrunning.render.json.values import Fields, entry, instant, record, value
from whatsrunning.render.settings import Rendering
from whatsrunning.report.commands import Has, History, RollbackPlan
from whatsrunning.report.report import Report
from whatsrunning.view.footnotes import problems_of

SCHEMA = "whatsrunning/v1"
WINDOW = ("since", "changed", "restarted")
"""What `ps --since` tells of the history."""
OWN: Mapping[str, Mapping[str, str]] = {
    "ps": {"newest_change": "change", "swarms": "swarms"},
    "show": {"swarms": "swarms"},
    "diff": {"timelines": "timelines"},
}
"""What each command adds, by key: a field of the report."""
WHOLE: Mapping[str, tuple[str, type]] = {
    "has": ("has", Has),
    "history": ("history", History),
    "rollback-plan": ("rollback", RollbackPlan),
}
"""Commands that add every key of one record: the report's field, and what it holds."""


def render(rendering: Rendering) -> str:
    """The report as one JSON document, in ASCII: what is not printable is escaped."""
    return _written(document(rendering.report))


def document(report: Report) -> Fields:
    """The document as plain values."""
    replayed = {"replayed_at": value(report.replayed_at)} if report.replayed_at else {}
    return {
        "schema": SCHEMA,
        "command": report.command,
        "taken_at": instant(report.taken_at),
        **replayed,
        "complete": report.complete,
        "engines": value(report.engines),
        "containers": value(report.containers),
        **_own(report),
        "findings": value(report.findings),
        "problems": [entry(problem) for problem in problems_of(report)],
    }


def _own(report: Report) -> Fields:
    """The keys that belong to the report's command."""
    if report.command in WHOLE:
        answer = getattr(report, WHOLE[report.command][0])
        return record(answer) if answer else {}
    own = OWN.get(report.command, {})
    window = WINDOW if report.command == "ps" and report.history else ()
    return {key: value(getattr(report, name)) for key, name in own.items()} | {
        key: value(getattr(report.history, key)) for key in window
    }


def failure(code: str, message: str, hint: str, command: str, now: datetime) -> str:
    """A valid document for a call that gave no answer: the reason is its only problem."""
    reason = {"code": code, "message": message, "hint": hint}
    return _written(
        {
            "schema": SCHEMA,
            "command": command,
            "taken_at": instant(now),
            "complete": False,
            "error": reason,
            "engines": [],
            "containers": [],
            "findings": [],
            "problems": [{"id": f"config/{code}/", "source": "config", "subject": "", **reason}],
        }
    )


def _written(fields: Fields) -> str:
    return json.dumps(fields, indent=2) + "\n"
