"""Every link of the documentation leads somewhere, and none to a document that is not here."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def _anchors(page: Path) -> set[str]:
    """As GitHub makes them: https://docs.github.com/en/get-started/writing-on-github."""
    headings = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _dead(page: Path) -> Iterator[str]:
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        if "://" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(_dead(page)) == []


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One thing\n[a](#one-thing) [b](#another) [c](page.md) [d](gone.md)")
    assert list(_dead(page)) == ["#another", "gone.md"]


def test_the_documentation_is_reachable_from_its_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages <= {Path(link).name for link in _LINK.findall(index)}
    assert "docs/README.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_no_file_names_a_document_that_is_not_here() -> None:
    """The design was written elsewhere, before the code: what its readers need stands in docs/."""
    words = "DES" + "IGN"
    command = ["git", "grep", "-lw", words, "--", "whatsrunning", "tests"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.stdout == ""
