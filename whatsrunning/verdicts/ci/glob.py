"""Which workflows a push starts, and which its files leave out. Pure.

The rules are those of GitHub's "filter pattern cheat sheet" in its workflow syntax reference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from whatsrunning.facts.records import PushFilter, WorkflowFilter

MOST = 5_000_000
"""Characters of filters times characters of names: no repository may keep us busy for long."""
LONGEST = 1000
"""Characters of one filter."""


@dataclass(frozen=True, slots=True)
class Push:
    """The workflows that the push of a branch starts, and those that it would but for its files."""

    starts: tuple[WorkflowFilter, ...]
    leaves_out: tuple[WorkflowFilter, ...]


# A look is judged many times as answers come in; its pushes are the same ones each time.
@lru_cache(maxsize=64)
def pushed(push: PushFilter, branch: str) -> Push | None:
    """What the push of these files to a branch does; None where filters are too many to say."""
    filters = [len(text) for workflow in push.workflows for text in _filters(workflow)]
    if (
        sum(filters) * sum(map(len, (branch, *push.changed))) > MOST
        or max(filters, default=0) > LONGEST
    ):
        return None
    on_branch = [each for each in push.workflows if _takes_branch(each, branch)]
    starts = tuple(each for each in on_branch if _takes_files(each, push.changed))
    return Push(starts, tuple(each for each in on_branch if each not in starts))


def _filters(it: WorkflowFilter) -> Sequence[str]:
    return (*it.branches, *it.branches_ignore, *it.paths, *it.paths_ignore)


def _takes_branch(workflow: WorkflowFilter, branch: str) -> bool:
    if workflow.branches:
        return selects(workflow.branches, branch)
    return not selects(workflow.branches_ignore, branch)


def _takes_files(workflow: WorkflowFilter, files: Sequence[str]) -> bool:
    """One file that `paths` selects, or that `paths-ignore` does not, is enough."""
    if workflow.paths:
        return any(selects(workflow.paths, file) for file in files)
    return not all(selects(workflow.paths_ignore, file) for file in files)


def selects(patterns: Sequence[str], name: str) -> bool:
    """Whether a list selects a path or a branch: of the patterns that match, the last decides."""
    for pattern in reversed(patterns):
        if matches(pattern.removeprefix("!"), name):
            return not pattern.startswith("!")
    return False


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern, without its `!`, matches the whole of a path or a branch.

    In steps, one for each character, whatever the pattern: nothing is tried twice.
    """
    parts = _parts(pattern)
    at = _without(parts, {0})
    for character in name:
        taken = [place for place in at if place < len(parts) and parts[place].takes(character)]
        at = _without(
            parts, {place + 1 for place in taken} | {place for place in taken if parts[place].again}
        )
        if not at:
            return False
    return len(parts) in at


@dataclass(frozen=True, slots=True)
class _Part:
    """One character of a name: which ones; whether it may be missing, and come again.

    A part that is missing may take the `skips` parts behind it along.
    """

    characters: str = ""
    but: str | None = None  # any character, but for these
    optional: bool = False
    again: bool = False
    skips: int = 0

    def takes(self, character: str) -> bool:
        return character in self.characters if self.but is None else character not in self.but


def _without(parts: Sequence[_Part], places: set[int]) -> set[int]:
    """These places in a pattern, and those that are reached with no further character."""
    open_ = list(places)
    while open_:
        place = open_.pop()
        if place < len(parts) and parts[place].optional:
            ways = {place + 1, place + 1 + parts[place].skips} - places
            places |= ways
            open_ += ways
    return places


@lru_cache(maxsize=1024)
def _parts(pattern: str) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    rest = pattern
    while rest:
        rest = _one(parts, rest)
    return tuple(parts)


def _one(parts: list[_Part], rest: str) -> str:
    """Reads one part of a pattern; what is left of it."""
    first = rest[0]
    if rest.startswith("**/") and (not parts or parts[-1] == _Part("/")):
        parts += (
            _Part(optional=True, skips=2),
            _Part(but="", optional=True, again=True),
            _Part("/"),
        )
        return rest[3:]
    if first == "*":
        but = "" if rest.startswith("**") else "/"
        parts.append(_Part(but=but, optional=True, again=True))
        return rest.lstrip("*") if not but else rest[1:]
    if first in "?+" and parts:
        last = parts.pop()
        optional = last.optional or first == "?"
        parts.append(_Part(last.characters, last.but, optional, last.again or first == "+"))
        return rest[1:]
    end = rest.find("]", 2)
    if first == "[" and end > 0:
        parts.append(_Part("".join(_listed(rest[1:end]))))
        return rest[end + 1 :]
    escaped = first == "\\" and len(rest) > 1
    parts.append(_Part(rest[1] if escaped else first))
    return rest[2:] if escaped else rest[1:]


def _listed(inside: str) -> Iterator[str]:
    """The characters between brackets; ranges are a to z, A to Z and 0 to 9."""
    while inside:
        first, dash, last = inside[0], inside[1:2], inside[2:3]
        if dash == "-" and last.isascii() and last.isalnum() and first <= last:
            yield from (chr(code) for code in range(ord(first), ord(last) + 1))
            inside = inside[3:]
        else:
            yield first
            inside = inside[1:]
