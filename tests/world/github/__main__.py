"""`python -m tests.world.github FOLDER`: serve the ground that lies in a folder until SIGTERM.

The address is written to `FOLDER/url`; the folder, which is ours, goes with the process.
"""

import shutil
import signal
import sys
import threading
from pathlib import Path

from tests.world.github import contract, graphql
from tests.world.github.ground import load
from tests.world.github.server import server_for


def main(folder: Path) -> int:
    """Serve until SIGTERM."""
    ground = load(folder / "ground.json")
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    graphql.schema(), contract.operations(), ground.commit(f"heads/{ground.branch}")
    server = server_for(ground)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    written = folder / "url.new"
    written.write_text(f"http://127.0.0.1:{server.server_address[1]}")
    written.rename(folder / "url")
    ended.wait()
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
