"""A container among 1,000 may take twice as long to judge as one among 30: verdicts are linear."""

import statistics
import sys
import time
from dataclasses import replace

from tests.scene import IMAGE, NOW, Scene, digest, sha
from whatsrunning.checks.findings import findings
from whatsrunning.facts.store import FactStore
from whatsrunning.report.report import Report
from whatsrunning.verdicts.report import judge

FEW, MANY = 30, 1000
COMMITS = 100
LIMIT = 2.0
ROUNDS = 5


def main() -> int:
    """Judge a small and a large fleet in turn, print the ratio; 1 if it is too much."""
    few, many = _fleet(FEW), _fleet(MANY)
    taken = [(_seconds(few) / FEW, _seconds(many) / MANY) for _ in range(ROUNDS)]
    small, large = (1000 * statistics.median(each) for each in zip(*taken, strict=True))
    print(f"{small:.2f} ms each of {FEW}, {large:.2f} ms each of {MANY}: {large / small:.2f} times")
    return int(large / small > LIMIT)


def _fleet(size: int) -> Scene:
    """As many services on ten engines, each at one of the last hundred builds."""
    scene = Scene(engine="host-0")
    words = [f"commit {number}" for number in range(COMMITS)]
    scene.clone(*words)
    for word in words:
        scene.commit(word)
        scene.push(sha(word), digest(word))
    for host in range(10):
        if host:
            scene.add_engine(f"host-{host}")
        for word in words:
            said, names = {"git.sha": sha(word)}, (f"{IMAGE}:{sha(word)}",)
            scene.image(digest(f"id {word}"), *names, digests=(f"{IMAGE}@{digest(word)}",),
                        labels=said)  # fmt: skip
        for number in range(size // 10):
            word = words[(number * 7 + host) % COMMITS]
            scene.container(f"web-{number}", f"{IMAGE}:{sha(word)}", digest(f"id {word}"))
    scene.look()
    return scene


def _judged(scene: Scene) -> Report:
    report = judge(FactStore(scene.answers), scene.scope, NOW)
    return replace(report, findings=findings(report, NOW))


def _seconds(scene: Scene) -> float:
    began = time.perf_counter()
    report = _judged(scene)
    took = time.perf_counter() - began
    assert {one.proof.status for one in report.containers} == {"verified"}
    return took


if __name__ == "__main__":
    sys.exit(main())
