"""`python -m tests.world.demo` makes the demo's facts: `--save` on a real fleet, made stable."""

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.program import ROOT, whatsrunning
from tests.world.everything import World, raise_world
from tests.world.git_writer import FIRST
from tests.world.showcase import (
    AGES,
    EARLIER,
    ENDED,
    NOW,
    REPLACED,
    TOO_SLOW,
    before_the_night,
    the_night,
)
from whatsrunning.facts.answers import Found
from whatsrunning.facts.engine import (
    ContainerFacts,
    EngineContainers,
    EngineEvents,
    EngineFacts,
    EngineImages,
    ImageFacts,
    InspectFacts,
)
from whatsrunning.facts.git import CloneFacts, GraphFacts
from whatsrunning.facts.journal import JournalEntry
from whatsrunning.facts.store import Snapshot
from whatsrunning.sources.saved import codec

FILE = ROOT / "whatsrunning" / "demo.json"
HOST = "registry.example.com"
CONFIG = """\
[repos."acme/shop"]
gates = ["lint", "test"]
"""
LOOKS = (("ps",), ("has", "33"), ("has", "31"), ("has", "34"), ("has", "412"))
"""The command lines that the demo must be able to answer, beside what every `--save` asks."""


def make_demo(folder: Path) -> str:
    """The text of `whatsrunning/demo.json`, from a fleet that is raised and ended here."""
    world = raise_world(folder / "world", tell=before_the_night, gated=False, first=FIRST)
    try:
        host = f"host={world.engine.url}"
        world.engine.docker("context", "create", "prod", "--docker", host)
        _look(world, "ps")
        the_night(world.fleet)
        world.github.tell(world.history.head, TOO_SLOW)
        file = folder / "look.json"
        _look(world, "ps", "--save", str(file))
        for command in LOOKS:
            # Other times make other questions: they are asked now.
            _write(file, _aged(_read(file)))
            _look(world, "replay", "--resolve", str(file), *command, "--save", str(file))
        return _stable(_aged(_read(file)), world)
    finally:
        world.stop()


def _look(world: World, *words: str) -> None:
    """One look through the context `prod`; each leaves its lines in the journal."""
    config = world.folder / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    here = ("-c", "prod", "-C", str(world.history.clone), "--config", str(config))
    docker = world.engine.environment()["DOCKER_CONFIG"]
    result = whatsrunning(
        *words, *here, "--timeout", "60", env={**world.environment(), "DOCKER_CONFIG": docker},
        home=world.folder / "home", timeout=90,
    )  # fmt: skip
    assert result.code in (0, 1), result.stdout + result.stderr


def _read(file: Path) -> Snapshot:
    snapshot = codec.from_text(file.read_text(encoding="utf-8"))
    assert isinstance(snapshot, Snapshot), snapshot
    return snapshot


def _write(file: Path, snapshot: Snapshot) -> None:
    file.write_text(codec.to_text(snapshot), encoding="utf-8")


def _stable(snapshot: Snapshot, world: World) -> str:
    """Names instead of this machine's, ids as numbers, questions in one order."""
    known, numbers = _known(world), _Numbers()
    kinds = EngineContainers | EngineImages
    pairs = [pair for pair in snapshot.answers.items() if isinstance(pair[0], kinds)]
    numbers.put(codec.to_text(replace(snapshot, answers=dict(pairs))))
    stable = codec.from_text(numbers.put(known(codec.to_text(snapshot))))
    assert isinstance(stable, Snapshot), stable
    return codec.to_text(stable)


class _Numbers:
    """Every 64-digit id becomes a number of its own, by order of appearance."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}

    def put(self, text: str) -> str:
        """The text with numbers in the place of its ids."""
        return re.sub(r"\b[0-9a-f]{64}\b", self._number, text)

    def _number(self, found: "re.Match[str]") -> str:
        return self._numbers.setdefault(found[0], f"{len(self._numbers) + 1:04x}" * 16)


def _known(world: World) -> Callable[[str], str]:
    """Puts the demo's own names in the place of this world's."""
    name, engine_id = world.engine.docker("info", "--format", "{{.Name}}\t{{.ID}}").split("\t")
    places = {
        f"unix://{world.engine.socket}": "ssh://deploy@prod-1",
        str(world.history.clone): "/srv/shop",
        world.fleet.yard.host: HOST,
        engine_id: "ENGN:DEMO",
        f'"{name}"': '"prod-1"',
    }

    def known(text: str) -> str:
        for here, there in places.items():
            text = text.replace(here, there)
        return text

    return known


def _aged(snapshot: Snapshot) -> Snapshot:
    """The look as it would have been if the fleet had the showcase's ages."""
    names = {
        one.id: one.name
        for question, answer in snapshot.answers.items()
        if isinstance(question, EngineContainers) and isinstance(answer, Found)
        for one in answer.value
    }
    answers: dict[Any, Any] = {}
    for question, answer in snapshot.answers.items():
        answers[question] = answer
        if isinstance(question, EngineEvents):
            # The engine keeps 256 events, and the health checks push the deploys out.
            answers[question] = Found(())
        elif isinstance(answer, Found) and isinstance(answer.value, tuple):
            aged = sorted((_one(each, names) for each in answer.value), key=_order)
            answers[question] = Found(tuple(aged))
        elif isinstance(answer, Found):
            answers[question] = Found(_one(answer.value, names))
    return replace(snapshot, taken_at=NOW, answers=answers)


def _order(value: Any) -> str:
    return str(getattr(value, "name", "") or getattr(value, "tags", "") or value)


def _one(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case ContainerFacts():
            age = AGES[value.name]
            return replace(value, created_at=NOW - age, status=_status(value, age))
        case ImageFacts():
            return replace(value, created_at=NOW - timedelta(days=41))
        case InspectFacts():
            began = value.started_at and NOW - AGES[names[value.id]]
            return replace(value, started_at=began, finished_at=_ended(value.finished_at))
        case JournalEntry():
            began = NOW - REPLACED.get(value.container, AGES[value.container])
            return replace(value, at=NOW - EARLIER, deployed_at=began)
        case EngineFacts():
            value = replace(value, version="20.10.24", api_version="1.41")
            return replace(value, system_time=NOW, asked_at=NOW, answered_at=NOW)
        case GraphFacts() | CloneFacts():
            return replace(value, fetched_at=NOW - timedelta(minutes=10))
        case _:
            return value


def _ended(at: datetime | None) -> datetime | None:
    return at and NOW - ENDED


def _status(said: ContainerFacts, age: timedelta) -> str:
    """The engine's own words for an age: `Up 3 hours`, `Exited (137) 9 hours ago`."""
    age = ENDED if said.state == "exited" else age
    hours, minutes = age // timedelta(hours=1), age // timedelta(minutes=1)
    words = f"{hours} hours" if hours else f"{minutes} minutes"
    if age >= timedelta(days=3):
        words = f"{age.days} days"
    return re.sub(r"(Up|\)) .*?(?= ago| \(|$)", rf"\1 {words}", said.status, count=1)


def main() -> None:
    """Write the demo that ships."""
    with tempfile.TemporaryDirectory() as folder:
        FILE.write_text(make_demo(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
