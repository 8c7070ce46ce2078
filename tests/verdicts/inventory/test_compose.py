"""A container's number in its service, as Compose, Podman and Swarm write it.

Half-way re-creations stand beside those of a real engine, in tests of the whole program.
"""

from collections.abc import Mapping

import pytest

from tests.scene import IMAGE, Scene, digest

SWARM = {"com.docker.swarm.service.name": "shop_web"}
TASK = "com.docker.swarm.task.name"


@pytest.mark.parametrize(
    ("labels", "replica"),
    [
        pytest.param({}, None, id="nothing numbers it"),
        pytest.param({"com.docker.compose.container-number": "2"}, 2, id="compose"),
        pytest.param({"io.podman.compose.container-number": "3"}, 3, id="podman-compose"),
        pytest.param({"com.docker.compose.container-number": "two"}, None, id="no number"),
        pytest.param({**SWARM, TASK: "shop_web.4.k1x2"}, 4, id="a slot of swarm"),
        pytest.param({**SWARM, TASK: "shop_web.n1x2.k1x2"}, None, id="a global service's node"),
    ],
)
def test_replica(labels: Mapping[str, str], replica: int | None) -> None:
    scene = Scene(offline=True, journal=False)
    scene.container("web", f"{IMAGE}:1", digest("config"), labels)
    assert scene.one().replica == replica
