"""A small saved look, made by hand: what the flow's tests replay instead of asking an engine."""

from datetime import UTC, datetime

from whatsrunning.facts.answers import Found, Problem, Unknown
from whatsrunning.facts.engine import (
    ContainerFacts,
    EngineContainers,
    EngineFacts,
    EngineImages,
    EngineInfo,
    ImageFacts,
)
from whatsrunning.facts.query import Answers
from whatsrunning.facts.scope import Scope, Target
from whatsrunning.facts.store import Snapshot

AT = datetime(2026, 2, 1, 3, tzinfo=UTC)
OLD, NEW = "a1" * 20, "b2" * 20


def container(name: str, number: int, service: str = "", sha: str = "") -> ContainerFacts:
    """A running container whose ID begins with its number, four digits long."""
    labels = {"com.docker.compose.service": service} if service else {}
    return ContainerFacts(
        id=f"{number:04d}" + "c" * 60,
        name=name,
        image=f"ghcr.io/acme/{service}:{sha}" if sha else "postgres:16",
        image_id="sha256:" + f"{number:x}" * 64,
        created_at=AT,
        state="running",
        status="Up 2 hours",
        labels={**labels, **({"git.sha": sha} if sha else {})},
    )


CONTAINERS = (
    container("shop-web-1", 1, "web", NEW),
    container("shop-web-2", 2, "web", NEW),
    container("shop-worker-1", 3, "worker", OLD),
    container("shop-db-1", 4, "db"),
)
INFO = EngineFacts("ENGINE", "prod-1", "20.10.24", "1.41", "linux/amd64", "classic", AT, AT, AT)


def snapshot() -> Snapshot:
    """Two services of ours and a database on `prod`; nothing but the engine was asked."""
    images = tuple(ImageFacts(one.image_id, "", AT, (one.image,)) for one in CONTAINERS)
    answers: Answers = {
        EngineInfo("prod"): Found(INFO),
        EngineContainers("prod"): Found(CONTAINERS),
        EngineImages("prod"): Found(images),
    }
    targets = (Target("prod", "ssh://deploy@prod-1", "-c prod"),)
    return Snapshot(AT, Scope("ps", targets), answers)


def silent() -> Snapshot:
    """The same fleet, and a second engine that did not answer."""
    whole = snapshot()
    problem = Problem("engine", "spare", "refused", "spare: connection refused", "start it")
    asked = (EngineInfo("spare"), EngineContainers("spare"), EngineImages("spare"))
    answers: Answers = {**whole.answers, **dict.fromkeys(asked, Unknown(problem))}
    targets = (*whole.scope.targets, Target("spare", "tcp://127.0.0.1:1", "-c spare"))
    return Snapshot(AT, Scope("ps", targets), answers)
