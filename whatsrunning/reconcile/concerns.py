"""Reasons to think twice about a build before going back to it (DESIGN section 4)."""

from collections.abc import Iterator
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.model.answers import Found
from whatsrunning.model.report import Candidate, Concern, Container
from whatsrunning.model.scope import RepoRule, Scope
from whatsrunning.questions import Facts
from whatsrunning.reconcile.graph import HistoryGraph
from whatsrunning.reconcile.reverts import MOST, read_all, reverted
from whatsrunning.reconcile.subject import subjects

_NOT_PASSED = {
    "red": "CI failed on it",
    "raced": "CI has not passed on it",
    "pending": "CI has not finished on it",
    "no-run": "CI never ran on it",
    "no-verdict": "CI gave no verdict on it",
}
_UPDATERS = ("watchtower", "ouroboros", "shepherd")


@dataclass(frozen=True, slots=True)
class Going:
    """From the running revision of a container back to a build of its repository."""

    container: Container
    repository: str
    back_to: str
    running: str
    graph: HistoryGraph


def concerns(facts: Facts, scope: Scope, going: Going, candidate: Candidate) -> tuple[Concern, ...]:
    """All of them, the gravest first."""
    return (
        *_image(candidate),
        *_ci(candidate),
        *_brings_back(facts, scope, going),
        *_line(going),
        *_migrations(scope, going),
        *_undone(facts, scope, going),
    )


def _image(candidate: Candidate) -> Iterator[Concern]:
    if candidate.image == "gone":
        yield Concern("image-gone", "neither the engine nor the registry has its image any more")


def _ci(candidate: Candidate) -> Iterator[Concern]:
    if not isinstance(candidate.ci, Found):
        return
    ci = candidate.ci.value
    if ci.at_deploy == "no-run" and ci.reason in ("tested-before-merge", "path-filtered"):
        return
    if said := _NOT_PASSED.get(ci.at_deploy):
        yield Concern("ci-red" if ci.at_deploy == "red" else "ci-not-passed", said)


def _brings_back(facts: Facts, scope: Scope, going: Going) -> Iterator[Concern]:
    """A revert that leaves while what it reverted stays: the two are kept together."""
    left = going.graph.between(going.back_to, going.running) or ()
    read = read_all(facts, scope, going.repository, left[:MOST])
    for commit in read.value if isinstance(read, Found) else ():
        for sha in reverted(commit).shas:
            if going.graph.is_ancestor(sha, going.back_to):
                said = f"would bring back {sha[:12]}, which {commit.sha[:12]} reverted"
                yield Concern("brings-back", said)


def _line(going: Going) -> Iterator[Concern]:
    if going.graph.on_default(going.back_to) is False:
        yield Concern("not-on-default-branch", "the default branch does not contain it")


def _migrations(scope: Scope, going: Going) -> Iterator[Concern]:
    """What changed in files is not read: whoever configured migrations is told how to look."""
    paths = scope.repo_rules.get(going.repository, RepoRule()).migrations
    if paths:
        span = f"{going.back_to[:12]}..{going.running[:12]}"
        yield Concern(
            "migrations",
            f"look for migrations in between: git diff --stat {span} -- {' '.join(paths)}",
        )


def _undone(facts: Facts, scope: Scope, going: Going) -> Iterator[Concern]:
    """Who would put the newer build back."""
    built = going.container.built
    latest = built.value.latest_sha if isinstance(built, Found) else ""
    image = names.reference(going.container.image.reference)
    follows = bool(image.repository) and not image.digest and image.tag in ("", "latest")
    if follows and latest not in ("", going.back_to):
        said = f":latest is {latest[:12]}: whoever re-creates it from :latest undoes the rollback"
        yield Concern("latest-undoes", said)
    for one in subjects(facts, scope):
        path = one.image.reference.lower()
        running = one.engine == going.container.engine and one.said.state == "running"
        if running and any(updater in path for updater in _UPDATERS):
            yield Concern("updater-undoes", f"{one.said.name} on this engine updates images by tag")
