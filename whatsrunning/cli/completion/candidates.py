"""What may come next on a command line. Every shell asks the program.

It is read off a table that tests/cli/completion/table.py makes of the command tree: a TAB that
imported typer would take ten times as long as the start of Python.
"""

import os

# The last line says what the shell itself may add: nothing, files or folders. It is the protocol of
# the Docker CLI, which has it from Cobra: https://github.com/spf13/cobra/blob/main/completions.go
NOTHING, FILES, FOLDERS = ":4", ":0", ":16"

LINE = "@line"
"""In the table: a command line of its own, as after `demo`; `@contexts` and so on are names."""


def complete(words: list[str], described: bool = True) -> str:
    """The candidates for the last of the words, one a line, with a tab and its description."""
    lines = candidates(words)
    return "\n".join(lines if described else [line.partition("\t")[0] for line in lines])


def candidates(words: list[str]) -> list[str]:
    """The candidates for the last of the words, and a last line: NOTHING, FILES or FOLDERS."""
    *typed, begun = words or [""]
    typed = [word for word in typed if word != "="]  # bash makes three words of `--output=json`
    begun = begun.removeprefix("=")
    if begun.startswith("--") and "=" in begun:
        option, _, begun = begun.partition("=")
        typed.append(option)
    possible = _Line().possible(typed, begun)
    if possible in ([FILES], [FOLDERS]):
        return possible
    return [*(line for line in possible if line.startswith(begun)), NOTHING]


class _Line:
    """A line as far as it was read: the command, its arguments to come, and the flags given."""

    def __init__(self) -> None:
        with open(os.path.dirname(__file__) + "/table.txt", encoding="utf-8") as file:
            self.table = [row.rstrip("\n").split("\t") for row in file]
        self.flags: dict[str, list[str]] = {}
        self.given: dict[str, list[str]] = {}
        self.is_saved = False
        self._enter("")

    def possible(self, words: list[str], begun: str) -> list[str]:
        """What can stand after these words."""
        values = self._read(words)
        if values is None and begun.startswith("-"):
            return [f"{name}\t{text}" for name, (_, _, _, text) in self.options.items()]
        if values is None and self._is_line_next():
            self._start_line()
        if values is None and self.below:
            return self.below
        if values is None:
            values = self.arguments[0][1] if self.arguments else ""
        if not values.startswith("@"):
            return values.split()
        if self.is_saved and values != "@contexts":  # no engine has its names
            return []
        from whatsrunning.cli.completion.names import names

        return names(values[1:], self.flags | self.given)

    def _enter(self, command: str) -> None:
        """Go to a command; where there is none of that name, nothing can be said after it."""
        rows = [row[1:] for row in self.table if row[0] == command]
        self.command, self.is_begun = command, False
        self.options = {word: row for word, *row in rows if word.startswith("-")}
        self.below = [f"{word}\t{row[3]}" for word, *row in rows if row[0] == "command"]
        self.arguments = [(row[0], row[2]) for word, *row in rows if not word]
        self.flags |= self.given  # what is given after a command takes the place of these
        self.given = {}

    def _read(self, words: list[str]) -> str | None:
        """Read the words; what can be the value of the last one, None if it takes none."""
        while words:
            word, *words = words
            if word.startswith("-") and not (self.is_begun and self._is_line_next()):
                name, value = word[:2], word[2:]
                if name == "--":
                    name, _, value = word.partition("=")
                kind, flag, values, _ = self.options.get(name, ("", "", "", ""))
                if kind == "value" and not value:
                    if not words:
                        return values
                    value, *words = words
                if flag:
                    self.given.setdefault(flag, []).append(value or "on")
            elif self.below:
                self._enter(f"{self.command} {word}".strip())
            elif self._is_line_next():
                self._start_line()
                words = [word, *words]
            elif self.arguments:
                self.is_begun = True
                self.arguments = self.arguments[self.arguments[0][0] == "one" :]
        return None

    def _is_line_next(self) -> bool:
        return bool(self.arguments) and self.arguments[0][1] == LINE

    def _start_line(self) -> None:
        self.is_saved = True
        self._enter("")
