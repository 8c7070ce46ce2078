"""The journal's lines: what a look says as JSON, and which services changed since."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from whatsrunning.facts.journal import JournalEntry
from whatsrunning.sources import json_reader as j

_SHA = re.compile(r"(?:[0-9a-f]{7,64})?").fullmatch
_TEXTS = ("engine_id", "service", "container", "sha", "image_id")


def changed(before: Iterable[JournalEntry], looks: Iterable[JournalEntry]) -> list[JournalEntry]:
    """The entries of those services that differ from their newest lines."""
    last = _newest(before)
    return [
        entry
        for service, entries in _newest(looks).items()
        if not _is_same(last.get(service, []), entries)
        for entry in entries
    ]


def line_of(entry: JournalEntry) -> bytes:
    """One line of ASCII."""
    deployed = entry.deployed_at.isoformat() if entry.deployed_at else None
    texts = {name: getattr(entry, name) for name in _TEXTS}
    line = {"at": entry.at.isoformat(), **texts, "deployed_at": deployed}
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def entries_of(content: bytes) -> Iterator[JournalEntry]:
    """Every line that can be read; the others are passed over."""
    for line in content.split(b"\n"):
        entry = _entry(line) if line else None
        if entry is not None:
            yield entry


def _newest(entries: Iterable[JournalEntry]) -> Mapping[tuple[str, str], list[JournalEntry]]:
    """The newest lines of each service of each engine: one for every container it had then."""
    last: dict[tuple[str, str], list[JournalEntry]] = {}
    for entry in entries:
        lines = last.setdefault((entry.engine_id, entry.service), [])
        if lines and lines[-1].at != entry.at:
            lines.clear()
        lines.append(entry)
    return last


def _is_same(old: Iterable[JournalEntry], new: Iterable[JournalEntry]) -> bool:
    """A look that could not find a revision out tells of no change."""
    before = {(entry.container, entry.image_id): entry.sha for entry in old}
    now = {(entry.container, entry.image_id): entry.sha for entry in new}
    return before.keys() == now.keys() and all(sha in ("", before[key]) for key, sha in now.items())


def _entry(line: bytes) -> JournalEntry | None:
    try:
        reply = j.loads(line)
        texts = {name: j.text(reply, name) for name in _TEXTS}
        at, deployed_at = j.moment(reply, "at"), j.moment_or_none(reply, "deployed_at")
    except j.MalformedReply:
        return None
    return JournalEntry(at=at, deployed_at=deployed_at, **texts) if _SHA(texts["sha"]) else None
