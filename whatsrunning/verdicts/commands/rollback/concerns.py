"""Reasons to think twice about a build before going back to it."""

from collections.abc import Iterable, Iterator
from typing import Literal

from whatsrunning import names
from whatsrunning.facts.answers import Nothing
from whatsrunning.facts.git import Base, CommitFacts, GitTouched, Head
from whatsrunning.facts.scope import RepoRule
from whatsrunning.report.commands import Candidate, Concern
from whatsrunning.verdicts.commands.rollback.service import RunningService
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.git_ref import ParsedRef, resolve_ref
from whatsrunning.verdicts.history.lookup import read_further
from whatsrunning.verdicts.history.reverts import MOST, read_all, reverted
from whatsrunning.verdicts.inventory.listed import listed_containers
from whatsrunning.verdicts.origin.repository import clone_of

LocalImageState = Literal["", "rebuilt", "lost"]
"""How the engine's image stands in the registry: there is another by now, or no such content."""

_NOT_PASSED = {
    "red": "CI failed on it",
    "raced": "CI has not passed on it",
    "pending": "CI has not finished on it",
    "no-run": "CI never ran on it",
    "no-verdict": "CI gave no verdict on it",
}
_PASSED_ELSEWHERE = ("tested-before-merge", "path-filtered")
_UPDATERS = ("watchtower", "ouroboros", "shepherd")
# https://containrrr.dev/watchtower/container-selection/
_WATCHED = "com.centurylinklabs.watchtower.enable"
_NAMED = 3  # files, before it is said how many more there are


def concerns(
    service: RunningService, candidate: Candidate, state: LocalImageState
) -> tuple[Concern, ...]:
    """All of them, the gravest first; `state` is of the engine's own image of the build."""
    return (
        *_image(candidate, state),
        *_ci(candidate),
        *_history(service, candidate.sha),
        *_files(service, candidate.sha),
        *_undone(service, candidate.sha),
    )


def _image(candidate: Candidate, state: LocalImageState) -> Iterator[Concern]:
    if candidate.image == "gone":
        yield Concern("image-gone", "neither the engine nor the registry has its image any more")
    elif candidate.image == "local" and not candidate.digest:
        yield Concern("never-pushed", "only this engine has its image: no registry ever had it")
    elif state == "lost":
        why = "only this engine has its image: the registry knows neither its tag nor its digest"
        yield Concern("not-in-registry", why)
    elif state == "rebuilt":
        why = "the registry has another build of it by now; this is the engine's"
        yield Concern("rebuilt", why)


def _ci(candidate: Candidate) -> Iterator[Concern]:
    ci = candidate.ci.value_or(None)
    why = _NOT_PASSED.get(ci.at_deploy) if ci else None
    if ci and why and ci.reason not in _PASSED_ELSEWHERE:
        yield Concern("ci-red" if ci.at_deploy == "red" else "ci-not-passed", why)


def _history(service: RunningService, sha: str) -> Iterator[Concern]:
    """Going back behind a revert, but not behind what it reverted, or to another branch."""
    graph = service.graph
    leaving = graph.between(sha, service.sha) if graph else None
    read = read_all(service.case, service.repository, leaving or ())
    undone = {other: by for by in read.value_or(()) for other in _reverted(service, by)}
    held = {other: _holds(service, undone, other, sha) for other in undone}
    unsure = leaving is None or len(leaving) > MOST or None in held.values()
    if unsure or read.problem:
        yield Concern("reverts-unknown", "whether a revert would leave could not be read")
    for other, commit in undone.items():
        if held[other]:
            why = f"would bring back {other[:12]}, which {commit.sha[:12]} reverted"
            yield Concern("brings-back", why)
    if graph and graph.is_ancestor(sha, graph.head) is False:
        yield Concern("not-on-default-branch", "the default branch does not contain it")


def _holds(service: RunningService, undone: Iterable[str], other: str, sha: str) -> bool | None:
    """Whether a build has a commit that was `undone` later; what nobody has is in no build."""
    case, repository, graph = service.case, service.repository, service.graph
    known = read_further(case, repository, graph, undone) if graph else None
    has = known.is_ancestor(other, sha) if known else None
    return False if has is None and commit_of(case, repository, other) == Nothing() else has


def _reverted(service: RunningService, commit: CommitFacts) -> Iterator[str]:
    """What a commit reverts: by SHA, else by the pull request that GitHub's button names."""
    mentions = reverted(commit)
    yield from mentions.shas
    for number in mentions.pulls if not mentions.shas else ():
        pull = resolve_ref(service.case, service.repository, ParsedRef(number)).value_or(None)
        yield from pull.shas if pull else ()


def _files(service: RunningService, sha: str) -> Iterator[Concern]:
    """What the configuration says to watch: migrations, and what belongs to the service."""
    rule = service.listed.rule
    migrations = service.case.scope.repo_rules.get(service.repository, RepoRule()).migrations
    why = "a database that ran them may not fit the older build"
    yield from _touched(service, sha, "migrations", migrations, why)
    paths, why = rule.paths if rule else (), f"{service.container.service} differs"
    yield from _touched(service, sha, "paths", paths, why)


def _touched(
    service: RunningService, sha: str, code: str, paths: tuple[str, ...], why: str
) -> Iterator[Concern]:
    if not (paths and service.sha):
        return
    at_hand = clone_of(service.case, service.repository)
    query = GitTouched(at_hand, Base(sha), Head(service.sha), paths)
    files, where = service.case.get(query).value_or(None), ", ".join(paths)
    if files is None:
        look = f"git diff --stat {sha[:12]}..{service.sha[:12]} -- {' '.join(paths)}"
        yield Concern(code, f"whether {where} changed in between could not be read: {look}")
    elif files:
        more = f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
        yield Concern(code, f"{', '.join(files[:_NAMED])}{more} changed in between: {why}")
    elif code == "paths":
        yield Concern("paths-untouched", f"nothing in {where} differs from what runs")


def _undone(service: RunningService, sha: str) -> Iterator[Concern]:
    """Who would put the newer build back."""
    container, built = service.container, service.container.built.value_or(None)
    latest = built.latest_sha if built else ""
    if names.follows_latest(container.image.reference) and latest not in ("", sha):
        why = f":latest is {latest[:12]}: whoever re-creates it from :latest undoes the rollback"
        yield Concern("latest-undoes", why)
    watched = service.listed.labels.get(_WATCHED, "").strip().lower()
    # Containers that replace others when their tag moves, by the names of their images.
    updaters = (
        other.listed.name
        for other in listed_containers(service.case)
        if other.engine == service.listed.engine and other.listed.state == "running"
        if any(name in other.image.reference.lower() for name in _UPDATERS)
    )
    updater = next(updaters, "")
    if watched == "false" or not (updater or watched == "true"):
        return
    who = f"{updater} on this engine" if updater else f"watchtower, by the label {_WATCHED},"
    yield Concern("updater-undoes", f"{who} updates images by tag: name the digest, or stop it")
