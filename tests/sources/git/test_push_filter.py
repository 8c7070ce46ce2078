"""What a commit changed, and the workflows that it had: real git."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sources.git.clones import ABSENT, CI, REPOSITORY, at, cloned, soon
from tests.world.git_writer import git
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.git import PushFilter, WorkflowFilter
from whatsrunning.facts.query import SourceError
from whatsrunning.sources.git.push_filter import CHANGED, LARGEST, WORKFLOWS

NIGHTLY = "on: {schedule: [{cron: '0 3 * * *'}]}\njobs: {push: {}}\n"


FILTER = WorkflowFilter(
    ".github/workflows/ci.yml", "CI", ("test",),
    branches=("main",), paths=("src/**", "!src/docs/**"),
)  # fmt: skip


def _write(repository: Path, files: Mapping[str, str], message: str = "Change") -> str:
    for name, text in files.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(text)
    git(repository, "add", "--all")
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")
    git(repository, *who, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(repository, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a workflow, and one commit of each kind, by its tag."""
    folder = tmp_path_factory.mktemp("push") / "origin"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "uploadpack.allowFilter", "true")
    workflows = {".github/workflows/ci.yml": CI, ".github/workflows/nightly.yaml": NIGHTLY}
    others = {".github/workflows/README.md": "[", ".github/workflows/old/ci.yml": "["}
    tags: dict[str, Mapping[str, str]] = {
        "root": {"src/app.py": "1", **workflows, **others},
        "docs": {"README.md": "Shop", "docs/\u00e9 \n.md": "x"},
        "code": {"src/app.py": "2"},
        "broken": {".github/workflows/ci.yml": "on: [push\n"},
        "bomb": {".github/workflows/ci.yml": _bomb()},
        "large": {".github/workflows/ci.yml": CI + "#" * LARGEST},
        "many-large": {
            ".github/workflows/ci.yml": CI,
            **{f".github/workflows/{n}.yml": CI + "#" * (LARGEST - 999) for n in range(5)},
        },
        "many-small": {f".github/workflows/{n}.yml": NIGHTLY for n in range(WORKFLOWS)},
    }
    (folder / ".github/workflows").mkdir(parents=True)
    (folder / ".github/workflows/link.yml").symlink_to("push[")
    for tag, files in tags.items():
        _write(folder, files, tag)
        git(folder, "tag", tag)
    git(folder, "checkout", "--quiet", "-b", "topic", "docs")
    _write(folder, {"docs/a.md": "a"})
    git(folder, "mv", "src/app.py", "app.py")
    _write(folder, {})
    _write(folder, {f"many/{n}": "" for n in range(CHANGED + 1)}, "many")
    git(folder, "tag", "many")
    _write(folder, {})
    git(folder, "tag", "empty")
    git(folder, "checkout", "--quiet", "-B", "main", "docs")
    _write(folder, {".github/workflows/nightly.yaml": "on: push\njobs: {}\n"})
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    git(folder, *who, "merge", "--quiet", "--no-ff", "-m", "Merge", "many~1")
    git(folder, "tag", "merge")
    return folder


def _bomb() -> str:
    """An alias and a merge key in each line, each of which doubles what is above."""
    lines = ["a0: &a0 {x: y}"]
    lines += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60)]
    return "\n".join([*lines, "on: {push: {paths: [x]}}", "env: *a59", "jobs: {a: *a59}", ""])


@pytest.fixture(scope="module")
def clone(origin: Path) -> Path:
    return cloned(origin, origin.parent / "clone")


def _asked(clone: Path, name: str, *more: Path) -> Answer[PushFilter]:
    sha = git(clone, "rev-parse", f"{name}^{{commit}}")
    return at(clone, *more).push_filter(REPOSITORY, sha, soon())


def test_what_changed_and_what_starts(clone: Path) -> None:
    assert _asked(clone, "docs") == Found(PushFilter(("README.md", "docs/\u00e9 \n.md"), (FILTER,)))
    assert _asked(clone, "code") == Found(PushFilter(("src/app.py",), (FILTER,)))
    below = at(clone / "docs").push_filter(REPOSITORY, git(clone, "rev-parse", "code"), soon())
    assert below == _asked(clone, "code")


def test_a_merge_brings_what_its_first_parent_lacks(clone: Path) -> None:
    """A renamed file is one that went and one that came; workflows are those of that commit."""
    merge = _asked(clone, "merge")
    assert isinstance(merge, Found)
    assert merge.value.changed == ("app.py", "docs/a.md", "src/app.py")
    nightly = ".github/workflows/nightly.yaml"
    assert merge.value.workflows == (FILTER, WorkflowFilter(nightly, nightly))


@pytest.mark.parametrize(
    "name", ["root", "broken", "large", "many-large", "many-small", "many", "empty"]
)
def test_where_nobody_can_tell(clone: Path, name: str) -> None:
    assert _asked(clone, name) == Nothing()


def test_a_bomb_does_nothing(clone: Path) -> None:
    bomb = _asked(clone, "bomb")
    assert isinstance(bomb, Found)
    (workflow,) = bomb.value.workflows
    assert (workflow.paths, workflow.jobs) == (("x",), ("a",))


def test_clones_that_lack_something(origin: Path, clone: Path, tmp_path: Path) -> None:
    shallow = cloned(origin, tmp_path / "shallow", "--depth=1", "--branch=code")
    assert _asked(shallow, "HEAD") == Nothing()
    assert _asked(shallow, "HEAD", clone) == _asked(clone, "code")
    partial = cloned(origin, tmp_path / "partial", "--filter=blob:none", "--no-checkout")
    rule = f"url.{origin.as_uri()}.insteadOf"  # what it lacks it could fetch
    git(partial, "config", rule, "https://github.com/acme/shop.git")
    sha = git(clone, "rev-parse", "code")
    with pytest.raises(SourceError, match="git failed"):
        at(partial).push_filter(REPOSITORY, sha, soon())
    assert at(partial, clone).push_filter(REPOSITORY, sha, soon()) == _asked(clone, "code")
    absent = at(partial, clone).push_filter(REPOSITORY, ABSENT, soon())
    assert absent == Nothing()
    assert at(clone).push_filter(REPOSITORY, "--output=x", soon()) == Nothing()
    with pytest.raises(SourceError) as fault:
        at(clone).push_filter("acme/other", sha, soon())
    assert fault.value.problem.code == "no-clone"
    assert not isinstance(absent, Unknown)
