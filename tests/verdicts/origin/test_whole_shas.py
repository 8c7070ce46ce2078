"""How a short claim becomes whole."""

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, lost, sha
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.git import GitPrefix
from whatsrunning.facts.github import GithubPrefix

V, W = sha("v"), sha("w")
SHORT = V[:9]
IN_CLONE = GitPrefix(REPOSITORY, SHORT)
AT_GITHUB = GithubPrefix(REPOSITORY, SHORT)
NO_CLONE, AMBIGUOUS = lost(IN_CLONE, "no-clone"), lost(IN_CLONE, "ambiguous")


def short(tag: str = "latest") -> Scene:
    """A container whose label is short."""
    scene = Scene(project=REPOSITORY)
    scene.image(digest("config"), f"{IMAGE}:{tag}", digests=[f"{IMAGE}@{digest('top')}"])
    scene.container("web", f"{IMAGE}:{tag}", digest("config"), {"git.sha": SHORT})
    return scene


@pytest.mark.parametrize(
    ("clone", "github", "revision"),
    [
        pytest.param(Found(V), Nothing(), V, id="the clone has it"),
        pytest.param(Nothing(), Found(V), V, id="GitHub has it"),
        pytest.param(NO_CLONE, Found(V), V, id="there is no clone"),
        pytest.param(Nothing(), Nothing(), "no-such-commit", id="nobody has it"),
        pytest.param(AMBIGUOUS, Nothing(), "ambiguous", id="ambiguous in the clone"),
        pytest.param(AMBIGUOUS, Found(V), V, id="ambiguous in the clone, one at GitHub"),
        pytest.param(lost(IN_CLONE), lost(AT_GITHUB), "timeout", id="nobody answers"),
        pytest.param(NO_CLONE, lost(AT_GITHUB, "denied"), "denied", id="GitHub does not tell"),
    ],
)
def test_short_shas(clone: Answer[str], github: Answer[str], revision: str) -> None:
    scene = short()
    scene.answers |= {IN_CLONE: clone, AT_GITHUB: github}
    web = scene.one()
    match web.revision:
        case Found(known):
            assert (known.sha, web.claims[0].sha) == (revision, V)
        case Unknown(problem):
            assert (problem.code, web.claims[0].sha) == (revision, SHORT)
        case Nothing():
            pytest.fail("a claim is not nothing")


@pytest.mark.parametrize(
    ("clone", "revision"),
    [
        pytest.param(NO_CLONE, V, id="the claim is all that is known"),
        pytest.param(AMBIGUOUS, "ambiguous", id="the clone has another that begins so"),
    ],
)
def test_what_another_container_claims_makes_a_short_tag_whole(
    clone: Answer[str], revision: str
) -> None:
    scene = Scene(project=REPOSITORY)
    scene.answers |= {IN_CLONE: clone}
    other = scene.image(digest("other"), f"{IMAGE}:one")
    scene.container("labelled", f"{IMAGE}:one", other, {"git.sha": V})
    scene.image(digest("config"), f"{IMAGE}:sha-{SHORT}", digests=[f"{IMAGE}@{digest('top')}"])
    scene.container("web", f"{IMAGE}:sha-{SHORT}", digest("config"))
    scene.push(f"sha-{SHORT}", digest("top"), digest("config"))
    web = next(one for one in scene.look().containers if one.name == "web")
    assert revision == (web.revision.problem.code if web.revision.problem else web.sha)


def test_a_short_tag_of_two_commits_proves_the_label_that_it_can_mean() -> None:
    scene = Scene(project=REPOSITORY)
    scene.answers |= {IN_CLONE: AMBIGUOUS}
    tag = f"sha-{SHORT}"
    scene.image(digest("config"), f"{IMAGE}:{tag}", digests=[f"{IMAGE}@{digest('top')}"])
    scene.container("web", f"{IMAGE}:{tag}", digest("config"), {"git.sha": V})
    scene.push(tag, digest("top"), digest("config"))
    assert (scene.one().proof.status, scene.one().sha) == ("verified", V)
    scene.push(tag, digest("other"), digest("other"))
    assert scene.one().proof.status == "label-only"


def test_the_images_own_tag_makes_a_short_sha_whole() -> None:
    scene = short(V)
    known = [(claim.sha, claim.claimed_by) for claim in scene.one().claims]
    assert known == [(V, "container-label"), (V, "image-tag")]
    assert not any(isinstance(query, GitPrefix) for query in scene.answers.asked)


def test_a_short_sha_of_no_commit_is_told_where_the_digest_tells_the_revision() -> None:
    scene = short()
    scene.push(W, digest("top"), digest("config"))
    report = scene.look()
    assert isinstance(report.containers[0].revision, Found)
    assert [problem.code for problem in report.problems] == ["no-such-commit"]
    assert SHORT in report.problems[0].message
