"""A Swarm manager's replies as facts."""

from typing import Any

import pytest

from whatsrunning.sources.engine import parse_swarm

SERVICE: dict[str, Any] = {"ID": "1", "Spec": {"Name": "web"}}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ({"Replicated": {"Replicas": 3}}, ("replicated", 3)),
        ({"Replicated": {}}, ("replicated", 1)),
        ({"Global": {}}, ("global", None)),
        ({"ReplicatedJob": {"MaxConcurrent": 2}}, ("job", None)),
        (None, ("job", None)),
    ],
    ids=["replicas", "no number", "global", "a job", "none"],
)
def test_the_mode_of_a_service(mode: object, expected: tuple[str, int | None]) -> None:
    facts = parse_swarm.service({**SERVICE, "Spec": {"Name": "web", "Mode": mode}})
    assert (facts.mode, facts.replicas) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [(None, "none"), ("", "none"), ("rollback_paused", "rollback_paused"), ("new", "other")],
)
def test_the_state_of_an_update(state: str | None, expected: str) -> None:
    facts = parse_swarm.service({**SERVICE, "UpdateStatus": {"State": state}})
    assert facts.update.state == expected


def test_what_a_task_and_a_node_may_leave_out() -> None:
    task, node = parse_swarm.task({"ID": "t"}), parse_swarm.node({"ID": "n"})
    assert (task.id, task.slot, task.container, task.at) == ("t", 0, "", None)
    assert (node.id, node.name, node.leader) == ("n", "", False)
