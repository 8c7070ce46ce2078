"""GitHub refusing, silent, lying or not there: a problem in words, in time, without a secret."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.world.certificates import new_authority
from tests.world.github import GitHubProcess, github_here, start_github
from tests.world.github.at_hand import REPOSITORY, TOKEN, github_at, history, soon
from whatsrunning.facts.answers import Nothing, Problem, Unknown
from whatsrunning.facts.git import Base, Head
from whatsrunning.facts.github import Github
from whatsrunning.facts.query import Deadline, SourceError

RESET = "2033-05-18T03:33:20Z"
CALLS: dict[str, Callable[[Github, str, Deadline], object]] = {
    "commits": lambda github, name, deadline: github.commits(name, [history().head], deadline),
    "prefixes": lambda github, name, deadline: github.prefixes(
        name, [history().head[:7]], deadline
    ),
    "graph": lambda github, name, deadline: github.graph(name, deadline),
    "compare": lambda github, name, deadline: github.compare(
        name, Base("a" * 40), Head("b" * 40), deadline
    ),
    "pull": lambda github, name, deadline: github.pull(name, 31, deadline),
    "reference": lambda github, name, deadline: github.reference(name, "main", deadline),
    "runs": lambda github, name, deadline: github.runs(name, history().head, deadline),
    "required": lambda github, name, deadline: github.required(name, deadline),
    "deployments": lambda github, name, deadline: github.deployments(name, deadline),
}

WITH_AND_WITHOUT = pytest.mark.parametrize("token", [TOKEN, ""], ids=["token", "without"])


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHubProcess]:
    """A stand-in for faults; every test switches its own on."""
    with github_here(history(), tmp_path_factory.mktemp("github"), token=TOKEN) as github:
        yield github
    assert github.violations() == []


def _problem(
    asker: Github,
    call: str = "commits",
    deadline: Deadline | None = None,
    repository: str = REPOSITORY,
) -> Problem:
    with pytest.raises(SourceError) as caught:
        CALLS[call](asker, repository, deadline or soon())
    problem = caught.value.problem
    assert (problem.source, problem.subject) == ("github", repository)
    assert problem.hint
    assert TOKEN not in repr(caught.value) + repr(problem) + caught.exconly()
    return problem


FAULTS = {
    "rate-limited": ("rate-limited", RESET),
    "rate-limited-429": ("rate-limited", RESET),
    "secondary-limit": ("rate-limited", "until 20"),
    "token-refused": ("token-refused", "refused the token"),
    "sso": ("forbidden", "SSO"),
    "forbidden": ("forbidden", "does not let us read"),
    "server-error": ("server-error", "HTTP 500"),
    "bad-gateway": ("server-error", "HTTP 502"),
    "junk": ("bad-reply", "not GitHub's API"),
    "junk-error": ("bad-reply", "not GitHub's API"),
    "page": ("bad-reply", "not GitHub's API"),
    "empty": ("bad-reply", "not GitHub's API"),
    "wrong-types": ("bad-reply", "not GitHub's API"),
    "list": ("bad-reply", "not GitHub's API"),
    "elsewhere": ("redirected", "another host"),
    "circle": ("redirected", "in a circle"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
@WITH_AND_WITHOUT
def test_a_fault_is_a_problem_in_words(
    github: GitHubProcess, fault: str, call: str, token: str
) -> None:
    code, words = FAULTS[fault]
    github.fault(fault)
    began = time.monotonic()
    problem = _problem(github_at(github, token), call)
    assert problem.code == code
    assert words in problem.message
    assert "127.0.0.1" in problem.message or fault == "sso"
    assert time.monotonic() - began < 50, "a limit of an hour or a minute was waited for"


def test_a_query_that_github_gives_up_is_a_fault_of_its_own(github: GitHubProcess) -> None:
    """GitHub ends what took too long by 502, with errors in GraphQL's form."""
    github.fault("bad-gateway-query")
    problem = _problem(github_at(github), "graph")
    assert problem.code == "server-error"
    assert "HTTP 502" in problem.message


def test_a_limit_inside_graphql_is_a_limit(github: GitHubProcess) -> None:
    github.fault("rate-limited-query")
    problem = _problem(github_at(github), "graph")
    assert problem.code == "rate-limited"
    assert RESET in problem.message


def test_hints_name_the_next_step(github: GitHubProcess) -> None:
    github.fault("rate-limited")
    assert "GH_TOKEN" not in _problem(github_at(github), "runs").hint
    assert f"set GH_TOKEN and name {REPOSITORY}" in _problem(github_at(github, ""), "runs").hint
    github.fault("forbidden")
    assert _problem(github_at(github), "runs").hint.endswith("checks=read")


