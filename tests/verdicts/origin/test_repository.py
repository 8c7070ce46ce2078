"""Whose repository a container is built from."""

from typing import Any

import pytest

from tests.scene import Scene, commit_facts, digest, lost, sha
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.git import GitClones, GitHolders
from whatsrunning.facts.github import GithubCommit, GithubCommitFacts
from whatsrunning.facts.scope import ServiceRule

V = sha("v")
SOURCE = "org.opencontainers.image.source"
PLAIN, GHCR = "registry.test/acme/shop", "ghcr.io/acme/shop"


def scene_of(
    image: str, labels: dict[str, str], clone: str = "", holds: str = "v", **scope: Any
) -> Scene:
    """One labelled container; `clone` is the repository of a clone that holds one commit."""
    scene = Scene(**scope)
    scene.image(digest("config"), f"{image}:latest", digests=[f"{image}@{digest('top')}"])
    scene.container("web", f"{image}:latest", digest("config"), {"git.sha": V, **labels})
    if clone:
        scene.clone(holds, repository=clone)
    return scene


def told(scene: Scene) -> str:
    """The repository, or the code of the problem with it."""
    repository = scene.one().repository
    if isinstance(repository, Unknown):
        return repository.problem.code
    return repository.value if isinstance(repository, Found) else "none"


RULES = {"web": ServiceRule(repo="conf/web")}
HUB = "https://github.com/"
FOUND = Found(GithubCommitFacts(commit_facts("v"), "", ()))
LABEL = "git.repository"


@pytest.mark.parametrize(
    ("scene", "repository"),
    [
        pytest.param(scene_of(PLAIN, {}), "no-repository", id="nothing names it"),
        pytest.param(scene_of(PLAIN, {}, project="acme/shop"), "acme/shop", id="-R"),
        pytest.param(scene_of(PLAIN, {}, service_rules=RULES), "conf/web", id="its service's"),
        pytest.param(
            scene_of(PLAIN, {}, image_rules={"registry.test/*": "conf/all"}), "conf/all",
            id="its image's",
        ),
        pytest.param(scene_of(PLAIN, {LABEL: "lab/el"}), "lab/el", id="a label"),
        pytest.param(scene_of(PLAIN, {LABEL: f"{HUB}lab/el.git"}), "lab/el", id="a URL in a label"),
        pytest.param(
            scene_of(PLAIN, {LABEL: "https://gitlab.com/lab/el"}), "no-repository",
            id="a label of another host",
        ),
        pytest.param(scene_of(PLAIN, {SOURCE: f"{HUB}src/code"}), "src/code", id="a source label"),
        pytest.param(
            scene_of(PLAIN, {SOURCE: "https://evil.test/src/code"}), "no-repository",
            id="a source label of another host",
        ),
        pytest.param(
            scene_of(PLAIN, {SOURCE: "https://git.corp/a/b"}, github_host="git.corp"), "a/b",
            id="a source label of GitHub Enterprise",
        ),
        pytest.param(scene_of(GHCR, {}), "acme/shop", id="ghcr.io"),
        pytest.param(
            scene_of(GHCR, {}, project="other/one"), "acme/shop", id="ghcr.io before -R"
        ),
        pytest.param(
            scene_of(GHCR, {SOURCE: f"{HUB}acme/mono"}), "conflicting-repositories",
            id="ghcr.io and a source label of one owner contradict",
        ),
        pytest.param(
            scene_of(GHCR, {SOURCE: f"{HUB}corp/base"}), "acme/shop",
            id="ghcr.io before the source label of another owner, its base image's",
        ),
        pytest.param(
            scene_of("ghcr.io/acme/shop-web", {SOURCE: f"{HUB}acme/shop"}), "acme/shop",
            id="a package that is named as a part of its source",
        ),
        pytest.param(
            scene_of(GHCR, {SOURCE: f"{HUB}acme/mono"}, project="acme/mono"), "acme/mono",
            id="-R tells which of ghcr.io and the source label is right",
        ),
        pytest.param(
            scene_of(GHCR, {}, clone="Acme/Shop", holds="x"), "Acme/Shop",
            id="ghcr.io as the clone spells it",
        ),
        pytest.param(
            scene_of(PLAIN, {}, clone="acme/shop"), "acme/shop", id="a clone that holds the claim"
        ),
        pytest.param(
            scene_of(PLAIN, {}, clone="acme/shop", holds="x"), "acme/shop",
            id="a clone of the image's whole name",
        ),
        pytest.param(
            scene_of("registry.test/shop-web", {}, clone="acme/shop"), "acme/shop",
            id="a clone of another name that holds the claim",
        ),
        pytest.param(
            scene_of("registry.test/shop-web", {}, clone="acme/shop", holds="x"), "no-repository",
            id="a clone of another name that does not",
        ),
        pytest.param(
            scene_of(PLAIN, {}, clone="gitlab.test/acme/shop"), "gitlab.test/acme/shop",
            id="a clone from another forge",
        ),
        pytest.param(
            scene_of("registry.test/web", {SOURCE: f"{HUB}acme/shop"}, clone="work/acme/shop"),
            "acme/shop", id="a clone by an ssh alias that holds the claim of a source at GitHub",
        ),
        pytest.param(
            scene_of("registry.test/shop/web", {}, clone="acme/shop"), "acme/shop",
            id="a clone of half the name that holds the claim",
        ),
        pytest.param(
            scene_of("registry.test/shop/web", {}, clone="acme/shop", holds="x"), "no-repository",
            id="a clone of half the name that does not",
        ),
        pytest.param(
            scene_of("registry.test/acme/web", {}, clone="acme/mono"), "acme/mono",
            id="a clone of the same owner that holds the claim",
        ),
        pytest.param(
            scene_of(PLAIN, {SOURCE: f"{HUB}acme/shop"}, clone="me/shop"), "acme/shop",
            id="the clone of a fork that holds the claim, and a source label that fits the name",
        ),
        pytest.param(
            scene_of(PLAIN, {SOURCE: f"{HUB}corp/base"}, clone="me/shop"), "me/shop",
            id="a clone that holds the claim, and a source label that nothing bears out",
        ),
        pytest.param(
            scene_of("registry.test/web", {}, clone="/srv/shop", project="acme/shop"), "acme/shop",
            id="-R, and a clone without a remote that holds the claim",
        ),
        pytest.param(
            scene_of(PLAIN, {LABEL: "lab/el", SOURCE: f"{HUB}src/code"}), "lab/el",
            id="the container's own label before the image's",
        ),
        pytest.param(
            scene_of(PLAIN, {LABEL: "lab/el"}, clone="acme/shop"), "lab/el",
            id="the container's own label before a clone",
        ),
        pytest.param(
            scene_of(PLAIN, {SOURCE: f"{HUB}fork/shop"}, clone="acme/shop"), "acme/shop",
            id="a clone of the image's name before the source label",
        ),
        pytest.param(
            scene_of(PLAIN, {SOURCE: f"{HUB}Acme/Shop"}, clone="acme/shop"), "acme/shop",
            id="another case is no contradiction",
        ),
        pytest.param(
            scene_of(PLAIN, {LABEL: "lab/el", SOURCE: "src/code"}, service_rules=RULES), "conf/web",
            id="configuration decides alone",
        ),
    ],
)  # fmt: skip
def test_repository(scene: Scene, repository: str) -> None:
    assert told(scene) == repository


