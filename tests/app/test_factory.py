"""What opens each source, and what is not opened at all."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.world.git_writer import git
from whatsrunning.app.factory import (
    github_access,
    has_token,
    recorded_engines,
    said_of_clones,
    sources,
)
from whatsrunning.config.options import Flags, Options, resolve
from whatsrunning.contexts.resolve import ResolvedContext
from whatsrunning.facts.answers import Problem
from whatsrunning.facts.git import CloneFacts
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.facts.scope import Target
from whatsrunning.gather.gather import Sources


def soon() -> Deadline:
    """A minute from now."""
    return Deadline.after(60)


TOKEN = {"GH_TOKEN": "s3cret", "PATH": ""}


def options(env: dict[str, str] | None = None, **flags: Any) -> Options:
    return resolve(Flags(**flags), env or {}, False, datetime(2026, 2, 1, tzinfo=UTC))


def opened(options: Options, *engines: ResolvedContext) -> Sources:
    return sources(options, github_access(options, soon()), engines, soon())


def refused(opener: Callable[[], Any]) -> Problem:
    with pytest.raises(SourceError) as caught:
        opener()
    return caught.value.problem


@pytest.mark.parametrize("source", ["registry", "github"])
def test_offline_opens_nothing_that_is_not_here(source: str) -> None:
    problem = refused(getattr(opened(options(offline=True)), source))
    assert (problem.source, problem.code) == (source, "offline")
    assert problem.hint == "leave --offline out"


def test_an_engine_of_a_broken_context_says_what_is_wrong_with_it() -> None:
    broken = Problem("engine", "prod", "corrupt-file", "meta.json is not JSON")
    engines = opened(options(), ResolvedContext("prod", broken, "-c prod")).engines
    assert refused(engines["prod"]) == broken


def test_an_engine_of_a_saved_look_is_never_asked() -> None:
    engines = recorded_engines((Target("prod", "tcp://prod:2375", "-c prod"),))
    problem = refused(engines["prod"])
    assert (problem.subject, problem.code) == ("prod", "not-recorded")


def test_github_that_cannot_be_reached_says_so() -> None:
    problem = refused(opened(options({"GH_HOST": "no host"})).github)
    assert (problem.source, problem.subject) == ("github", "GH_HOST")


@pytest.mark.parametrize(
    ("env", "expected"), [(TOKEN, True), ({"PATH": ""}, False), ({"GH_HOST": "no host"}, False)],
    ids=["a token", "no token", "no way to GitHub"],
)  # fmt: skip
def test_whether_there_is_a_token(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], expected: bool
) -> None:
    monkeypatch.setenv("PATH", "")  # no `gh` of this machine
    assert has_token(github_access(options(env), soon())) == expected


def test_a_token_is_for_the_repositories_that_were_named() -> None:
    access = github_access(options(TOKEN, repo="acme/shop"), soon())
    assert not isinstance(access, Problem)
    assert access.token_for("acme/shop") == "s3cret"
    assert access.token_for("evil/shop") == ""


def test_a_token_is_never_for_a_repository_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("gitlab.com/acme/shop", "/srv/git/shop", "acme/cart")
    clone = CloneFacts("/src/shop", names, False, "main", "a" * 40, None)
    target = "whatsrunning.sources.git.client.ClonedGit.clones"
    monkeypatch.setattr(target, lambda *_: (clone,))
    monkeypatch.setattr("whatsrunning.sources.github.client.GithubClient", lambda access: access)
    access: Any = opened(options(TOKEN, repo="acme/shop")).github()
    assert access.token_repositories == {"acme/shop", "acme/cart"}


CONFIGURED = """
[repos."acme/shop"]
clone = "{0}/shop"
[repos."acme/api"]
clone = "{0}/shop"
[repos."acme/zoo"]
gates = ["test"]
"""


@pytest.mark.parametrize(
    ("clones", "configured", "option"),
    [
        ((), False, "."),
        (("a",), False, "a"),
        (("a", "a/../a"), False, "a"),
        (("a", "b"), False, ""),
        ((), True, ""),
        (("a",), True, "a"),
        (("shop",), True, "shop"),
    ],
    ids=[
        "the working directory", "the one of -C", "one twice", "one of two",
        "the working directory, or the configured one", "the one of -C, not the configured one",
        "both said of one",
    ],
)  # fmt: skip
def test_what_the_user_said_of_clones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clones: tuple[str, ...],
    configured: bool, option: str,
) -> None:  # fmt: skip
    for name in ("a", "b", "shop"):
        (tmp_path / name).mkdir()
    (tmp_path / "config.toml").write_text(CONFIGURED.format(tmp_path) if configured else "")
    monkeypatch.chdir(tmp_path)
    said = said_of_clones(options(config="config.toml", clones=clones, repo="acme/other"))
    given = {os.path.abspath(path) for path, words in said.items() if words.option}
    assert given == ({str(tmp_path / option)} if option else set())
    assert {words.option for words in said.values()} <= {"acme/other", ""}
    named = {os.path.abspath(path) for path, words in said.items() if words.named}
    assert named == {os.path.abspath(path) for path in clones}
    believed = {path: words.configured for path, words in said.items() if words.configured}
    names = ("acme/shop", "acme/api")
    paths = {f"{tmp_path}/shop", *({"shop"} & {*clones})} if configured else ()
    assert believed == dict.fromkeys(paths, names)
    assert not any(words.option for words in said_of_clones(options(config="config.toml")).values())


def test_a_clone_has_the_name_that_the_user_gave_it_and_never_one_of_github_by_chance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "clone")
    git(tmp_path / "clone", "remote", "add", "origin", "work:shop.git")
    monkeypatch.chdir(tmp_path / "clone")
    env = {**TOKEN, "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    for repo, name in (("acme/shop", "acme/shop"), ("", f"{tmp_path}/clone")):
        (facts,) = opened(options(env, repo=repo)).git().clones(soon())
        assert facts.repositories == (name,)


def test_a_working_directory_that_is_gone_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    (facts,) = opened(options(env, repo="acme/shop")).git().clones(soon())
    assert facts.problem == ".: the working directory is gone (change to a folder that is there)"


def test_one_registry_for_all_threads() -> None:
    registry = opened(options()).registry
    assert registry() is registry()
