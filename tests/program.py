"""Run the program as a user does: a process of its own, a home of its own, loopback only."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
GUARD = Path(__file__).parent / "guard"
LOGIN: Mapping[str, str] = dict(os.environ)
"""The environment that the tests were started in; pip finds its package index by it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run printed, and its exit code."""

    code: int
    stdout: str
    stderr: str
    seconds: float

    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.stdout)


def clean_environment(home: Path | str) -> dict[str, str]:
    """The environment of a fresh login with this home, and nothing of ours."""
    return {
        "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
        "PYTHONPATH": os.pathsep.join((str(GUARD), str(ROOT))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def whatsrunning(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    home: Path | str = "/nonexistent",
    cwd: Path | str = "/",
    timeout: float = 60,
) -> Result:
    """Run `python -m whatsrunning ARGUMENTS`; a traceback on standard error is always a failure."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "whatsrunning", *arguments],
        env={**clean_environment(home), **(env or {})},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    seconds = time.monotonic() - started
    assert "Traceback" not in done.stderr, done.stderr
    assert "GUARD:" not in done.stderr, done.stderr
    return Result(done.returncode, done.stdout, done.stderr, seconds)
