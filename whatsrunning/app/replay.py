"""Verdicts over a saved look: what was not asked then is Unknown(not-recorded)."""

from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from whatsrunning.errors import Refused, UsageFault
from whatsrunning.facts.answers import Answer, Found, Problem, Unknown
from whatsrunning.facts.queries import GitClones
from whatsrunning.facts.query import Query
from whatsrunning.facts.store import FactStore, Snapshot
from whatsrunning.sources.saved import file as saved_file
from whatsrunning.sources.saved.codec import UnreadableSnapshot, from_text

T = TypeVar("T")


def saved(file: str) -> Snapshot:
    """The look in a file. Raises Refused when there is none."""
    return _sound(saved_file.read(Path(file)), file)


def demo() -> Snapshot:
    """The look that comes with the program."""
    packaged = resources.files("whatsrunning").joinpath("demo.json")
    return _sound(from_text(packaged.read_text(encoding="utf-8")), "demo.json")


def _sound(look: Snapshot | UnreadableSnapshot, name: str) -> Snapshot:
    if isinstance(look, UnreadableSnapshot):
        hint = "give a file that --save wrote"
        raise Refused(UsageFault("saved-look", f"{name}: {look.reason}", hint))
    return look


def judge_saved(
    snapshot: Snapshot, verdict: Callable[[FactStore], T]
) -> tuple[dict[Query[Any], Answer[Any]], T]:
    """The verdict over saved facts alone; nothing is asked of anyone."""
    answers: dict[Query[Any], Answer[Any]] = dict(_answers(snapshot))
    while True:
        facts = FactStore(answers)
        judgement = verdict(facts)
        if not facts.missing:
            return answers, judgement
        answers.update({question: Unknown(not_recorded(question)) for question in facts.missing})


def completable(snapshot: Snapshot) -> dict[Query[Any], Answer[Any]]:
    """What `--resolve` keeps: engines as they were, and of the others what was found out.

    The engines of the snapshot are another machine's: they are never asked from here.
    """
    return {
        question: answer
        for question, answer in _answers(snapshot).items()
        if question.source == "engine" or not _open(question, answer)
    }


def _open(question: Query[Any], answer: Answer[Any]) -> bool:
    no_clones = isinstance(question, GitClones) and answer == Found(())
    return isinstance(answer, Unknown) or no_clones


def _answers(snapshot: Snapshot) -> Mapping[Query[Any], Answer[Any]]:
    answers: Mapping[Any, Any] = snapshot.answers
    return answers


def not_recorded(question: Query[Any]) -> Problem:
    """Why a saved look does not answer a question."""
    subject = str(getattr(question, "repository", "") or getattr(question, "engine", ""))
    message = f"was not asked when this look was saved ({subject or 'this machine'})"
    hint = "ask it now with --resolve, or save again with --save"
    return Problem(question.source, subject, "not-recorded", message, hint)
