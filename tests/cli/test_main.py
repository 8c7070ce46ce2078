"""A command line that is wrong: what was meant, and what to do next."""

import pytest

from whatsrunning.cli.main import commands, option_value


@pytest.mark.parametrize(
    ("line", "value"),
    [
        pytest.param("ps -o json", "json", id="apart"),
        pytest.param("ps -ojson", "json", id="joined to the letter"),
        pytest.param("ps --output=json", "json", id="joined to the name"),
        pytest.param("ps --output json --oops", "json", id="on a line that is wrong"),
        pytest.param("-o plain ps -o json", "json", id="the last one"),
        pytest.param("-o json ps --output=plain", "plain", id="the last one, spelled otherwise"),
        pytest.param("ps -o", "", id="without its value"),
        pytest.param("ps --outputs=json", "", id="another option"),
        pytest.param("ps", "", id="not there"),
    ],
)
def test_the_value_of_an_option(line: str, value: str) -> None:
    assert option_value(line.split(), "-o", "--output") == value


def test_the_commands_are_in_order() -> None:
    names = commands()
    assert names == sorted(names)
    assert {"ps", "show", "has", "demo", "config"} <= set(names)
