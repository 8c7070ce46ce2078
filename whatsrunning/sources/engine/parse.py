"""From the Engine API's replies to facts; Podman's differences end here.

Raises MalformedReply. The replies: https://docs.docker.com/reference/api/engine/version/v1.51/.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from whatsrunning.facts import engine as facts
from whatsrunning.facts.registry import ManifestFacts
from whatsrunning.sources import json_reader as j

_ARCHITECTURES = {
    "x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm/v7", "armv6l": "arm/v6",
    "i686": "386", "i386": "386", "loongarch64": "loong64",
}  # fmt: skip
# https://docs.docker.com/engine/storage/containerd/
_CONTAINERD = ["driver-type", "io.containerd.snapshotter.v1"]
# Podman's own words for states that Docker calls otherwise.
_STATES = {"stopped": "exited", "configured": "created", "initialized": "created"}
_HEALTHS = {
    "healthy": "(healthy)", "unhealthy": "(unhealthy)", "starting": "(health: starting)",
    None: "(health: unknown)",
}  # fmt: skip
_LOCAL = "localhost/"
# Attributes of an event that are no labels.
_EVENT_DETAILS = {"name", "image", "exitCode", "signal", "execID", "execDuration", "oldName"}
_PODMAN_DETAILS = {"containerExitCode", "podId"}


def engine(
    info: Any, api_version: str, asked_at: datetime, answered_at: datetime, podman: bool
) -> facts.EngineFacts:
    """`GET /info`; the version is a header's, the times are our clock's."""
    name = j.text(info, "Name")
    # Podman makes up a new ID for each reply; its host and its store are what stays.
    podman_id = f"podman:{name}:{j.text(info, 'DockerRootDir', default='')}"
    machine = j.text(info, "Architecture")
    store = j.items(info, "DriverStatus", default=[])
    node_state = j.text(info, "Swarm", "LocalNodeState", default="")
    is_active = node_state in ("active", "pending", "locked")
    is_manager = j.flag(info, "Swarm", "ControlAvailable", default=False)
    return facts.EngineFacts(
        id=podman_id if podman else j.text(info, "ID"),
        name=name,
        version=j.text(info, "ServerVersion"),
        api_version=api_version,
        platform=f"{j.text(info, 'OSType')}/{_ARCHITECTURES.get(machine, machine)}",
        store="containerd" if _CONTAINERD in store else "classic",
        system_time=j.moment_or_none(info, "SystemTime"),
        asked_at=asked_at,
        answered_at=answered_at,
        product="podman" if podman else "docker",
        swarm=("manager" if is_manager else "worker") if is_active else "inactive",
        managers=tuple(j.text(item, "Addr") for item in j.objects(info, "Swarm", "RemoteManagers")),
    )


def inspect(whole: Any, podman: bool) -> facts.InspectFacts:
    """`GET /containers/ID/json`."""
    policy = j.text(whole, "HostConfig", "RestartPolicy", "Name", default="")
    health = j.text(whole, "State", "Health", "Status", default="")
    return facts.InspectFacts(
        id=j.text(whole, "Id"),
        reference=_reference(j.text(whole, "Config", "Image", default=""), podman),
        started_at=j.moment_or_none(whole, "State", "StartedAt"),
        finished_at=j.moment_or_none(whole, "State", "FinishedAt"),
        exit_code=j.integer(whole, "State", "ExitCode"),
        oom_killed=j.flag(whole, "State", "OOMKilled", default=False),
        restart_count=j.integer(whole, "RestartCount", default=0),
        restart_policy="" if policy == "no" else policy,
        health="" if health == "none" else health,
        error=j.text(whole, "State", "Error", default=""),
    )


def manifest(reply: Any) -> ManifestFacts:
    """`GET /distribution/NAME/json`."""
    digest = j.text(reply, "Descriptor", "digest")
    return ManifestFacts(digest, j.text(reply, "Descriptor", "mediaType"))


def events(body: bytes, podman: bool) -> tuple[facts.EventFacts, ...]:
    """`GET /events`: one JSON document a line."""
    lines = (line for line in body.splitlines() if line.strip())
    return tuple(_event(j.loads(line), podman) for line in lines)


def container(item: j.Object, podman: bool) -> facts.ContainerFacts:
    """One of `GET /containers/json`, which tells no restart count, start, exit code or OOM kill."""
    whole_id, state = j.text(item, "Id"), j.text(item, "State")
    names = (name.removeprefix("/") for name in j.texts(item, "Names"))
    return facts.ContainerFacts(
        id=whole_id,
        # Its own; names given to it by links hold another slash.
        name=min(names, key=lambda name: name.count("/"), default="") or whole_id[:12],
        # Once the tag moved or went, the list has the bare image ID here, and only an inspect has
        # the name (refreshImage in https://github.com/moby/moby/blob/v25.0.0/daemon/list.go).
        image=_reference(j.text(item, "Image"), podman),
        image_id=j.text(item, "ImageID"),
        created_at=j.epoch(item, "Created"),
        state=_STATES.get(state, state) if podman else state,
        status=j.text(item, "Status", default=""),
        labels=j.labels(item, "Labels"),
        # From API 1.48 on (https://docs.docker.com/reference/api/engine/version-history/).
        manifest=j.text(item, "ImageManifestDescriptor", "digest", default=""),
    )


def image(item: j.Object, podman: bool) -> facts.ImageFacts:
    """One of `GET /images/json`."""
    # In no order; null for images that no registry was asked for, or `<none>@<none>`.
    # A digest under a local name is of Podman's own making: no registry has it by that name.
    unknown = ("<none>", _LOCAL) if podman else "<none>"
    digests = [text for text in j.texts(item, "RepoDigests") if not text.startswith(unknown)]
    tags = [text for text in j.texts(item, "RepoTags") if not text.endswith(":<none>")]
    return facts.ImageFacts(
        id=j.text(item, "Id"),
        parent=j.text(item, "ParentId", default=""),
        created_at=j.epoch(item, "Created"),
        tags=tuple(_reference(tag, podman) for tag in tags),
        digests=tuple(digests),
        labels=j.labels(item, "Labels"),
    )


def _reference(reference: str, podman: bool) -> str:
    """Podman writes `localhost/` before the names of local images, which is no registry."""
    return reference.removeprefix(_LOCAL) if podman else reference


def _event(event: Any, podman: bool) -> facts.EventFacts:
    attributes = j.labels(event, "Actor", "Attributes")
    action = j.text(event, "Action").partition(":")[0]  # `exec_start: COMMAND`
    details = _EVENT_DETAILS | (_PODMAN_DETAILS if podman else set())
    nanoseconds = j.integer(event, "timeNano", default=0) or j.integer(event, "time") * 10**9
    second = j.epoch({"time": nanoseconds // 10**9}, "time")
    return facts.EventFacts(
        at=second.replace(microsecond=nanoseconds % 10**9 // 1000),
        action="destroy" if podman and action == "remove" else action,
        container=j.text(event, "Actor", "ID"),
        name=attributes.get("name", ""),
        image=_reference(attributes.get("image", ""), podman),
        labels={key: value for key, value in attributes.items() if key not in details},
    )


def healths(body: Any) -> Mapping[str, str]:
    """`GET /libpod/containers/json`: the last result of each health check, by container ID."""
    return {j.text(item, "Id"): j.text(item, "Status", default="") for item in j.objects(body)}


def with_health(
    container: facts.ContainerFacts, results: Mapping[str, str] | None
) -> facts.ContainerFacts:
    """Podman's container with its health, as Docker writes it; None: health is not known.

    Podman's Docker-compatible list lacks it: https://github.com/containers/podman/issues/27786
    """
    if container.state not in ("running", "paused") or container.status.endswith(")"):
        return container
    result = None if results is None else results.get(container.id, "")
    return replace(container, status=f"{container.status} {_HEALTHS.get(result, '')}".strip())
