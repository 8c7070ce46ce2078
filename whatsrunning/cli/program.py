"""The program that commands are added to, and what every call of it starts with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from whatsrunning.config.options import Flags
from whatsrunning.terminal.streams import Io

if TYPE_CHECKING:  # it costs some 25 ms, which --help and a TAB need not wait for
    from whatsrunning.facts.store import Snapshot

PROGRAM = "whatsrunning"


@dataclass(frozen=True, slots=True)
class Call:
    """The streams, the flags that came before, and a saved look to read instead of engines.

    `demo`: that look is the one that comes along.
    """

    io: Io
    flags: Flags
    replay: "Snapshot | None" = None
    demo: bool = False


app = typer.Typer(
    name=PROGRAM,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
config = typer.Typer(rich_markup_mode=None, help="The settings in force.")
app.add_typer(config, name="config")