@pytest.mark.parametrize(
    ("sources", "project", "repository"),
    [
        (("acme/shop",), "", "acme/shop"),
        (("acme/shop", "Acme/Shop"), "acme/other", "acme/shop"),
        (("acme/shop", "acme/api"), "", "no-repository"),
        (("acme/shop", "acme/api"), "acme/other", "acme/other"),
        ((), "", "no-repository"),
    ],
    ids=["one sibling", "siblings before -R", "they disagree", "then -R", "none"],
)
def test_what_names_no_repository_has_that_of_its_image_repository(
    sources: tuple[str, ...], project: str, repository: str
) -> None:
    scene = scene_of("registry.test/web", {}, project=project)
    scene.commit("v", repository="acme/other")
    for number, source in enumerate(sources):
        image = scene.image(digest(source), f"registry.test/web:{number}")
        labels = {"git.sha": V, SOURCE: f"{HUB}{source}"}
        scene.container(f"other-{number}", f"registry.test/web:{number}", image, labels)
    assert told(scene) == repository


def test_a_conflict_names_both_and_the_way_out() -> None:
    repository = scene_of(GHCR, {SOURCE: f"{HUB}acme/mono"}).one().repository
    assert isinstance(repository, Unknown)
    assert "acme/shop" in repository.problem.message
    assert "acme/mono" in repository.problem.message
    assert "-R acme/mono" in repository.problem.hint
    assert "[services.web]" in repository.problem.hint


def test_a_base_images_source_label_does_not_speak() -> None:
    base = {"org.opencontainers.image.revision": sha("b"), SOURCE: f"{HUB}corp/base"}
    scene = Scene()
    scene.image(digest("base"), "registry.test/corp/base:1", labels=base, age=900)
    scene.image(digest("config"), f"{GHCR}:latest", labels=base)
    scene.container("web", f"{GHCR}:latest", digest("config"), {"git.sha": V})
    assert told(scene) == "acme/shop"


@pytest.mark.parametrize(
    ("image", "repository"),
    [(PLAIN, "timeout"), (GHCR, "acme/shop")],
    ids=["nothing else names it", "ghcr.io"],
)
def test_a_clone_that_cannot_be_read(image: str, repository: str) -> None:
    scene = scene_of(image, {})
    scene.answers[GitClones()] = lost(GitClones())
    assert told(scene) == repository


def test_where_a_clone_could_not_be_read_that_is_the_reason() -> None:
    scene = scene_of(PLAIN, {}, clone="acme/other", holds="x")
    scene.answers[GitHolders("", V)] = lost(GitHolders("", V), "dubious-ownership")
    assert told(scene) == "dubious-ownership"


@pytest.mark.parametrize(
    ("image", "local", "github", "repository"),
    [
        pytest.param("registry.test/web", True, Nothing(), "acme/shop", id="a clone has it"),
        pytest.param("registry.test/web", False, FOUND, "acme/shop", id="GitHub has it"),
        pytest.param("registry.test/web", False, Nothing(), "no-repository", id="nobody has it"),
        pytest.param("registry.test/web", False, None, "acme/shop", id="GitHub does not answer"),
        pytest.param("web", False, Nothing(), "acme/shop", id="a local image, perhaps not pushed"),
        pytest.param(PLAIN, False, Nothing(), "acme/shop", id="its name says so too"),
    ],
)
def test_r_alone_is_believed_where_its_repository_may_have_the_commit(
    image: str, local: bool, github: Answer[GithubCommitFacts] | None, repository: str
) -> None:
    scene = scene_of(image, {}, project="acme/shop")
    if local:
        scene.commit("v", github=False)
    asked = GithubCommit("acme/shop", V)
    scene.answers[asked] = lost(asked) if github is None else github
    assert told(scene) == repository


def test_a_stranger_to_r_is_accused_of_nothing() -> None:
    scene = scene_of("registry.test/acme/cart", {}, project="acme/shop")
    web = scene.one()
    assert web.repository.problem
    assert "only -R says that web is of acme/shop" in web.repository.problem.message
    assert web.commit.problem == web.repository.problem
