"""Which repository a remote's URL names: every form of git's, and what only looks like one."""

import pytest

from whatsrunning.sources.git.remotes import remotes_of, repository_of

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
    ]
    assert list(remotes_of(settings, "github.com").items()) == [
        ("acme/shop", "origin"),
        ("acme/mirror", "origin"),
        ("eve/shop", "fork"),
        ("acme/tools", "gh"),
    ]
