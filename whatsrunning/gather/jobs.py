"""Which lane a question goes to, what is asked together, and the port's method that answers it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.ports import Deadline
from whatsrunning.facts.queries import Query
from whatsrunning.facts.store import source_of

Answers: TypeAlias = dict[Query, Answer[Any]]

BATCH = 50
"""Commits that one question to GitHub may hold (one GraphQL query)."""


@dataclass(frozen=True, slots=True)
class Job:
    """Questions that one call answers, on the lane that may make it."""

    lane: tuple[str, str]
    questions: tuple[Query, ...]


def jobs(wanted: Iterable[Query]) -> Iterator[Job]:
    """One job a question, but commits of one repository together."""
    batches: dict[tuple[type, str], list[Query]] = {}
    for question in wanted:
        if isinstance(question, ask.GitCommit | ask.GithubCommit):
            batches.setdefault((type(question), question.repository), []).append(question)
        else:
            yield Job(_lane_of(question), (question,))
    for (kind, _), together in batches.items():
        size = BATCH if kind is ask.GithubCommit else len(together)
        for start in range(0, len(together), size):
            yield Job(_lane_of(together[0]), tuple(together[start : start + size]))


def _lane_of(question: Query) -> tuple[str, str]:
    source = source_of(question)
    if source == "engine":
        return source, subject_of(question)
    return source, subject_of(question).split("/")[0] if source == "registry" else ""


def call(port: Any, questions: tuple[Query, ...], deadline: Deadline) -> Answers:
    """The answers of one port call; what has no reply is Nothing. Raises what the port raises."""
    first = questions[0]
    if isinstance(first, ask.GitCommit | ask.GithubCommit):
        shas = [question.sha for question in questions if isinstance(question, type(first))]
        replies = port.commits(first.repository, shas, deadline)
        return {q: replies.get(sha, Nothing()) for q, sha in zip(questions, shas, strict=True)}
    reply = _one(port, first, deadline)
    return {first: reply if isinstance(reply, Found | Nothing | Unknown) else Found(reply)}


def _one(port: Any, question: Query, deadline: Deadline) -> Any:
    """The port's method for a question; its fields are the method's arguments, in order."""
    method = getattr(port, METHODS[type(question)])
    names = question.__slots__
    about = [getattr(question, name) for name in names if name != "engine"]
    return method(*about, deadline)


def subject_of(question: Query) -> str:
    """What a question is about, as messages name it."""
    parts = (getattr(question, name, "") for name in ("engine", "repository", "engine_id"))
    return next((str(part) for part in parts if part), "the clones at hand")


METHODS: Mapping[type, str] = {
    ask.EngineInfo: "info",
    ask.EngineContainers: "containers",
    ask.EngineImages: "images",
    ask.EngineInspect: "inspect",
    ask.EngineDistribution: "distribution",
    ask.EngineEvents: "events",
    ask.EngineServices: "services",
    ask.EngineTasks: "tasks",
    ask.EngineNodes: "nodes",
    ask.RegistryManifest: "manifest",
    ask.RegistryContent: "content",
    ask.RegistryTags: "tags",
    ask.GitClones: "clones",
    ask.GitCommit: "commits",
    ask.GitPrefix: "prefix",
    ask.GitGraph: "graph",
    ask.GitReference: "reference",
    ask.GitTouched: "touched",
    ask.GitPushFilter: "push_filter",
    ask.GithubCommit: "commits",
    ask.GithubGraph: "graph",
    ask.GithubCompare: "compare",
    ask.GithubPull: "pull",
    ask.GithubReference: "reference",
    ask.GithubRuns: "runs",
    ask.GithubRequired: "required",
    ask.GithubDeployments: "deployments",
    ask.JournalLooks: "earlier",
}
"""The port's method that answers each question."""
