"""The journal: private, short, and never in the way of a look."""

import contextlib
import errno
import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from unittest.mock import Mock

import pytest

from whatsrunning.facts.journal import JournalEntry
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.journal import client
from whatsrunning.sources.journal.client import NAME, FileJournal

NOON = datetime(2026, 5, 4, 12, 0, 0, 123456, UTC)
FIRST, SECOND = "a" * 40, "b" * 40


def look(
    service: str = "web", sha: str = FIRST, container: str = "web-1", engine: str = "E1",
    *, image: str = "sha256:1", minutes: int = 0, project: str = "shop", own_id: str = "f00d",
) -> JournalEntry:  # fmt: skip
    """One line."""
    at, began = NOON + timedelta(minutes=minutes), NOON - timedelta(days=1)
    known = (at, engine, service, container, sha, image, began)
    return JournalEntry(*known, project=project, container_id=own_id)


def earlier(folder: Path, engine: str = "E1") -> tuple[JournalEntry, ...]:
    """What the journal in this folder tells."""
    return FileJournal(folder).earlier(engine, Deadline.after(60))


def write(folder: Path, *looks: JournalEntry, minutes: int = 0) -> None:
    """A look that saw these, so many minutes after noon."""
    FileJournal(folder).write(looks, NOON + timedelta(minutes=minutes))


def test_what_was_written_is_told_oldest_first_and_by_engine(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "whatsrunning"
    assert earlier(folder) == ()
    write(folder)
    assert not folder.exists()
    strange = look(service="w\u2028eb\n\x1b", container='"', image="")
    write(folder, look(), strange, look(engine="E2"))
    write(folder, look(sha=SECOND, minutes=3), minutes=3)
    assert earlier(folder) == (look(), strange, look(sha=SECOND, minutes=3))
    assert earlier(folder, "E2") == (look(engine="E2"),)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / NAME).stat().st_mode & 0o777 == 0o600


UNCHANGED: dict[str, tuple[list[JournalEntry], list[JournalEntry]]] = {
    "the same": ([look()], [look()]),
    "replicas in another order": (
        [look(), look(container="web-2", sha=SECOND)],
        [look(container="web-2", sha=SECOND), look()],
    ),
    "the revision was not found out": ([look()], [look(sha="")]),
    "another service is not looked at": ([look(), look("api")], [look()]),
    "another project is not looked at": ([look(), look(project="test")], [look()]),
    "a container of the same image in its place": ([look()], [look(own_id="beef")]),
}
CHANGED: dict[str, tuple[list[JournalEntry], list[JournalEntry]]] = {
    "another revision": ([look()], [look(sha=SECOND)]),
    "another image": ([look()], [look(image="sha256:2")]),
    "another container": ([look()], [look(container="web-2")]),
    "a replica more": ([look()], [look(), look(container="web-2")]),
    "a replica less": ([look(), look(container="web-2")], [look()]),
    "another engine": ([look()], [look(engine="E2")]),
    "the revision is known now": ([look(sha="")], [look()]),
    "the project is known now": ([look(project="", own_id="")], [look()]),
    "the same service of another project": ([look()], [look(project="test")]),
}


@pytest.mark.parametrize("case", UNCHANGED)
def test_no_line_is_written_while_a_service_stays(case: str, tmp_path: Path) -> None:
    before, after = UNCHANGED[case]
    write(tmp_path, *before)
    content = (tmp_path / NAME).read_bytes()
    write(tmp_path, *after, minutes=5)
    assert (tmp_path / NAME).read_bytes() == content


@pytest.mark.parametrize("case", CHANGED)
def test_a_change_adds_the_services_lines(case: str, tmp_path: Path) -> None:
    before, after = CHANGED[case]
    write(tmp_path, *before)
    write(tmp_path, *after, minutes=5)
    lines = (tmp_path / NAME).read_text(encoding="ascii").splitlines()
    assert len(lines) == len(before) + len(after)
    assert {json.loads(line)["at"] for line in lines[len(before) :]} == {
        (NOON + timedelta(minutes=5)).isoformat()
    }


def test_going_back_is_a_change_too(tmp_path: Path) -> None:
    for minutes, sha in enumerate((FIRST, SECOND, FIRST, FIRST)):
        write(tmp_path, look(sha=sha, container=f"web-{sha[0]}"), minutes=minutes)
    assert [seen.sha for seen in earlier(tmp_path)] == [FIRST, SECOND, FIRST]


ODD: list[object] = [
    *({"at": at} for at in ("", "yesterday", "2026-01-01", 7, None, "0001-01-01T00:00+09:00")),
    {"deployed_at": "soon"}, {"project": 7}, {"container_id": []}, {"sha": 7}, {"sha": "xyz"},
    {"engine_id": None}, [], "text", 7, None,
]  # fmt: skip
"""What a good line is changed to, or what stands in its place."""
BROKEN = [b"\xff\xfe\x00", b"[" * 100_000, b'{"at": 1' + b"0" * 5000 + b"}", b"", b'{"half']


def test_broken_lines_are_passed_over_and_left(tmp_path: Path) -> None:
    write(tmp_path, look())
    good = json.loads((tmp_path / NAME).read_text(encoding="ascii"))
    odd = [{**good, **value} if isinstance(value, dict) else value for value in ODD]
    lines = [json.dumps(value).encode() for value in [*odd, {"at": good["at"]}]]
    with (tmp_path / NAME).open("ab") as file:
        file.write(b"\n".join(lines + BROKEN))
    assert earlier(tmp_path) == (look(),)
    write(tmp_path, look(sha=SECOND, minutes=1), minutes=1)
    assert earlier(tmp_path) == (look(), look(sha=SECOND, minutes=1))


