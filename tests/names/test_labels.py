"""Which label names a container's service, whoever wrote it."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from whatsrunning.facts.engine import EventFacts
from whatsrunning.names.labels import PROJECT_LABELS, SERVICE_LABELS, first_label
from whatsrunning.verdicts.past.answers import ServiceKey


@pytest.mark.parametrize(
    ("labels", "service", "project"),
    [
        pytest.param(
            {"com.docker.compose.service": "web", "com.docker.compose.project": "shop"},
            "web", "shop", id="Compose",
        ),
        pytest.param(
            {"com.docker.swarm.service.name": "shop_web", "com.docker.stack.namespace": "shop"},
            "shop_web", "shop", id="Swarm",
        ),
        pytest.param(
            {"io.podman.compose.service": "web", "io.podman.compose.project": "shop"},
            "web", "shop", id="podman-compose",
        ),
        pytest.param(
            {"io.podman.compose.service": "web", "com.docker.compose.service": "api"},
            "api", "", id="Compose's label goes first",
        ),
        pytest.param({"com.docker.compose.service": ""}, "", "", id="an empty label says nothing"),
    ],
)  # fmt: skip
def test_service_and_project(labels: Mapping[str, str], service: str, project: str) -> None:
    assert first_label(labels, SERVICE_LABELS) == service
    assert first_label(labels, PROJECT_LABELS) == project


@pytest.mark.parametrize("label", SERVICE_LABELS)
def test_an_event_belongs_to_the_service_of_its_container(label: str) -> None:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    event = EventFacts(at, "start", "c" * 64, "web-1", "web:1", {label: "web"})
    assert ServiceKey.of_event("prod", event) == ("prod", "", "web")
