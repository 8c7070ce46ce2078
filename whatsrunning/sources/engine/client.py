"""One Docker (or Podman) engine by its API, read only (DESIGN section 7, "Engine")."""

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
from whatsrunning.facts.ports import Deadline, EngineClient
from whatsrunning.facts.records import (
    ContainerFacts,
    EngineFacts,
    EventFacts,
    ImageFacts,
    InspectFacts,
    ManifestFacts,
    NodeFacts,
    ServiceFacts,
    TaskFacts,
)
from whatsrunning.sources.engine import parse as replies
from whatsrunning.sources.engine import parse_swarm as swarm
from whatsrunning.sources.engine import podman
from whatsrunning.sources.engine.errors import EngineErrors, ProblemText
from whatsrunning.sources.engine.transport import Reply, Transport
from whatsrunning.sources.json_reader import MalformedReply, loads, obj

T = TypeVar("T")
_CENTURY = timedelta(days=36_500)  # no clock is further off; and years end at 9999
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}")
_PODMAN_EVENTS = timedelta(days=7)
"""Podman's log of events may go back for months, where Docker keeps 256 of them."""
_PODMAN_READS = timedelta(seconds=5)
"""Podman stops reading its log at `until`, and has read nothing of it when that is past."""


def open_engine(name: str, endpoint: Endpoint) -> EngineClient:
    """The engine of a context, by the context's name; nothing is sent before it is asked."""
    return DockerEngine(name, endpoint)