WRITER = """
import sys
from pathlib import Path
from tests.sources.journal.test_client import look, write
from whatsrunning.sources.journal import client
folder, name, client.LIMIT = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
client._PATIENCE = 60
for number in range(40):
    write(folder, look(name, f"{number:040x}", name * 50), minutes=number)
"""


@pytest.mark.parametrize("limit", [client.LIMIT, 20_000])
def test_many_looks_at_once_lose_nothing_and_mix_nothing(limit: int, tmp_path: Path) -> None:
    names = ["a", "b", "c"]
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    writers = [subprocess.Popen([*command, name, str(limit)], env=env) for name in names]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    lines = (tmp_path / NAME).read_bytes().splitlines()
    assert len(lines) == len(earlier(tmp_path))
    assert (tmp_path / NAME).stat().st_size <= limit
    assert list(tmp_path.iterdir()) == [tmp_path / NAME]
    for name in names:
        shas = [seen.sha for seen in earlier(tmp_path) if seen.service == name]
        assert shas == [f"{number:040x}" for number in range(40 - len(shas), 40)]
        assert len(shas) == 40 or limit == 20_000


def test_a_file_that_outgrows_the_limit_keeps_its_newest_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LIMIT", 4000)
    sizes = []
    for number in range(60):
        write(tmp_path, look(sha=f"{number:040x}"), minutes=number)
        sizes.append((tmp_path / NAME).stat().st_size)
    assert 2000 < max(sizes) <= 4000
    kept = [int(seen.sha, 16) for seen in earlier(tmp_path)]
    assert kept == list(range(kept[0], 60))
    assert len(kept) > 5
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def _link(file: Path) -> None:
    file.symlink_to(file.parent / "target")


def _hard_link(file: Path) -> None:
    file.hardlink_to(file.parent / "target")


def _pipe(file: Path) -> None:
    os.mkfifo(file)


def _folder(file: Path) -> None:
    file.mkdir()


def _foreign(file: Path) -> None:
    file.touch()
    os.chown(file, 65534, 65534)


@pytest.mark.parametrize("trap", [_link, _hard_link, _pipe, _folder, _foreign])
def test_what_is_not_our_own_plain_file_is_neither_read_nor_written(
    trap: Callable[[Path], None], tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.write_text("precious", encoding="ascii")
    trap(tmp_path / NAME)
    for ask in (lambda: write(tmp_path, look()), lambda: earlier(tmp_path)):
        with pytest.raises(SourceError) as caught:
            ask()
        assert caught.value.problem.source == "journal"
        assert str(tmp_path / NAME) in caught.value.problem.message
        assert caught.value.problem.code in ("unsafe", "failed")
    assert target.read_text(encoding="ascii") == "precious"


@pytest.mark.parametrize(
    "folder", ["{}/file", "{}/file/below", "/proc/whatsrunning"], ids=["file", "below", "proc"]
)
def test_a_folder_that_cannot_be_made_is_a_problem_and_reads_as_empty(
    tmp_path: Path, folder: str
) -> None:
    (tmp_path / "file").touch()
    place = Path(folder.format(tmp_path))
    with pytest.raises(SourceError) as caught:
        write(place, look())
    assert caught.value.problem.hint
    assert earlier(place) == ()


@pytest.mark.parametrize(
    ("fault", "code"),
    [(errno.EROFS, "read-only"), (errno.ENOSPC, "full"), (errno.EIO, "failed")],
    ids=["read-only", "full", "broken"],
)
def test_a_disk_that_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int, code: str
) -> None:
    write(tmp_path, look())
    monkeypatch.setattr(os, "write", Mock(side_effect=OSError(fault, os.strerror(fault))))
    with pytest.raises(SourceError) as caught:
        write(tmp_path, look(sha=SECOND))
    assert caught.value.problem.code == code
    assert caught.value.problem.message == f"{tmp_path / NAME}: {os.strerror(fault)}"


def test_a_look_that_hangs_while_it_writes_holds_up_no_other(tmp_path: Path) -> None:
    write(tmp_path, look())
    with (tmp_path / NAME).open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(SourceError) as caught:
            write(tmp_path, look(sha=SECOND))
        assert caught.value.problem.code == "busy"
        assert earlier(tmp_path) == (look(),)
    write(tmp_path, look(sha=SECOND))
    assert [seen.sha for seen in earlier(tmp_path)] == [FIRST, SECOND]


def _opened(file: Path) -> int:
    """How often this process has the file open."""
    count = 0
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # closed since it was listed
            count += os.path.samefile(f"/proc/self/fd/{number}", file)
    return count


def test_a_file_that_was_replaced_while_a_look_waited_gets_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the line goes to a file that has no name any more."""
    monkeypatch.setattr(client, "_PATIENCE", 60)
    file, copy = tmp_path / NAME, tmp_path / "copy"
    write(tmp_path, look())
    copy.write_bytes(file.read_bytes())
    waiting = Thread(target=write, args=(tmp_path, look(sha=SECOND)))
    with file.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting.start()
        ends = time.monotonic() + 60
        while _opened(file) < 2 and time.monotonic() < ends:
            time.sleep(0.01)
        copy.replace(file)
    waiting.join(60)
    assert [seen.sha for seen in earlier(tmp_path)] == [FIRST, SECOND]
