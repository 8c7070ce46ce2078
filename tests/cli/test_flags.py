"""The shared options: the same before the command and after it."""

import inspect
from typing import Any

import pytest
from typer import Option

from whatsrunning.cli.flags import EVERY, SHARED, flags_of, merged, taking
from whatsrunning.config.options import Flags


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(Flags(host="a"), Flags(), Flags(host="a"), id="only before"),
        pytest.param(Flags(), Flags(check=True), Flags(check=True), id="only after"),
        pytest.param(Flags(host="a"), Flags(host="b"), Flags(host="b"), id="after wins"),
        pytest.param(
            Flags(contexts=("a",), tls="true"), Flags(offline=True),
            Flags(contexts=("a",), tls="true", offline=True), id="both",
        ),
        pytest.param(
            Flags(contexts=("a", "b")), Flags(contexts=("c",)), Flags(contexts=("c",)),
            id="a list takes the place of a list",
        ),
    ],
)  # fmt: skip
def test_merged(before: Flags, after: Flags, expected: Flags) -> None:
    assert merged(before, after) == expected


def test_flags_of_a_command_line() -> None:
    values = {"contexts": ["a", "b"], "clones": None, "check": True, "host": "", "name": "web"}
    assert flags_of(values) == Flags(contexts=("a", "b"), check=True)


def test_a_command_gets_its_options_as_flags() -> None:
    @taking("host", "contexts")
    def command(name: str, flags: Flags) -> Any:
        """Its help."""
        return name, flags

    parameters = inspect.signature(command).parameters
    assert list(parameters) == ["name", "host", "contexts"]
    assert (parameters["host"].default, parameters["contexts"].default) == ("", None)
    [option] = parameters["host"].annotation.__metadata__
    assert isinstance(option, type(Option()))
    assert command.__doc__ == "Its help."
    assert command(name="web", host="h", contexts=["a"]) == ("web", Flags(("a",), host="h"))


def test_what_some_commands_take_alone() -> None:
    assert set(EVERY) - set(SHARED) == {"since", "all_containers", "watch"}
