"""Values that many JSON fields share: answers, instants, problems, pull requests, CI."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem
from whatsrunning.report.container import Ci, Gate, PullRequest, Revision

T = TypeVar("T")
Fields: TypeAlias = Mapping[str, Any]


def answered(answer: Answer[T], values: Callable[[T], Fields]) -> Fields:
    """`status`, with the values beside it when found, and the problem's id when unknown."""
    if isinstance(answer, Found):
        return {"status": "found", **values(answer.value)}
    if isinstance(answer, Nothing):
        return {"status": "none"}
    return {"status": "unknown", "problem": answer.problem.id}


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, as exact as it is known."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def instant_or_null(at: datetime | None) -> str | None:
    """The same, null when there is none."""
    return instant(at) if at else None


def problem(found: Problem) -> Fields:
    """An entry of `problems`."""
    return {
        "id": found.id,
        "source": found.source,
        "subject": found.subject,
        "code": found.code,
        "message": found.message,
        "hint": found.hint,
    }


def pull_requests(requests: tuple[PullRequest, ...]) -> Fields:
    """Pull requests under `items`."""
    return {"items": [_pull_request(request) for request in requests]}


def _pull_request(request: PullRequest) -> Fields:
    return {
        "number": request.number,
        "title": request.title,
        "author": request.author,
        "merged_by": request.merged_by,
        "merged_at": instant_or_null(request.merged_at),
        "url": request.url,
        "evidence": request.evidence,
    }


def ci(found: Ci) -> Fields:
    """CI at deploy with the gates that counted."""
    return {
        "at_deploy": found.at_deploy,
        "outcome": found.outcome,
        "finished_at": instant_or_null(found.finished_at),
        "via": found.via,
        "reason": found.reason,
        "gates": [_gate(gate) for gate in found.gates],
    }


def _gate(gate: Gate) -> Fields:
    return {
        "name": gate.name,
        "conclusion": gate.conclusion,
        "finished_at": instant_or_null(gate.finished_at),
        "url": gate.url,
    }


def revision(found: Revision) -> Fields:
    """The effective revision."""
    return {"sha": found.sha, "identified_by": found.identified_by}
