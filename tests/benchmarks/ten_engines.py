"""Ten engines behind 300 ms of latency may take 1.5 times as long as one (issue 4)."""

import contextlib
import statistics
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks.latency import far_away
from tests.program import whatsrunning
from tests.world.engine import EngineProcess, base_image, start_engine

LATENCY = 0.3
LIMIT = 1.5
ROUNDS = 3
NAMES = tuple(f"host-{number}" for number in range(10))


def main() -> int:
    """Start ten engines, ask one and all of them in turn, print the ratio; 1 if it is too much."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wr-ten", dir="/tmp")))
        with ThreadPoolExecutor(2) as pool:
            engines = list(pool.map(lambda name: _engine(folder / name), NAMES))
        for name, engine in zip(NAMES, engines, strict=True):
            stack.callback(engine.stop)
            path = folder / f"{name}.sock"
            stack.enter_context(far_away(engine.socket, path, LATENCY))
            engines[0].docker("context", "create", name, "--docker", f"host=unix://{path}")
        config = engines[0].environment()["DOCKER_CONFIG"]
        taken = [(_seconds(config, NAMES[:1]), _seconds(config, NAMES)) for _ in range(ROUNDS)]
    one, ten = (statistics.median(each) for each in zip(*taken, strict=True))
    print(f"one engine {one:.2f} s, ten engines {ten:.2f} s: {ten / one:.2f} times")
    return int(ten / one > LIMIT)


def _engine(folder: Path) -> EngineProcess:
    engine = start_engine(folder)
    base_image(engine)
    for number in range(3):
        engine.docker(
            "run", "--detach", "--network", "none", "--stop-signal", "KILL", "--label",
            f"git.sha={number + 1:040x}", "busybox:latest", "sleep", "100000",
        )  # fmt: skip
    return engine


def _seconds(config: str, names: tuple[str, ...]) -> float:
    contexts = [word for name in names for word in ("-c", name)]
    result = whatsrunning(
        "ps", "-o", "json", "--offline", *contexts, env={"DOCKER_CONFIG": config}, timeout=120
    )
    assert {engine["status"] for engine in result.json()["engines"]} == {"ok"}, result.stdout
    assert len(result.json()["containers"]) == 3 * len(names)
    return result.seconds


if __name__ == "__main__":
    sys.exit(main())
