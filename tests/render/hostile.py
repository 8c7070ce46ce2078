"""Hostile strings, from a seed, and reports that carry one in every text field."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, get_args

from whatsrunning.report.report import Report

T = TypeVar("T")

PIECES = (
    "\x1b[31m", "\x1b[2J", "\x1b]0;owned\x07", "\x1b]8;;http://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "\x9b1m", "\x9d0;t\x9c", "\x1bP1$r\x1b\\", "\x1b", "\x00", "\x07", "\x08", "\x7f", "\x85",
    "\u202e", "\u202a", "\u2066", "\u2069", "\u200b", "\u200d", "\u200f", "\ufeff", "\u2060",
    "\n", "\r\n", "\t", "\u2028", "\u2029", "\v", "   ",
    "<!channel>", "<!here>", "<@U123>", "<#C1|x>", "<http://evil.example|click>", "@here",
    "@everyone", "@channel", "@team", "@acme/ops", "&lt;!here&gt;", "&amp;", "&#64;here",
    "*bold*", "_under_", "~gone~", "`code`", "``", "```", "```\nfence", "~~~", "**", "__",
    "[link](http://evil.example)", "![img](http://evil.example/x.png)", "[a][b]", "[x]: http://e",
    "# title", "## ", "> quote", "- item", "+ item", "* item", "1. one", "1) one", "---", "===",
    "| a | b |", "|---|---|", "\\", "\\|", "\\`", "<b>", "</td>", "<script>alert(1)</script>",
    "<!-- ", " -->", "https://evil.example/x", "www.evil.example", "evil.example", "a@evil.example",
    "#1", "GH-1", "acme/web#9", ":skull:", "$x$", "^", "{", "}", "!", "(", ")", '"', "'",
    "[/red]", "[bold]", "[link=http://evil.example]x[/link]", "[@click]", ":boom:",
    "word", "fix", "the", "race", "修复", "🚀", "e\u0301", "\u0301\u0302\u0303\u0304", " ", " ",
    "0123456789abcdef0123456789abcdef01234567", "\ud800", "\U000e0041", "\u3164",
)  # fmt: skip


def strings(count: int, seed: int) -> list[str]:
    """That many strings mixed of the pieces; every twentieth is 10,000 characters long."""
    chance = random.Random(seed)
    made = ["".join(chance.choices(PIECES, k=chance.randint(1, 8))) for _ in range(count)]
    for place in range(0, count, 20):
        made[place] = (made[place] * 10_000)[:10_000]
    return made


def poisoned(report: Report, *said: str) -> Report:
    """The report with these texts, in turn, in every field that holds text from outside."""
    turns = itertools.cycle(said)
    return _poisoned(report, str, turns, "")


# What this program writes itself or has checked: words of the contract, instants, hexadecimal.
_OURS = frozenset({"command", "state", "sha", "newest_sha", "latest_sha", "from_sha", "to_sha"})
_HEX = frozenset(
    {"reverted_by", "digest", "registry_digest", "matching_shas", "resolved"}
    | {"merged_never_built", "built_not_deployed", "running_without_tag"}
)


def _poisoned(value: T, kind: Any, turns: Iterator[str], name: str) -> T:
    changed: Any = value
    if name in _OURS or name in _HEX:
        return value
    if isinstance(value, str):
        changed = next(turns) if kind is str else value
    elif isinstance(value, tuple):
        kinds = get_args(kind) or (str,)
        changed = tuple(_poisoned(part, kinds[0], turns, name) for part in value)
    elif is_dataclass(value) and not isinstance(value, type | datetime):
        parts = {f.name: _poisoned(getattr(value, f.name), _kind(f.type), turns, f.name)
                 for f in fields(value)}  # fmt: skip
        changed = replace(value, **parts)
    return changed  # type: ignore[no-any-return]


def _kind(declared: Any) -> Any:
    return str if declared is str or type(declared).__name__ == "TypeVar" else declared


def texts(value: object) -> Iterator[str]:
    """Every string in a document of plain values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
