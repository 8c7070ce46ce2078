"""`python -m tests.world up|down`: a fleet to play with, and the environment to use."""

import json
import shlex
import sys
import tempfile
from pathlib import Path

from tests.world.doors import open_doors
from tests.world.everything import raise_world, tear_down

STATE = Path(tempfile.gettempdir()) / "whatsrunning-world.json"


def up() -> int:
    """Start everything and say how to ask it."""
    if STATE.exists():
        sys.stderr.write("a world is up already: python -m tests.world down\n")
        return 1
    world = raise_world(Path(tempfile.mkdtemp(prefix="wr-world")), gated=False)
    pid, doors = open_doors(world.registry, world.folder / "doors")
    saved = world.processes()
    STATE.write_text(json.dumps({**saved, "pids": [pid, *saved["pids"]]}))
    for name, value in world.environment().items():
        print(f"export {name}={shlex.quote(value)}")
    for name, host in doors.items():
        print(f"# the registry, {name}: {host}")
    print(f"# then: whatsrunning -C {shlex.quote(str(world.history.clone))}")
    return 0


def down() -> int:
    """End every process of the world that `up` started, and delete its folders."""
    if not STATE.exists():
        sys.stderr.write("no world is up\n")
        return 1
    tear_down(json.loads(STATE.read_text()))
    STATE.unlink()
    return 0


def main() -> int:
    """Run what the one argument names."""
    commands = {"up": up, "down": down}
    command = commands.get(sys.argv[1] if len(sys.argv) == 2 else "")
    if command is None:
        sys.stderr.write("usage: python -m tests.world up|down\n")
        return 2
    return command()


if __name__ == "__main__":
    sys.exit(main())
