"""What stands in a real terminal: every view of the demo at three widths, in colour and without."""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.golden_files import check_golden
from tests.program import clean_environment, whatsrunning
from tests.reports.demo import VIEWS, demo_report
from tests.screen_shots import LONGEST, Tmux, bare, canonical, tmux
from whatsrunning.render.formats import render
from whatsrunning.render.settings import RenderSettings
from whatsrunning.text import short, width

WIDTHS = (80, 120, 200)
PALETTES: Mapping[str, Mapping[str, str]] = {"colour": {}, "none": {"NO_COLOR": "1"}}
PAINTED = re.compile(r"\x1b\[(?!0m)[0-9;]*m")


@pytest.fixture(scope="module")
def terminals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tmux]:
    """Terminals of each width and palette, each view of the demo printed in all of them."""
    folder = tmp_path_factory.mktemp("terminals")
    env = clean_environment(folder) | {"PS1": "$ "}
    typed = [f"{sys.executable} -m whatsrunning demo {words}" for words in VIEWS.values()]
    views = zip(VIEWS, typed, strict=True)
    script = "; ".join(f"echo BEGIN {view}; {words}; echo END {view} $?" for view, words in views)
    with tmux(folder, env) as server:
        for columns in WIDTHS:
            for palette, told in PALETTES.items():
                name = f"{palette}-{columns}"
                server.open(name, columns, 50, f"cd /; {script}; exec cat", {**env, **told})
        yield server


def screen(terminals: Tmux, palette: str, columns: int, view: str, *options: str) -> list[str]:
    """The lines of a view in one of the terminals."""
    name = f"{palette}-{columns}"
    terminals.until(name, f"END {view} ")
    lines = canonical(terminals.text(name, *options))
    return lines[lines.index(f"BEGIN {view}") + 1 : lines.index(f"END {view} 0")]


def document(view: str) -> Any:
    """The JSON of a view."""
    report = demo_report(view)
    return json.loads(render("json", report, report.taken_at, RenderSettings()))


def facts(view: str) -> set[str]:
    """What the JSON of a view says that its screen has to say."""
    told = document(view)
    if told["command"] in ("has", "history"):
        words = set()
    else:
        words = {finding["code"] for finding in told["findings"]}
    ours = [one for one in told["containers"] if one["managed"]]
    match told["command"]:
        case "ps":
            everyone = told["containers"] if view == "ps-all" else []
            words |= {one["name"] for one in everyone} | {one["service"] for one in ours}
            words |= {short(one["revision"]["sha"]) for one in ours if one["state"] == "running"}
        case "show":
            words |= {ours[0]["name"], ours[0]["revision"]["sha"], ours[0]["claims"][0]["sha"]}
        case "diff":
            entries = [entry for line in told["timelines"] for entry in line["entries"]]
            running = [entry for entry in entries if entry["running_on"]]
            words |= {on["container"] for entry in running for on in entry["running_on"]}
            words |= {short(entry["sha"]) for entry in running}
        case "has":
            judged = [*told["live"], *told["not_live"], *told["unknown_at"]]
            words |= {one["container"] for one in judged} | {short(one["sha"]) for one in judged}
        case "history":
            words |= {part for e in told["entries"] for part in (e["service"], short(e["sha"]))}
        case "rollback-plan":
            words |= {short(candidate["sha"]) for candidate in told["candidates"]}
            words |= {candidate["change"].split("@")[-1] for candidate in told["candidates"]}
    assert words
    return words


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_at_every_width(terminals: Tmux, view: str, columns: int) -> None:
    plain = screen(terminals, "none", columns, view)
    painted = screen(terminals, "colour", columns, view, "-e")
    # A line that was too wide stands on several rows, which -J would join again.
    joined = screen(terminals, "none", columns, view, "-J")
    assert [line.rstrip() for line in joined] == plain
    assert max(width(line) for line in plain) <= columns
    assert [bare(line) for line in painted] == plain
    assert any(PAINTED.search(line) for line in painted)
    text = "\n".join(plain)
    assert {word for word in facts(view) if word not in text} == set()
    whole = set(re.findall(r"[0-9a-f]{12,64}", json.dumps(document(view))))
    assert set(re.findall(r"\b[0-9a-f]{9,}\b", text)) <= whole | {short(sha) for sha in whole}
    check_golden(f"terminal/{view}-{columns}.txt", text + "\n")
    check_golden(f"terminal/{view}-{columns}-colour.txt", "\n".join(painted) + "\n")


def test_no_color_draws_none(terminals: Tmux) -> None:
    for columns in WIDTHS:
        shown = screen(terminals, "none", columns, "ps", "-e")
        assert not any(PAINTED.search(line) for line in shown)


def test_force_color_paints_a_pipe_and_leaves_the_words() -> None:
    plain = whatsrunning("demo", "-o", "table", env={"COLUMNS": "100"})
    forced = whatsrunning("demo", "-o", "table", env={"COLUMNS": "100", "FORCE_COLOR": "1"})
    assert "\x1b" not in plain.stdout
    assert "\x1b[1;31mCONTRADICTED\x1b[0m" in forced.stdout
    assert re.sub(r"\x1b\[[0-9;]*m", "", forced.stdout) == plain.stdout


def test_in_the_c_locale_every_sign_is_spelled() -> None:
    done = whatsrunning("demo", "-o", "table", env={"LC_ALL": "C", "COLUMNS": "100"})
    assert done.code == 0
    assert done.stdout.isascii()
    assert "3eb8ded4b5b6 -> b9303c07139f" in done.stdout
    assert "web x3" in done.stdout


def test_a_dumb_terminal_gets_no_escape_sequence(tmp_path: Path) -> None:
    child = pexpect.spawn(
        sys.executable, ["-m", "whatsrunning", "demo", "diff"], cwd="/", encoding="utf-8",
        env=clean_environment(tmp_path) | {"TERM": "dumb"}, timeout=LONGEST, dimensions=(40, 90),
    )  # fmt: skip
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, child.signalstatus) == (0, None)
    assert "\x1b" not in child.before
    lines = child.before.split("\r\n")
    assert max(map(width, lines)) <= 90
    assert any(line.startswith("COMMIT ") for line in lines)


def test_a_closed_stdout_is_no_error(tmp_path: Path) -> None:
    """`| head -1` takes a line and goes."""
    script = f"{sys.executable} -m whatsrunning demo diff -o table | head -1"
    child = pexpect.spawn(
        "/bin/sh", ["-c", f"({script}); echo GONE"], cwd="/", encoding="utf-8",
        env=clean_environment(tmp_path), timeout=LONGEST, dimensions=(40, 90),
    )  # fmt: skip
    child.expect_exact("GONE")
    assert child.before.count("\r\n") == 1
    assert child.before.startswith("demo, a saved look of ")
