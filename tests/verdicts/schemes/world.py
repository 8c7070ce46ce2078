"""The scene of one cell: a line of builds in one scheme, seen in one of three ways."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from tests.empty_world import Answers
from tests.scene import IMAGE, NOW, REPOSITORY, Scene, digest, sha
from tests.verdicts.schemes.builds import Build, Line
from tests.verdicts.schemes.schemes import SCHEMES, Scheme
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.git import GitClones, GraphFacts
from whatsrunning.facts.github import CompareFacts, GithubCompare, GithubGraph, GithubReference
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.git.errors import no_clone
from whatsrunning.sources.github.errors import RequestInfo, problem_of

Label = Literal["true", "stale", "none"]
Way = Literal["clone", "github", "neither"]
LABELS: tuple[Label, ...] = ("true", "stale", "none")
WAYS: tuple[Way, ...] = ("clone", "github", "neither")
_SOURCE = f"https://github.com/{REPOSITORY}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `moving`: the container was made from a tag that every build takes over."""

    scheme: Scheme
    label: Label
    way: Way
    moving: bool = False

    @property
    def id(self) -> str:
        made_from = "-moving" if self.moving else ""
        return f"{self.scheme.name}-{self.label}-{self.way}{made_from}"

    @property
    def line(self) -> Line:
        return self.scheme.line

    @property
    def tag(self) -> str:
        """The tag that the container two behind was made from."""
        tags = self.scheme.moving if self.moving else self.scheme.own
        return tags(self.line.running)[0]


def cells() -> tuple[Cell, ...]:
    """Every cell, made from the build's own tag, and from a moving one where there is one."""
    return tuple(
        Cell(scheme, label, way, moving)
        for scheme in SCHEMES
        for moving in ((False, True) if scheme.moving(scheme.line.running) else (False,))
        for label in LABELS
        for way in WAYS
    )


class OneWay(Answers):
    """What sources say where only a clone, only GitHub, or neither of them can be asked."""

    def __init__(self, known: Mapping[Any, Any], line: Line, way: Way) -> None:
        super().__init__(known)
        self.line, self.way = line, way

    def _empty(self, query: Any) -> Answer[Any]:
        if isinstance(query, GitClones):
            return Found(())
        if query.source == "git" and self.way != "clone":
            return Unknown(no_clone(REPOSITORY))
        if query.source == "github" and self.way != "github":
            soon = Deadline.after(60)
            asked = RequestInfo(REPOSITORY, "api.github.com", with_token=True, deadline=soon)
            return Unknown(problem_of(ConnectionError(), asked))
        if isinstance(query, GithubGraph):
            return Found(_graph(self.line))
        if isinstance(query, GithubCompare):
            return self._compared(query.base, query.head)
        if isinstance(query, GithubReference):
            return Found(self.line.newest.sha) if query.name == "main" else Nothing()
        return super()._empty(query)

    def _compared(self, base: str, head: str) -> Answer[CompareFacts]:
        places = {sha(word): place for place, word in enumerate(self.line.words)}
        ahead = places[base] - places[head]
        return Found(CompareFacts(max(ahead, 0), max(-ahead, 0)))


def _graph(line: Line) -> GraphFacts:
    shas = [sha(word) for word in line.words]
    parents: dict[str, tuple[str, ...]] = {a: (b,) for a, b in pairwise(shas)}
    return GraphFacts("main", shas[0], {**parents, shas[-1]: ()}, True, NOW)


def labels_of(scheme: Scheme, build: Build) -> Mapping[str, str]:
    """What metadata-action writes into an image, and a plain `docker build` does not:
    https://github.com/docker/metadata-action#annotations"""
    prefix = "org.opencontainers.image"
    said = {"revision": build.sha, "source": _SOURCE, "version": scheme.own(build)[0]}
    return {f"{prefix}.{key}": text for key, text in said.items()} if scheme.labelled else {}


def scene_of(cell: Cell, *, alone: bool = False) -> Scene:
    """The look of a cell: `web` runs two behind the newest, `new` the newest unless `alone`."""
    scene = Scene(project="" if cell.way == "clone" else REPOSITORY)
    line = cell.line
    scene.answers = OneWay(scene.answers, line, cell.way)
    for build in reversed(line.builds):
        _push(scene, cell.scheme, build)
    said = {"true": line.running, "stale": line.stale, "none": None}[cell.label]
    _run(scene, "web", cell, line.running, cell.tag, said)
    newest = line.newest if said else None
    if not alone:
        _run(scene, "new", cell, line.newest, cell.scheme.own(line.newest)[0], newest)
    for word in line.words:
        scene.commit(word, local=cell.way == "clone", github=cell.way == "github")
    if cell.way == "clone":
        scene.clone(*line.words)
    return scene


def _push(scene: Scene, scheme: Scheme, build: Build) -> None:
    """The build's tags. Each platform is an image of its own; else all are one image."""
    for tag in (*scheme.own(build), *scheme.moving(build)):
        top = content(scheme, build, tag)
        scene.push(tag, digest(top), digest(f"config of {top}"), labels=labels_of(scheme, build))


def content(scheme: Scheme, build: Build, tag: str) -> str:
    """The word of the content that a build's tag has."""
    platform = tag.rpartition("-")[2] if scheme.name == "platforms" else ""
    return f"{build.word} {platform}"


def _run(scene: Scene, name: str, cell: Cell, build: Build, tag: str, said: Build | None) -> None:
    top, reference = content(cell.scheme, build, tag), f"{IMAGE}:{tag}"
    image = scene.image(
        digest(f"config of {top}"), reference, digests=[f"{IMAGE}@{digest(top)}"],
        labels=labels_of(cell.scheme, build),
    )  # fmt: skip
    scene.container(name, reference, image, {"git.sha": said.sha} if said else {})
