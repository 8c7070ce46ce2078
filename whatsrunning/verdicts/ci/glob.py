r"""GitHub's filter patterns: `*`, `**`, `?`, `+`, `[a-z]`, `\`, and `!` in front to take away.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet"""

import re
from collections.abc import Sequence

# `**/` at the head of a folder's name is no or any number of folders.
_PART = re.compile(
    r"(?P<folders>(?<![^/])\*\*/(?![?+]))"
    r"|(?:(?P<any>\*\*+)|(?P<star>\*)|\[(?P<listed>.[^\]]*)\]|\\(?P<escaped>.)|(?P<plain>.))"
    r"(?P<often>[?+]*)",
    re.DOTALL,
)
_RANGE = re.compile(r"(.)-([0-9A-Za-z])", re.DOTALL)


def selects(patterns: Sequence[str], name: str) -> bool:
    """Whether a list selects a path or a branch: of the patterns that match, the last decides."""
    matching = (text for text in reversed(patterns) if matches(text.removeprefix("!"), name))
    return not next(matching, "!").startswith("!")


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern, without its `!`, matches the whole of a path or a branch."""
    # Anybody writes patterns, and `re` would sit over `**a**a**a` for years. Here each part is held
    # once against each character, whatever the pattern.
    ends = {0}  # where in the name a match of the parts so far may end
    for part in _PART.finditer(pattern):
        wild, often = part["folders"] or part["any"] or part["star"], part["often"] or ""
        wanted = _characters(part, name)
        starts, ends = ends, set(ends) if wild or "?" in often else set()
        for place in range(min(starts), len(name)):
            again = place in ends and (wild or "+" in often)
            if name[place] in wanted and (again or place in starts):
                ends.add(place + 1)
        if part["folders"]:
            ends = {end for end in ends if end == 0 or name[end - 1] == "/"}
        if not ends:
            return False
    return len(name) in ends


def _characters(part: re.Match[str], name: str) -> set[str]:
    if part["folders"] or part["any"]:
        return set(name)
    if part["star"]:
        return set(name) - {"/"}
    return set(_RANGE.sub(_between, part["listed"] or "") or part["escaped"] or part["plain"])


def _between(span: re.Match[str]) -> str:
    return "".join(map(chr, range(ord(span[1]), ord(span[2]) + 1))) or span[0]
