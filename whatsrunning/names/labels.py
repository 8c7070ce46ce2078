"""Labels that tell a container's service and project. Pure."""

from collections.abc import Mapping, Sequence

# Compose's are canonical: https://docs.docker.com/reference/compose-file/services/#labels;
# podman-compose writes its own beside them: https://github.com/containers/podman-compose.
COMPOSE_SERVICE = "com.docker.compose.service"
SWARM_SERVICE = "com.docker.swarm.service.name"
SERVICE_LABELS = (COMPOSE_SERVICE, SWARM_SERVICE, "io.podman.compose.service")
# Beside a service, for one command: https://github.com/docker/compose/blob/v2.27.0/pkg/api/labels.go
COMPOSE_ONE_OFF = "com.docker.compose.oneoff"
PROJECT_LABELS = (
    "com.docker.compose.project",
    "com.docker.stack.namespace",
    "io.podman.compose.project",
)


def first_label(labels: Mapping[str, str], keys: Sequence[str]) -> str:
    """The value of the first of these labels that is there and not empty; else empty."""
    return next((labels[key] for key in keys if labels.get(key)), "")
