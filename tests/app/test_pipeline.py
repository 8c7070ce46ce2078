"""The scope that follows from a command line."""

from datetime import UTC, datetime, timedelta

import pytest

from whatsrunning.app.pipeline import Request, live_scope, scope_for
from whatsrunning.config.options import Flags, resolve
from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.contexts.resolve import ResolvedContext
from whatsrunning.facts.answers import Problem
from whatsrunning.facts.scope import Scope, Target
from whatsrunning.sources.github.access import GithubAccess

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("command", "arguments", "services", "argument"),
    [
        ("ps", ("web", "worker"), ("web", "worker"), ""),
        ("ps", (), (), ""),
        ("show", ("web-1",), (), "web-1"),
        ("has", ("412",), (), "412"),
        ("rollback-plan", ("web",), ("web",), "web"),
    ],
    ids=["ps of services", "ps of all", "show", "has", "rollback-plan"],
)
def test_what_the_arguments_are(
    command: str, arguments: tuple[str, ...], services: tuple[str, ...], argument: str
) -> None:
    flags = Flags(since="2h", all_containers=True)
    saved = Scope("diff", (Target("prod", "tcp://h:1", "-c prod"),), services=("db",), argument="x")
    scope = scope_for(Request(command, arguments, flags), resolve(flags, {}, False, NOW), saved)
    assert (scope.command, scope.services, scope.argument) == (command, services, argument)
    assert (scope.all_containers, scope.save) == (True, False)
    assert scope.since == NOW - timedelta(hours=2)
    assert scope.targets == saved.targets


def test_a_live_look_names_its_engines_and_what_it_may_reach() -> None:
    flags = Flags(repo="acme/shop", offline=True)
    options = resolve(flags, {}, False, NOW)
    endpoint = Endpoint("tcp", host="h", port=1)
    broken = Problem("engine", "old", "corrupt-file", "meta.json is not JSON")
    engines = (
        ResolvedContext("prod", endpoint, "-c prod"), ResolvedContext("old", broken, "-c old"),
    )  # fmt: skip
    github = GithubAccess("https://ghe.acme.com/api/v3", "ghe.acme.com", "s3cret")
    scope = live_scope(Request("ps", (), flags), options, github, engines)
    assert scope.targets == (Target("prod", "tcp://h:1", "-c prod"), Target("old", "", "-c old"))
    assert (scope.github_host, scope.github_token) == ("ghe.acme.com", True)
    assert (scope.project, scope.offline) == ("acme/shop", True)
    assert "s3cret" not in repr(scope)
