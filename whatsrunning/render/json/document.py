"""The public contract of `-o json`: exactly DESIGN section 6, described by schema/v1.json."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from whatsrunning.render.json.commands import command_fields
from whatsrunning.render.json.container import container
from whatsrunning.render.json.values import Fields, instant, problem
from whatsrunning.report.container import Engine, Finding
from whatsrunning.report.report import Report
from whatsrunning.view.footnotes import problems_of

SCHEMA = "whatsrunning/v1"


def render(report: Report) -> str:
    """The report as one JSON document, in ASCII: what is not printable is escaped."""
    return _written(document(report))


def document(report: Report) -> Fields:
    """The document as plain values."""
    return {
        "schema": SCHEMA,
        "command": report.command,
        "taken_at": instant(report.taken_at),
        "complete": report.complete,
        "engines": [_engine(engine) for engine in report.engines],
        "containers": [container(one) for one in report.containers],
        **command_fields(report),
        "findings": [_finding(finding) for finding in report.findings],
        "problems": [problem(one) for one in problems_of(report)],
    }


def failure(code: str, message: str, hint: str, command: str, now: datetime) -> str:
    """A valid document for a call that gave no answer: the reason is its only problem."""
    reason = {"code": code, "message": message, "hint": hint}
    listed = {"id": f"config/{code}/", "source": "config", "subject": "", **reason}
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
            "problems": [listed],
        }
    )


def schema() -> Mapping[str, Any]:
    """The JSON Schema that ships with the package."""
    text = files("whatsrunning.render").joinpath("schema/v1.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded


def _written(fields: Fields) -> str:
    return json.dumps(fields, indent=2) + "\n"


def _engine(engine: Engine) -> Fields:
    return {
        "id": engine.id,
        "context": engine.context,
        "endpoint": engine.endpoint,
        "name": engine.name,
        "version": engine.version,
        "status": engine.status,
        "chosen_by": engine.chosen_by,
        "clock_skew_s": engine.clock_skew_s,
        "problem": engine.problem.id if engine.problem else None,
        "product": engine.product,
    }


def _finding(finding: Finding) -> Fields:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "engine": finding.engine,
        "container": finding.container,
        "service": finding.service,
        "message": finding.message,
        "hint": finding.hint,
    }
