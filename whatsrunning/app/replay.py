"""Verdicts over a saved look: what was not asked then is Unknown(not-recorded)."""

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from whatsrunning.errors import Refused
from whatsrunning.facts.answers import Found, Problem, Unknown
from whatsrunning.facts.git import GitClones
from whatsrunning.facts.query import Answers, Query
from whatsrunning.facts.store import FactStore, Snapshot
from whatsrunning.sources.saved import file as saved_file
from whatsrunning.sources.saved.codec import UnreadableSnapshot, from_text

T = TypeVar("T")


def saved(file: str) -> Snapshot:
    """The look in a file. Raises Refused when there is none."""
    return _readable(saved_file.read(Path(file)), file)


def demo() -> Snapshot:
    """The look that comes with the program."""
    packaged = resources.files("whatsrunning").joinpath("demo.json")
    return _readable(from_text(packaged.read_text(encoding="utf-8")), "demo.json")


def _readable(look: Snapshot | UnreadableSnapshot, name: str) -> Snapshot:
    if isinstance(look, UnreadableSnapshot):
        hint = "give a file that --save wrote"
        raise Refused("saved-look", f"{name}: {look.reason}", hint)
    return look


def judge_saved(snapshot: Snapshot, judge: Callable[[FactStore], T]) -> tuple[Answers, T]:
    """The answers with those that are missing, and the judgement; nothing is asked of anyone."""
    answers = dict(snapshot.answers)
    while True:
        facts = FactStore(answers)
        judgement = judge(facts)
        if not facts.missing:
            return answers, judgement
        answers.update({query: Unknown(_not_recorded(query)) for query in facts.missing})


def completable(snapshot: Snapshot) -> Answers:
    """What `--resolve` keeps: engines as they were, and of the others what was found out.

    The engines of the snapshot are another machine's: they are never asked from here. Clones that
    were not there may be here.
    """
    return {
        query: answer
        for query, answer in snapshot.answers.items()
        if query.source == "engine"
        or not (answer.problem or (query == GitClones() and answer == Found(())))
    }


def _not_recorded(query: Query[Any]) -> Problem:
    subject = str(getattr(query, "repository", "") or getattr(query, "engine", ""))
    message = f"was not asked when this look was saved ({subject or 'this machine'})"
    hint = "ask it now with --resolve, or save again with --save"
    return Problem(query.source, subject, "not-recorded", message, hint)
