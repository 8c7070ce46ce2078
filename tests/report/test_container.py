"""What follows from a container's own fields."""

from dataclasses import replace

import pytest

from tests.reports.parts import NEW, RATE_LIMIT, before, container
from whatsrunning.facts.answers import Nothing, Unknown

WEB = container("web-1", "web", minutes=12)


@pytest.mark.parametrize("state", ["running", "restarting", "paused"])
def test_states_that_serve(state: str) -> None:
    assert replace(WEB, state=state).serves


@pytest.mark.parametrize("state", ["exited", "created", "dead", "removing"])
def test_states_that_do_not_serve(state: str) -> None:
    assert not replace(WEB, state=state).serves


@pytest.mark.parametrize("absent", [Nothing(), Unknown(RATE_LIMIT)], ids=["none", "unknown"])
def test_what_is_not_there_is_empty(absent: Nothing | Unknown) -> None:
    without = replace(WEB, revision=absent, deployed_at=absent)
    assert (WEB.sha, WEB.changed_at) == (NEW, before(12))
    assert (without.sha, without.changed_at) == ("", None)
