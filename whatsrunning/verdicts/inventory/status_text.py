"""What the engine's list says in words, such as `Up 2 minutes (healthy)`. Pure."""

import re
from datetime import timedelta
from typing import Literal

Health = Literal["healthy", "unhealthy", "starting", "none", "unknown"]

_SPAN = re.compile(
    r"(?P<some>Less than a second|About a minute|About an hour)"
    r"|(?P<n>\d{1,6}) (?P<unit>[a-z]+?)s?\b"
)
_SOME = {
    "Less than a second": (0, 1), "About a minute": (60, 120), "About an hour": (1800, 5400),
}  # fmt: skip
_UNITS = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800,
    "month": 2592000, "year": 31536000,
}  # fmt: skip


def up_for(status: str) -> tuple[timedelta, timedelta] | None:
    """The least and the most that a running container can have been up; None when it does not say.

    The engine rounds hours to the nearest and cuts every other unit.
    """
    match = _SPAN.match(status.removeprefix("Up ")) if status.startswith("Up ") else None
    if match is None:
        return None
    if match["some"]:
        least, most = _SOME[match["some"]]
        return timedelta(seconds=least), timedelta(seconds=most)
    unit = _UNITS.get(match["unit"])
    if unit is None:
        return None
    number = int(match["n"])
    early = unit / 2 if match["unit"] == "hour" else 0
    return timedelta(seconds=number * unit - early), timedelta(seconds=(number + 1) * unit)


def health(state: str, status: str) -> Health:
    """The health that the list tells; a container that does not run has none."""
    if state not in ("running", "paused"):
        return "none"
    if "(unhealthy)" in status:
        return "unhealthy"
    if "(healthy)" in status:
        return "healthy"
    if "(health: unknown)" in status:
        return "unknown"
    return "starting" if "(health: starting)" in status else "none"
