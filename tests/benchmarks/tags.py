"""A look with 400 short tags in the registry may take 1.3 times the CPU of one with ten."""

import contextlib
import resource
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.program import whatsrunning
from tests.world.bulk_history import make_bulk
from tests.world.canned import canned
from tests.world.containerd import Expected, Server
from tests.world.history import History
from tests.world.images import put_image
from tests.world.registry import start_registry

FEW, MANY, MOST = 10, 400, 10_000
LIMIT = 1.3
ROUNDS = 7
RUNNING = 5


@dataclass(frozen=True, slots=True)
class Look:
    """An engine whose containers run the newest builds of an image repository with many tags."""

    folder: Path
    clone: Path
    answers: dict[str, bytes]

    def cpu(self) -> float:
        """Seconds of CPU that one look takes, its git processes among them."""
        path = self.folder / "docker.sock"
        env = {"DOCKER_HOST": f"unix://{path}", "XDG_STATE_HOME": str(self.folder)}
        words = ("ps", "-C", str(self.clone), "-R", "acme/shop", "--timeout", "60")
        before = _children()
        with canned(path, self.answers):
            result = whatsrunning(*words, env=env, home=self.folder)
        path.unlink()
        took = _children() - before
        rows = [line for line in result.stdout.splitlines() if "verified" in line]
        assert len(rows) == RUNNING, result.stdout
        return took


def main() -> int:
    """Look at each in turn, print the ratios of the medians; 1 if 400 take too much."""
    with contextlib.ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="wr-tags", dir="/tmp")
        folder = Path(stack.enter_context(temporary))
        history = make_bulk(folder / "history")
        registry = stack.enter_context(start_registry(folder / "registry"))
        looks = [_look(folder / str(count), registry.host, history, count)
                 for count in (FEW, MANY, MOST)]  # fmt: skip
        few, many, most = looks
        few.cpu()  # the first run leaves its bytecode for the others
        taken = [(few.cpu(), many.cpu()) for _ in range(ROUNDS)]
        ten, hundreds = (statistics.median(times) for times in zip(*taken, strict=True))
        thousands = statistics.median(most.cpu() for _ in range(3))
    print(f"{MANY} short tags: {hundreds / ten:.2f} times the CPU of {FEW}; {MOST}: "
          f"{thousands / ten:.2f} times")  # fmt: skip
    return int(hundreds / ten > LIMIT)


def _look(folder: Path, host: str, history: History, count: int) -> Look:
    folder.mkdir()
    builds = history.mainline[:count] if count <= MANY else [*history.commits]
    repository = f"acme/shop-{count}"
    server = Server(host, datetime.now(UTC))
    for sha in builds[:RUNNING]:
        image = put_image(host, repository, [f"sha-{sha[:9]}"], content=sha.encode())
        expected = Expected("verified", sha)
        server.run(f"web-{sha[:7]}", f"{host}/{repository}:sha-{sha[:9]}", image.digest, expected,
                   said=sha)  # fmt: skip
    put_image(host, repository, _others(builds, count), content=b"other")
    return Look(folder, history.clone, server.answers())


def _others(builds: Sequence[str], count: int) -> list[str]:
    """Tags of other builds, and beyond the history's own of commits that nobody has."""
    own = [f"sha-{sha[:9]}" for sha in builds[RUNNING:count]]
    return own + [f"sha-{number:09x}" for number in range(count - RUNNING - len(own))]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
