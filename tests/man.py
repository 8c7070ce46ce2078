"""The manual page, man/whatsrunning.1, made from the command tree and the help topics."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.program import ROOT
from whatsrunning.cli.commands import PROGRAM, program
from whatsrunning.cli.help_topics.topics import text_of

FILE = ROOT / "man" / "whatsrunning.1"

SECTIONS = {
    "EXIT STATUS": "exit-codes",
    "ENVIRONMENT": "environment",
    "CONFIGURATION": "config",
    "FORMATS": "formats",
    "FINDINGS": "findings",
}
"""A section of the page, and the help topic that it holds."""


def page() -> str:
    """The whole page as roff."""
    whole = program()
    lines = [
        '.\\" Made by tests/man.py; `pytest --update-golden` writes it.',
        f'.TH {PROGRAM.upper()} 1 "" "{PROGRAM}" "User Commands"',
        ".ad l",
        ".nh",
        ".SH NAME",
        f"{PROGRAM} \\- what exact commit is running right now, and can it be believed?",
        ".SH SYNOPSIS",
        *_usages(whole),
        ".SH DESCRIPTION",
        *_paragraphs(whole.help),
        ".SH OPTIONS",
        "Options may stand before the command or after it; not every command takes every option.",
        *_options(whole.params),
        *_option(("-h", "--help"), "", "Show help, with examples."),
        ".SH COMMANDS",
        *_commands(whole),
    ]
    for title, topic in SECTIONS.items():
        lines += [f".SH {title}", *_verbatim(text_of(topic).splitlines()[1:])]
    lines += [".SH EXAMPLES", *_verbatim(examples(whole))]
    lines += [".SH SEE ALSO", "docker(1), git(1), gh(1)"]
    return "\n".join(lines) + "\n"


def leaves(program: Any, path: str = PROGRAM) -> Iterator[tuple[str, Any]]:
    """Every command that can be run, and how it is called."""
    for name, command in program.commands.items():
        if getattr(command, "commands", None):
            yield from leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def examples(command: Any) -> list[str]:
    """The example lines of a command's help."""
    lines = (command.epilog or "").splitlines()
    return [line.strip() for line in lines if line.strip().startswith(PROGRAM)]


def _usages(program: Any) -> Iterator[str]:
    for path, command in [(PROGRAM, program), *leaves(program)]:
        yield ".br" if path != PROGRAM else f".B {PROGRAM}"
        if path == PROGRAM:
            yield "[OPTION]..."
            continue
        yield f".B {_escaped(path)}"
        yield _escaped(" ".join(["[OPTION]...", *_arguments(command)]))


def _arguments(command: Any) -> list[str]:
    return [str(p.metavar).strip("{}") for p in command.params if p.param_type_name == "argument"]


def _commands(program: Any) -> Iterator[str]:
    shared = {name for p in program.params for name in p.opts}
    for path, command in leaves(program):
        words = [path.removeprefix(f"{PROGRAM} "), *_arguments(command)]
        yield f".SS {_escaped(' '.join(words))}"
        yield from _paragraphs(command.help)
        yield from _options(p for p in command.params if not shared & set(p.opts))
        yield ".PP"
        yield from _verbatim(examples(command))


def _options(params: Iterable[Any]) -> Iterator[str]:
    for param in params:
        if param.param_type_name == "option":
            yield from _option(param.opts, "" if param.is_flag else param.metavar, param.help)


def _option(names: Iterable[str], value: str, text: str) -> list[str]:
    spelled = ", ".join(f"\\fB{_escaped(name)}\\fR" for name in names)
    return [".TP", spelled + (f" \\fI{_escaped(value)}\\fR" if value else ""), _escaped(text)]


def _paragraphs(text: str | None) -> Iterator[str]:
    for number, paragraph in enumerate((text or "").strip().split("\n\n")):
        if number:
            yield ".PP"
        yield _escaped(" ".join(paragraph.split()))


def _verbatim(lines: Iterable[str]) -> list[str]:
    return [".nf", *(_escaped(line) for line in lines), ".fi"]


def _escaped(text: str) -> str:
    """Text that roff takes as it is: hyphens that can be pasted, no line that is a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
