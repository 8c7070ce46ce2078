"""Which repository a remote's URL names: every form of git's, and what only looks like one."""

import pytest

from whatsrunning.names.repository import is_owner_name
from whatsrunning.sources.git.remotes import (
    Remotes,
    Said,
    names_of,
    place_of,
    remotes_of,
    repository_of,
)

OURS = [
    "https://github.com/acme/shop.git",
    "https://github.com/acme/shop",
    "https://github.com/acme/shop/",
    "https://GitHub.com/acme/shop.git",
    "https://octocat:ghp_secret@github.com/acme/shop.git",
    "http://github.com:80/acme/shop.git",
    "git@github.com:acme/shop.git",
    "github.com:acme/shop",
    "git@github.com:/acme/shop.git",
    "ssh://git@github.com/acme/shop.git",
    "ssh://git@ssh.github.com:443/acme/shop.git",
    "git+ssh://git@github.com/acme/shop.git",
    "git://github.com/acme/shop.git",
]


NOT_OURS = [
    "",
    "/srv/git/acme/shop.git",
    "../shop.git",
    "file:///github.com/acme/shop.git",
    "ext::sh -c github.com:acme/shop",
    "https://gitlab.com/acme/shop.git",
    "https://github.com.evil.example/acme/shop.git",
    "https://evil.example/github.com/acme/shop.git",
    "https://github.com@evil.example/acme/shop.git",
    "https://evil.example#@github.com/acme/shop.git",
    "https://evil.example?@github.com/acme/shop.git",
    "git@evil.example:github.com/acme/shop.git",
    "https://github.com/acme",
    "https://github.com/acme/shop/tree/main",
    "https://github.com/acme/..",
    "https://github.com/a b/shop",
    "https://[github.com/acme/shop",
    "git@github.com:acme:shop",
]


@pytest.mark.parametrize("url", OURS)
def test_every_form_of_our_remote_is_known(url: str) -> None:
    assert repository_of(url, "github.com") == "acme/shop"


@pytest.mark.parametrize("url", NOT_OURS)
def test_what_is_not_on_github_names_no_repository(url: str) -> None:
    assert repository_of(url, "github.com") == ""


def test_an_enterprise_host_is_the_only_one_that_counts() -> None:
    assert repository_of("git@git.acme.example:Acme/Shop.git", "git.acme.example") == "Acme/Shop"
    assert repository_of("https://git.acme.example:8443/a/b", "git.acme.example:8443") == "a/b"
    assert repository_of("https://github.com/acme/shop", "git.acme.example") == ""


