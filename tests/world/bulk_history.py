"""A longer history of the same shop, drawn with a fixed seed, for tests that count."""

import random
from pathlib import Path

from tests.world.git_writer import Person
from tests.world.history import ADA, BO, BOT, EVE, JOSE, WANG, History, Story

_VERBS = ("Fix", "Add", "Remove", "Speed up", "Document", "Test", "Bump", "Überarbeite")
_NOUNS = ("cart", "checkout", "login", "search", "worker", "cache", "invoice (old)", "webhook #7")
_PEOPLE: tuple[Person, ...] = (ADA, BO, JOSE, WANG, EVE, BOT)
_KINDS = {"merge": 8, "squash": 40, "rebase": 8, "push": 14, "revert": 8, "pick": 6}


def make_bulk(folder: Path, commits: int = 500) -> History:
    """At least `commits` commits reachable from main; the same SHAs every time."""
    story = Story(folder)
    draw = random.Random(20260302)
    for number in range(5):
        story.push(f"Beginning {number}")
    number = 0
    while len(story.writer.commits) < 2 * commits:
        number += draw.randint(1, 3)
        kind = draw.choices(list(_KINDS), list(_KINDS.values()))[0]
        _grow(story, draw, kind, number)
    built = {f"built-{place + 1}": sha for place, sha in enumerate(story.line[-400::40])}
    return story.finish(built, {})


def _grow(story: Story, draw: random.Random, kind: str, number: int) -> None:
    who, title = draw.choice(_PEOPLE), _title(draw)
    steps = tuple(_title(draw) for _ in range(draw.randint(1, 5)))
    if kind == "merge":
        story.merge(number, title, steps, who, draw.randint(1, 8))
    elif kind == "rebase":
        story.rebase(number, title, steps[:4], who)
    elif kind == "push":
        story.push(title, who)
    elif kind == "pick":
        _pick(story, draw, who)
    elif kind == "revert" and _squashed(story):
        reverted = draw.choice(_squashed(story))
        story.revert(number, story.pulls[reverted].merge_sha, reverted)
    else:
        story.squash(number, title, "\n\n".join(f"* {step}" for step in steps), who)


def _pick(story: Story, draw: random.Random, who: Person) -> None:
    (elsewhere,) = story.topic(draw.choice(story.line[-9:]), (_title(draw),), who)
    story.land_pick(elsewhere, who)


def _squashed(story: Story) -> list[int]:
    return [number for number, pull in story.pulls.items() if pull.kind in ("squash", "revert")]


def _title(draw: random.Random) -> str:
    return f"{draw.choice(_VERBS)} {draw.choice(_NOUNS)} {draw.choice(_NOUNS)}"
