"""What earlier looks wrote down: JSON lines in a file of the user's own, added to and bounded."""

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.journal import JournalEntry
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.files import write_whole
from whatsrunning.sources.journal.lines import changed, entries_of, line_of

NAME = "looks.jsonl"
LIMIT = 5_000_000  # bytes; a file that outgrows this keeps its newest half
_PATIENCE = 0.5  # seconds to wait for another look that is writing
_OPENING = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # follow no link, wait for no pipe
_CODES = {
    errno.EROFS: "read-only", errno.EACCES: "read-only", errno.EPERM: "read-only",
    errno.ENOSPC: "full", errno.EDQUOT: "full", errno.ELOOP: "unsafe", errno.ENXIO: "unsafe",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileJournal:
    """`facts.journal.Journal` in a folder, which is made when there is something to write."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / NAME

    def earlier(self, engine_id: str, deadline: Deadline) -> tuple[JournalEntry, ...]:
        """What is known of an engine, oldest first. Raises `unsafe`, `read-only`, `failed`."""
        del deadline  # a local file of bounded size
        try:
            with self._opened(os.O_RDONLY) as descriptor:
                entries = tuple(entries_of(_newest(descriptor)))
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as fault:
            raise self._failed(fault) from fault
        return tuple(entry for entry in entries if entry.engine_id == engine_id)

    def write(self, looks: Sequence[JournalEntry], now: datetime) -> None:
        """Add what changed since the last lines, in one write. Raises `read-only`, `busy`, ..."""
        if not looks:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            ends = time.monotonic() + _PATIENCE
            while not self._is_added([replace(entry, at=now) for entry in looks], ends):
                pass
        except OSError as fault:
            raise self._failed(fault) from fault

    @contextlib.contextmanager
    def _opened(self, flags: int) -> Iterator[int]:
        """The file, if it is a plain one of this user's without a second name that others chose."""
        descriptor = os.open(self.file, flags | _OPENING, 0o600)
        try:
            status = os.fstat(descriptor)
            is_own = status.st_uid == os.geteuid() and status.st_nlink == 1
            if not (stat.S_ISREG(status.st_mode) and is_own):
                message = f"{self.file} is not a plain file of this user's, and is left alone"
                raise self._error("unsafe", message, "move it away, or set XDG_STATE_HOME")
            yield descriptor
        finally:
            os.close(descriptor)

    def _is_added(self, entries: Sequence[JournalEntry], ends: float) -> bool:
        """Add them; False if the file was replaced while it was waited for."""
        with self._opened(os.O_RDWR | os.O_APPEND | os.O_CREAT) as descriptor:
            os.fchmod(descriptor, 0o600)
            self._lock(descriptor, ends)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), os.lstat(self.file)):
                    self._add(descriptor, entries)
                    return True
        return False

    def _lock(self, descriptor: int, ends: float) -> None:
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            if time.monotonic() > ends:
                raise self._error("busy", f"another look is writing {self.file}")
            time.sleep(0.01)

    def _add(self, descriptor: int, entries: Sequence[JournalEntry]) -> None:
        before = _newest(descriptor)
        lines = b"".join(line_of(entry) for entry in changed(entries_of(before), entries))
        if not lines:
            return
        if len(before) + len(lines) > LIMIT:
            newest_half = before[-(LIMIT // 2) :].partition(b"\n")[2]
            write_whole(self.file, newest_half + lines)
            return
        # A look that was killed while it wrote may have left half a line.
        lines = lines if before.endswith(b"\n") or not before else b"\n" + lines
        if os.write(descriptor, lines) < len(lines):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _failed(self, fault: OSError) -> SourceError:
        code = _CODES.get(fault.errno or 0, "failed")
        hint = "set XDG_STATE_HOME to a folder that may be written"
        return self._error(code, f"{self.file}: {fault.strerror or 'cannot be used'}", hint)

    def _error(self, code: str, message: str, hint: str = "") -> SourceError:
        return SourceError(Problem("journal", str(self.file), code, message, hint))


def _newest(descriptor: int) -> bytes:
    """The last bytes of a file, at most twice the limit, from the beginning of a line."""
    start = max(0, os.fstat(descriptor).st_size - 2 * LIMIT)
    content = os.pread(descriptor, 2 * LIMIT, start)
    return content.partition(b"\n")[2] if start else content
