"""Clones that cannot be used say why, in a sentence with a way out, and cost the others nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources.git_clones import REPOSITORY, at, cloned, soon
from tests.world.git_writer import git
from tests.world.history import History, make_history
from whatsrunning.facts.answers import Found
from whatsrunning.facts.ports import SourceError
from whatsrunning.sources.git.errors import without_secrets

OTHER_USER = 65534


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return make_history(tmp_path_factory.mktemp("history"))


def test_each_broken_clone_says_what_is_wrong_with_it(history: History, tmp_path: Path) -> None:
    plain, file, other = tmp_path / "plain folder", tmp_path / "file", tmp_path / "sha256"
    plain.mkdir()
    file.touch()
    git(tmp_path, "init", "--quiet", "--object-format=sha256", str(other))
    git(other, "remote", "add", "origin", "https://github.com/acme/shop.git")
    git(other, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "--allow-empty", "-qm", "x")
    broken = [tmp_path / "nowhere", plain, file, other]
    told = at(*broken, history.clone).clones(soon())
    words = ["no such folder", "not a git repository", "no such folder", "SHA-256", ""]
    for facts, path, word in zip(told, [*broken, history.clone], words, strict=True):
        assert facts.path == str(path)
        assert word in facts.problem
        assert bool(word) == facts.problem.startswith(str(path))
    assert at(*broken, history.clone).reference(REPOSITORY, "main", soon()) == Found(history.head)
    codes = ["no-folder", "no-clone", "no-folder", "sha256"]
    for path, code in zip(broken, codes, strict=True):
        with pytest.raises(SourceError) as caught:
            at(path).commits(REPOSITORY, [history.head], soon())
        assert caught.value.problem.code == code


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


def test_a_clone_of_something_else_and_no_clone_at_all(history: History) -> None:
    for clones in (at(history.clone), at()):
        with pytest.raises(SourceError) as caught:
            clones.graph("acme/other", [], soon())
        assert caught.value.problem.code == "no-clone"
        assert caught.value.problem.subject == "acme/other"
        assert "-C PATH" in caught.value.problem.hint
    assert at().clones(soon()) == ()


def test_an_empty_clone_a_worktree_a_subfolder_and_a_bare_repository(
    history: History, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(empty))
    git(empty, "remote", "add", "origin", "git@github.com:acme/shop.git")
    (facts,) = at(empty).clones(soon())
    assert (facts.default_branch, facts.head, facts.fetched_at) == ("main", "", None)
    assert at(empty).graph(REPOSITORY, [history.head], soon()).parents == {}
    clone = cloned(history.origin, tmp_path / "clone")
    git(clone, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
    bare = cloned(history.origin, tmp_path / "bare.git", "--bare")
    for path in (clone / "src", tmp_path / "tree", bare):
        (facts,) = at(path).clones(soon())
        assert (facts.repositories, facts.default_branch) == ((REPOSITORY,), "main")
        assert facts.head == history.head
        assert (facts.fetched_at is None) == (path == bare)


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


@pytest.mark.parametrize(
    "said", ["unable to access 'https://me:s3cret@x/y'", "bad: ssh://s3cret@x/y", "//a:s3cret@x"]
)
def test_what_git_says_is_told_without_passwords(said: str) -> None:
    assert "s3cret" not in without_secrets(f"fatal: {said}")
    assert without_secrets(f"fatal: {said}").startswith("fatal: ")


def test_replaced_commits_are_told_as_github_has_them(history: History, tmp_path: Path) -> None:
    clone = cloned(history.origin, tmp_path / "clone")
    git(clone, "replace", history.head, history.named["old"])
    told = at(clone).commits(REPOSITORY, [history.head], soon())[history.head]
    assert isinstance(told, Found)
    assert told.value.subject == history.commits[history.head].subject


def test_without_git_there_is_a_sentence_and_no_traceback(history: History) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from whatsrunning.facts.ports import Deadline, SourceError\n"
        "from whatsrunning.sources.git.client import open_git\n"
        "import os\n"
        "try:\n"
        "    open_git([Path(sys.argv[1])], 'github.com', os.environ, False)"
        ".clones(Deadline.after(60))\n"
        "except SourceError as fault:\n"
        "    print(fault.problem.code, fault.problem.message)\n"
    )
    for extra in ({}, {"GIT_PYTHON_REFRESH": "quiet"}, {"GIT_DIR": "/nowhere"}):
        done = subprocess.run(
            [sys.executable, "-c", program, str(history.clone)], check=False,
            env={"PATH": "/nonexistent", "PYTHONPATH": str(Path(__file__).parents[2]), **extra},
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
        assert done.stderr == ""
        assert done.stdout == "no-git git is not installed here, or not on the PATH\n"
