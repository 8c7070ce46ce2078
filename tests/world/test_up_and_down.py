"""`python -m tests.world up` gives a world to play with, and `down` leaves nothing of it."""

import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from tests.program import ROOT, clean_environment, whatsrunning


def _world(word: str, temporary: Path) -> str:
    # What stays running keeps our standard error open: a file may, a pipe would never end.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        done = subprocess.run(
            [sys.executable, "-m", "tests.world", word],
            env={**clean_environment(temporary), "TMPDIR": str(temporary)}, cwd=ROOT,
            stdin=subprocess.DEVNULL, stdout=out, stderr=err, timeout=200, check=False,
        )  # fmt: skip
        out.seek(0)
        err.seek(0)
        assert done.returncode == 0, err.read()
        return out.read()


def _get(url: str) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(url, timeout=30) as reply:
            return reply.status, dict(reply.headers)
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers)


def _named(words: str) -> list[str]:
    """Processes and mounts that still name this."""
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if _alive(path)]
    mounts = Path("/proc/mounts").read_text()
    return [str(each) for each in commands if words.encode() in each] + (
        [mounts] if words in mounts else []
    )


def _alive(path: Path) -> bool:
    try:
        return bool(path.read_bytes())
    except OSError:
        return False


def test_up_and_down() -> None:
    with tempfile.TemporaryDirectory(prefix="wr-t", dir="/tmp") as folder:
        said = _world("up", Path(folder))
        told = dict(re.findall(r"^export (\w+)='?(.*?)'?$", said, re.MULTILINE))
        doors = dict(re.findall(r"^# the registry, (\S+): (\S+)$", said, re.MULTILINE))
        try:
            clone = said.rpartition("-C ")[2].strip()
            look = whatsrunning("ps", "-C", clone, "-o", "json", "--timeout", "60", env=told)
            assert look.code == 0, look.stderr
            assert look.json()["complete"]
            answers = {door: _get(f"http://{host}/v2/acme/shop/tags/list?n=5")
                       for door, host in doors.items()}  # fmt: skip
        finally:
            _world("down", Path(folder))
        assert answers["htpasswd"][0] == answers["token"][0] == 401
        assert answers["token"][1]["Www-Authenticate"].startswith("Bearer ")
        links = {door: answers[f"paged-{door}"][1]["Link"]
                 for door in ("relative", "absolute", "foreign")}  # fmt: skip
        assert links["relative"].startswith("</v2/")
        assert doors["paged-absolute"] in links["absolute"]
        assert "registry.invalid" in links["foreign"]
        run = told["DOCKER_HOST"].removeprefix("unix://").rpartition("/")[0]
        assert _named(folder) == []
        assert _named(run) == []
        assert not Path(run).exists()
        assert list(Path(folder).iterdir()) == []
