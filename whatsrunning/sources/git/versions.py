"""The tags of a clone that say a version, such as v1.2.3."""

import re
from collections.abc import Iterable

from whatsrunning.facts.query import SourceError
from whatsrunning.sources.git.errors import too_many_tags
from whatsrunning.sources.git.process import GitFolder

_MOST = 100_000  # tags that are read
# The last part of a name: 1.2.3, v1, release-1.2, pkg@1.2.3-rc1, go1.21. Digits need a dot or a v.
_VERSION = re.compile(
    r"(?P<before>(?:[a-z](?:[a-z0-9_@-]{0,80}[a-z_@-])?)?)(?P<numbers>\d{1,9}(?:\.\d{1,9}){0,5})"
    r"(?P<after>(?:[-._~+]?[a-z][a-z0-9.+~_-]{0,80}|[-+~_]\d[a-z0-9.+~_-]{0,80})?)"
)
_V = re.compile(r"(?:.*[_@-])?v")
_DATE = re.compile(r"(?:19|20)\d\d([-._]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])")
_FINAL = re.compile(r"|\+.*|[-._]?(?:final|ga|release)")


def read_tags(git: GitFolder) -> dict[str, list[str]]:
    """The tags by the commit that they stand on. Raises SourceError `too-many-tags`."""
    form = "--format=%(objectname) %(*objectname) %(refname)"
    lines = git.run("for-each-ref", f"--count={_MOST + 1}", form, "refs/tags/").lines
    if len(lines) > _MOST:
        raise SourceError(too_many_tags(git.path, _MOST))
    tags: dict[str, list[str]] = {}
    rows = [line.split(" ", 2) for line in lines]
    leads = {own: peeled for own, peeled, _ in rows if peeled}  # annotated tags are objects
    for own, _, name in rows:
        stands_on = own
        while stands_on in leads:  # git before 2.45 peels a tag of a tag once
            stands_on = leads[stands_on]
        tags.setdefault(stands_on, []).append(name.removeprefix("refs/tags/"))
    return tags


def newest_version(tags: Iterable[str]) -> str | None:
    """The highest of those that say a version: before a candidate for it comes the release."""
    keys = {tag: key for tag in tags if (key := _key(tag))}
    # Of two that say the same, the shorter name: v1.2.3, not api/v1.2.3.
    by_length = sorted(keys, key=lambda tag: (len(tag), tag))
    return max(by_length, key=lambda tag: keys[tag], default=None)


def _key(tag: str) -> tuple[tuple[int, ...], bool, list[tuple[bool, int, str]]] | None:
    """What versions are ordered by, as https://semver.org/#spec-item-11 has it; else nothing."""
    name = tag.rpartition("/")[2].lower()
    match = _VERSION.fullmatch(name)
    if not match or _DATE.fullmatch(name):
        return None
    if "." not in match["numbers"] and not _V.fullmatch(match["before"]):
        return None
    numbers = tuple(map(int, match["numbers"].split(".")))
    words = re.findall(r"\d{1,80}|[a-z]+", match["after"])
    parts = [(not word.isdigit(), int(word) if word.isdigit() else 0, word) for word in words]
    return numbers, bool(_FINAL.fullmatch(match["after"])), parts
