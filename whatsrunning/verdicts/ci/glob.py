r"""GitHub's filter patterns: `*`, `**`, `?`, `+`, `[a-z]`, `\`, and `!` in front to take away.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# `**/` at the head of a folder's name is no or any number of folders.
_PART = re.compile(
    r"(?P<folders>(?<![^/])\*\*/(?![?+]))"
    r"|(?:(?P<any>\*\*+)|(?P<star>\*)|\[(?P<listed>.[^\]]*)\]|\\(?P<escaped>.)|(?P<plain>.))"
    r"(?P<often>[?+]*)",
    re.DOTALL,
)
_RANGE = re.compile(r"(.)-([0-9A-Za-z])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Part:
    """One character of a name: which, or which not; whether it may be missing, and come again."""

    characters: str
    listed: bool
    optional: bool
    again: bool
    folders: bool

    def takes(self, character: str) -> bool:
        return (character in self.characters) is self.listed


def selects(patterns: Sequence[str], name: str) -> bool:
    """Whether a list selects a path or a branch: of the patterns that match, the last decides."""
    for pattern in reversed(patterns):
        if matches(pattern.removeprefix("!"), name):
            return not pattern.startswith("!")
    return False


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern, without its `!`, matches the whole of a path or a branch.

    Anybody writes patterns, and `re` would sit over `**a**a**a` for years. Here each part is held
    once against each character, whatever the pattern.
    """
    ends = {0}  # where in the name a match of the parts so far may end
    for part in _parts(pattern):
        starts, ends = ends, set(ends) if part.optional else set()
        for place in range(min(starts), len(name)):
            if (place in starts or (part.again and place in ends)) and part.takes(name[place]):
                ends.add(place + 1)
        if part.folders:
            ends = {end for end in ends if end == 0 or name[end - 1] == "/"}
        if not ends:
            return False
    return len(name) in ends


@lru_cache(maxsize=1024)
def _parts(pattern: str) -> tuple[_Part, ...]:
    return tuple(map(_part, _PART.finditer(pattern)))


def _part(found: re.Match[str]) -> _Part:
    if found["folders"] or found["any"] or found["star"]:
        return _Part("/" if found["star"] else "", False, True, True, bool(found["folders"]))
    listed = _RANGE.sub(_between, found["listed"] or "")
    characters = listed or found["escaped"] or found["plain"]
    return _Part(characters, True, "?" in found["often"], "+" in found["often"], False)


def _between(span: re.Match[str]) -> str:
    return "".join(map(chr, range(ord(span[1]), ord(span[2]) + 1))) or span[0]
