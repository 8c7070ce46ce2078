"""Clones that cannot be used say why, in a sentence with a way out, and cost the others nothing."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sources.git.clones import REPOSITORY, at, cloned, soon
from tests.world.git_writer import git
from tests.world.history import History
from whatsrunning.facts.answers import Found, Unknown
from whatsrunning.facts.query import SourceError
from whatsrunning.sources.git.errors import fetch_failed, refusal, without_secrets
from whatsrunning.sources.git.remotes import Said

OTHER_USER = 65534


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one thing of each kind that is no clone of ours."""
    folder = tmp_path_factory.mktemp("broken")
    (folder / "plain folder").mkdir()
    (folder / "file").touch()
    other = folder / "sha256"
    git(folder, "init", "--quiet", "--object-format=sha256", str(other))
    git(other, "remote", "add", "origin", "https://github.com/acme/shop.git")
    git(other, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "--allow-empty", "-qm", "x")
    return folder


BROKEN = {
    "nowhere": ("no such folder", "no-folder"),
    "plain folder": ("not a git repository", "no-clone"),
    "file": ("no such folder", "no-folder"),
    "sha256": ("SHA-256", "sha256"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_clone_says_what_is_wrong_with_it(
    history: History, broken: Path, name: str
) -> None:
    words, code = BROKEN[name]
    (facts,) = at(broken / name).clones(soon())
    assert facts.path == str(broken / name)
    assert facts.problem.startswith(str(broken / name))
    assert words in facts.problem
    with pytest.raises(SourceError) as caught:
        at(broken / name).commits(REPOSITORY, [history.head], soon())
    assert caught.value.problem.code == code


def test_broken_clones_cost_the_others_nothing(history: History, broken: Path) -> None:
    clones = at(*(broken / name for name in BROKEN), history.clone)
    assert [bool(facts.problem) for facts in clones.clones(soon())] == [True] * 4 + [False]
    assert clones.reference(REPOSITORY, "main", soon()) == Found(history.head)


def test_a_clone_of_another_user_is_not_read_and_the_way_out_is_named(
    history: History, tmp_path: Path
) -> None:
    clone = cloned(history.origin, tmp_path / "it's mine")
    for path in (clone, *clone.rglob("*")):
        os.chown(path, OTHER_USER, OTHER_USER, follow_symlinks=False)
    home = tmp_path / "home"
    home.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}
    with pytest.raises(SourceError, match="another user"):
        at(clone, env=env).reference(REPOSITORY, "main", soon())
    told = at(clone, history.clone, env=env)
    assert told.reference(REPOSITORY, "main", soon()) == Found(history.head)
    problem = told.clones(soon())[0].problem
    assert "another user" in problem
    command = problem[problem.index("git config") :].rstrip(")")
    assert command.startswith("git config --global --add safe.directory ")
    subprocess.run(["sh", "-c", command], env=env, check=True, stdin=subprocess.DEVNULL)
    (facts,) = at(clone, env=env).clones(soon())
    assert (facts.problem, facts.head) == ("", history.head)


def test_a_corrupt_clone_is_a_problem_of_its_own(history: History, tmp_path: Path) -> None:
    clone = cloned(history.origin, tmp_path / "clone")
    for pack in (clone / ".git/objects/pack").glob("*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(b"PACK" + bytes(400))
    with pytest.raises(SourceError) as caught:
        at(clone).commits(REPOSITORY, [history.head], soon())
    assert (caught.value.problem.subject, caught.value.problem.code) == (str(clone), "git-failed")
    told = at(clone, history.clone).commits(REPOSITORY, [history.head], soon())
    assert isinstance(told[history.head], Found)


def _newer(clone: Path) -> None:
    git(clone, "config", "core.repositoryformatversion", "2")


def _extended(clone: Path) -> None:
    git(clone, "config", "core.repositoryformatversion", "1")
    git(clone, "config", "extensions.fromTheFuture", "true")


def _garbled(clone: Path) -> None:
    with (clone / ".git/config").open("a", encoding="utf-8") as file:
        file.write('[remote "x"\n')


def _cut_off(clone: Path) -> None:
    shutil.move(clone / ".git", clone.parent / "moved")
    (clone / ".git").write_text("gitdir: ../gone/.git/worktrees/clone\n", encoding="utf-8")


def _bare(clone: Path) -> None:
    shutil.move(clone / ".git", clone.parent / "moved")
    shutil.rmtree(clone)
    shutil.move(clone.parent / "moved", clone)
    git(clone, "config", "core.bare", "true")


def _misspelt(clone: Path) -> None:
    git(clone, "config", "core.bare", "perhaps")


REASONS: dict[str, tuple[Callable[[Path], None], str, str, str]] = {
    "a newer format": (_newer, "newer-format", "made by a newer git", "upgrade git here"),
    "an extension": (_extended, "newer-format", "made by a newer git", "upgrade git here"),
    "a broken configuration": (
        _garbled, "bad-config", r"bad config line \d+ in file .*\.git/config", "mend that line",
    ),
    "a setting of no sense": (
        _misspelt, "bad-config", "bad boolean config value 'perhaps'", "mend that line",
    ),
    "a link that leads nowhere": (_cut_off, "broken-link", "gone/.git/worktrees", "git worktree"),
    "a bare one, where git refuses these": (
        _bare, "bare-repository", "safe.bareRepository", "safe.bareRepository all",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REASONS)
def test_why_git_refuses_a_clone_is_told_wherever_it_is_needed(
    history: History, tmp_path: Path, name: str
) -> None:
    damage, code, words, hint = REASONS[name]
    clone = cloned(history.origin, tmp_path / "clone")
    damage(clone)
    config = tmp_path / "config"
    git(tmp_path, "config", "--file", str(config), "safe.bareRepository", "explicit")
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": str(config)}
    clones = at(clone, env=env)
    (facts,) = clones.clones(soon())
    assert re.search(words, facts.problem)
    assert hint in facts.problem
    assert "-C" not in facts.problem
    held = clones.holders([history.head], soon())[history.head]
    assert isinstance(held, Unknown)
    with pytest.raises(SourceError) as caught:
        clones.prefixes("any/repository", [history.head[:9]], soon())
    for problem in (held.problem, caught.value.problem):
        assert (problem.code, problem.subject) == (code, str(clone))
        assert hint in problem.hint


def test_a_configured_clone_that_cannot_be_read_is_of_its_repository_alone(
    history: History, tmp_path: Path
) -> None:
    clone, empty = cloned(history.origin, tmp_path / "clone"), tmp_path / "empty"
    _newer(clone)
    empty.mkdir()
    clones = at(clone, empty, said={clone: Said(("acme/zoo",)), empty: Said(("acme/bar",))})
    assert [facts.repositories for facts in clones.clones(soon())] == [("acme/zoo",), ("acme/bar",)]
    codes = []
    for repository in ("Acme/Zoo", "acme/bar", "acme/shop"):
        with pytest.raises(SourceError) as caught:
            clones.reference(repository, "main", soon())
        codes.append(caught.value.problem.code)
    assert codes == ["newer-format", "not-a-repository", "no-clone"]


@pytest.mark.parametrize("named", [True, False], ids=["-C", "the working directory"])
def test_a_folder_that_is_no_clone_is_told_where_it_was_named_as_one(
    tmp_path: Path, named: bool
) -> None:
    clones = at(tmp_path, said={tmp_path: Said(named=named)})
    held = clones.holders(["a" * 40], soon())["a" * 40]
    with pytest.raises(SourceError) as caught:
        clones.reference(REPOSITORY, "main", soon())
    told = (held.problem.code if held.problem else "", caught.value.problem.code)
    assert told == (("not-a-repository",) * 2 if named else ("", "no-clone"))


@pytest.mark.parametrize("whose", ["the process's own", "the call's"])
def test_a_broken_gitconfig_is_not_a_missing_git(
    history: History, tmp_path: Path, whose: str
) -> None:
    """GitPython runs `git version` while it is imported, which fails for the process's own."""
    (tmp_path / ".gitconfig").write_text("[user\nname = x\n", encoding="utf-8")
    broken = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    program = (
        "import os, sys\n"
        "from whatsrunning.facts.query import Deadline\n"
        "from whatsrunning.sources.git.client import ClonedGit\n"
        "env = {'PATH': os.environ['PATH'], 'HOME': sys.argv[2]}\n"
        "clones = ClonedGit([sys.argv[1]], 'github.com', env, False)\n"
        "print(clones.clones(Deadline.after(60))[0].problem)\n"
        "print(clones.holders(['a' * 40], Deadline.after(60))['a' * 40].problem.code)\n"
    )
    own = broken if whose == "the process's own" else {"PATH": os.environ["PATH"], "HOME": "/"}
    ended = subprocess.run(
        [sys.executable, "-c", program, str(history.clone), str(tmp_path)], check=False,
        env={**own, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.stderr == ""
    problem, code = ended.stdout.splitlines()
    assert problem == (
        f"{history.clone}: git does nothing, for its configuration is broken: "
        f"bad config line 1 in file {tmp_path}/.gitconfig (mend that line of git's configuration)"
    )
    assert code == "bad-config"


@pytest.mark.parametrize(
    "said", ["unable to access 'https://me:s3cret@x/y'", "bad: ssh://s3cret@x/y", "//a:s3cret@x"]
)
def test_what_git_says_is_told_without_passwords(said: str) -> None:
    assert "s3cret" not in without_secrets(f"fatal: {said}")
    assert without_secrets(f"fatal: {said}").startswith("fatal: ")


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("warning: x\nfatal: bad object\nhint: y\n", "/a: git failed: fatal: bad object"),
        ("it broke\n", "/a: git failed: it broke"),
        (" \n", "/a: git failed and said nothing"),
        ("", "/a: git failed and said nothing"),
    ],
    ids=["its own word for it", "other words", "blanks", "nothing"],
)
def test_why_git_failed(output: str, message: str) -> None:
    assert refusal("/a", output).message == message


def test_a_fetch_that_failed_without_a_word() -> None:
    assert fetch_failed("/a", "").endswith("answers are as of the fetch before: git said nothing")
