"""Deployed against built: entries in git order, and what waits."""

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, lost, sha
from whatsrunning.facts.answers import Answer, Found, Unknown
from whatsrunning.facts.github import GithubGraph
from whatsrunning.facts.registry import RegistryTags
from whatsrunning.report.commands import Timeline

LINE = ("h", "g", "f", "e", "d", "c", "b", "a")


def _scene(running: str = "e c", tags: str = "g e c b a", latest: str = "g") -> Scene:
    """Containers at these commits, these builds, and a clone of the whole line; h is its head."""
    scene = Scene()
    for word in running.split():
        image = scene.image(digest(word), labels={"git.sha": sha(word)})
        scene.container(f"web-{word}", f"{IMAGE}:{sha(word)}", image)
    for word in tags.split():
        scene.push(sha(word), digest(f"pushed {word}"))
    if latest:
        scene.push("latest", digest(f"pushed {latest}"))
    scene.clone(*LINE)
    return scene


def _line(scene: Scene) -> Timeline:
    [line] = scene.look(command="diff").timelines
    return line


def _words(shas: tuple[str, ...]) -> str:
    names = {sha(word): word for word in (*LINE, "x", "stranger")}
    return " ".join(names[each] for each in shas)


def _items(answer: Answer[tuple[str, ...]]) -> str:
    assert isinstance(answer, Found), answer
    return _words(answer.value)


def test_one_line() -> None:
    line = _line(_scene())
    assert (line.repository, line.default_branch) == (IMAGE, "main")
    assert line.services == ("web-c", "web-e")
    assert _words(tuple(entry.sha for entry in line.entries)) == "h g f e d c b a"
    built = [isinstance(entry.built, Found) for entry in line.entries]
    assert built == [False, True, False, True, False, True, True, True]
    assert [entry.sha for entry in line.entries if entry.latest] == [sha("g")]
    where = {entry.sha: [on.container for on in entry.running_on] for entry in line.entries}
    assert (where[sha("e")], where[sha("c")], where[sha("h")]) == (["web-e"], ["web-c"], [])
    assert {entry.subject for entry in line.entries} == {f"Do {word}" for word in LINE}
    assert _words(line.built_not_deployed) == "g"
    assert _items(line.merged_never_built) == "h f d"
    assert line.running_without_tag == ()
    assert line.problem is None


@pytest.mark.parametrize(
    ("running", "tags", "waiting", "never", "without"),
    [
        ("g", "g e c", "", "h", ""),
        ("h", "g e c", "", "", "h"),
        ("a", "c b a", "c b", "h g f e d", ""),
        ("c", "h g", "h g", "f e d", "c"),
    ],
)
def test_what_waits(running: str, tags: str, waiting: str, never: str, without: str) -> None:
    line = _line(_scene(running, tags, ""))
    assert _words(line.built_not_deployed) == waiting
    assert _items(line.merged_never_built) == never
    assert _words(line.running_without_tag) == without


def test_only_a_few_builds_below_what_runs() -> None:
    line = _line(_scene("g", "g e d c b a", ""))
    assert _words(tuple(entry.sha for entry in line.entries)) == "h g e d c"


def test_a_registry_that_does_not_answer() -> None:
    scene = _scene()
    scene.answers[RegistryTags(IMAGE)] = lost(RegistryTags(IMAGE))
    line = _line(scene)
    assert {type(entry.built) for entry in line.entries} == {Unknown}
    assert isinstance(line.merged_never_built, Unknown)
    assert (line.built_not_deployed, line.running_without_tag) == ((), ())
    assert line.problem is not None


def test_no_history() -> None:
    scene = _scene()
    scene.answers.graphs.clear()
    scene.answers[GithubGraph(REPOSITORY)] = lost(GithubGraph(REPOSITORY))
    line = _line(scene)
    assert {entry.sha for entry in line.entries} == {sha(word) for word in "gecba"}
    assert isinstance(line.merged_never_built, Unknown)


def test_a_stale_clone() -> None:
    line = _line(_scene(tags="g e c stranger"))
    assert isinstance(line.merged_never_built, Unknown)
    assert line.merged_never_built.problem.code == "stale-clone"
    assert sha("stranger") in {entry.sha for entry in line.entries}


def test_what_runs_untold_may_contain_what_waits() -> None:
    scene = _scene("c", "g e c", "")
    image = scene.image(digest("local"), digests=[f"{IMAGE}@{digest('nobody knows')}"])
    scene.container("web", f"{IMAGE}:latest", image)
    line = _line(scene)
    assert line.built_not_deployed == ()
    assert line.problem
    assert (line.problem.code, bool(line.problem.hint)) == ("no-revision", True)
    head = scene.image(digest("h"), labels={"git.sha": sha("h")})
    scene.container("web-h", f"{IMAGE}:{sha('h')}", head)
    assert _line(scene).built_not_deployed == ()
