"""A clone that git refuses: the reason is shown, and the rest of the answer stands."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.program import Result
from tests.world.git_writer import git
from tests.world.identity import Image, Start, Street, labelled, raise_street

STRANGER = 4242
"""A user of nobody's."""


def _owned_by_another(folder: Path) -> None:
    for path in (folder / "clone", *(folder / "clone").rglob("*")):
        os.chown(path, STRANGER, STRANGER, follow_symlinks=False)


def _bare(folder: Path) -> None:
    clone = folder / "clone"
    git(clone, "config", "core.bare", "true")
    for path in (clone / ".git").iterdir():
        path.rename(clone / path.name)
    (clone / ".git").rmdir()
    (folder / "home/.gitconfig").write_text("[safe]\n\tbareRepository = explicit\n")


def _newer(folder: Path) -> None:
    git(folder / "clone", "config", "core.repositoryformatversion", "99")


def _extended(folder: Path) -> None:
    git(folder / "clone", "config", "core.repositoryformatversion", "1")
    git(folder / "clone", "config", "extensions.fromTheFuture", "true")


def _broken(folder: Path) -> None:
    (folder / "clone/.git/config").write_text("[core\n\tbare = false\n")


def _broken_home(folder: Path) -> None:
    (folder / "home/.gitconfig").write_text("[user\n\tname = x\n")


def _no_clone(folder: Path) -> None:
    (folder / "clone/.git").rename(folder / "was-git")


def _cut_off(folder: Path) -> None:
    _no_clone(folder)
    (folder / "clone/.git").write_text("gitdir: /nowhere/at/all\n")


Damage = Callable[[Path], None]
REFUSED: dict[str, tuple[Damage, str, str, str]] = {
    "another's": (
        _owned_by_another, "dubious-ownership", "belongs to another user", "--add safe.directory",
    ),
    "bare": (_bare, "bare-repository", "safe.bareRepository is explicit", "a working tree"),
    "newer": (_newer, "newer-format", "was made by a newer git", "upgrade git"),
    "extended": (_extended, "newer-format", "was made by a newer git", "upgrade git"),
    "broken": (_broken, "bad-config", "bad config line 1 in file .git/config", "mend that line"),
    "broken-home": (_broken_home, "bad-config", "/.gitconfig", "mend that line"),
    "cut-off": (_cut_off, "broken-link", "leads to /nowhere/at/all", "bring that folder back"),
    "none": (_no_clone, "not-a-repository", "is not a git repository", "name a clone with -C"),
}  # fmt: skip
"""What is wrong with a clone, and the code, the words and the way out that are shown."""
WAYS = ("-C", "-R and -C", "configured", "here")
CASES = [(name, way) for name in REFUSED for way in WAYS[:2]]
CASES += [(name, way) for name in ("another's", "broken-home") for way in WAYS[2:]]
SILENT = ("none", "here")
"""The working directory may be anything."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The two commits that are built, the older runs; and what was said, as JSON and as a page."""

    shas: tuple[str, ...]
    said: dict[tuple[str, str], tuple[Result, Result]]


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refused]:
    """One labelled container, and every clone asked in every way."""
    street = raise_street(tmp_path_factory.mktemp("refused"))
    try:
        lane, (newest, sha, *_) = street.lane("web"), street.shas
        street.store([Image(lane, newest, (newest,))])
        street.build([Image(lane, sha, (sha,))])
        street.run([Start("web", f"{lane}:{sha}", labelled(git_sha=sha))])
        cases = [*CASES, SILENT]
        with ThreadPoolExecutor(2) as pool:
            said = pool.map(lambda case: _asked(street, *case), cases)
            yield Refused((newest, sha), dict(zip(cases, said, strict=True)))
    finally:
        street.stop()


def _asked(street: Street, name: str, way: str) -> tuple[Result, Result]:
    """One look with a damaged clone of its own."""
    folder = street.folder / f"{name}-{WAYS.index(way)}"
    clone, home = folder / "clone", folder / "home"
    home.mkdir(parents=True)
    git(folder, "clone", "--quiet", "--no-local", str(street.history.origin), "clone")
    git(clone, "remote", "set-url", "origin", "https://github.com/acme/shop.git")
    REFUSED[name][0](folder)
    (folder / "config.toml").write_text(f'[repos."acme/shop"]\nclone = "{clone}"\n')
    words = {
        "-C": ("-C", str(clone)),
        "-R and -C": ("-R", "acme/shop", "-C", str(clone)),
        "configured": ("--config", str(folder / "config.toml")),
        "here": (),
    }[way]
    at = clone if way == "here" else home

    def ask(*form: str) -> Result:
        return street.ask("ps", *form, *words, home=home, cwd=at, state=folder.name)

    return ask("-o", "json"), ask()


@pytest.mark.parametrize(("name", "way"), CASES)
def test_the_reason_is_shown_and_the_rest_stands(refused: Refused, name: str, way: str) -> None:
    json, page = refused.said[name, way]
    _, code, words, hint = REFUSED[name]
    document = json.json()
    told = {problem["id"]: problem for problem in document["problems"]}
    [web] = document["containers"]
    assert (json.code, web["revision"]["sha"]) == (0, refused.shas[1])
    assert web["proof"]["status"] == "verified"
    assert code in {problem["code"] for problem in told.values()}
    assert words in page.stdout
    assert hint in page.stdout.partition("→")[2]
    false = ("not installed", "name its clone with -C", "no clone of", "no-repository")
    assert [word for word in false if word in page.stdout] == []
    if way in ("-R and -C", "configured"):
        assert (web["repository"]["name"], web["built"]["newest_sha"]) == (
            "acme/shop", refused.shas[0],
        )  # fmt: skip
        assert web["commit"]["source"] == "github"
    else:
        assert told[web["repository"]["problem"]]["code"] == code
        assert document["complete"] is False


def test_a_working_directory_that_is_no_clone_is_nobodys_fault(refused: Refused) -> None:
    _, page = refused.said[SILENT]
    assert "is not a git repository" not in page.stdout
    assert "name its clone with -C" in page.stdout
