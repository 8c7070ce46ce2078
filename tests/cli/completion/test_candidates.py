"""What may come next on a command line, for every shell and for the Docker CLI."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests import golden_files
from tests.cli.completion import table
from whatsrunning.cli.commands import program
from whatsrunning.cli.completion.candidates import FILES, FOLDERS, NOTHING, candidates

PROGRAM = program()
SHELLS = ["bash", "zsh", "fish"]


@pytest.fixture(autouse=True)
def _named_by_what_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def names(kind: str, given: Mapping[str, list[str]]) -> list[str]:
        return ["-".join([kind, *given.get("contexts", ()), *given.get("host", ())])]

    monkeypatch.setattr("whatsrunning.cli.completion.names.names", names)


def words(line: str) -> list[str]:
    """The candidates for the last word of a line, without what each does."""
    *lines, last = candidates(line.split(" "))
    return [*(found.partition("\t")[0] for found in lines), *([last] if last != NOTHING else [])]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sh", ["show"]),
        ("-o j", ["json"]),
        ("-o ", ["table", "plain", "markdown", "slack", "json"]),
        ("show -o ", ["table", "plain", "markdown", "slack", "json"]),
        ("has 412 --check -o pl", ["plain"]),
        ("replay file show x -o pl", ["plain"]),
        ("--output=j", ["json"]),
        ("--output = j", ["json"]),
        ("--output =", ["table", "plain", "markdown", "slack", "json"]),
        ("ps --off", ["--offline"]),
        ("-c ", ["contexts"]),
        ("ps ", ["services"]),
        ("ps web ", ["services"]),
        ("show ", ["names"]),
        ("show web ", []),
        ("-c show show ", ["names-show"]),
        ("-c a show -c ", ["contexts-a"]),
        ("-c a show -c b ", ["names-b"]),
        ("ps -H unix:///x ", ["services-unix:///x"]),
        ("history s", ["services"]),
        ("demo rollb", ["rollback-plan"]),
        ("demo show ", []),
        ("demo -c ", ["contexts"]),
        ("demo show --off", ["--offline"]),
        ("demo diff -o j", ["json"]),
        ("replay ", [FILES]),
        ("replay --res", ["--resolve"]),
        ("replay ps dif", ["diff"]),
        ("replay file show ", []),
        ("help exit", ["exit-codes"]),
        ("completion ", SHELLS),
        ("config ", ["show"]),
        ("config show --conf", ["--config"]),
        ("-C ", [FOLDERS]),
        ("ps --save ", [FILES]),
        ("ps --config=x", [FILES]),
        ("ps --timeout ", []),
        ("has ", []),
        ("nosuch show ", []),
    ],
)
def test_what_may_come_next(line: str, expected: list[str]) -> None:
    assert words(line) == expected


def test_the_table_is_that_of_the_command_tree() -> None:
    if golden_files.updating:
        table.FILE.write_text(table.table(), encoding="utf-8")
    assert table.FILE.read_text(encoding="utf-8") == table.table(), "--update-golden writes it"


def test_an_empty_line_starts_with_a_command() -> None:
    assert candidates([]) == candidates([""])
    assert words("") == list(PROGRAM.commands)


@pytest.mark.parametrize("name", PROGRAM.commands)
def test_every_command_has_its_options(name: str) -> None:
    command = PROGRAM.commands[name]
    assert set(words(f"{name} -")) == _options(command)


def test_every_option_without_a_command() -> None:
    assert set(words("-")) == _options(PROGRAM)


def _options(command: Any) -> set[str]:
    options = [param for param in command.params if param.param_type_name == "option"]
    return {name for option in options for name in option.opts} | {"-h", "--help"}


def test_a_line_says_what_its_word_does() -> None:
    assert candidates(["histo"]) == ["history\tWhat ran before, and since when.", NOTHING]
    offline = "--offline\tAsk engines and clones only: no registry, no GitHub."
    assert candidates(["--off"]) == [offline, NOTHING]
