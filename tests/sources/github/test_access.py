"""Where the API is and which token goes there, from the environment alone."""

import os
import time
from pathlib import Path

import pytest

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.github.access import GithubAccess, access_from, gh_token, token_variable

SECRET = "ghp_s3cret"


def _access(**env: str) -> GithubAccess:
    access = access_from(env, ["Acme/Shop"])
    assert isinstance(access, GithubAccess)
    return access


@pytest.mark.parametrize(
    ("env", "api_url", "host"),
    [
        ({}, "https://api.github.com", "github.com"),
        ({"GITHUB_API_URL": "https://api.github.com/"}, "https://api.github.com", "github.com"),
        ({"GH_HOST": "github.com"}, "https://api.github.com", "github.com"),
        ({"GH_HOST": "GHE.acme.com"}, "https://ghe.acme.com/api/v3", "ghe.acme.com"),
        ({"GH_HOST": "acme.ghe.com"}, "https://api.acme.ghe.com", "acme.ghe.com"),
        (
            {"GITHUB_API_URL": "https://ghe.acme.com:8443/api/v3", "GH_HOST": "other.com"},
            "https://ghe.acme.com:8443/api/v3",
            "ghe.acme.com:8443",
        ),
        ({"GITHUB_API_URL": "http://127.0.0.1:8080"}, "http://127.0.0.1:8080", "github.com"),
        ({"GITHUB_API_URL": "http://[::1]:8080"}, "http://[::1]:8080", "github.com"),
        (
            {
                "GITHUB_API_URL": "http://127.0.0.1:1",
                "HTTP_PROXY": "http://proxy:3128",
                "NO_PROXY": "acme.com,127.0.0.1",
            },
            "http://127.0.0.1:1",
            "github.com",
        ),
        (
            {"GITHUB_API_URL": "http://localhost:8080/api/v3", "GH_HOST": "ghe.acme.com"},
            "http://localhost:8080/api/v3",
            "ghe.acme.com",
        ),
    ],
    ids=[
        "nothing",
        "GitHub's own address",
        "GitHub by host",
        "an enterprise server",
        "data residency",
        "an address before a host",
        "a tunnel",
        "a tunnel by IPv6",
        "a tunnel past a proxy",
        "a tunnel to an enterprise server",
    ],
)
def test_the_environment_names_the_api(env: dict[str, str], api_url: str, host: str) -> None:
    access = _access(**env)
    assert (access.api_url, access.host) == (api_url, host)


@pytest.mark.parametrize(
    ("env", "subject"),
    [
        ({"GITHUB_API_URL": "http://api.github.com"}, "GITHUB_API_URL"),
        ({"GITHUB_API_URL": "http://127.0.0.1.evil.com"}, "GITHUB_API_URL"),
        ({"GITHUB_API_URL": "https://me:hidden@ghe.acme.com"}, "GITHUB_API_URL"),
        ({"GITHUB_API_URL": "https://ghe.acme.com?token=hidden"}, "GITHUB_API_URL"),
        ({"GITHUB_API_URL": "ftp://ghe.acme.com"}, "GITHUB_API_URL"),
        ({"GITHUB_API_URL": "https://"}, "GITHUB_API_URL"),
        ({"GITHUB_API_URL": "https://ghe.acme.com:port"}, "GITHUB_API_URL"),
        ({"GITHUB_API_URL": "https://[::1"}, "GITHUB_API_URL"),
        ({"GITHUB_API_URL": "http://127.0.0.1:1", "http_proxy": "hidden"}, "GITHUB_API_URL"),
        ({"GH_HOST": "evil.com/path"}, "GH_HOST"),
        ({"GH_TOKEN": "two hidden\nlines"}, "GH_TOKEN"),
        ({"GITHUB_TOKEN": "hidden\u00e9"}, "GITHUB_TOKEN"),
    ],
    ids=[
        "not encrypted",
        "a name that begins as loopback",
        "a user",
        "a query",
        "another scheme",
        "no host",
        "a port of letters",
        "half an IPv6 address",
        "through a proxy",
        "a path in the host",
        "a token of two lines",
        "a token of other letters",
    ],
)
def test_a_setting_that_cannot_be_used_is_named_but_not_shown(
    env: dict[str, str], subject: str
) -> None:
    access = access_from(env, [])
    assert isinstance(access, Problem)
    assert (access.source, access.subject, access.code) == ("github", subject, "bad-setting")
    assert subject in access.message
    assert access.hint
    assert "hidden" not in repr(access)


def test_the_first_token_wins_and_gh_is_asked_last() -> None:
    asked: list[str] = []

    def gh(host: str) -> str:
        asked.append(host)
        return "from-gh\n"

    both = {"GH_TOKEN": "first", "GITHUB_TOKEN": "second", "GH_HOST": "ghe.acme.com"}
    tokens = []
    for _ in range(3):
        access = access_from(both, [], gh)
        assert isinstance(access, GithubAccess)
        tokens.append(access.token)
        both.pop("GH_TOKEN" if "GH_TOKEN" in both else "GITHUB_TOKEN", None)
    assert tokens == ["first", "second", "from-gh"]
    assert asked == ["ghe.acme.com"]


def test_the_token_is_for_named_repositories_and_never_shown() -> None:
    access = _access(GH_TOKEN=SECRET)
    assert access.token_for("acme/shop") == access.token_for("ACME/SHOP") == SECRET
    assert access.token_for("acme/other") == access.token_for("evil/shop") == ""
    assert SECRET not in repr(access) + str(access)


@pytest.mark.parametrize(
    ("script", "token"),
    [
        ('[ "$*" = "auth token --hostname ghe.acme.com" ] && echo from-gh', "from-gh"),
        ("echo no; exit 1", ""),
        ("sleep 60 & sleep 60", ""),
    ],
    ids=["it has one", "it has none", "it hangs, and what it started"],
)
def test_gh_gives_its_token_or_is_killed_at_the_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, token: str
) -> None:
    program = tmp_path / "gh"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    began = time.monotonic()
    assert gh_token("ghe.acme.com", Deadline.after(2 if "sleep" in script else 30)) == token
    assert time.monotonic() - began < 25


@pytest.mark.parametrize(
    ("env", "variable"),
    [
        pytest.param({}, "", id="none"),
        pytest.param({"GITHUB_TOKEN": "x"}, "GITHUB_TOKEN", id="the second"),
        pytest.param({"GH_TOKEN": "x", "GITHUB_TOKEN": "y"}, "GH_TOKEN", id="the first of both"),
        pytest.param({"GH_TOKEN": " ", "GITHUB_TOKEN": "y"}, "GITHUB_TOKEN", id="a blank is none"),
    ],
)
def test_the_variable_of_the_token_is_known(env: dict[str, str], variable: str) -> None:
    assert token_variable(env) == variable


def test_without_gh_there_is_nobody_to_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gh_token("github.com", Deadline.after(5)) == ""
