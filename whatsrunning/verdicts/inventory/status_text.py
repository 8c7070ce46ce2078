"""What the engine's list says in words, such as `Up 2 minutes (healthy)`: of start and health it
has only this text, https://github.com/moby/moby/blob/v20.10.24/container/state.go."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

Health = Literal["healthy", "unhealthy", "starting", "none", "unknown"]

_HEALTH: Mapping[str, Health] = {
    "(unhealthy)": "unhealthy",
    "(healthy)": "healthy",
    "(health: unknown)": "unknown",
    "(health: starting)": "starting",
}
_IN_WORDS = {
    "Less than a second": (0, 1), "About a minute": (60, 120), "About an hour": (1800, 5400),
}  # fmt: skip
_UNITS = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800,
    "month": 2592000, "year": 31536000,
}  # fmt: skip
_UP = re.compile(
    rf"Up (?:(?P<words>{'|'.join(_IN_WORDS)})"
    rf"|(?P<number>\d{{1,6}}) (?P<unit>{'|'.join(_UNITS)})s?\b)"
)


def up_for(status: str) -> tuple[timedelta, timedelta] | None:
    """The least and the most that a container can have been up; None when it does not say."""
    match = _UP.match(status)
    if match is None:
        return None
    if match["words"]:
        least, most = _IN_WORDS[match["words"]]
        return timedelta(seconds=least), timedelta(seconds=most)
    number, unit = int(match["number"]), timedelta(seconds=_UNITS[match["unit"]])
    # Hours are rounded to the nearest, every other unit is cut:
    # https://github.com/docker/go-units/blob/v0.5.0/duration.go
    rounded_up = unit / 2 if match["unit"] == "hour" else timedelta(0)
    return number * unit - rounded_up, (number + 1) * unit


def health(state: str, status: str) -> Health:
    """The health that the list tells; a container that does not run has none."""
    if state not in ("running", "paused"):
        return "none"
    return next((kind for text, kind in _HEALTH.items() if text in status), "none")
