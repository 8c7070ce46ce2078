"""Files that others wrote are read within bounds, and a pipe is not waited for without end."""

import os
import time
from pathlib import Path

import pytest

from whatsrunning.files import read_bounded, write_whole


@pytest.mark.parametrize(
    ("content", "read"),
    [
        pytest.param(b"", b"", id="an empty file"),
        pytest.param(b"123", b"123", id="shorter than the bound"),
        pytest.param(b"1234", b"1234", id="as long as the bound"),
        pytest.param(b"1234567", b"12345", id="longer: one byte more, so that it shows"),
    ],
)
def test_no_more_is_read_than_the_bound(tmp_path: Path, content: bytes, read: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert read_bounded(tmp_path / "file", 4) == read


def test_a_pipe_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"a look")
    os.close(writing)
    assert read_bounded(Path(f"/proc/self/fd/{reading}"), 100, 5) == b"a look"
    os.close(reading)


def test_a_silent_pipe_is_left(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writing = os.open(tmp_path / "pipe", os.O_RDWR)
    began = time.monotonic()
    with pytest.raises(TimeoutError, match="stays silent"):
        read_bounded(tmp_path / "pipe", 100, 0.2)
    os.close(writing)
    assert 0.1 < time.monotonic() - began < 20


@pytest.mark.parametrize("name", ["pipe", "/dev/null"])
def test_what_gives_nothing_is_not_an_empty_file(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="gives nothing"):
        read_bounded(tmp_path / name, 100, 0.1)


@pytest.mark.parametrize(
    "name", [pytest.param("none", id="no file"), pytest.param(".", id="a folder")]
)
def test_what_cannot_be_read_raises(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match=r"No such file|directory"):
        read_bounded(tmp_path / name, 100)


def test_a_path_that_cannot_be_one_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="null"):
        read_bounded(Path("a\0b"), 100)


def test_a_file_is_replaced_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before")
    write_whole(tmp_path / "file", b"after")
    assert (tmp_path / "file").read_bytes() == b"after"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_replaced_leaves_nothing_unfinished(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "folder", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
