"""What earlier looks wrote down: JSON lines in a file of the user's own, added to and bounded."""

import contextlib
import errno
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.ports import Deadline, Journal, SourceError
from whatsrunning.facts.records import JournalEntry
from whatsrunning.sources.journal.lines import changed, line_of, looks_of

NAME = "looks.jsonl"
LIMIT = 5_000_000
"""Bytes; a file that outgrows this keeps its newest half."""
_PATIENCE = 0.5  # seconds to wait for another look that is writing
_OPENING = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # follow no link, wait for no pipe
_CODES = {
    errno.EROFS: "read-only",
    errno.EACCES: "read-only",
    errno.EPERM: "read-only",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.ELOOP: "unsafe",
    errno.ENXIO: "unsafe",
}


def open_journal(folder: Path) -> Journal:
    """The journal in this folder; nothing is made before there is something to write."""
    return _Journal(folder)


@dataclass(frozen=True, slots=True)
class _Journal:
    """Journal (ports.py): a service's lines are written when they differ from its last ones."""

    folder: Path

    @property
    def file(self) -> Path:
        """Where the lines are."""
        return self.folder / NAME

    def earlier(self, engine_id: str, deadline: Deadline) -> tuple[JournalEntry, ...]:
        """What is known of an engine, oldest first; broken lines are passed over.

        Raises SourceError: `unsafe`, `read-only`, `failed`.
        """
        del deadline  # a local file of bounded size
        try:
            descriptor = os.open(self.file, os.O_RDONLY | _OPENING)
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as fault:
            raise SourceError(self._problem(fault)) from fault
        try:
            self._trust(descriptor)
            looks = looks_of(_newest(descriptor, 2 * LIMIT))
            return tuple(look for look in looks if look.engine_id == engine_id)
        finally:
            os.close(descriptor)

    def write(self, looks: Sequence[JournalEntry], now: datetime) -> None:
        """Add what changed since the last lines, in one write. Raises `read-only`, `busy`, ..."""
        if not looks:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._locked() as descriptor:
                self._add(descriptor, [replace(look, at=now) for look in looks])
        except OSError as fault:
            raise SourceError(self._problem(fault)) from fault

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        """The file, for us alone among looks; one that was put in its place meanwhile is taken."""
        ends = time.monotonic() + _PATIENCE
        while True:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | _OPENING
            descriptor = os.open(self.file, flags, 0o600)
            try:
                self._trust(descriptor)
                os.fchmod(descriptor, 0o600)
                self._lock(descriptor, ends)
                if self._is_current(descriptor):
                    yield descriptor
                    return
            finally:
                os.close(descriptor)

    def _lock(self, descriptor: int, ends: float) -> None:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as fault:
                if time.monotonic() > ends:
                    message = f"another look is writing {self.file}"
                    raise SourceError(self._of("busy", message, "")) from fault
                time.sleep(0.01)
            else:
                return

    def _is_current(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), os.lstat(self.file))
        except FileNotFoundError:
            return False

    def _trust(self, descriptor: int) -> None:
        """Only a plain file that is this user's, and has no second name that others chose."""
        found = os.fstat(descriptor)
        mine = found.st_uid == os.geteuid() and found.st_nlink == 1
        if not (stat.S_ISREG(found.st_mode) and mine):
            message = f"{self.file} is not a plain file of this user's, and is left alone"
            raise SourceError(self._of("unsafe", message, "move it away, or set XDG_STATE_HOME"))

    def _add(self, descriptor: int, looks: Sequence[JournalEntry]) -> None:
        known = _newest(descriptor, 2 * LIMIT)
        added = b"".join(line_of(look) for look in changed(looks_of(known), looks))
        if not added:
            return
        if len(known) + len(added) > LIMIT:
            self._replace(_whole_lines(known[-(LIMIT // 2) :]) + added)
            return
        # A look that was killed while it wrote may have left half a line.
        ended = known.endswith(b"\n") or not known
        content = added if ended else b"\n" + added
        if os.write(descriptor, content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _replace(self, content: bytes) -> None:
        descriptor, name = tempfile.mkstemp(prefix=f".{NAME}.", dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.replace(name, self.file)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise

    def _problem(self, fault: OSError) -> Problem:
        code = _CODES.get(fault.errno or 0, "failed")
        hint = "set XDG_STATE_HOME to a folder that may be written"
        return self._of(code, f"{self.file}: {fault.strerror or 'cannot be used'}", hint)

    def _of(self, code: str, message: str, hint: str) -> Problem:
        return Problem("journal", str(self.file), code, message, hint)


def _newest(descriptor: int, limit: int) -> bytes:
    """The last bytes of a file, from the beginning of a line."""
    start = max(0, os.fstat(descriptor).st_size - limit)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        file.seek(start)
        content = file.read(limit)
    return _whole_lines(content) if start else content


def _whole_lines(content: bytes) -> bytes:
    return content.partition(b"\n")[2]
