"""What a look asks: no more than its command needs, and everything once it is saved."""

from tests.scene import IMAGE, NOW, digest, sha
from tests.verdicts.fleet import fleet
from whatsrunning.facts.engine import EngineContainers, EngineImages, EngineInfo
from whatsrunning.facts.registry import RegistryManifest
from whatsrunning.facts.store import FactStore
from whatsrunning.verdicts.report import judge


def test_nothing_is_judged_before_it_is_answered() -> None:
    facts = FactStore({})
    report = judge(facts, fleet().scope, NOW)
    asked = {type(query) for query in facts.missing}
    assert asked == {EngineInfo, EngineContainers, EngineImages}
    assert report.containers == ()


def test_names_that_were_not_given_ask_nothing_unless_it_is_saved() -> None:
    scene = fleet()
    scene.container("old", f"{IMAGE}:{sha('x')}", digest("x"), {"git.sha": sha("x")})
    scene.look(services=("api",))
    assert RegistryManifest(IMAGE, sha("x")) not in scene.answers.asked
    scene.look(services=("api",), save=True)
    assert RegistryManifest(IMAGE, sha("x")) in scene.answers.asked


def test_a_look_that_is_saved_asks_what_every_command_asks() -> None:
    scene = fleet()
    scene.clone("merged", "v")
    commands = ("ps", "diff", "history", "rollback-plan")
    asked = set[object]()
    for command in commands:
        scene.look(command=command, services=("web",) if command == "rollback-plan" else ())
        asked |= set(scene.answers.asked)
    scene.look(save=True)
    assert asked <= set(scene.answers.asked)
