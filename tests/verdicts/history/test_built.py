"""Position among the builds, `:latest`, and when none of it may be said."""

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, lost, sha
from tests.verdicts.history.build_scene import built_of, scene_of_builds
from tests.verdicts.history.small_history import shas, small_history
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.engine import EngineContainers
from whatsrunning.facts.git import Base, GitGraph, GraphFacts, Head
from whatsrunning.facts.github import CompareFacts, GithubCompare, GithubGraph
from whatsrunning.facts.registry import RegistryManifest, RegistryTags
from whatsrunning.report.container import Built, Position
from whatsrunning.verdicts.history.built import PlacedBuilds, placed, standing_of
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.tags import BuildTags

FRESH, CLONE = HistoryGraph(small_history(), fresh=True), HistoryGraph(small_history())


def _builds(graph: HistoryGraph, words: str) -> PlacedBuilds:
    return placed(graph, BuildTags(dict.fromkeys(shas(words), ("a tag",))))


@pytest.mark.parametrize(
    ("running", "tags", "expected"),
    [
        ("m", "m c a", ("current", 0, 0, "m")),
        ("c", "m c a", ("behind", 1, 3, "m")),
        ("a", "f m c a", ("behind", 3, 6, "f")),
        ("a", "c x y a", ("behind", 1, 2, "c")),  # a branch's builds are newer for nobody
        ("y", "c y", ("ahead", 0, 0, "c")),
        ("y", "f y c", ("diverged", 1, 4, "f")),
        ("s2", "s2 c", ("diverged", 1, 1, "c")),  # side by side: main's own line wins
        ("b", "s2 b", ("behind", 1, 2, "s2")),
        ("b", "m", ("not-built", None, None, "m")),
        ("y", "y", ("diverged", None, None, "")),
    ],
)
def test_position(
    running: str, tags: str, expected: tuple[Position, int | None, int | None, str]
) -> None:
    position, missed, commits, newest = expected
    standing = Built(position, missed, commits, sha(newest) if newest else "", "")
    assert standing_of(_builds(FRESH, tags), sha(running)) == standing


@pytest.mark.parametrize(
    ("running", "position"), [("m", None), ("c", "behind"), ("y", None), ("b", "not-built")]
)
def test_a_build_that_the_clone_lacks(running: str, position: Position | None) -> None:
    """It could be newer than everything: `current` may not be said, `behind` still holds."""
    standing = standing_of(_builds(CLONE, "m c y stranger"), sha(running))
    assert standing == (Built(position, None, None, "", "") if position else None)


def test_a_build_that_a_fresh_history_lacks() -> None:
    """What is newer would lie between the newest build and the head."""
    current = Built("current", 0, 0, sha("m"), "")
    assert standing_of(_builds(FRESH, "m c y stranger"), sha("m")) == current
    assert standing_of(_builds(FRESH, "m gone"), sha("gone")) is None


def test_builds_of_which_the_branch_has_none() -> None:
    builds = _builds(CLONE, "stranger")
    assert (builds.newest, builds.unplaced) == ("", shas("stranger"))


def test_none_is_not_unknown() -> None:
    assert built_of(scene_of_builds("m")) == Found(Built("not-built", None, None, sha("m"), ""))
    silent = scene_of_builds("m")
    silent.answers[RegistryTags(IMAGE)] = lost(RegistryTags(IMAGE))
    assert isinstance(built_of(silent), Unknown)
    assert built_of(scene_of_builds("m"), image="docker.io/library/shop") == Nothing()


def test_a_stale_clone_says_so() -> None:
    answer = built_of(scene_of_builds("m c stranger", running="m"), "m")
    assert isinstance(answer, Unknown)
    assert (answer.problem.source, answer.problem.code) == ("git", "stale-clone")
    assert sha("stranger")[:12] in answer.problem.message


@pytest.mark.parametrize(
    ("ahead", "behind", "position"), [(2, 0, "ahead"), (0, 3, "behind"), (1, 4, "diverged")]
)
def test_compare_places_what_no_graph_has(ahead: int, behind: int, position: str) -> None:
    """Without a clone, GitHub's newest commits do not reach an old branch."""
    scene = scene_of_builds("m far", running="far")
    local = GitGraph(REPOSITORY, tuple(sorted(shas("m far"))))
    scene.answers[local] = lost(local, "no-clone")
    cut = small_history(without=("a", "b", "s1"), whole=False)
    scene.answers[GithubGraph(REPOSITORY)] = Found(cut)
    compare = GithubCompare(REPOSITORY, Base(sha("m")), Head(sha("far")))
    scene.answers[compare] = Found(CompareFacts(ahead, behind))
    assert built_of(scene, "far") == Found(Built(position, None, behind, sha("m"), ""))  # type: ignore[arg-type]
    for answer in (Nothing(), lost(compare)):
        scene.answers[compare] = answer
        assert built_of(scene, "far") == answer


def test_the_number_of_queries_does_not_grow() -> None:
    """1,000 containers of one service and 200 tags: what is asked of the registry and of git."""
    words = [f"c{n}" for n in range(200)]
    scene = Scene()
    image = scene.image(digest("local"), labels={"git.sha": sha("c150")})
    for word in words:
        scene.push(sha(word), digest(word))
    scene.push("latest", digest("c7"))
    scene.clone("c0")
    line = shas(" ".join(words))
    parents = dict(zip(line, [*((parent,) for parent in line[1:]), ()], strict=True))
    related = GitGraph(REPOSITORY, tuple(sorted(line)))
    scene.answers[related] = Found(GraphFacts("main", line[0], parents, True))

    def asked(containers: int) -> set[object]:
        scene.answers[EngineContainers("prod")] = Found(())
        for number in range(containers):
            labels = {"com.docker.compose.service": "web"}
            scene.container(f"web-{number}", f"{IMAGE}:{sha('c150')}", image, labels)
        report = scene.look()
        assert report.containers[0].built == Found(Built("behind", 150, 150, line[0], line[7]))
        return set(scene.answers.asked)

    one = asked(1)
    assert asked(1000) == one
    heads = [each for each in one if isinstance(each, RegistryManifest)]
    assert len(heads) <= 12


@pytest.mark.parametrize("count", [300, 1000])
def test_tags_that_nobody_can_read_are_not_asked_for_one_by_one(count: int) -> None:
    """The newest 50 versions and 50 others are looked into; the rest stays unread."""
    scene = scene_of_builds("m c a")
    for kind in ("nightly", "v1.0"):
        for number in range(count // 2):
            scene.push(f"{kind}-{number}", digest("odd"), labels={})
    assert built_of(scene) == Found(Built("behind", None, None, "", ""))
    asked = [query for query in scene.answers.asked if isinstance(query, RegistryManifest)]
    assert len(asked) <= 110
