"""Revisions as people write them in labels and tags. Pure, never trusting."""

import re
from dataclasses import dataclass

_REVISION = re.compile(
    r"(?P<prefix>(?:sha|git|commit)[-_:])?(?P<sha>[0-9a-f]{7,64})"
    r"(?P<dirty>[-_.+]dirty|_uncommitted_[0-9a-f]*)?"
)


@dataclass(frozen=True, slots=True)
class ParsedRevision:
    """A revision as it was written: `sha` lower-case hex, perhaps short; `marked` by a prefix."""

    sha: str
    dirty: bool = False
    marked: bool = False

    @property
    def whole(self) -> bool:
        """Whether the SHA names one commit without asking anybody: SHA-1 or SHA-256."""
        return is_whole(self.sha)


def is_whole(sha: str) -> bool:
    """Whether hex digits are as many as a whole SHA-1 or SHA-256 has."""
    return len(sha) in (40, 64)


def revision(text: str) -> ParsedRevision | None:
    """The revision in a label: short, upper case, `sha-`, `-dirty` and kamal's `_uncommitted_`."""
    match = _REVISION.fullmatch(text.strip().lower())
    if match is None or not match["sha"].strip("0") or 40 < len(match["sha"]) < 64:
        return None
    return ParsedRevision(match["sha"], bool(match["dirty"]), bool(match["prefix"]))


def tag_revision(tag: str) -> ParsedRevision | None:
    """The revision in a tag. A short one needs a prefix, or letters and digits: no dates."""
    parsed = revision(tag)
    if parsed is None or parsed.whole or parsed.marked:
        return parsed
    return None if parsed.sha.isdigit() or parsed.sha.isalpha() else parsed
