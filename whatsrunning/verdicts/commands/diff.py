"""Deployed against built: one timeline an image repository, in git order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, first_unknown
from whatsrunning.facts.registry import RegistryManifest
from whatsrunning.facts.store import Case
from whatsrunning.report.commands import BuiltTag, Entry, RunningOn, Timeline
from whatsrunning.report.container import Container
from whatsrunning.verdicts.history.builds import builds, latest_sha
from whatsrunning.verdicts.history.built import old_versions, placed, stale_clone
from whatsrunning.verdicts.history.commits import commit_of, pull_requests_of
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.tags import BuildTags, missing
from whatsrunning.verdicts.inventory.engines import engines

MOST_ENTRIES = 100  # of a timeline; those that run, `:latest` and the newest are kept
OLDER_BUILDS = 3  # shown below the oldest running one: what there is to go back to


@dataclass(frozen=True, slots=True)
class _Line:
    """What one timeline is made of; `built` and `graph` are what was read; unknown is empty.

    `unnamed`: why the repository is not known; `untold`: why it is not known of something that runs
    which commit it is.
    """

    case: Case
    image_repository: str
    repository: str
    running: Mapping[str, tuple[RunningOn, ...]]
    unnamed: Unknown | Nothing
    untold: Unknown | None
    tags: Answer[BuildTags]
    built: BuildTags
    graph: HistoryGraph | None

    @property
    def unread(self) -> Unknown | None:
        """Why there may be builds that no tag tells of."""
        if self.tags.problem:
            return Unknown(self.tags.problem)
        problem = missing(self.built, self.image_repository)
        if self.built.old and not problem:
            problem = old_versions(self.image_repository, self.built)
        return Unknown(problem) if problem else None

    def ordered(self, shas: Iterable[str]) -> tuple[str, ...]:
        """Newest first; as given where the history could not be read."""
        return self.graph.order(shas) if self.graph else tuple(dict.fromkeys(shas))


def timelines(case: Case, containers: Sequence[Container]) -> tuple[Timeline, ...]:
    """The timelines of the image repositories that managed containers run from, by name."""
    groups: defaultdict[str, list[Container]] = defaultdict(list)
    for container in containers:
        if container.managed and names.names_registry(container.image.repository):
            groups[container.image.repository].append(container)
    return tuple(_timeline(case, name, groups[name]) for name in sorted(groups))


def _timeline(case: Case, image_repository: str, containers: Sequence[Container]) -> Timeline:
    answers = [container.repository for container in containers]
    repository = min({answer.value_or("") for answer in answers} - {""}, default="")
    unnamed = first_unknown(answers) or Nothing()
    history = git_history(case, repository) if repository else unnamed
    tags = builds(case, image_repository, repository)
    built = tags.value_or(BuildTags({}))
    line = _Line(
        case, image_repository, repository, _running(containers), unnamed,
        _untold(case, containers), tags, built, history.value_or(None),
    )  # fmt: skip
    graph, latest = line.graph, latest_sha(case, image_repository, repository).value_or("")
    return Timeline(
        repository=image_repository,
        services=tuple(sorted({container.service for container in containers})),
        default_branch=graph.branch if graph else "",
        entries=tuple(_entry(line, sha, latest) for sha in _shown(line, latest)),
        built_not_deployed=_not_deployed(line),
        merged_never_built=line.unread or history.then(lambda read: _never_built(line, read)),
        running_without_tag=_untagged(line),
        problem=next((u.problem for u in (line.unread, line.untold) if u), history.problem),
    )


def _running(containers: Sequence[Container]) -> Mapping[str, tuple[RunningOn, ...]]:
    running: defaultdict[str, tuple[RunningOn, ...]] = defaultdict(tuple)
    for container in containers:
        if container.serves and container.sha:
            running[container.sha] += (RunningOn(container.engine, container.name),)
    return dict(running)


def _untold(case: Case, containers: Sequence[Container]) -> Unknown | None:
    for engine in engines(case):
        if engine.status != "ok" and engine.problem:
            return Unknown(engine.problem)
    for container in containers:
        if container.serves and not container.sha:
            name, message = container.name, f"{container.name} names no revision"
            none = Problem("engine", name, "no-revision", message, "label its image git.sha")
            return Unknown(container.revision.problem or none)
    return None


def _shown(line: _Line, latest: str) -> tuple[str, ...]:
    """What runs, what `:latest` is, what came since the oldest of them, and a few builds before."""
    keep, graph = {*line.running, latest} - {""}, line.graph
    if not graph:
        return line.ordered((*line.running, *line.built.by_sha))[:MOST_ENTRIES]
    every = graph.order((*line.built.by_sha, *line.running, *graph.trunk))
    placed = [sha for sha in every if graph.knows(sha)]
    oldest = max((place for place, sha in enumerate(placed) if sha in keep), default=0)
    older = [sha for sha in placed[oldest + 1 :] if sha in line.built.by_sha][:OLDER_BUILDS]
    strangers = [sha for sha in every if not graph.knows(sha)]
    listed = [*placed[: oldest + 1], *older, *strangers]
    return tuple(sha for n, sha in enumerate(listed) if sha in keep or n < MOST_ENTRIES)


def _entry(line: _Line, sha: str, latest: str) -> Entry:
    case, repository = line.case, line.repository
    commit = commit_of(case, repository, sha).value_or(None) if repository else None
    return Entry(
        sha=sha,
        subject=commit.subject if commit else "",
        pull_requests=pull_requests_of(case, repository, sha) if repository else line.unnamed,
        committed_at=commit.committed_at if commit else None,
        built=line.tags.then(lambda tags: _tag(line, tags.tag(sha))),
        latest=sha == latest,
        running_on=line.running.get(sha, ()),
    )


def _tag(line: _Line, tag: str) -> Answer[BuiltTag]:
    """The tag with its digest, where that was asked anyway."""
    if not tag:
        return line.unread or Nothing()
    head = line.case.facts.peek(RegistryManifest(line.image_repository, tag)) or Nothing()
    digest = head.then(lambda manifest: Found(manifest.digest)).value_or("")
    return Found(BuiltTag(tag, digest))


def _not_deployed(line: _Line) -> tuple[str, ...]:
    """Builds that nothing running contains, newest first; none where that may hold them of which
    nobody knows what it is."""
    graph = line.graph
    if not graph or line.untold:
        return ()
    waiting = [s for s in line.built.by_sha if s not in line.running and graph.knows(s)]
    return graph.order(
        sha for sha in waiting if not any(graph.is_ancestor(sha, other) for other in line.running)
    )


def _untagged(line: _Line) -> tuple[str, ...]:
    """What runs and has no tag; none where a tag that names no commit may be its."""
    untagged = [sha for sha in line.running if sha not in line.built.by_sha]
    return () if line.unread else line.ordered(untagged)


def _never_built(line: _Line, graph: HistoryGraph) -> Answer[tuple[str, ...]]:
    """Commits of the default branch's own line without a build, down to the oldest running one."""
    known = placed(graph, line.built)
    if known.unplaced:
        return Unknown(stale_clone(line.repository, graph, known.unplaced))
    floor = graph.order(sha for sha in line.running if graph.knows(sha))[-1:] or (known.newest,)
    below = graph.between(floor[0], graph.head) if floor[0] else None
    since = set(graph.trunk if below is None else below)
    return Found(tuple(sha for sha in graph.trunk if sha in since and sha not in line.built.by_sha))