@pytest.mark.parametrize("call", CALLS)
@WITH_AND_WITHOUT
def test_an_unknown_repository_is_named_by_every_call(
    github: GitHubProcess, call: str, token: str
) -> None:
    github.fault()
    asker = github_at(github, token, ["acme/nosuch"])
    problem = _problem(asker, call, repository="acme/nosuch")
    assert problem.code == "repository-not-found"
    assert "shows no repository acme/nosuch" in problem.message
    assert ("private" in problem.hint) == (token == "")


def test_a_refused_repository_costs_one_request(github: GitHubProcess) -> None:
    github.fault()
    github.forget()
    asker = github_at(github, "")
    for call in ("runs", "pull", "graph", "required"):
        problem = _problem(asker, call, repository="acme/nosuch")
        assert problem.code == "repository-not-found"
    assert github.requests() == [("GET", "/repos/acme/nosuch")]


def test_an_error_about_one_commit_leaves_the_others(github: GitHubProcess) -> None:
    github.fault("one-forbidden")
    first, second = list(history().commits)[:2]
    answers = github_at(github).commits(REPOSITORY, [first, second], soon())
    assert answers[second] == Nothing()
    unknown = answers[first]
    assert isinstance(unknown, Unknown)
    assert unknown.problem.code == "forbidden"
    github.fault("sso-query")
    assert "SSO" in _problem(github_at(github)).message


def test_a_private_repository_is_shown_only_with_the_token(tmp_path: Path) -> None:
    with github_here(history(), tmp_path, token=TOKEN, private=True) as github:
        assert github_at(github).graph(REPOSITORY, soon()).head == history().head
        assert _problem(github_at(github, ""), "graph").code == "repository-not-found"
        assert _problem(github_at(github, "another-token"), "runs").code == "token-refused"
        assert github.violations() == []


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "name",
    ["gitlab.com/acme/shop", "git.acme.com:8443/shop", "/srv/git/shop.git", "shop", "a/b/c", "../x",
     "acme/..", "acme/s hop", "acme/x?y", ""],
)  # fmt: skip
def test_what_is_not_at_github_is_never_asked(github: GitHubProcess, call: str, name: str) -> None:
    github.fault()
    github.forget()
    problem = _problem(github_at(github, TOKEN, [name]), call, repository=name)
    assert problem.code == "other-forge"
    words = "is not at GitHub: pull requests and CI are not looked up"
    assert problem.message == f"{name} {words}"
    assert github.requests() == []


def test_a_frozen_server_costs_no_more_than_the_deadline() -> None:
    github = start_github(history(), token=TOKEN)
    try:
        asker = github_at(github)
        assert asker.graph(REPOSITORY, soon()).whole
        github.freeze()
        began = time.monotonic()
        for call in ("commits", "runs"):
            assert _problem(asker, call, Deadline.after(1)).code == "timeout"
        assert time.monotonic() - began < 12
        assert _problem(asker, "graph", Deadline.after(0)).code == "timeout"
        github.thaw()
        assert asker.graph(REPOSITORY, soon()).whole
    finally:
        github.stop()


def test_a_refused_connection_is_unreachable_and_nothing_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, never listening
        problem = _problem(github_at(f"http://127.0.0.1:{taken.getsockname()[1]}"))
    assert problem.code == "unreachable"
    assert "no connection to 127.0.0.1" in problem.message
    assert [record for record in caplog.records if record.levelname != "DEBUG"] == []


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    pair = new_authority(tmp_path / "ca").issue("github")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_shake_hands, args=(server, context), daemon=True)
        thread.start()
        problem = _problem(github_at(f"https://127.0.0.1:{server.getsockname()[1]}"))
        server.shutdown(socket.SHUT_RDWR)
    assert problem.code == "certificate"
    assert "REQUESTS_CA_BUNDLE" in problem.hint


def _shake_hands(server: socket.socket, context: ssl.SSLContext) -> None:
    """Try TLS with whoever comes, until the listener is closed."""
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        with client:
            try:
                context.wrap_socket(client, server_side=True)
            except OSError:
                continue


def test_no_tls_where_tls_is_asked_for(github: GitHubProcess) -> None:
    assert _problem(github_at(github.url.replace("http:", "https:"))).code == "unreachable"


def test_a_slow_server_is_waited_for(github: GitHubProcess) -> None:
    github.fault("slow", seconds=0.3)
    assert github_at(github).graph(REPOSITORY, soon()).head == history().head
    github.fault()
