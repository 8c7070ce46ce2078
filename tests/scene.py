"""A scene of answers, built by hand: engines, images, registry, history. All of it is pure data."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.empty_world import Answers
from whatsrunning.facts.answers import Found, Problem, Unknown
from whatsrunning.facts.engine import (
    ContainerFacts,
    EngineContainers,
    EngineFacts,
    EngineImages,
    EngineInfo,
    EngineInspect,
    ImageFacts,
    InspectFacts,
    Store,
)
from whatsrunning.facts.git import CloneFacts, CommitFacts, GitClones, GitCommit, GraphFacts
from whatsrunning.facts.github import GithubCommit, GithubCommitFacts, PullFacts
from whatsrunning.facts.query import Query
from whatsrunning.facts.registry import (
    Child,
    ManifestFacts,
    RegistryContent,
    RegistryLabels,
    RegistryManifest,
    RegistryTags,
)
from whatsrunning.facts.scope import Scope, Target
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import Container
from whatsrunning.report.report import Report
from whatsrunning.verdicts.report import judge

NOW = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
REPOSITORY = "acme/shop"
IMAGE = "registry.test/acme/shop"


def sha(word: str) -> str:
    """The whole SHA of a commit that tests call by a word."""
    return hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest()


def digest(word: str) -> str:
    """A digest that tests call by a word."""
    return f"sha256:{hashlib.sha256(word.encode()).hexdigest()}"


def lost(query: Query[Any], code: str = "timeout") -> Unknown:
    """The answer of a source that did not answer."""
    name = type(query).__name__
    return Unknown(Problem(query.source, name, code, f"{name} did not answer", "try again"))


def minutes_ago(minutes: float) -> datetime:
    """An instant before the look."""
    return NOW - timedelta(minutes=minutes)


def engine_facts(context: str = "prod", store: Store = "classic", **more: Any) -> EngineFacts:
    """An engine whose clock agrees with the look's."""
    defaults: dict[str, Any] = {
        "id": f"ID-{context}", "name": f"{context}.test", "version": "20.10.24",
        "api_version": "1.41", "platform": "linux/amd64", "store": store, "system_time": NOW,
        "asked_at": NOW, "answered_at": NOW,
    }  # fmt: skip
    return EngineFacts(**(defaults | more))


def commit_facts(word: str, subject: str = "", body: str = "", parents: int = 1) -> CommitFacts:
    """A commit that tests call by a word."""
    return CommitFacts(
        sha(word), subject or f"Do {word}", body, "Ada Byron", minutes_ago(600),
        tuple(sha(f"{word}^{n}") for n in range(parents)), sha(f"tree of {word}"),
    )  # fmt: skip


def pull_facts(number: int, merged: str = "", **more: Any) -> PullFacts:
    """A pull request; `merged` is the word of the commit that merged it, empty while open."""
    defaults: dict[str, Any] = {
        "number": number, "title": f"Title {number}", "author": "bochen",
        "state": "merged" if merged else "open", "merged_by": "ada-byron" if merged else "",
        "merged_at": minutes_ago(700) if merged else None,
        "merge_sha": sha(merged) if merged else "",
        "url": f"https://github.com/{REPOSITORY}/pull/{number}",
    }  # fmt: skip
    return PullFacts(**(defaults | more))


