"""What a look writes down: what it knows of the services that serve."""

from dataclasses import replace
from typing import Any

import pytest

from tests.reports.parts import NEW, NOW, PROD, RATE_LIMIT, container
from whatsrunning.app.run import _journal_entries
from whatsrunning.facts.answers import Nothing, Unknown
from whatsrunning.facts.journal import JournalEntry
from whatsrunning.report.report import Report


def _written(**more: Any) -> list[JournalEntry]:
    one = replace(container("web-1", "web"), **more)
    return _journal_entries(Report("ps", NOW, True, (PROD,), (one,)))


def test_a_line_names_project_and_container() -> None:
    one = container("web-1", "web")
    (entry,) = _written()
    assert (entry.project, entry.container_id) == (one.project, one.id)
    assert (entry.service, entry.container, entry.sha) == ("web", "web-1", NEW)
    assert (entry.engine_id, entry.image_id, entry.deployed_at) == (
        PROD.id, one.image.id, one.changed_at,
    )  # fmt: skip
    assert one.id
    assert one.project


def test_that_there_is_no_revision_is_known_too() -> None:
    assert [entry.sha for entry in _written(revision=Nothing())] == [""]


@pytest.mark.parametrize(
    "more",
    [
        {"revision": Unknown(RATE_LIMIT)},
        {"one_off": True},
        {"managed": False},
        {"state": "exited"},
        {"engine": "elsewhere"},
    ],
    ids=["its revision is not known", "a one-off", "unmanaged", "stopped", "an engine without ID"],
)
def test_nothing_is_written_of_the_others(more: dict[str, Any]) -> None:
    assert _written(**more) == []
