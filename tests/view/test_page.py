"""What every page has, and in which order."""

import pytest

from tests.reports import SAMPLES
from tests.view.reading import page


def test_the_first_screen_is_in_the_order_of_the_design() -> None:
    told = page("ps")
    parts = [
        "NOT COMPLETE",
        "Newest change",
        "Nothing running",
        "Broken",
        "web \u00d72",
        "2 not ours",
        "Findings",
        "Could not look at",
    ]
    places = [told.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_first_line_tells_whether_to_believe_the_rest(name: str) -> None:
    first = page(name).splitlines()[0]
    report = SAMPLES[name]
    assert ("NOT COMPLETE" in first) == (not report.complete)
    assert (" complete |" in f" {first}") == report.complete
    assert first.startswith("saved look of") == (report.replayed_at is not None)
    assert all(engine.context in first for engine in report.engines)
    assert "2026-11-26T03:12:40Z" in first
    if len(report.engines) == 1:
        assert f"chosen by {report.engines[0].chosen_by}" in first