class Scene:
    """Builds the answers of one look, and looks."""

    def __init__(self, store: Store = "classic", engine: str = "prod", **scope: Any) -> None:
        self.answers = Answers()
        self.engine = engine
        self.scope = Scope("ps", (), **{"github_token": True, **scope})
        self.add_engine(engine, store)

    def add_engine(self, context: str, store: Store = "classic", **more: Any) -> None:
        """One more engine, and the one that containers and images are now put on."""
        self.engine = context
        targets = (*self.scope.targets, Target(context, f"unix:///{context}.sock", "the context"))
        self.scope = replace(self.scope, targets=targets)
        self.answers[EngineInfo(context)] = Found(engine_facts(context, store, **more))
        self.answers[EngineContainers(context)] = Found(())
        self.answers[EngineImages(context)] = Found(())

    def image(
        self,
        id_: str,
        *tags: str,
        digests: Iterable[str] = (),
        labels: Mapping[str, str] | None = None,
        age: float = 60,
    ) -> str:
        """An image in the engine's store, made `age` minutes ago; its ID."""
        image = ImageFacts(id_, "", minutes_ago(age), tags, tuple(digests), labels or {})
        listed = self.answers[EngineImages(self.engine)].value
        self.answers[EngineImages(self.engine)] = Found((*listed, image))
        return id_

    def container(
        self,
        name: str,
        image: str,
        image_id: str,
        labels: Mapping[str, str] | None = None,
        **more: Any,
    ) -> str:
        """A container; its list entry has the image's labels too, as the engine tells. Its ID."""
        images = self.answers[EngineImages(self.engine)].value
        inherited: Mapping[str, str] = next(
            (entry.labels for entry in images if entry.id == image_id), {}
        )
        defaults: dict[str, Any] = {
            "id": hashlib.sha256(f"{self.engine}/{name}".encode()).hexdigest(), "name": name,
            "image": image, "image_id": image_id, "created_at": minutes_ago(30),
            "state": "running", "status": "Up 30 minutes",
            "labels": {**inherited, **(labels or {})},
        }  # fmt: skip
        container = ContainerFacts(**(defaults | more))
        listed = self.answers[EngineContainers(self.engine)].value
        self.answers[EngineContainers(self.engine)] = Found((*listed, container))
        return container.id

    def inspect(self, container: str, **more: Any) -> None:
        """What an inspection of a container (whole ID) tells."""
        defaults: dict[str, Any] = {
            "id": container, "reference": "", "started_at": minutes_ago(30), "finished_at": None,
            "exit_code": 0, "oom_killed": False, "restart_count": 0, "restart_policy": "no",
            "health": "",
        }  # fmt: skip
        self.answers[EngineInspect(self.engine, container)] = Found(
            InspectFacts(**(defaults | more))
        )

    def push(
        self,
        tag: str,
        top: str,
        config: str = "",
        children: Mapping[str, str] | None = None,
        repository: str = IMAGE,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        """A tag in the registry. `children` maps an index's platform digests to config digests."""
        if labels is not None:
            self.answers[RegistryLabels(repository, top)] = Found(labels)
        parts = tuple(Child(digest, "linux/amd64") for digest in children or {})
        kind = INDEX if children else MANIFEST
        head, content = ManifestFacts(top, kind), ManifestFacts(top, kind, config, parts)
        for reference in (tag, top):
            self.answers[RegistryManifest(repository, reference)] = Found(head)
            self.answers[RegistryContent(repository, reference)] = Found(content)
        for child, its in (children or {}).items():
            body = ManifestFacts(child, MANIFEST, its)
            self.answers[RegistryManifest(repository, child)] = Found(body)
            self.answers[RegistryContent(repository, child)] = Found(body)
        listed = self.answers[RegistryTags(repository)].value if self._lists(repository) else ()
        self.answers[RegistryTags(repository)] = Found(tuple(sorted({*listed, tag})))

    def _lists(self, repository: str) -> bool:
        return RegistryTags(repository) in self.answers

    def untag(self, tag: str, repository: str = IMAGE) -> None:
        """The registry forgets a tag, not its manifest."""
        del self.answers[RegistryManifest(repository, tag)]
        listed = self.answers[RegistryTags(repository)].value
        self.answers[RegistryTags(repository)] = Found(
            tuple(other for other in listed if other != tag)
        )

    def clone(self, *words: str, repository: str = REPOSITORY, whole: bool = True) -> None:
        """A clone at hand that holds these commits, the newest first, in one line."""
        clone = CloneFacts(f"/srv/{repository}", (repository,), False, "main", sha(words[0]), NOW)
        before = self.answers.get(GitClones()).value
        self.answers[GitClones()] = Found((*before, clone))
        for word in words:
            commit = self.answers.get(GitCommit(repository, sha(word)))
            if not isinstance(commit, Found):
                self.commit(word, repository=repository, github=False)
        line = {sha(a): (sha(b),) for a, b in pairwise(words)}
        graph = GraphFacts("main", sha(words[0]), {**line, sha(words[-1]): ()}, whole, NOW)
        self.answers.graphs[repository] = Found(graph)

    def commit(
        self,
        word: str,
        subject: str = "",
        body: str = "",
        *,
        parents: int = 1,
        repository: str = REPOSITORY,
        local: bool = True,
        github: bool = True,
        pulls: tuple[PullFacts, ...] = (),
    ) -> None:
        """A commit in the clone, at GitHub, or in both."""
        commit = commit_facts(word, subject, body, parents)
        if local:
            self.answers[GitCommit(repository, commit.sha)] = Found(commit)
        if github:
            url = f"https://github.com/{repository}/commit/{commit.sha}"
            at_github = GithubCommitFacts(commit, url, pulls)
            self.answers[GithubCommit(repository, commit.sha)] = Found(at_github)

    def lose(self, *kinds: type, code: str = "timeout") -> None:
        """Sources that do not answer: every query of these kinds that is asked so far."""
        self.look()
        for query in list(self.answers.asked):
            if isinstance(query, kinds):
                self.answers[query] = lost(query, code)

    def look(self, **scope: Any) -> Report:
        """The report of this scene."""
        self.answers.asked.clear()
        return judge(FactStore(self.answers), replace(self.scope, **scope), NOW)

    def one(self, name: str = "web", **scope: Any) -> Container:
        """One container of the report."""
        return next(c for c in self.look(**scope).containers if c.name == name)
