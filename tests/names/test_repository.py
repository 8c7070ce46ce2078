"""GitHub repositories as people write them, and what only looks like one."""

import pytest

from whatsrunning.names.repository import (
    ghcr_name,
    in_path,
    is_owner_name,
    is_part,
    owner_name,
    same_owner,
    same_repository,
)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("acme/shop", id="organization"),
        pytest.param("Acme-2/Shop.js", id="letters, digits, hyphen, dot"),
        pytest.param("a/_", id="one character each"),
        pytest.param("acme/-._", id="a name of signs alone"),
        pytest.param("acme/..shop", id="a name that begins with dots"),
        pytest.param("octocat_acme/shop", id="managed user"),
        pytest.param("octo-cat_acme2/shop", id="managed user with a hyphen"),
        pytest.param("o" * 39 + "/" + "s" * 100, id="as long as GitHub allows"),
        pytest.param("o" * 34 + "_acme/shop", id="managed user as long as GitHub allows"),
    ],
)
def test_a_repository_of_github_is_one(name: str) -> None:
    assert is_owner_name(name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="nothing"),
        pytest.param("shop", id="no owner"),
        pytest.param("/shop", id="an empty owner"),
        pytest.param("acme/", id="an empty name"),
        pytest.param("a/b/c", id="three parts"),
        pytest.param("../x", id="a folder above as owner"),
        pytest.param("acme/..", id="a folder above as name"),
        pytest.param("acme/.", id="this folder as name"),
        pytest.param("-acme/shop", id="an option"),
        pytest.param("_acme/shop", id="a short code alone"),
        pytest.param("octocat_/shop", id="an empty short code"),
        pytest.param("a_b_c/shop", id="two short codes"),
        pytest.param("acme.inc/shop", id="a dot in the owner"),
        pytest.param("acme/s hop", id="a blank"),
        pytest.param("acme/shop\n", id="a line end"),
        pytest.param("acme/x?y", id="a query"),
        pytest.param("acme/\u0441hop", id="a letter that only looks Latin"),
        pytest.param("o" * 40 + "/shop", id="an owner too long"),
        pytest.param("o" * 35 + "_acme/shop", id="a managed user too long"),
        pytest.param("acme/" + "s" * 101, id="a name too long"),
    ],
)
def test_what_is_no_repository_is_refused(name: str) -> None:
    assert not is_owner_name(name)


@pytest.mark.parametrize(
    ("text", "host", "project"),
    [
        ("acme/shop", "github.com", "acme/shop"),
        ("https://github.com/acme/shop", "github.com", "acme/shop"),
        ("https://www.github.com/Acme/shop.git", "github.com", "Acme/shop"),
        ("https://github.com/acme/shop/tree/main", "github.com", "acme/shop"),
        ("git@github.com:acme/shop.git", "github.com", "acme/shop"),
        ("ssh://git@ssh.github.com:443/acme/shop.git", "github.com", "acme/shop"),
        ("https://git.corp/acme/shop", "git.corp", "acme/shop"),
        ("https://git.corp:8443/acme/shop", "git.corp:8443", "acme/shop"),
        ("octocat_acme/shop", "github.com", "octocat_acme/shop"),
        ("https://github.com/octocat_acme/shop.git", "github.com", "octocat_acme/shop"),
        ("https://gitlab.com/acme/shop", "github.com", ""),
        ("https://github.com.evil.test/acme/shop", "github.com", ""),
        ("https://github.com@evil.test/acme/shop", "github.com", ""),
        ("https://github.com/acme", "github.com", ""),
        ("https://[", "github.com", ""),
        ("acme/../shop", "github.com", ""),
        ("acme/..", "github.com", ""),
        ("acme/.git", "github.com", ""),
        ("https://github.com/acme/.git", "github.com", ""),
        ("", "github.com", ""),
    ],
)
def test_owner_name(text: str, host: str, project: str) -> None:
    assert owner_name(text, host) == project


@pytest.mark.parametrize(
    ("repository", "ghcr", "is_shop"),
    [
        ("ghcr.io/acme/shop", "acme/shop", True),
        ("ghcr.io/acme/shop/web", "acme/shop", True),
        ("ghcr.io/shop", "", False),
        ("localhost:5000/acme/shop", "", True),
        ("registry.test/my-acme/shop", "", False),
        ("docker.io/library/web", "", False),
        ("localhost/web", "", False),
        ("", "", False),
    ],
)
def test_what_an_image_repository_tells(repository: str, ghcr: str, is_shop: bool) -> None:
    assert (ghcr_name(repository), in_path(repository, "Acme/Shop")) == (ghcr, is_shop)


@pytest.mark.parametrize(
    ("repository", "project", "inside"),
    [
        pytest.param("registry.test/acme/shop", "acme/shop", True, id="OWNER/NAME"),
        pytest.param("registry.test/Acme/SHOP", "acme/shop", True, id="in another case"),
        pytest.param("registry.test/acme/shop/web", "acme/shop", True, id="with a part behind"),
        pytest.param("registry.test/a/acme/shop", "acme/shop", True, id="with a folder before"),
        pytest.param("registry.test/acme/shop-web", "acme/shop", False, id="a longer name"),
        pytest.param("registry.test/acme/x/shop", "acme/shop", False, id="no neighbours"),
        pytest.param("acme/shop", "acme/shop", False, id="the host is no part of the path"),
        pytest.param(
            "registry.gitlab.com/acme/shop", "gitlab.com/acme/shop", True, id="host/path"
        ),
        pytest.param(
            "registry.gitlab.com/acme/tools/shop/web", "gitlab.com/acme/tools/shop", True,
            id="host/path with groups",
        ),
        pytest.param(
            "registry.gitlab.com/acme/shop", "gitlab.com/acme/tools/shop", False,
            id="host/path of another group",
        ),
        pytest.param("registry.test/srv/shop", "/srv/shop", False, id="a folder"),
        pytest.param("registry.test/acme/shop", "", False, id="no name"),
        pytest.param("", "acme/shop", False, id="no image"),
    ],
)  # fmt: skip
def test_an_image_is_named_after_a_repository(repository: str, project: str, inside: bool) -> None:
    assert in_path(repository, project) is inside


@pytest.mark.parametrize(
    ("name", "other", "owner", "repository"),
    [
        ("acme/shop", "acme/shop", True, True),
        ("acme/shop", "Acme/Shop", True, True),
        ("acme/shop", "acme/cart", True, False),
        ("acme/shop", "acme-labs/shop", False, False),
        ("gitlab.com/acme/shop", "gitlab.com/acme/shop", True, True),
        ("acme/shop", "gitlab.com/acme/shop", False, False),
    ],
)
def test_one_owner_and_one_repository(name: str, other: str, owner: bool, repository: bool) -> None:
    assert (same_owner(name, other), same_repository(name, other)) == (owner, repository)


@pytest.mark.parametrize(
    ("package", "repository", "part"),
    [
        ("acme/shop-web", "acme/shop", True),
        ("Acme/Shop_web", "acme/shop", True),
        ("acme/shop.web", "acme/shop", True),
        ("acme/shop", "acme/shop", False),
        ("acme/shopping", "acme/shop", False),
        ("acme/my-shop-web", "acme/shop", False),
        ("other/shop-web", "acme/shop", False),
        ("acme/shopXjs-web", "acme/shop.js", False),
    ],
)
def test_a_package_is_a_part(package: str, repository: str, part: bool) -> None:
    assert is_part(package, repository) is part
