"""Makes the demo's facts: the program's own `--save` on a real fleet, made stable."""

import re
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.program import whatsrunning
from tests.world.everything import World, raise_world
from tests.world.showcase import AGES, NOW, raise_showcase
from whatsrunning.model import codec, facts
from whatsrunning.model.answers import Found
from whatsrunning.model.scope import Snapshot

HOST = "registry.example.com"


def make_demo(folder: Path) -> str:
    """The text of `whatsrunning/demo.json`, from a fleet that is raised and ended here."""
    world = raise_world(folder / "world", tell=raise_showcase, gated=False)
    try:
        saved = _save(world, folder / "look.json")
        return _stable(saved, world)
    finally:
        world.stop()


def _save(world: World, file: Path) -> Snapshot:
    env = {**world.environment(), "XDG_STATE_HOME": str(file.parent / "state")}
    result = whatsrunning(
        "ps", "-C", str(world.history.clone), "--timeout", "60", "--save", str(file), env=env,
        home=world.folder / "home", timeout=90,
    )  # fmt: skip
    assert result.code == 0, result.stderr
    snapshot = codec.from_text(file.read_text(encoding="utf-8"))
    assert isinstance(snapshot, Snapshot), snapshot
    return snapshot


def _stable(snapshot: Snapshot, world: World) -> str:
    """Ages instead of seconds, names instead of this machine's, ids by order of appearance."""
    answers = {question: _aged(answer) for question, answer in snapshot.answers.items()}
    ordered = dict(sorted(answers.items(), key=lambda pair: _known(str(pair[0]), world)))
    text = codec.to_text(replace(snapshot, taken_at=NOW, answers=ordered))
    return _renumbered(_known(text, world))


def _known(text: str, world: World) -> str:
    info = world.engine.docker("info", "--format", "{{.Name}}\t{{.ID}}").split("\t")
    places = {
        f"unix://{world.engine.socket}": "unix:///var/run/docker.sock",
        str(world.history.clone): "/srv/shop",
        world.fleet.yard.host: HOST,
        info[1]: "ENGN:DEMO",
    }
    for here, there in places.items():
        text = text.replace(here, there)
    return text.replace(f'"{info[0]}"', '"prod-1"')


def _renumbered(text: str) -> str:
    """Every 64-digit id becomes a number of its own, the same in every run."""
    numbers: dict[str, str] = {}

    def number(found: "re.Match[str]") -> str:
        return numbers.setdefault(found[0], f"{len(numbers) + 1:04x}" * 16)

    return re.sub(r"\b[0-9a-f]{64}\b", number, text)


def _aged(answer: Any) -> Any:
    if not isinstance(answer, Found):
        return answer
    value = answer.value
    if isinstance(value, tuple):
        return Found(tuple(sorted((_one(each) for each in value), key=_order)))
    return Found(_one(value))


def _order(value: Any) -> str:
    return str(getattr(value, "name", "") or getattr(value, "tags", "") or value)


def _one(value: Any) -> Any:
    match value:
        case facts.ContainerFacts():
            age = AGES[value.name]
            return replace(value, created_at=NOW - age, status=_status(value.status, age))
        case facts.ImageFacts():
            return replace(value, created_at=NOW - timedelta(days=41))
        case facts.InspectFacts():
            return replace(
                value, started_at=_some(value.started_at), finished_at=_some(value.finished_at)
            )
        case facts.EngineFacts():
            return replace(value, system_time=NOW, asked_at=NOW, answered_at=NOW)
        case facts.GraphFacts() | facts.CloneFacts():
            return replace(value, fetched_at=NOW - timedelta(minutes=10))
        case _:
            return value


def _some(at: datetime | None) -> datetime | None:
    """The cart and the mailer are the ones that are inspected; their age is the mailer's."""
    return at and NOW - AGES["shop_mailer_1"]


def _status(status: str, age: timedelta) -> str:
    hours, minutes = age // timedelta(hours=1), age // timedelta(minutes=1)
    words = f"{hours} hours" if hours else f"{minutes} minutes"
    if age >= timedelta(days=3):
        words = f"{age.days} days"
    return re.sub(r"(Up|\)) .*?(?= ago| \(|$)", rf"\1 {words}", status, count=1)


def main() -> None:
    """Write the demo that ships."""
    file = Path(__file__).parents[2] / "whatsrunning" / "demo.json"
    with tempfile.TemporaryDirectory() as folder:
        file.write_text(make_demo(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
