"""What to go back to: ranked builds with reasons and the change to make."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.engine import EngineFacts, EngineInfo
from whatsrunning.facts.registry import RegistryContent, RegistryManifest
from whatsrunning.facts.store import Case
from whatsrunning.names.labels import COMPOSE_SERVICE, SWARM_SERVICE
from whatsrunning.report.commands import Candidate, RollbackPlan
from whatsrunning.report.container import Ci, Container, PullRequest
from whatsrunning.verdicts.ci.deploy_time import Deploy
from whatsrunning.verdicts.ci.verdict import verdict
from whatsrunning.verdicts.commands.newest_change import pulls_between
from whatsrunning.verdicts.commands.rollback.concerns import LocalImageState, concerns
from whatsrunning.verdicts.commands.rollback.service import LocalBuild, RunningService, service_of
from whatsrunning.verdicts.history.built import old_versions, stale_clone
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.tags import BuildTags, missing

MOST = 6  # candidates: each costs a query about its CI and one about its image

_STOPS = frozenset({"image-gone", "ci-red", "brings-back", "paths-untouched"})
_DOUBTS = frozenset({"ci-not-passed", "never-pushed", "not-in-registry"})


def plan(case: Case, containers: Sequence[Container]) -> RollbackPlan | None:
    """The plan for the service that the containers are of; None when none of them is managed."""
    managed = [container for container in containers if container.managed]
    serving = [container for container in managed if container.serves] or managed
    if not serving:
        return None
    newest = max(serving, key=lambda container: (container.created_at, container.name))
    answer = service_of(case, newest)
    service = answer.value_or(None)
    if service is None:
        problem = answer.problem or _no_revision(newest)
        return RollbackPlan(newest.service, newest.revision, (), problem)
    ranked = _ranked([_candidate(service, sha) for sha in _older(service)], service.before)
    return RollbackPlan(newest.service, newest.revision, ranked, _missing(service))


def _no_revision(container: Container) -> Problem:
    message = f"nothing tells what {container.name} was built from"
    return Problem("engine", container.name, "no-revision", message, "label its image git.sha")


def _missing(service: RunningService) -> Problem | None:
    """Why there may be builds that are not among the candidates."""
    unread = service.history.problem or service.tags.problem or service.listed.images.problem
    unread = unread or _unread_tags(service) or _unplaced(service)
    return unread or (None if service.sha else _no_revision(service.container))


def _unplaced(service: RunningService) -> Problem | None:
    """Builds of which the history at hand cannot tell whether they are older; it is no matter
    where there are enough that are."""
    graph = service.graph
    if graph is None or not service.sha or len(_older(service)) == MOST:
        return None
    places = {sha: graph.is_ancestor(sha, service.sha) for sha in _built(service)}
    untold = tuple(sorted(sha for sha, older in places.items() if older is None))
    return stale_clone(service.repository, graph, untold) if untold else None


def _built(service: RunningService) -> set[str]:
    """Every build that is known, but the running one."""
    tags = service.tags.value_or(BuildTags({}))
    return {*tags.by_sha, *service.local, service.before} - {"", service.sha}


def _unread_tags(service: RunningService) -> Problem | None:
    tags = service.tags.value_or(BuildTags({}))
    old = old_versions(service.image, tags) if tags.old else None
    return missing(tags, service.image) or old


def _older(service: RunningService) -> tuple[str, ...]:
    """What served before, and what the running revision is known to contain, newest first."""
    graph, before = service.graph, service.before
    older = [
        sha
        for sha in _built(service)
        if sha == before or (graph and graph.is_ancestor(sha, service.sha))
    ]
    newest_first = graph.order(older) if graph else tuple(older)
    first = [before] if before in newest_first[MOST:] else []
    return (*first, *newest_first)[:MOST]


def _ranked(builds: Sequence[Candidate], before: str) -> tuple[Candidate, ...]:
    """Usable ones first, then what served before, then what is proven, the newest in git order."""

    def order(build: Candidate) -> tuple[bool, bool, bool]:
        doubted = any(concern.code in _DOUBTS for concern in build.concerns)
        return _stopped(build), build.sha != before, doubted

    return tuple(
        replace(build, rank=rank, recommended=rank == 1 and not _stopped(build))
        for rank, build in enumerate(sorted(builds, key=order), 1)
    )


def _stopped(build: Candidate) -> bool:
    unsure = build.image == "unknown" or not build.change
    return unsure or any(concern.code in _STOPS for concern in build.concerns)


def _candidate(service: RunningService, sha: str) -> Candidate:
    """A build as it would be judged if it were deployed now; not ranked yet."""
    local, served = service.local.get(sha), _served(service, sha)
    state = _local_state(service, sha, local, served)
    own = local.digests[0] if local and local.digests else ""
    digest = own if state == "rebuilt" else served.value_or("") or own
    commit = commit_of(service.case, service.repository, sha).value_or(None)
    unranked = Candidate(
        sha=sha,
        digest=digest,
        rank=0,
        recommended=False,
        image="local" if local else _where(served),
        ci=_ci(service, sha),
        leaves=_leaves(service, sha),
        concerns=(),
        change=_change(service, digest, local),
        subject=commit.subject if commit else "",
    )
    return replace(unranked, concerns=concerns(service, unranked, state))


def _served(service: RunningService, sha: str) -> Answer[str]:
    """The digest that the registry has for a build."""
    unread = _unread_tags(service)
    none: Answer[str] = Unknown(unread) if unread else Nothing()
    tag = service.tags.then(lambda tags: Found(tags.tag(sha)) if tags.tag(sha) else none)
    head = tag.then(lambda name: service.case.get(RegistryManifest(service.image, name)))
    return head.then(lambda manifest: Found(manifest.digest))


def _local_state(
    service: RunningService, sha: str, local: LocalBuild | None, served: Answer[str]
) -> LocalImageState:
    """How the engine's image of a build stands in the registry; empty where nothing is wrong."""
    if not (local and local.digests) or served.problem or served.value_or("") in local.digests:
        return ""
    if served == Nothing():
        queries = [RegistryManifest(service.image, digest) for digest in local.digests]
        answers = [service.case.get(query) for query in queries]
        return "lost" if all(answer == Nothing() for answer in answers) else ""
    tag = service.tags.value_or(BuildTags({})).tag(sha)
    index = service.case.get(RegistryContent(service.image, tag)).value_or(None)
    platforms = {child.digest for child in index.children} if index else {*local.digests}
    return "rebuilt" if platforms.isdisjoint(local.digests) else ""


