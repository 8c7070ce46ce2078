"""Revisions as people write them in labels and tags. Pure, never trusting."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

_HEX = r"[0-9a-f]{7,64}"
# `main@sha1:` is Flux's, `v1.2.3-5-g` git describe's, `_uncommitted_` kamal's:
# https://fluxcd.io/flux/components/source/gitrepositories/#revision, https://git-scm.com/docs/git-describe
_REVISION = re.compile(
    rf"(?:(?P<prefix>(?:sha|git|commit)[-_:])|[^@\s]*@sha1:|\S*-(?P<described>g))?(?P<sha>{_HEX})"
    r"(?P<dirty>[-_.+](?:dirty|modified|broken)|_uncommitted_[0-9a-f]*)?"
)
_PART = re.compile(rf"(?P<letter>[gv]?)(?P<sha>{_HEX})")
_BETWEEN = re.compile(r"[-_.+]")
_MARKS = ("sha", "git", "commit")
_DIRTY = ("dirty", "modified", "broken", "uncommitted")
# What belongs to another image of the repository, such as a signature: no build of its own.
# https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
_REFERRER = re.compile(r"sha256-[0-9a-f]{64}(?:\..*|-.*)?")
_VERSION = re.compile(r"(?:.*[-_/])?(?P<version>v?\d+(?:\.\d+)+(?:[-+.][0-9A-Za-z.+-]+)?|v\d+)")


@dataclass(frozen=True, slots=True)
class ParsedRevision:
    """A revision as it was written: `sha` lower-case hex, perhaps short; `marked` by a prefix.

    `alone`: nothing else stands beside it in its tag.
    """

    sha: str
    dirty: bool = False
    marked: bool = False
    alone: bool = True

    @property
    def whole(self) -> bool:
        """Whether the SHA names one commit without asking anybody: SHA-1 or SHA-256."""
        return is_whole(self.sha)

    @property
    def sure(self) -> bool:
        """Whether it is meant as a SHA: digits alone are a number, letters alone a word."""
        return self.whole or self.marked or not (self.sha.isdigit() or self.sha.isalpha())

    @property
    def dated(self) -> bool:
        """Whether it reads as a date or a time, which may begin a commit by chance."""
        return not self.marked and _is_date(self.sha)


def is_whole(sha: str) -> bool:
    """Whether hex digits are as many as a whole SHA-1 or SHA-256 has."""
    return len(sha) in (40, 64)


def revision(text: str) -> ParsedRevision | None:
    """The revision in a label: short, upper case, quoted, with `sha-`, `-dirty`, git describe's."""
    match = _REVISION.fullmatch(text.strip().strip("\"'").strip().lower())
    if match is None or not _can_be(match["sha"]):
        return None
    marked = bool(match["prefix"] or match["described"])
    return ParsedRevision(match["sha"], bool(match["dirty"]), marked)


@lru_cache(maxsize=1 << 15)  # a look is judged many times over the same tags
def tag_revisions(tag: str) -> tuple[ParsedRevision, ...]:
    """The hex digits in a tag that stand alone and can be a SHA, the likeliest first."""
    if _REFERRER.fullmatch(tag):
        return ()

    def likeliest(parsed: ParsedRevision) -> tuple[bool, ...]:
        return not parsed.whole, not parsed.marked, parsed.dated, not parsed.sure

    return tuple(sorted(_in_tag(tag.lower()), key=likeliest))


def tag_revision(tag: str) -> ParsedRevision | None:
    """The likeliest revision in a tag, if it is surely meant as one: no dates, no numbers."""
    parsed = next(iter(tag_revisions(tag)), None)
    return parsed if parsed and parsed.sure and not parsed.dated else None


def is_referrer(tag: str) -> bool:
    """Whether a tag belongs to another image by digest: a signature, an attestation."""
    return bool(_REFERRER.fullmatch(tag))


def version(text: str) -> str:
    """The version that a tag or a label says, such as v1.2.3; empty where it says none."""
    match = _VERSION.fullmatch(text.strip())
    return match["version"] if match and len(text) <= 128 else ""


def version_order(tag: str) -> tuple[bool, tuple[tuple[bool, int, str], ...]]:
    """What sorts tags by version: numbers as numbers; what says no version comes before all."""
    said = version(tag)
    parts = re.findall(r"\d+|[A-Za-z]+", said.removeprefix("v"))
    return bool(said), tuple((p.isdigit(), int(p[:18]) if p.isdigit() else 0, p) for p in parts)


def _in_tag(tag: str) -> Iterator[ParsedRevision]:
    parts = _BETWEEN.split(tag)
    for place, part in enumerate(parts):
        match = _PART.fullmatch(part)
        if match is None or not _can_be(match["sha"]):
            continue
        before = parts[place - 1] if place else ""
        marked = before in _MARKS or (match["letter"] == "g" and place > 0)
        dirty = any(word in _DIRTY for word in parts[place + 1 : place + 2])
        alone = len(parts) == 1 + (before in _MARKS)
        yield ParsedRevision(match["sha"], dirty, marked, alone)


def _can_be(sha: str) -> bool:
    return bool(sha.strip("0")) and not 40 < len(sha) < 64


def _is_date(digits: str) -> bool:
    """A calendar date (perhaps with a time), or Unix seconds or milliseconds of our days."""
    if not digits.isdigit():
        return False
    if len(digits) in (10, 13) and 10**9 <= int(digits[:10]) < 3 * 10**9:
        return True
    form = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(digits))
    if form is None or not "1990" <= digits[:4] <= "2100":
        return False
    try:
        datetime.strptime(digits, form)
    except ValueError:
        return False
    return True
