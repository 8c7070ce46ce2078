"""Replies of an engine to start from, and why a query of one failed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.world.engine import PATIENCE
from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.facts.answers import Problem
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.engine.client import DockerEngine

INFO: dict[str, Any] = {
    "ID": "one", "Name": "host", "ServerVersion": "20.10", "OSType": "linux",
    "Architecture": "x86_64", "SystemTime": "2026-01-01T00:00:00.123456789Z",
}  # fmt: skip
CONTAINER: dict[str, Any] = {
    "Id": "ab" * 32, "Names": ["/web"], "Image": "app:1", "ImageID": "sha256:1",
    "Created": 1700000000, "State": "running", "Status": "Up", "Labels": None,
}  # fmt: skip
Ask = Callable[[DockerEngine, Deadline], object]


def unix(path: Path) -> DockerEngine:
    """The engine `prod` at this socket."""
    return DockerEngine("prod", Endpoint("unix", path=str(path)))


def problem_of(
    engine: DockerEngine, ask: Ask = DockerEngine.info, seconds: float = PATIENCE
) -> Problem:
    """Why the engine `prod` could not be asked."""
    with pytest.raises(SourceError) as caught:
        ask(engine, Deadline.after(seconds))
    engine.close()
    problem = caught.value.problem
    assert (problem.source, problem.subject) == ("engine", "prod")
    assert problem.message.isprintable()
    return problem


def inspect(engine: DockerEngine, deadline: Deadline) -> object:
    """One container."""
    return engine.inspect("web", deadline)


def distribution(engine: DockerEngine, deadline: Deadline) -> object:
    """What the registry has."""
    return engine.distribution("app:1", deadline)


containers, images, events = DockerEngine.containers, DockerEngine.images, DockerEngine.events
