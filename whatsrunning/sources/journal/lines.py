"""The journal's lines: what a look says as JSON, and which services changed since."""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

from whatsrunning.facts.journal import JournalEntry
from whatsrunning.sources import json_reader as j

_SHA = re.compile(r"(?:[0-9a-f]{7,64})?").fullmatch
_TEXTS = ("engine_id", "service", "container", "sha", "image_id")
_NEWER = ("project", "container_id")  # which lines written before these were kept do not have


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
    line = json.dumps(asdict(entry), separators=(",", ":"), default=datetime.isoformat)
    return line.encode() + b"\n"


def entries_of(content: bytes) -> Iterator[JournalEntry]:
    """Every line that can be read; the others are passed over."""
    for line in content.split(b"\n"):
        with contextlib.suppress(j.MalformedReply):
            reply = j.loads(line)
            texts = {name: j.text(reply, name) for name in _TEXTS}
            texts |= {name: j.text(reply, name, default="") for name in _NEWER}
            at, deployed_at = j.moment(reply, "at"), j.moment_or_none(reply, "deployed_at")
            if _SHA(texts["sha"]):
                yield JournalEntry(at=at, deployed_at=deployed_at, **texts)


def _newest(entries: Iterable[JournalEntry]) -> Mapping[tuple[str, ...], list[JournalEntry]]:
    """The newest lines of each service of each engine: one for every container it had then."""
    newest: dict[tuple[str, ...], list[JournalEntry]] = {}
    for entry in entries:
        service = (entry.engine_id, entry.project, entry.service)
        lines = newest.setdefault(service, [])
        if lines and lines[-1].at != entry.at:
            lines.clear()
        lines.append(entry)
    return newest


def _is_same(old: Iterable[JournalEntry], new: Iterable[JournalEntry]) -> bool:
    """A look that could not find a revision out tells of no change."""
    before = {(entry.container, entry.image_id): entry.sha for entry in old}
    now = {(entry.container, entry.image_id): entry.sha for entry in new}
    return before.keys() == now.keys() and all(sha in ("", before[key]) for key, sha in now.items())
