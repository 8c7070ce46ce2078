"""Findings: worst first, replicas once, and where they belong."""

from dataclasses import replace

import pytest

from tests.reports import NOW, SAMPLES
from tests.reports.parts import NEW, OLD
from tests.view.reading import lines
from whatsrunning.report.container import Finding
from whatsrunning.view.page import blocks


def test_findings_stand_worst_first_and_equal_ones_once() -> None:
    made = [
        Finding("label-only", "info", "prod", "a", "a", "x", ""),
        Finding("ci-red", "critical", "prod", "b-1", "b", "y", ""),
        Finding("ci-red", "critical", "prod", "b-2", "b", "y", ""),
        Finding("differs", "warning", "prod", "c", "c", "z", ""),
    ]
    report = replace(SAMPLES["ps-calm"], findings=tuple(made))
    told = [line for line in lines(blocks(report, NOW)) if " ci-" in line or ": " in line]
    assert told[-3:] == [
        "critical ci-red b \u00d72: y",
        "warning differs c: z",
        "info label-only a: x",
    ]


def _race(number: int, sha: str = NEW) -> Finding:
    said = f"web-{number} was deployed at {sha[:12]} while CI ran, and CI failed"
    return Finding("raced-then-red", "critical", "prod", f"web-{number}", "web", said, "read it")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            "ps",
            ["each was deployed", "web-1, web-2", "\u2192 read it", "web-3 was", "\u2192 read it"],
        ),
        ("diff", ["each was deployed", "web-3 was"]),
        ("rollback-plan", ["each was deployed", "web-1, web-2", "\u2192 read it", "web-3 was"]),
        ("has", []),
        ("history", []),
    ],
)
def test_findings_of_replicas_are_said_once_and_where_they_belong(
    command: str, expected: list[str]
) -> None:
    sample = SAMPLES["ps-calm" if command == "ps" else command]
    report = replace(sample, findings=(_race(1), _race(2), _race(3, OLD)))
    told = "\n".join(lines(blocks(report, NOW)))
    _, _, said = told.partition("Findings\n")
    assert ("web \u00d72: each was deployed at 157d3e91c40b while" in said) == bool(expected)
    assert ("raced-then-red" in told) == bool(expected)
    for line, part in zip(said.splitlines(), expected, strict=False):
        assert part in line
