"""Every problem inside a report."""

from dataclasses import replace

from tests.reports import SAMPLES
from tests.reports.parts import NOW, RATE_LIMIT, REGISTRY_DOWN, container
from whatsrunning.facts.answers import Nothing, Unknown
from whatsrunning.report.container import Proof
from whatsrunning.report.report import Report, problems_in


def test_problems_are_found_wherever_they_stand() -> None:
    web = replace(
        container("web-1", "web"),
        proof=Proof("unknown", problem=REGISTRY_DOWN),
        ci=Unknown(RATE_LIMIT),
        built=Unknown(REGISTRY_DOWN),
    )
    report = Report("ps", NOW, False, (), (web,))
    assert list(problems_in(report)) == [REGISTRY_DOWN, RATE_LIMIT, REGISTRY_DOWN]


def test_a_sound_report_has_none() -> None:
    assert list(problems_in(SAMPLES["ps-calm"])) == []
    assert list(problems_in(Nothing())) == []
