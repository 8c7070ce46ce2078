"""What the registry tests share: settings with nothing of the user's, and why a query failed."""

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ParamSpec

import pytest

from tests.world.images import OCI_MANIFEST
from tests.world.scripted import Asked, Reply
from whatsrunning.facts.answers import Answer, Found, Problem
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.facts.registry import Registry
from whatsrunning.facts.scope import RegistryRule
from whatsrunning.sources.registry.client import OciRegistry
from whatsrunning.sources.registry.trust import RegistrySettings

Arguments = ParamSpec("Arguments")
DIGEST = f"sha256:{'a' * 64}"
OCI = {"Content-Type": OCI_MANIFEST}
JSON = {"Content-Type": "application/json"}
GOOD = Reply(200, {**OCI, "Docker-Content-Digest": DIGEST})
"""What HEAD says of a manifest."""
SECRET = "hunter2"


def soon() -> Deadline:
    """A deadline that no healthy part misses, even on a loaded machine."""
    return Deadline.after(60)


def opened(
    folder: Path,
    config: object = None,
    *,
    hosts: Mapping[str, RegistryRule] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Registry:
    """The registry source with this config.json and `folder/certs.d`."""
    path = folder / "config.json"
    path.write_text(config if isinstance(config, str) else json.dumps(config or {}))
    return OciRegistry(RegistrySettings(path, folder / "certs.d", hosts or {}, environment or {}))


def always(reply: Reply) -> Callable[[Asked], Reply]:
    """A script of one answer."""
    return lambda _: reply


def login(user: str, password: str) -> dict[str, str]:
    """An entry of `auths`, as `docker login` writes it."""
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}


def value_of(answer: Answer[Any]) -> Any:
    """The value that was found."""
    assert isinstance(answer, Found), answer
    return answer.value


def problem_of(
    query: Callable[Arguments, object], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Problem:
    """Why a query has no answer; every such problem names a next step."""
    with pytest.raises(SourceError) as caught:
        query(*args, **kwargs)
    problem = caught.value.problem
    assert problem.source == "registry"
    assert problem.subject
    assert problem.message
    assert problem.hint
    return problem
