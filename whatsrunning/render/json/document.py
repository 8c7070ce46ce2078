"""The public contract of `-o json`, which schema/v1.json describes. Keys are never renamed."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from whatsrunning.render.json.values import Fields, entry, instant, key_of, record, value
from whatsrunning.render.settings import Rendering
from whatsrunning.report.report import Report
from whatsrunning.view.footnotes import problems_of

SCHEMA = "whatsrunning/v1"
WINDOW = ("since", "changed", "restarted")
"""What `ps --since` tells of the history."""
OWN: Mapping[str, tuple[str, ...]] = {
    "ps": ("change", "swarms", "gone"),
    "show": ("swarms",),
    "diff": ("timelines",),
    "has": ("has",),
    "history": ("history",),
    "rollback-plan": ("rollback",),
}
"""The fields of the report that each command adds."""
OPENED = frozenset({"has", "history", "rollback"})
"""Those whose own keys stand in the document itself."""


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
    own: dict[str, Any] = {}
    for name in OWN.get(report.command, ()):
        held = getattr(report, name)
        if name in OPENED:
            own |= record(held) if held else {}
        else:
            own[key_of(Report, name)] = value(held)
    if report.command == "ps" and report.history:
        own |= {key: value(getattr(report.history, key)) for key in WINDOW}
    return own


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