class DockerEngine:
    """`ports.Engine` over the Engine API: GET only, `/info` before all else for the version."""

    def __init__(self, name: str, endpoint: Endpoint) -> None:
        self._blame = EngineErrors(name, endpoint)
        self._transport = Transport(self._blame)
        self._first = threading.Lock()
        self._known: EngineFacts | None = None
        self._unused: EngineFacts | None = None
        self._libpod = ""

    def info(self, deadline: Deadline) -> EngineFacts:
        """`/info`; the first answer may be one that another call needed before."""
        with self._one_at_a_time(deadline):
            facts, self._unused = self._unused, None
            return facts or self._ask_info(deadline)

    def containers(self, deadline: Deadline) -> tuple[ContainerFacts, ...]:
        """Every container, stopped ones too."""
        is_podman, body = self._look("/containers/json", deadline, {"all": "1"})
        said = self._read("the container list", lambda: replies.containers(loads(body), is_podman))
        return podman.with_health(said, self._healths(deadline)) if is_podman else said

    def images(self, deadline: Deadline) -> tuple[ImageFacts, ...]:
        """Every image of the store."""
        is_podman, body = self._look("/images/json", deadline)
        return self._read("the image list", lambda: replies.images(loads(body), is_podman))

    def inspect(self, container: str, deadline: Deadline) -> Answer[InspectFacts]:
        """One container; Nothing once it is removed."""
        path = f"/containers/{quote(container, safe='')}/json"
        is_podman, reply = self._get(path, deadline)
        if reply.status == 404:
            return Nothing()
        body = self._success(reply, path)
        return Found(self._read("an inspect", lambda: replies.inspect(loads(body), is_podman)))

    def distribution(self, reference: str, deadline: Deadline) -> Answer[ManifestFacts]:
        """A reference in its registry, as the engine sees it; Nothing where that has none."""
        if self._facts(deadline).product == "podman":
            said = ProblemText("unsupported", "Podman cannot be asked what a registry holds")
            raise self._blame.error(said)
        path = f"/distribution/{quote(reference, safe='/:@')}/json"
        _, reply = self._get(path, deadline)
        if reply.status >= 400 and _unknown_to_registry(_message(reply)):
            return Nothing()
        body = self._success(reply, path)
        return Found(self._read("a distribution look-up", lambda: replies.manifest(loads(body))))

    def events(self, deadline: Deadline) -> tuple[EventFacts, ...]:
        """Container events that the engine still keeps; without an end, it would never end."""
        facts = self._facts(deadline)
        is_podman = facts.product == "podman"
        span = _span(datetime.now(UTC) + _skew(facts), is_podman)
        query = {**span, "filters": json.dumps({"type": ["container"]})}
        _, body = self._look("/events", deadline, query)
        return self._read("the events", lambda: replies.events(body, is_podman))

    def services(self, deadline: Deadline) -> tuple[ServiceFacts, ...]:
        """The services of the Swarm; only its managers answer this and the next two."""
        _, body = self._look("/services", deadline)
        return self._read("the service list", lambda: swarm.services(loads(body)))

    def tasks(self, deadline: Deadline) -> tuple[TaskFacts, ...]:
        """The tasks of these services, ended ones too."""
        _, body = self._look("/tasks", deadline)
        return self._read("the task list", lambda: swarm.tasks(loads(body)))

    def nodes(self, deadline: Deadline) -> tuple[NodeFacts, ...]:
        """The nodes of the Swarm."""
        _, body = self._look("/nodes", deadline)
        return self._read("the node list", lambda: swarm.nodes(loads(body)))

    def close(self) -> None:
        """End what is still open: over ssh, the one process."""
        self._transport.close()

    def _healths(self, deadline: Deadline) -> Mapping[str, str] | None:
        """By Podman's own API; None where that is refused, as by a proxy that knows Docker's."""
        path = f"/v{self._libpod}/libpod/containers/json"
        reply = self._transport.get(path, deadline, {"all": "true"})
        if reply.status != 200:
            return None
        return self._read("Podman's own list", lambda: podman.healths(loads(reply.body)))

    def _look(
        self, path: str, deadline: Deadline, query: dict[str, str] | None = None
    ) -> tuple[bool, bytes]:
        is_podman, reply = self._get(path, deadline, query)
        return is_podman, self._success(reply, path)

    def _get(
        self, path: str, deadline: Deadline, query: dict[str, str] | None = None
    ) -> tuple[bool, Reply]:
        facts = self._facts(deadline)
        reply = self._transport.get(f"/v{facts.api_version}{path}", deadline, query)
        return facts.product == "podman", reply

    def _success(self, reply: Reply, path: str) -> bytes:
        if reply.status == 200:
            return reply.body
        raise self._blame.refusal(reply.status, _message(reply), f"GET {path}")

    def _read(self, asked: str, parse: Callable[[], T]) -> T:
        try:
            return parse()
        except MalformedReply as error:
            raise self._blame.malformed(asked, str(error)) from None

    def _facts(self, deadline: Deadline) -> EngineFacts:
        """What `/info` said once: the API's version and the product do not change under a look."""
        if self._known is None:
            with self._one_at_a_time(deadline):
                if self._known is None:
                    self._unused = self._ask_info(deadline)
        assert self._known is not None
        return self._known

    def _ask_info(self, deadline: Deadline) -> EngineFacts:
        asked_at = datetime.now(UTC)
        reply = self._transport.get("/info", deadline)
        answered_at = datetime.now(UTC)
        version = reply.headers.get("Api-Version", "")
        if reply.status != 200 and (version or _names_a_reason(reply)):
            self._success(reply, "/info")
        if reply.status != 200 or not _VERSION.fullmatch(version):
            raise self._blame.not_docker()
        is_podman = "Libpod-Api-Version" in reply.headers
        own = podman.VERSION.match(reply.headers.get("Libpod-Api-Version", ""))
        self._libpod = own[0] if own else "4.0.0"
        asked = replies.RequestInfo(version, is_podman, asked_at, answered_at)
        facts = self._read("/info", lambda: replies.engine(loads(reply.body), asked))
        self._known = facts
        return facts

    @contextmanager
    def _one_at_a_time(self, deadline: Deadline) -> Iterator[None]:
        if not self._first.acquire(timeout=deadline.left()):
            raise self._blame.timeout()
        try:
            yield
        finally:
            self._first.release()


def _span(now: datetime, is_podman: bool) -> dict[str, str]:
    """All events up to the engine's own now, so that the reply ends."""
    if not is_podman:
        return {"since": "0", "until": f"{now.timestamp():.6f}"}
    since, until = now - _PODMAN_EVENTS, now + _PODMAN_READS
    ends = {"stream": "false", "until": f"{until.timestamp():.0f}"}
    return {"since": f"{since.timestamp():.0f}", **ends}


def _skew(facts: EngineFacts) -> timedelta:
    """How far the engine's clock is ahead of ours."""
    if facts.system_time is None:
        return timedelta(0)
    skew = facts.system_time - facts.answered_at
    return max(-_CENTURY, min(skew, _CENTURY))


def _message(reply: Reply) -> str:
    """The `message` of an error, else its text."""
    try:
        return str(obj(loads(reply.body)).get("message", ""))
    except MalformedReply:
        return reply.body[:500].decode("utf-8", "replace")


def _names_a_reason(reply: Reply) -> bool:
    """Refusals that come from before the engine: a proxy that forbids, or TLS that was expected."""
    return reply.status in (401, 403) or b"HTTPS server" in reply.body


def _unknown_to_registry(message: str) -> bool:
    said = message.lower()
    return "manifest unknown" in said or ("not found" in said and "page not found" not in said)
