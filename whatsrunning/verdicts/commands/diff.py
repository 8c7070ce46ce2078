"""Deployed against built: one timeline an image repository, in git order (DESIGN section 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import RegistryManifest
from whatsrunning.facts.store import Case
from whatsrunning.report.commands import BuiltTag, Entry, RunningOn, Timeline
from whatsrunning.report.container import Container
from whatsrunning.verdicts.history.builds import builds, latest_sha
from whatsrunning.verdicts.history.built import stale_clone
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.position import builds_in
from whatsrunning.verdicts.history.pull_requests import pull_requests_of

MOST_ENTRIES = 100
"""Entries of a timeline at most; those that run, `:latest` and the newest are kept."""
OLDER_BUILDS = 3
"""Builds shown below the oldest running one: what there is to go back to."""

_SERVING = frozenset({"running", "restarting", "paused"})


@dataclass(frozen=True, slots=True)
class _Line:
    """What one timeline is made of; an empty repository is not known."""

    image_repository: str
    repository: str
    running: Mapping[str, tuple[RunningOn, ...]]
    tags: Answer[Mapping[str, str]]
    graph: Answer[HistoryGraph]
    latest: str = ""

    @property
    def built(self) -> Mapping[str, str]:
        """The SHA tags; none where the registry could not be read."""
        return self.tags.value if isinstance(self.tags, Found) else {}


def timelines(case: Case, containers: Sequence[Container]) -> tuple[Timeline, ...]:
    """The timelines of the image repositories that containers of ours run from, by name."""
    groups: dict[str, list[Container]] = {}
    for container in containers:
        if container.managed and names.names_registry(container.image.repository):
            groups.setdefault(container.image.repository, []).append(container)
    return tuple(_timeline(case, name, groups[name]) for name in sorted(groups))


def _timeline(case: Case, image_repository: str, containers: Sequence[Container]) -> Timeline:
    repository, graph = _graphs(case, containers)
    tags = builds(case, image_repository, repository)
    line = _Line(image_repository, repository, _running(containers), tags, graph)
    line = replace(line, latest=_latest(case, line))
    shown = _shown(line)
    return Timeline(
        repository=image_repository,
        services=tuple(sorted({container.service for container in containers})),
        default_branch=line.graph.value.branch if isinstance(line.graph, Found) else "",
        entries=tuple(_entry(case, line, sha) for sha in shown),
        built_not_deployed=_not_deployed(line),
        merged_never_built=_never_built(line),
        running_without_tag=_without_tag(line),
    )


def _graphs(case: Case, containers: Sequence[Container]) -> tuple[str, Answer[HistoryGraph]]:
    """The repository that the containers are built from, and its history."""
    named = [one.repository for one in containers]
    known = sorted({one.value for one in named if isinstance(one, Found)})
    if known:
        return known[0], git_history(case, known[0])
    return "", next((one for one in named if isinstance(one, Unknown)), Nothing())


def _running(containers: Sequence[Container]) -> Mapping[str, tuple[RunningOn, ...]]:
    running: dict[str, tuple[RunningOn, ...]] = {}
    for one in containers:
        if isinstance(one.revision, Found) and one.state in _SERVING:
            sha, on = one.revision.value.sha, RunningOn(one.engine, one.name)
            running[sha] = (*running.get(sha, ()), on)
    return running


def _latest(case: Case, line: _Line) -> str:
    first = tuple(line.running)[:10]
    others = _ordered(line, line.built)
    latest = latest_sha(case, line.image_repository, line.built, first, others)
    return latest.value if isinstance(latest, Found) else ""


def _ordered(line: _Line, shas: Sequence[str] | Mapping[str, object]) -> tuple[str, ...]:
    if isinstance(line.graph, Found):
        return line.graph.value.order(shas)
    return tuple(dict.fromkeys(shas))


def _shown(line: _Line) -> tuple[str, ...]:
    """What runs, what `:latest` is, what came since the oldest of them, and a few builds before."""
    keep = set(line.running) | ({line.latest} - {""})
    if not isinstance(line.graph, Found):
        return _ordered(line, (*line.running, *line.built))[:MOST_ENTRIES]
    graph = line.graph.value
    every = graph.order({*line.built, *keep, *graph.trunk})
    placed = [sha for sha in every if graph.knows(sha)]
    oldest = max((place for place, sha in enumerate(placed) if sha in keep), default=0)
    older = [sha for sha in placed[oldest + 1 :] if sha in line.built][:OLDER_BUILDS]
    strangers = [sha for sha in every if not graph.knows(sha)]
    listed = [*placed[: oldest + 1], *older, *strangers]
    return tuple(sha for n, sha in enumerate(listed) if sha in keep or n < MOST_ENTRIES)


def _entry(case: Case, line: _Line, sha: str) -> Entry:
    known = commit_of(case, line.repository, sha) if line.repository else Nothing()
    commit = known.value if isinstance(known, Found) else None
    pulls = pull_requests_of(case, line.repository, sha) if line.repository else Nothing()
    return Entry(
        sha=sha,
        subject=commit.subject if commit else "",
        pull_requests=pulls,
        committed_at=commit.committed_at if commit else None,
        built=_tag(case, line, sha),
        latest=sha == line.latest,
        running_on=line.running.get(sha, ()),
    )


def _tag(case: Case, line: _Line, sha: str) -> Answer[BuiltTag]:
    if isinstance(line.tags, Unknown):
        return line.tags
    if sha not in line.built:
        return Nothing()
    tag = line.built[sha]
    head = case.facts.peek(RegistryManifest(line.image_repository, tag))
    return Found(BuiltTag(tag, head.value.digest if isinstance(head, Found) else ""))


def _not_deployed(line: _Line) -> tuple[str, ...]:
    """Builds that nothing running contains, newest first."""
    if not isinstance(line.graph, Found):
        return ()
    graph = line.graph.value
    waiting = [sha for sha in line.built if sha not in line.running and graph.knows(sha)]
    return graph.order(sha for sha in waiting if not _contained(graph, sha, line.running))


def _contained(graph: HistoryGraph, sha: str, running: Mapping[str, object]) -> bool:
    return any(graph.is_ancestor(sha, one) for one in running)


def _never_built(line: _Line) -> Answer[tuple[str, ...]]:
    """Commits of the default branch's own line without a build, down to the oldest running one."""
    if isinstance(line.tags, Unknown):
        return line.tags
    if not isinstance(line.graph, Found):
        return line.graph
    graph = line.graph.value
    known = builds_in(graph, line.built)
    if known.unplaced:
        return Unknown(stale_clone(line.repository, graph, known.unplaced))
    floor = graph.order(sha for sha in line.running if graph.knows(sha))[-1:]
    floor = floor or tuple(filter(None, [known.newest]))
    below = graph.between(floor[0], graph.head) if floor else None
    since = set(graph.trunk if below is None else below)
    return Found(tuple(sha for sha in graph.trunk if sha in since and sha not in line.built))


def _without_tag(line: _Line) -> tuple[str, ...]:
    if isinstance(line.tags, Unknown):
        return ()
    return _ordered(line, [sha for sha in line.running if sha not in line.built])
