"""The journal's lines: what a look says as JSON, and which services changed since. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from whatsrunning.facts.records import JournalEntry

_SHA = re.compile(r"(?:[0-9a-f]{7,64})?").fullmatch
"""A line with anything else for a revision is none of ours."""
_TEXTS = ("engine_id", "service", "container", "sha", "image_id")


def changed(before: Iterable[JournalEntry], looks: Iterable[JournalEntry]) -> list[JournalEntry]:
    """The looks of those services that differ from their newest lines."""
    last = _newest(before)
    return [
        look
        for service, lines in _newest(looks).items()
        if not _same(last.get(service, []), lines)
        for look in lines
    ]


def line_of(look: JournalEntry) -> bytes:
    """One line of ASCII."""
    deployed = look.deployed_at.isoformat() if look.deployed_at else None
    texts = {name: getattr(look, name) for name in _TEXTS}
    line = {"at": look.at.isoformat(), **texts, "deployed_at": deployed}
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def looks_of(content: bytes) -> Iterator[JournalEntry]:
    """Every line that can be read; the others are passed over."""
    for line in content.split(b"\n"):
        look = _look(line) if line else None
        if look is not None:
            yield look


def _newest(looks: Iterable[JournalEntry]) -> Mapping[tuple[str, str], list[JournalEntry]]:
    """The newest lines of each service of each engine: one for every container it had then."""
    last: dict[tuple[str, str], list[JournalEntry]] = {}
    for look in looks:
        lines = last.setdefault((look.engine_id, look.service), [])
        if lines and lines[-1].at != look.at:
            lines.clear()
        lines.append(look)
    return last


def _same(old: Sequence[JournalEntry], new: Sequence[JournalEntry]) -> bool:
    """A look that could not find a revision out tells of no change."""
    before = {(look.container, look.image_id): look.sha for look in old}
    now = {(look.container, look.image_id): look.sha for look in new}
    return before.keys() == now.keys() and all(sha in ("", before[key]) for key, sha in now.items())


def _look(line: bytes) -> JournalEntry | None:
    try:
        made = json.loads(line)
        texts = {name: made[name] for name in _TEXTS}
        deployed = made["deployed_at"]
        at, deployed_at = _time(made["at"]), _time(deployed) if deployed else None
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    if not all(isinstance(text, str) for text in texts.values()) or not _SHA(texts["sha"]):
        return None
    return JournalEntry(at=at, deployed_at=deployed_at, **texts)


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC)
