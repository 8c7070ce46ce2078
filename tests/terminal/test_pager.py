"""Long tables go through the user's PAGER."""

import sys
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.hand_made import snapshot
from tests.program import clean_environment
from whatsrunning.sources.saved.codec import to_text

PATIENT = 30


@pytest.mark.parametrize(
    ("pager", "height", "shown", "hidden"),
    [
        ("{home}/pager", 10, "PAGED", "nothing"),
        ("{home}/pager --all", 200, "worker", "PAGED"),
        ("{home}/quits", 10, "QUIT", "worker"),
        ("{home}/not-there", 10, "worker", "PAGED"),
        ("cat", 10, "worker", "PAGED"),
        ("'unbalanced", 10, "worker", "PAGED"),
    ],
    ids=[
        "a long table",
        "a table that fits",
        "a pager that quits",
        "a pager that is not there",
        "a pager that copies",
        "a command that cannot be read",
    ],
)
def test_a_long_table_goes_through_the_pager(
    tmp_path: Path, pager: str, height: int, shown: str, hidden: str
) -> None:
    look = tmp_path / "look.json"
    look.write_text(to_text(snapshot()))
    for name, script in {"pager": "echo PAGED; cat; echo END", "quits": "echo QUIT"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    env = clean_environment(tmp_path) | {"PAGER": pager.format(home=tmp_path)}
    child = pexpect.spawn(
        sys.executable, ["-m", "whatsrunning", "replay", str(look)], env=env, cwd="/",
        encoding="utf-8", timeout=PATIENT, dimensions=(height, 100),
    )  # fmt: skip
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert shown in child.before
    assert hidden not in child.before
    assert "Traceback" not in child.before
