"""Which containers a command is about, in which order."""

import pytest

from tests.scene import IMAGE, digest, sha
from tests.verdicts.fleet import fleet
from whatsrunning.facts.registry import RegistryManifest


def test_engines_then_services_then_names() -> None:
    order = [(container.engine, container.name) for container in fleet().look().containers]
    assert order == [("prod", "api-1"), ("prod", "web-1"), ("prod", "web-2"), ("canary", "web-1")]


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        pytest.param({"services": ("api",)}, ["api-1"], id="a service"),
        pytest.param({"services": ("web",)}, ["web-1", "web-2", "web-1"], id="on two engines"),
        pytest.param({"services": ("web-2",)}, ["web-2"], id="a container among services"),
        pytest.param({"command": "show", "argument": "web-2"}, ["web-2"], id="a container"),
        pytest.param({"command": "show", "argument": "api"}, ["api-1"], id="show a service"),
        pytest.param({"command": "show", "argument": "nosuch"}, [], id="nothing of that name"),
    ],
)
def test_named_ones_only(scope: dict[str, object], names: list[str]) -> None:
    assert [container.name for container in fleet().look(**scope).containers] == names


def test_an_id_names_a_container() -> None:
    scene = fleet()
    whole = scene.look().containers[0].id
    report = scene.look(command="show", argument=whole[:12])
    assert [container.id for container in report.containers] == [whole]


def test_names_that_were_not_given_ask_nothing() -> None:
    scene = fleet()
    scene.container("old", f"{IMAGE}:{sha('x')}", digest("x"), {"git.sha": sha("x")})
    scene.look(services=("api",))
    assert RegistryManifest(IMAGE, sha("x")) not in scene.answers.asked
    scene.look(services=("api",), save=True)
    assert RegistryManifest(IMAGE, sha("x")) in scene.answers.asked
