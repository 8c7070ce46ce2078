"""Position among the builds, `:latest`, and when none of it may be said."""

import pytest

from tests.facts import IMAGE, REPOSITORY, Scene, digest, lost, sha
from tests.verdicts.history.small_history import shas, small_history
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.records import Base, CompareFacts, GraphFacts, Head
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.container import Built
from whatsrunning.verdicts.history.built import built


def _scene(tags: str, graph: Answer[GraphFacts] | None = None, running: str = "c") -> Scene:
    """One container at `running`, these builds (each of its own digest), and a clone."""
    scene = Scene()
    image = scene.image(digest("local"), labels={"git.sha": sha(running)})
    scene.container("web", f"{IMAGE}:{sha(running)}", image)
    for word in tags.split():
        scene.push(sha(word), digest(word))
    scene.clone("f")
    related = tuple(sorted({sha(running), *shas(tags)}))
    scene.answers[ask.GitGraph(REPOSITORY, related)] = graph or Found(small_history())
    return scene


def _built(scene: Scene, running: str = "c", image: str = IMAGE) -> Answer[Built]:
    case = Case(FactStore(scene.answers), scene.scope)
    return built(case, image, Found(REPOSITORY), sha(running))


@pytest.mark.parametrize(("latest", "asked"), [("c", 3), ("m", 3), ("a", 4), ("elsewhere", 4)])
def test_latest_is_found_with_few_questions(latest: str, asked: int) -> None:
    scene = _scene("m c a")
    scene.push("latest", digest(latest))
    scene.answers.asked.clear()
    answer = _built(scene)
    known = sha(latest) if latest != "elsewhere" else ""
    assert answer == Found(Built("behind", 1, 3, sha("m"), known))
    heads = [one for one in scene.answers.asked if isinstance(one, ask.RegistryManifest)]
    assert len([one for one in heads if len(one.reference) <= 40]) == asked


def test_no_latest_and_a_registry_that_fails_half_way() -> None:
    assert _built(_scene("m c")) == Found(Built("behind", 1, 3, sha("m"), ""))
    scene = _scene("m c")
    scene.push("latest", digest("m"))
    scene.answers[ask.RegistryManifest(IMAGE, "latest")] = lost(ask.RegistryManifest(IMAGE, ""))
    answer = _built(scene)
    assert isinstance(answer, Found)
    assert answer.value.latest_problem is not None
    assert (answer.value.position, answer.value.latest_sha) == ("behind", "")


def test_prefixed_tags_count() -> None:
    scene = _scene("c")
    scene.push(f"sha-{sha('m')}", digest("m"))
    related = tuple(sorted(shas("m c")))
    scene.answers[ask.GitGraph(REPOSITORY, related)] = Found(small_history())
    assert _built(scene) == Found(Built("behind", 1, 3, sha("m"), ""))


def test_short_tags_are_made_whole() -> None:
    """docker/metadata-action's default, `sha-` and seven digits: a claim or the clone tells."""
    scene = _scene("x", running="c")
    for word in ("c", "m", "stranger"):
        scene.push(f"sha-{sha(word)[:7]}", digest(word))
    scene.answers[ask.GitPrefix(REPOSITORY, sha("m")[:7])] = Found(sha("m"))
    related = tuple(sorted(shas("x c m")))
    scene.answers[ask.GitGraph(REPOSITORY, related)] = Found(small_history())
    assert _built(scene) == Found(Built("behind", None, None, "", ""))
    scene.untag(f"sha-{sha('stranger')[:7]}")
    assert _built(scene) == Found(Built("behind", 1, 3, sha("m"), ""))


def test_none_is_not_unknown() -> None:
    assert _built(_scene("m")) == Found(Built("not-built", None, None, sha("m"), ""))
    silent = _scene("m")
    silent.answers[ask.RegistryTags(IMAGE)] = lost(ask.RegistryTags(IMAGE))
    assert isinstance(_built(silent), Unknown)
    assert _built(_scene("m"), image="docker.io/library/shop") == Nothing()


def test_a_stale_clone_says_so() -> None:
    answer = _built(_scene("m c stranger", running="m"), "m")
    assert isinstance(answer, Unknown)
    assert (answer.problem.source, answer.problem.code) == ("git", "stale-clone")
    assert sha("stranger")[:12] in answer.problem.message


@pytest.mark.parametrize(
    ("ahead", "behind", "position"), [(2, 0, "ahead"), (0, 3, "behind"), (1, 4, "diverged")]
)
def test_compare_places_what_no_graph_has(ahead: int, behind: int, position: str) -> None:
    """Without a clone, GitHub's newest commits do not reach an old branch."""
    scene = _scene("m far", running="far")
    local = ask.GitGraph(REPOSITORY, tuple(sorted(shas("m far"))))
    scene.answers[local] = lost(local, "no-clone")
    cut = small_history(without=("a", "b", "s1"), whole=False)
    scene.answers[ask.GithubGraph(REPOSITORY)] = Found(cut)
    compare = ask.GithubCompare(REPOSITORY, Base(sha("m")), Head(sha("far")))
    scene.answers[compare] = Found(CompareFacts(ahead, behind))
    assert _built(scene, "far") == Found(Built(position, None, behind, sha("m"), ""))  # type: ignore[arg-type]
    for answer in (Nothing(), lost(compare)):
        scene.answers[compare] = answer
        assert _built(scene, "far") == answer


def test_the_number_of_questions_does_not_grow() -> None:
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
    related = ask.GitGraph(REPOSITORY, tuple(sorted(line)))
    scene.answers[related] = Found(GraphFacts("main", line[0], parents, True))

    def asked(containers: int) -> set[object]:
        scene.answers[ask.EngineContainers("prod")] = Found(())
        for number in range(containers):
            labels = {"com.docker.compose.service": "web"}
            scene.container(f"web-{number}", f"{IMAGE}:{sha('c150')}", image, labels)
        report = scene.look()
        assert report.containers[0].built == Found(Built("behind", 150, 150, line[0], line[7]))
        return set(scene.answers.asked)

    one = asked(1)
    assert asked(1000) == one
    heads = [each for each in one if isinstance(each, ask.RegistryManifest)]
    assert len(heads) <= 12
