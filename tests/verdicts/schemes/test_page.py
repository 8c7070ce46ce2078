"""docs/tag-schemes.md says what the program says."""

from tests import golden_files
from tests.verdicts.schemes.page import PAGE, renewed
from tests.verdicts.schemes.schemes import SCHEMES


def test_the_page_is_what_the_program_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    made = renewed(text)
    if golden_files.updating and made != text:
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made


def test_every_scheme_has_its_row_in_each_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [text.count(f"\n| {scheme.shown} |") for scheme in SCHEMES] == [3] * len(SCHEMES)
