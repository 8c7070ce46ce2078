"""The file of a saved look: whole or not at all, for its owner alone."""

from pathlib import Path

import pytest

from tests.hand_made import snapshot
from whatsrunning.sources.saved import file as saved_file
from whatsrunning.sources.saved.codec import UnreadableSnapshot


def test_a_look_is_saved_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "look.json"
    file.write_text("before")
    assert saved_file.write(file, snapshot()) == ""
    assert saved_file.read(file) == snapshot()
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["look.json"]


def test_where_nothing_can_be_saved(tmp_path: Path) -> None:
    lost = saved_file.write(tmp_path / "no" / "look.json", snapshot())
    assert lost == "no such file or directory"
    assert saved_file.write(tmp_path / "a\0b", snapshot()) != ""
    (tmp_path / "folder").mkdir()
    assert saved_file.write(tmp_path / "folder", snapshot()) == "is a directory"
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("none", "no such file", id="no file"),
        pytest.param("folder", "is a dir", id="a folder"),
        pytest.param("bytes", "not text", id="bytes that are no text"),
    ],
)
def test_where_nothing_can_be_read(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    read = saved_file.read(tmp_path / name)
    assert isinstance(read, UnreadableSnapshot)
    assert reason in read.reason
