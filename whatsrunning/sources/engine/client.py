"""One Docker (or Podman) engine by its API, read only: GET alone."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import quote

from whatsrunning.contexts import Endpoint
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.engine import (
    ContainerFacts,
    EngineFacts,
    EventFacts,
    ImageFacts,
    InspectFacts,
)
from whatsrunning.facts.query import Deadline
from whatsrunning.facts.registry import ManifestFacts
from whatsrunning.facts.swarm import NodeFacts, ServiceFacts, TaskFacts
from whatsrunning.sources.engine import parse, parse_swarm, podman
from whatsrunning.sources.engine.errors import EngineErrors
from whatsrunning.sources.engine.transport import Transport
from whatsrunning.sources.http import Reply
from whatsrunning.sources.interface import held
from whatsrunning.sources.json_reader import MalformedReply, Object, loads, objects, text

T = TypeVar("T")
_CENTURY = timedelta(days=36_500)  # no clock is further off; and years end at 9999
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}")
_PODMAN_EVENTS = timedelta(days=7)
"""Podman's log of events may go back for months, where Docker keeps 256 of them
(`eventsLimit` in https://github.com/moby/moby/blob/v25.0.0/daemon/events/events.go)."""
_PODMAN_READS = timedelta(seconds=5)
"""Podman stops reading its log at `until`, and has read nothing of it when that is past."""


class DockerEngine:
    """`ports.EngineClient` of a context, by its name; nothing is sent before it is asked.

    `/info` goes before all else, for the API's version.
    """

    def __init__(self, name: str, endpoint: Endpoint) -> None:
        self._errors = EngineErrors(name, endpoint)
        self._transport = Transport(self._errors)
        self._info_lock = threading.Semaphore()
        self._info: EngineFacts | None = None
        self._is_info_unused = False
        self._libpod = ""

    def info(self, deadline: Deadline) -> EngineFacts:
        """`/info`; the first answer may be one that another call needed before."""
        with held(self._info_lock, deadline, self._errors.timeout()):
            if self._info is None or not self._is_info_unused:
                self._info = self._ask_info(deadline)
            self._is_info_unused = False
            return self._info

    def containers(self, deadline: Deadline) -> tuple[ContainerFacts, ...]:
        """Every container, stopped ones too."""
        listed = self._list(
            "/containers/json",
            lambda item: parse.container(item, self._is_podman),
            deadline,
            all="1",
        )
        if not self._is_podman:
            return listed
        results = self._healths(deadline)
        return tuple(podman.with_health(container, results) for container in listed)

    def images(self, deadline: Deadline) -> tuple[ImageFacts, ...]:
        """Every image of the store."""
        return self._list("/images/json", lambda item: parse.image(item, self._is_podman), deadline)

    def inspect(self, container: str, deadline: Deadline) -> Answer[InspectFacts]:
        """One container; Nothing once it is removed."""
        path = f"/containers/{quote(container, safe='')}/json"
        reply = self._get(path, deadline)
        if reply.status == 404:
            return Nothing()
        with self._reading("an inspect"):
            return Found(parse.inspect(loads(self._success(reply, path)), self._is_podman))

    def distribution(self, reference: str, deadline: Deadline) -> Answer[ManifestFacts]:
        """A reference in its registry, as the engine sees it; Nothing where that has none."""
        if self._facts(deadline).product == "podman":
            message = "Podman cannot be asked what a registry holds"
            raise self._errors.error("unsupported", message)
        path = f"/distribution/{quote(reference, safe='/:@')}/json"
        reply = self._get(path, deadline)
        if reply.status >= 400 and _is_unknown_to_registry(_message(reply)):
            return Nothing()
        with self._reading("a distribution look-up"):
            return Found(parse.manifest(loads(self._success(reply, path))))

    def events(self, deadline: Deadline) -> tuple[EventFacts, ...]:
        """Container events that the engine still keeps."""
        facts = self._facts(deadline)
        skew = facts.system_time - facts.answered_at if facts.system_time else timedelta(0)
        now = datetime.now(UTC) + max(-_CENTURY, min(skew, _CENTURY))  # by the engine's clock
        query = {**_span(now, self._is_podman), "filters": json.dumps({"type": ["container"]})}
        body = self._success(self._get("/events", deadline, query), "/events")
        with self._reading("the events"):
            return parse.events(body, self._is_podman)

    def services(self, deadline: Deadline) -> tuple[ServiceFacts, ...]:
        """The services of the Swarm; only its managers answer this and the next two."""
        return self._list("/services", parse_swarm.service, deadline)

    def tasks(self, deadline: Deadline) -> tuple[TaskFacts, ...]:
        """The tasks of these services, ended ones too."""
        return self._list("/tasks", parse_swarm.task, deadline)

    def nodes(self, deadline: Deadline) -> tuple[NodeFacts, ...]:
        """The nodes of the Swarm."""
        return self._list("/nodes", parse_swarm.node, deadline)

    def close(self) -> None:
        """End what is still open: over ssh, the one process."""
        self._transport.close()

    @property
    def _is_podman(self) -> bool:
        """Known once `/info` was asked."""
        return self._info is not None and self._info.product == "podman"

    def _healths(self, deadline: Deadline) -> Mapping[str, str] | None:
        """By Podman's own API; None where that is refused, as by a proxy that knows Docker's."""
        path = f"/v{self._libpod}/libpod/containers/json"
        reply = self._transport.get(path, deadline, {"all": "true"})
        if reply.status != 200:
            return None
        with self._reading("Podman's own list"):
            return podman.healths(loads(reply.body))

    def _list(
        self, path: str, parse_item: Callable[[Object], T], deadline: Deadline, **query: str
    ) -> tuple[T, ...]:
        body = self._success(self._get(path, deadline, query), path)
        with self._reading(f"the {path.split('/')[1].removesuffix('s')} list"):
            return tuple(map(parse_item, objects(loads(body))))

    def _get(self, path: str, deadline: Deadline, query: Mapping[str, str] | None = None) -> Reply:
        version = self._facts(deadline).api_version
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

    def _facts(self, deadline: Deadline) -> EngineFacts:
        """What `/info` said once: the API's version and the product do not change under a look."""
        if self._info is None:
            with held(self._info_lock, deadline, self._errors.timeout()):
                if self._info is None:
                    self._info, self._is_info_unused = self._ask_info(deadline), True
        return self._info

    def _ask_info(self, deadline: Deadline) -> EngineFacts:
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
        own_version = podman.VERSION.match(libpod or "")
        self._libpod = own_version[0] if own_version else "4.0.0"
        with self._reading("/info"):
            is_podman = libpod is not None
            return parse.engine(loads(reply.body), version, asked_at, answered_at, is_podman)


def _span(now: datetime, is_podman: bool) -> dict[str, str]:
    """All events up to the engine's own now; without `until`, the reply would never end.

    https://docs.docker.com/reference/api/engine/version/v1.51/#tag/System/operation/SystemEvents
    """
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


def _is_unknown_to_registry(message: str) -> bool:
    words = message.lower()
    return "manifest unknown" in words or ("not found" in words and "page not found" not in words)
