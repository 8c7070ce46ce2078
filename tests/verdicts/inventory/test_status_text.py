"""What the engine's list says in words: how long it is up, and its health."""

from datetime import timedelta

import pytest

from whatsrunning.verdicts.inventory.status_text import health, up_for


@pytest.mark.parametrize(
    ("status", "least", "most"),
    [
        ("Up Less than a second", 0, 1),
        ("Up 5 seconds", 5, 6),
        ("Up 1 second", 1, 2),
        ("Up About a minute", 60, 120),
        ("Up About an hour", 1800, 5400),
        ("Up 2 minutes (unhealthy)", 120, 180),
        ("Up 47 hours (Paused)", 47 * 3600 - 1800, 48 * 3600),
        ("Up 3 days", 3 * 86400, 4 * 86400),
        ("Up 2 weeks", 14 * 86400, 21 * 86400),
        ("Up 5 months", 150 * 86400, 180 * 86400),
        ("Up 2 years", 730 * 86400, 1095 * 86400),
    ],
)
def test_up_for(status: str, least: int, most: int) -> None:
    assert up_for(status) == (timedelta(seconds=least), timedelta(seconds=most))


@pytest.mark.parametrize(
    "status",
    ["", "Created", "Exited (0) 2 hours ago", "Up a while", "Up 3", "Up 3 moons", "Up 3 secondary"],
)
def test_no_uptime_is_told(status: str) -> None:
    assert up_for(status) is None


@pytest.mark.parametrize(
    ("state", "status", "told"),
    [
        ("running", "Up 2 minutes", "none"),
        ("running", "Up 2 minutes (healthy)", "healthy"),
        ("running", "Up 2 minutes (unhealthy)", "unhealthy"),
        ("running", "Up 2 seconds (health: starting)", "starting"),
        ("running", "Up 2 seconds (health: unknown)", "unknown"),
        ("exited", "Exited (1) 2 hours ago", "none"),
        ("exited", "Exited (1) 2 hours ago (unhealthy)", "none"),
    ],
)
def test_health(state: str, status: str, told: str) -> None:
    assert health(state, status) == told