def _where(served: Answer[str]) -> Literal["registry", "gone", "unknown"]:
    return "unknown" if served.problem else "gone" if served == Nothing() else "registry"


def _ci(service: RunningService, sha: str) -> Answer[Ci]:
    """CI as it stands now: what a deploy at this moment would be judged by."""
    case, container = service.case, service.container
    # How an earlier deploy of it raced with CI does not matter any more.
    forgetful = replace(case, scope=replace(case.scope, journal=False))

    def judged(info: EngineFacts) -> Answer[Ci]:
        of_service = (container.engine, container.service, service.repository)
        return verdict(forgetful, Deploy(*of_service, sha, info.answered_at, 0.0))

    return case.get(EngineInfo(container.engine)).then(judged)


def _leaves(service: RunningService, sha: str) -> Answer[tuple[PullRequest, ...]]:
    """The pull requests that would not run any more."""
    if service.sha:
        return pulls_between(service.case, service.repository, sha, service.sha)
    message = f"{service.container.name} runs an unknown revision: what differs cannot be told"
    return Unknown(replace(_no_revision(service.container), message=message))


def _change(service: RunningService, digest: str, local: LocalBuild | None) -> str:
    """The line to write; never a command made up from what runs, never an environment's value."""
    image = f"{service.image}@{digest}" if digest else local.reference if local else ""
    if not image:
        return ""
    for label, file in ((SWARM_SERVICE, "stack"), (COMPOSE_SERVICE, "Compose")):
        if label in service.listed.labels:
            return f"in the {file} file, service {service.container.service}: image: {image}"
    return f"deploy again with the image {image}"
