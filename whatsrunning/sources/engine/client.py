"""One Docker (or Podman) engine by its API, read only: GET alone."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.facts import engine as facts
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.query import Deadline
from whatsrunning.facts.registry import ManifestFacts
from whatsrunning.facts.swarm import NodeFacts, ServiceFacts, TaskFacts
from whatsrunning.sources.engine import parse, parse_swarm
from whatsrunning.sources.engine.errors import EngineErrors
from whatsrunning.sources.engine.transport import Transport
from whatsrunning.sources.http import Reply
from whatsrunning.sources.interface import held
from whatsrunning.sources.json_reader import MalformedReply, Object, loads, objects, text

T = TypeVar("T")
_CENTURY = timedelta(days=36_500)  # no clock is further off; and years end at 9999
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}")
_LIBPOD_VERSION = re.compile(rf"{_VERSION.pattern}\.\d{{1,3}}")  # its paths need all three numbers
_NOT_IN_REGISTRY = re.compile(r"manifest unknown|^(?!.*page not found).*not found", re.I | re.S)
_PODMAN_EVENTS = timedelta(days=7)
"""Podman's log of events may go back for months, where Docker keeps 256 of them
(`eventsLimit` in https://github.com/moby/moby/blob/v25.0.0/daemon/events/events.go)."""
_PODMAN_READS = timedelta(seconds=5)
"""Podman stops reading its log at `until`, and has read nothing of it when that is past."""


class DockerEngine:
    """`facts.engine.EngineClient` of a context, by its name; `/info` goes before all else."""

    def __init__(self, name: str, endpoint: Endpoint) -> None:
        self._errors = EngineErrors(name, endpoint)
        self._transport = Transport(self._errors)
        self._info_lock = threading.Semaphore()
        self._info: facts.EngineFacts | None = None
        self._unused_info: facts.EngineFacts | None = None
        self._libpod = ""

    def info(self, deadline: Deadline) -> facts.EngineFacts:
        """`/info`; the first answer may be one that another call needed before."""
        with held(self._info_lock, deadline, self._errors.timeout()):
            info = self._info = self._unused_info or self._ask_info(deadline)
            self._unused_info = None
            return info

    def containers(self, deadline: Deadline) -> tuple[facts.ContainerFacts, ...]:
        is_podman = self._is_podman(deadline)
        parse_item = partial(parse.container, podman=is_podman)
        containers = self._list("/containers/json", parse_item, deadline, all="1")
        if not is_podman:
            return containers
        results = self._healths(deadline)
        return tuple(parse.with_health(container, results) for container in containers)

    def images(self, deadline: Deadline) -> tuple[facts.ImageFacts, ...]:
        parse_item = partial(parse.image, podman=self._is_podman(deadline))
        return self._list("/images/json", parse_item, deadline)

    def inspect(self, container: str, deadline: Deadline) -> Answer[facts.InspectFacts]:
        path = f"/containers/{quote(container, safe='')}/json"
        reply = self._get(path, deadline)
        if reply.status == 404:
            return Nothing()
        with self._reading("an inspect"):
            body = loads(self._success(reply, path))
            return Found(parse.inspect(body, self._is_podman(deadline)))

    def distribution(self, reference: str, deadline: Deadline) -> Answer[ManifestFacts]:
        if self._is_podman(deadline):
            raise self._errors.error("unsupported", "Podman cannot be asked what a registry holds")
        path = f"/distribution/{quote(reference, safe='/:@')}/json"
        reply = self._get(path, deadline)
        if reply.status >= 400 and _NOT_IN_REGISTRY.search(_message(reply)):
            return Nothing()
        with self._reading("a distribution look-up"):
            return Found(parse.manifest(loads(self._success(reply, path))))

    def events(self, deadline: Deadline) -> tuple[facts.EventFacts, ...]:
        info = self._first_info(deadline)
        is_podman = info.product == "podman"
        skew = info.system_time - info.answered_at if info.system_time else timedelta(0)
        now = datetime.now(UTC) + max(-_CENTURY, min(skew, _CENTURY))  # by the engine's clock
        query = {**_span(now, is_podman), "filters": json.dumps({"type": ["container"]})}
        body = self._success(self._get("/events", deadline, query), "/events")
        with self._reading("the events"):
            return parse.events(body, is_podman)

    def services(self, deadline: Deadline) -> tuple[ServiceFacts, ...]:
        return self._list("/services", parse_swarm.service, deadline)

    def tasks(self, deadline: Deadline) -> tuple[TaskFacts, ...]:
        return self._list("/tasks", parse_swarm.task, deadline)

    def nodes(self, deadline: Deadline) -> tuple[NodeFacts, ...]:
        return self._list("/nodes", parse_swarm.node, deadline)

    def close(self) -> None:
        self._transport.close()

    def _is_podman(self, deadline: Deadline) -> bool:
        return self._first_info(deadline).product == "podman"

    def _healths(self, deadline: Deadline) -> Mapping[str, str] | None:
        """By Podman's own API; None where that is refused, as by a proxy that knows Docker's."""
        path = f"/v{self._libpod}/libpod/containers/json"
        reply = self._transport.get(path, deadline, {"all": "true"})
        if reply.status != 200:
            return None
        with self._reading("Podman's own list"):
            return parse.healths(loads(reply.body))

    def _list(
        self, path: str, parse_item: Callable[[Object], T], deadline: Deadline, **query: str
    ) -> tuple[T, ...]:
        body = self._success(self._get(path, deadline, query), path)
        with self._reading(f"the {path.split('/')[1].removesuffix('s')} list"):
            return tuple(map(parse_item, objects(loads(body))))

    def _get(self, path: str, deadline: Deadline, query: Mapping[str, str] | None = None) -> Reply:
        version = self._first_info(deadline).api_version
        return self._transport.get(f"/v{version}{path}", deadline, query)

    def _success(self, reply: Reply, path: str) -> bytes:
        if reply.status == 200:
            return reply.body
        raise self._errors.refusal(reply.status, _message(reply), f"GET {path}")

    @contextmanager
    def _reading(self, asked: str) -> Iterator[None]:
        try:
            yield
        except MalformedReply as error:
            raise self._errors.malformed(asked, str(error)) from None

    def _first_info(self, deadline: Deadline) -> facts.EngineFacts:
        """What `/info` said once: the API's version and the product do not change under a look."""
        if self._info is None:
            with held(self._info_lock, deadline, self._errors.timeout()):
                if self._info is None:
                    self._info = self._unused_info = self._ask_info(deadline)
        return self._info

    def _ask_info(self, deadline: Deadline) -> facts.EngineFacts:
        asked_at = datetime.now(UTC)
        reply = self._transport.get("/info", deadline)
        answered_at = datetime.now(UTC)
        # In a header of each reply, so that no `/version` is asked.
        version = reply.headers.get("Api-Version", "")
        # A refusal may come from before the engine: a proxy that forbids, or TLS that was expected.
        if version or reply.status in (401, 403) or b"HTTPS server" in reply.body:
            self._success(reply, "/info")
        if reply.status != 200 or not _VERSION.fullmatch(version):
            raise self._errors.not_docker()
        libpod = reply.headers.get("Libpod-Api-Version")
        own_version = _LIBPOD_VERSION.match(libpod or "")
        self._libpod = own_version[0] if own_version else "4.0.0"
        with self._reading("/info"):
            is_podman = libpod is not None
            return parse.engine(loads(reply.body), version, asked_at, answered_at, is_podman)


def _span(now: datetime, is_podman: bool) -> dict[str, str]:
    # Up to the engine's own now; without `until`, the reply would never end:
    # https://docs.docker.com/reference/api/engine/version/v1.51/#tag/System/operation/SystemEvents
    if not is_podman:
        return {"since": "0", "until": f"{now.timestamp():.6f}"}
    since, until = now - _PODMAN_EVENTS, now + _PODMAN_READS
    ends = {"stream": "false", "until": f"{until.timestamp():.0f}"}
    return {"since": f"{since.timestamp():.0f}", **ends}


def _message(reply: Reply) -> str:
    """The `message` of an error, else its text."""
    try:
        return text(loads(reply.body), "message", default="")
    except MalformedReply:
        return reply.body[:500].decode("utf-8", "replace")