def test_origin_comes_first_and_a_shortened_url_is_known_too() -> None:
    settings = [
        ("remote.fork.url", "https://github.com/eve/shop.git"),
        ("remote.gh.url", "gh:acme/tools"),
        ("url.git@github.com:.insteadof", "gh:"),
        ("url.https://elsewhere.example/.insteadof", "https://github.com/"),
        ("remote.origin.url", "https://github.com/acme/shop.git"),
        ("remote.origin.url", "git@github.com:acme/mirror.git"),
        ("remote.lab.url", "lab:acme/shop"),
        ("url.https://gitlab.com/.insteadof", "lab:"),
    ]
    remotes = remotes_of(settings, "github.com")
    assert (remotes.elsewhere, remotes.first) == ({"gitlab.com/acme/shop": "lab"}, "origin")
    assert list(remotes.github.items()) == [
        ("acme/shop", "origin"),
        ("acme/mirror", "origin"),
        ("eve/shop", "fork"),
        ("acme/tools", "gh"),
    ]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://gitlab.com/acme/shop.git", "gitlab.com/acme/shop"),
        ("https://me:s3cret@GitLab.com:8443/acme/group/shop/", "gitlab.com/acme/group/shop"),
        ("work:acme/shop.git", "work/acme/shop"),
        ("git@work:acme/shop", "work/acme/shop"),
        ("ssh://git@git.acme.example:2222/~ada/shop.git", "git.acme.example/~ada/shop"),
        ("git@git.acme.example:/srv//git/shop.git", "git.acme.example/srv/git/shop"),
        ("https://a@dev.azure.com/a/My%20Shop/_git/b", "dev.azure.com/a/My%20Shop/_git/b"),
        ("git.acme.example:shop", "git.acme.example/shop"),
    ],
)  # fmt: skip
def test_a_remote_elsewhere_is_named_by_host_and_path(url: str, place: str) -> None:
    assert place_of(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "", "/srv/git/shop.git", "../shop.git", "file:///srv/git/shop.git", "shop.bundle",
        "ext::sh -c work:acme/shop", "https://gitlab.com/", "https://gitlab.com/acme/../shop",
        "https://s3cret/x@gitlab.com/acme/shop", "https://s3cret@gitlab.com?x=@y/acme/shop",
        "https://me:s3/cret@gitlab.com/acme/shop", "https://[::1]/acme/shop",
        "git@work:acme/sh\x1b[31mop", "git@work:acme/sh\u202eop", "work:a b/shop",
        "-oProxyCommand=x:acme/shop", f"work:acme/{'x' * 300}", "me@s3cret@work:acme/shop",
        "work:shop",
    ],
)  # fmt: skip
def test_what_is_no_sane_place_names_nothing(url: str) -> None:
    """The last could be the repository `work/shop` at GitHub, which the token goes to."""
    assert place_of(url) == ""


def test_no_place_can_be_taken_for_a_repository_at_github() -> None:
    assert not is_owner_name(place_of("work:acme/shop"))


FORK = Remotes({"eve/shop": "origin", "acme/shop": "upstream"}, first="origin")
LAB = Remotes({}, {"gitlab.com/acme/shop": "origin"}, "origin")
BOTH = Remotes({"acme/shop": "hub"}, {"gitlab.com/acme/shop": "origin"}, "origin")
NONE = Remotes()


@pytest.mark.parametrize(
    ("remotes", "said", "expected"),
    [
        (FORK, Said(), [("eve/shop", "origin"), ("acme/shop", "upstream")]),
        (BOTH, Said(), [("acme/shop", "hub"), ("gitlab.com/acme/shop", "origin")]),
        (LAB, Said(), [("gitlab.com/acme/shop", "origin")]),
        (NONE, Said(), [("/src/shop", "")]),
        (Remotes(first="old"), Said(), [("/src/shop", "old")]),
        (FORK, Said(option="Acme/Shop"), [("Acme/Shop", "upstream"), ("eve/shop", "origin")]),
        (FORK, Said(option="acme/zoo"), [("eve/shop", "origin"), ("acme/shop", "upstream")]),
        (LAB, Said(option="a/b"), [("a/b", "origin"), ("gitlab.com/acme/shop", "origin")]),
        (NONE, Said(option="a/b"), [("a/b", "")]),
        (
            FORK, Said(("a/b",)),
            [("a/b", "origin"), ("eve/shop", "origin"), ("acme/shop", "upstream")],
        ),
        (NONE, Said(("a/b", "a/c"), "a/d"), [("a/b", ""), ("a/c", "")]),
        (NONE, Said(("a/b", "a/c"), "A/C"), [("A/C", ""), ("a/b", "")]),
    ],
    ids=[
        "a fork", "GitHub before elsewhere", "elsewhere alone", "no remote", "a nameless remote",
        "-R is upstream", "-R in the wrong folder", "-R of what is elsewhere", "-R without remotes",
        "configuration is believed", "-R against configuration", "-R is one of several configured",
    ],
)  # fmt: skip
def test_the_names_of_a_clone(
    remotes: Remotes, said: Said, expected: list[tuple[str, str]]
) -> None:
    assert list(names_of(remotes, said, "/src/shop").items()) == expected
