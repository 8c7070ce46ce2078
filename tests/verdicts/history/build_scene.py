"""A container at a build, other builds beside it, and a clone of the small history."""

from tests.scene import IMAGE, REPOSITORY, Scene, digest, sha
from tests.verdicts.history.small_history import shas, small_history
from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.git import GitGraph, GraphFacts
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.container import Built
from whatsrunning.verdicts.history.built import built


def scene_of_builds(
    tags: str, graph: Answer[GraphFacts] | None = None, running: str = "c"
) -> Scene:
    """One container at `running`, these builds (each of its own digest), and a clone."""
    scene = Scene()
    image = scene.image(digest("local"), labels={"git.sha": sha(running)})
    scene.container("web", f"{IMAGE}:{sha(running)}", image)
    for word in tags.split():
        scene.push(sha(word), digest(word))
    scene.clone("f")
    related = tuple(sorted({sha(running), *shas(tags)}))
    scene.answers[GitGraph(REPOSITORY, related)] = graph or Found(small_history())
    return scene


def built_of(scene: Scene, running: str = "c", image: str = IMAGE) -> Answer[Built]:
    case = Case(FactStore(scene.answers), scene.scope)
    return built(case, image, Found(REPOSITORY), sha(running))
