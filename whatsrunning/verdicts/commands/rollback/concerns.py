"""Reasons to think twice about a build before going back to it (DESIGN section 4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from whatsrunning import names
from whatsrunning.facts.answers import Found
from whatsrunning.facts.queries import GitTouched
from whatsrunning.facts.records import Base, CommitFacts, Head
from whatsrunning.facts.scope import RepoRule
from whatsrunning.facts.store import Case
from whatsrunning.report.commands import Candidate, Concern
from whatsrunning.report.container import Container
from whatsrunning.verdicts.history.git_ref import ParsedRef, resolve_ref
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.reverts import MOST, read_all, reverted
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers, rule_of

_NOT_PASSED = {
    "red": "CI failed on it",
    "raced": "CI has not passed on it",
    "pending": "CI has not finished on it",
    "no-run": "CI never ran on it",
    "no-verdict": "CI gave no verdict on it",
}
_UPDATERS = ("watchtower", "ouroboros", "shepherd")
_WATCHED = "com.centurylinklabs.watchtower.enable"
_NAMED = 3


LocalImageState = Literal["", "rebuilt", "lost"]


@dataclass(frozen=True, slots=True)
class Rollback:
    """From the running revision of a container back to a build of its repository.

    `running` is empty where nothing tells it; without a `graph` the history could not be read.
    """

    container: Container
    subject: ListedContainer
    repository: str
    back_to: str
    running: str
    graph: HistoryGraph | None

    @property
    def span(self) -> str:
        """Both ends, as git takes them."""
        return f"{self.back_to[:12]}..{self.running[:12]}"


def concerns(
    case: Case, going: Rollback, candidate: Candidate, kept: LocalImageState = ""
) -> tuple[Concern, ...]:
    """All of them, the gravest first; `kept` is how the engine's image stands in the registry."""
    return (
        *_image(candidate, kept),
        *_ci(candidate),
        *_reverts(case, going),
        *_line(going),
        *_files(case, going),
        *_undone(case, going),
    )


def _image(candidate: Candidate, kept: LocalImageState) -> Iterator[Concern]:
    if candidate.image == "gone":
        yield Concern("image-gone", "neither the engine nor the registry has its image any more")
    elif candidate.image == "local" and not candidate.digest:
        yield Concern("never-pushed", "only this engine has its image: no registry ever had it")
    elif kept == "lost":
        said = "only this engine has its image: the registry knows neither its tag nor its digest"
        yield Concern("not-in-registry", said)
    elif kept == "rebuilt":
        said = "the registry has another build of it by now; this is the engine's"
        yield Concern("rebuilt", said)


def _ci(candidate: Candidate) -> Iterator[Concern]:
    if not isinstance(candidate.ci, Found):
        return
    ci = candidate.ci.value
    if ci.at_deploy == "no-run" and ci.reason in ("tested-before-merge", "path-filtered"):
        return
    if said := _NOT_PASSED.get(ci.at_deploy):
        yield Concern("ci-red" if ci.at_deploy == "red" else "ci-not-passed", said)


def _reverts(case: Case, going: Rollback) -> Iterator[Concern]:
    """A revert that leaves while what it reverted stays: the two are kept together."""
    graph = going.graph
    left = graph.between(going.back_to, going.running) if graph else None
    read = read_all(case, going.repository, left[:MOST]) if left is not None else None
    if graph is None or left is None or not isinstance(read, Found) or len(left) > MOST:
        yield Concern("reverts-unknown", "whether a revert would leave could not be read")
    if graph is None or not isinstance(read, Found):
        return
    for commit in read.value:
        for sha in _taken_back(case, going, commit):
            if graph.is_ancestor(sha, going.back_to):
                said = f"would bring back {sha[:12]}, which {commit.sha[:12]} reverted"
                yield Concern("brings-back", said)


def _taken_back(case: Case, going: Rollback, commit: CommitFacts) -> Iterator[str]:
    """What a commit reverts: by SHA, else by the pull request that GitHub's button names."""
    said = reverted(commit)
    yield from said.shas
    for number in said.pulls if not said.shas else ():
        target = resolve_ref(case, going.repository, ParsedRef(number))
        yield from target.value.shas if isinstance(target, Found) else ()


def _line(going: Rollback) -> Iterator[Concern]:
    if going.graph and going.graph.on_default(going.back_to) is False:
        yield Concern("not-on-default-branch", "the default branch does not contain it")


def _files(case: Case, going: Rollback) -> Iterator[Concern]:
    """What the configuration says to watch: migrations, and what belongs to the service."""
    rule = rule_of(going.subject)
    migrations = case.scope.repo_rules.get(going.repository, RepoRule()).migrations
    why = "a database that ran them may not fit the older build"
    yield from _touched(case, going, "migrations", migrations, why)
    if rule and rule.paths:
        yield from _touched(case, going, "paths", rule.paths, f"{going.container.service} differs")


def _touched(
    case: Case, going: Rollback, code: str, paths: tuple[str, ...], why: str
) -> Iterator[Concern]:
    if not (paths and going.running):
        return
    question = GitTouched(going.repository, Base(going.back_to), Head(going.running), paths)
    files, where = case.get(question), ", ".join(paths)
    if not isinstance(files, Found):
        look = f"git diff --stat {going.span} -- {' '.join(paths)}"
        yield Concern(code, f"whether {where} changed in between could not be read: {look}")
    elif files.value:
        yield Concern(code, f"{_listed(files.value)} changed in between: {why}")
    elif code == "paths":
        yield Concern("paths-untouched", f"nothing in {where} differs from what runs")


def _listed(files: Sequence[str]) -> str:
    more = len(files) - _NAMED
    return ", ".join(files[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _undone(case: Case, going: Rollback) -> Iterator[Concern]:
    """Who would put the newer build back."""
    built = going.container.built
    latest = built.value.latest_sha if isinstance(built, Found) else ""
    image = names.reference(going.container.image.reference)
    follows = bool(image.repository) and not image.digest and image.tag in ("", "latest")
    if follows and latest not in ("", going.back_to):
        said = f":latest is {latest[:12]}: whoever re-creates it from :latest undoes the rollback"
        yield Concern("latest-undoes", said)
    watched = going.subject.labels.get(_WATCHED, "").strip().lower()
    if watched == "false":
        return
    updaters = list(_updaters(case, going.container.engine))
    if updaters or watched == "true":
        who = (
            f"{updaters[0]} on this engine" if updaters else f"watchtower, by the label {_WATCHED},"
        )
        yield Concern("updater-undoes", f"{who} updates images by tag: name the digest, or stop it")


def _updaters(case: Case, engine: str) -> Iterator[str]:
    """Containers that replace others when their tag moves, by the names of their images."""
    for one in listed_containers(case):
        running = one.engine == engine and one.listed.state == "running"
        if running and any(name in one.image.reference.lower() for name in _UPDATERS):
            yield one.listed.name
