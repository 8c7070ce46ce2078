"""What is said of what to go back to."""

from dataclasses import replace

import pytest

from tests.reports import NOW, SAMPLES
from tests.reports.parts import UNREAD
from tests.view.reading import lines, page
from whatsrunning.facts.answers import Problem
from whatsrunning.view.page import blocks


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rollback-plan", "1 TAKE THIS"),
        (
            "rollback-plan-unread",
            "no build found: 2 of 9 tags of ghcr.io/acme/web name no commit (v1.2.3, edge) (p1)\n"
            "\u2192 label the images org.opencontainers.image.revision",
        ),
        ("rollback-plan", "change: image: ghcr.io/acme/web@sha256:"),
    ],
)
def test_words(name: str, said: str) -> None:
    assert said in page(name)


@pytest.mark.parametrize(
    ("some", "problem", "said"),
    [
        (False, None, "there is no build to go back to"),
        (False, UNREAD, "no build found: 2 of 9 tags"),
        (True, UNREAD, "there may be more builds than these: 2 of 9 tags"),
        (True, None, ""),
    ],
)
def test_no_build_is_said_only_where_every_tag_was_read(
    some: bool, problem: Problem | None, said: str
) -> None:
    plan = SAMPLES["rollback-plan"].rollback
    assert plan
    plan = replace(plan, candidates=plan.candidates if some else (), problem=problem)
    report = replace(SAMPLES["rollback-plan"], rollback=plan)
    told = "\n".join(lines(blocks(report, NOW)))
    others = {"there is no build to go back to", "no build found", "there may be more builds"}
    assert said in told
    assert [other for other in others if other in told] == [o for o in others if o in said]


def test_what_is_down_ran_and_does_not_run() -> None:
    sample = SAMPLES["rollback-plan"]
    assert "web runs " in page("rollback-plan")
    down = tuple(replace(each, state="exited") for each in sample.containers)
    told = "\n".join(lines(blocks(replace(sample, containers=down), NOW)))
    assert ("web ran " in told, "web runs " in told) == (True, False)
