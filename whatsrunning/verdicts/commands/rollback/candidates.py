"""One build to go back to: where its image is, CI as it stands, what would leave, the change."""

from dataclasses import replace
from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.engine import EngineFacts, EngineInfo
from whatsrunning.facts.registry import RegistryContent, RegistryManifest
from whatsrunning.names.labels import COMPOSE_SERVICE, SWARM_SERVICE
from whatsrunning.report.commands import Candidate
from whatsrunning.report.container import Ci, PullRequest
from whatsrunning.verdicts.ci.deploy_time import Deploy
from whatsrunning.verdicts.ci.verdict import verdict
from whatsrunning.verdicts.commands.newest_change import pulls_between
from whatsrunning.verdicts.commands.rollback.concerns import LocalImageState, concerns
from whatsrunning.verdicts.commands.rollback.service import LocalBuild, RunningService
from whatsrunning.verdicts.history.commits import commit_of


def candidate(service: RunningService, sha: str) -> Candidate:
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
    tag = service.tags.then(lambda tags: Found(tags[sha]) if sha in tags else Nothing())
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
    tag = service.tags.value_or({})[sha]
    index = service.case.get(RegistryContent(service.image, tag)).value_or(None)
    platforms = {child.digest for child in index.children} if index else {*local.digests}
    return "" if platforms & {*local.digests} else "rebuilt"


def _where(served: Answer[str]) -> Literal["registry", "gone", "unknown"]:
    return "unknown" if served.problem else "gone" if served == Nothing() else "registry"


def _ci(service: RunningService, sha: str) -> Answer[Ci]:
    """CI as it stands now: what a deploy at this moment would be judged by."""
    case, container = service.case, service.container
    # How an earlier deploy of it raced with CI does not matter any more.
    forgetful = replace(case, scope=replace(case.scope, journal=False))

    def judged(info: EngineFacts) -> Answer[Ci]:
        engine, repository = container.engine, service.repository
        deploy = Deploy(engine, container.service, repository, sha, info.answered_at, 0.0)
        return verdict(forgetful, deploy)

    return case.get(EngineInfo(container.engine)).then(judged)


def _leaves(service: RunningService, sha: str) -> Answer[tuple[PullRequest, ...]]:
    """The pull requests that would not run any more."""
    if service.sha:
        return pulls_between(service.case, service.repository, sha, service.sha)
    name, hint = service.container.name, "label its image git.sha"
    message = f"{name} runs an unknown revision: what differs cannot be told"
    return Unknown(Problem("engine", name, "no-revision", message, hint))


def _change(service: RunningService, digest: str, local: LocalBuild | None) -> str:
    """The line to write; never a command made up from what runs, never an environment's value."""
    image = f"{service.image}@{digest}" if digest else local.reference if local else ""
    if not image:
        return ""
    for label, file in ((SWARM_SERVICE, "stack"), (COMPOSE_SERVICE, "Compose")):
        if label in service.listed.labels:
            return f"in the {file} file, service {service.container.service}: image: {image}"
    return f"deploy again with the image {image}"
