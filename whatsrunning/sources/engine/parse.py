"""From the Engine API's replies to facts; Podman's differences end here. Pure; raises Malformed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from whatsrunning.facts.records import (
    ContainerFacts,
    EngineFacts,
    EventFacts,
    ImageFacts,
    InspectFacts,
    ManifestFacts,
    Store,
)
from whatsrunning.sources import json_reader as j

_ARCHITECTURES = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "armv7l": "arm/v7",
    "armv6l": "arm/v6",
    "i686": "386",
    "i386": "386",
    "loongarch64": "loong64",
}
# Podman's own words for states and events that Docker calls otherwise.
_STATES = {"stopped": "exited", "configured": "created", "initialized": "created"}
_ACTIONS = {"remove": "destroy"}
_LOCAL = "localhost/"
# Attributes of an event that are no labels.
_EVENT_DETAILS = {"name", "image", "exitCode", "signal", "execID", "execDuration", "oldName"}
_PODMAN_DETAILS = {"containerExitCode", "podId"}


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """What surrounds the body of `/info`: two headers, and our clock before and after."""

    api_version: str
    podman: bool
    at: datetime
    answered: datetime


def engine(body: Any, asked: RequestInfo) -> EngineFacts:
    """`GET /info`."""
    info = j.obj(body)
    name = j.text(info, "Name")
    swarm = j.inner(info, "Swarm")
    managers = j.objects(swarm.get("RemoteManagers"))
    return EngineFacts(
        id=_podman_id(info, name) if asked.podman else j.text(info, "ID"),
        name=name,
        version=j.text(info, "ServerVersion"),
        api_version=asked.api_version,
        platform=_platform(info),
        store=_store(info),
        system_time=j.moment(info, "SystemTime"),
        asked_at=asked.at,
        answered_at=asked.answered,
        product="podman" if asked.podman else "docker",
        swarm=_swarm(swarm),
        managers=tuple(j.text(manager, "Addr") for manager in managers),
    )


def containers(body: Any, podman: bool) -> tuple[ContainerFacts, ...]:
    """`GET /containers/json?all=1`."""
    return tuple(_container(item, podman) for item in j.objects(body))


def images(body: Any, podman: bool) -> tuple[ImageFacts, ...]:
    """`GET /images/json`."""
    return tuple(_image(item, podman) for item in j.objects(body))


def inspect(body: Any, podman: bool) -> InspectFacts:
    """`GET /containers/ID/json`."""
    whole = j.obj(body)
    state = j.inner(whole, "State")
    health = j.text(j.inner(state, "Health"), "Status", "")
    return InspectFacts(
        id=j.text(whole, "Id"),
        reference=_reference(j.text(j.inner(whole, "Config"), "Image", ""), podman),
        started_at=j.moment(state, "StartedAt"),
        finished_at=j.moment(state, "FinishedAt"),
        exit_code=j.integer(state, "ExitCode"),
        oom_killed=state.get("OOMKilled") is True,
        restart_count=j.integer(whole, "RestartCount", 0),
        restart_policy=_policy(whole),
        health="" if health == "none" else health,
        error=j.text(state, "Error", ""),
    )


def manifest(body: Any) -> ManifestFacts:
    """`GET /distribution/NAME/json`."""
    descriptor = j.inner(j.obj(body), "Descriptor")
    return ManifestFacts(j.text(descriptor, "digest"), j.text(descriptor, "mediaType"))


def events(body: bytes, podman: bool) -> tuple[EventFacts, ...]:
    """`GET /events`: one JSON document a line."""
    lines = (line for line in body.splitlines() if line.strip())
    return tuple(_event(j.obj(j.loads(line)), podman) for line in lines)


def _platform(info: j.Object) -> str:
    machine = j.text(info, "Architecture")
    return f"{j.text(info, 'OSType')}/{_ARCHITECTURES.get(machine, machine)}"


def _store(info: j.Object) -> Store:
    status = info.get("DriverStatus") or []
    snapshotter = ["driver-type", "io.containerd.snapshotter.v1"]
    return "containerd" if isinstance(status, list) and snapshotter in status else "classic"


def _swarm(swarm: j.Object) -> Literal["inactive", "worker", "manager"]:
    if j.text(swarm, "LocalNodeState", "") not in ("active", "pending", "locked"):
        return "inactive"
    return "manager" if swarm.get("ControlAvailable") is True else "worker"


def _podman_id(info: j.Object, name: str) -> str:
    """Podman makes up a new ID for each reply; its host and its store are what stays."""
    return f"podman:{name}:{j.text(info, 'DockerRootDir', '')}"


def _container(item: j.Object, podman: bool) -> ContainerFacts:
    whole_id, state = j.text(item, "Id"), j.text(item, "State")
    return ContainerFacts(
        id=whole_id,
        name=_name(j.texts(item, "Names")) or whole_id[:12],
        image=_reference(j.text(item, "Image"), podman),
        image_id=j.text(item, "ImageID"),
        created_at=j.epoch(item, "Created"),
        state=_STATES.get(state, state) if podman else state,
        status=j.text(item, "Status", ""),
        labels=j.labels(item, "Labels"),
        manifest=j.text(j.inner(item, "ImageManifestDescriptor"), "digest", ""),
    )


def _name(names: tuple[str, ...]) -> str:
    """The container's own; names given to it by links hold another slash."""
    return min((name.removeprefix("/") for name in names), key=lambda n: n.count("/"), default="")


def _image(item: j.Object, podman: bool) -> ImageFacts:
    digests = [text for text in j.texts(item, "RepoDigests") if not text.startswith("<none>")]
    if podman:
        # A digest under a local name is of podman's own making: no registry has it by that name.
        digests = [text for text in digests if not text.startswith(_LOCAL)]
    tags = [text for text in j.texts(item, "RepoTags") if not text.endswith(":<none>")]
    return ImageFacts(
        id=j.text(item, "Id"),
        parent=j.text(item, "ParentId", ""),
        created_at=j.epoch(item, "Created"),
        tags=tuple(_reference(tag, podman) for tag in tags),
        digests=tuple(digests),
        labels=j.labels(item, "Labels"),
    )


def _reference(reference: str, podman: bool) -> str:
    """Podman writes `localhost/` before the names of local images, which is no registry."""
    return reference.removeprefix(_LOCAL) if podman else reference


def _policy(whole: j.Object) -> str:
    name = j.text(j.inner(j.inner(whole, "HostConfig"), "RestartPolicy"), "Name", "")
    return "" if name == "no" else name


def _event(event: j.Object, podman: bool) -> EventFacts:
    actor = j.inner(event, "Actor")
    attributes = j.labels(actor, "Attributes")
    action = j.text(event, "Action").partition(":")[0]
    details = _EVENT_DETAILS | (_PODMAN_DETAILS if podman else set())
    return EventFacts(
        at=_instant(event),
        action=_ACTIONS.get(action, action) if podman else action,
        container=j.text(actor, "ID"),
        name=attributes.get("name", ""),
        image=_reference(attributes.get("image", ""), podman),
        labels=dict(_without(attributes, details)),
    )


def _without(attributes: Mapping[str, str], names: set[str]) -> Iterator[tuple[str, str]]:
    return ((key, value) for key, value in attributes.items() if key not in names)


def _instant(event: j.Object) -> datetime:
    nanoseconds = j.integer(event, "timeNano", 0)
    if not nanoseconds:
        return j.epoch(event, "time")
    seconds = j.epoch({"time": nanoseconds // 10**9}, "time")
    return seconds.astimezone(UTC).replace(microsecond=nanoseconds % 10**9 // 1000)
