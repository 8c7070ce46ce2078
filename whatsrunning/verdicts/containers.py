"""Every container with its whole chain, from claims to what ran before."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.store import Case
from whatsrunning.report.container import NOT_MANAGED, Claim, Container
from whatsrunning.verdicts.ci.verdict import ci_at_deploy
from whatsrunning.verdicts.history.built import built
from whatsrunning.verdicts.history.commits import commit, pull_requests_of
from whatsrunning.verdicts.history.reverts import pending_fixes
from whatsrunning.verdicts.inventory.compose import replacements, replica
from whatsrunning.verdicts.inventory.deployed_at import deployed_at, inspected
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.inventory.listed import (
    ListedContainer,
    is_named,
    listed_containers,
    matching,
)
from whatsrunning.verdicts.inventory.status_text import health
from whatsrunning.verdicts.origin.claims import claims_of
from whatsrunning.verdicts.origin.managed import identified_as, is_managed
from whatsrunning.verdicts.origin.repository import repository_of
from whatsrunning.verdicts.origin.version import version_of
from whatsrunning.verdicts.origin.whole_shas import whole_claims, whole_sha
from whatsrunning.verdicts.past.periods import previous
from whatsrunning.verdicts.proof.proof import prove

T = TypeVar("T")
_OfCommit: TypeAlias = Callable[[Case, str, str], Answer[T]]
_ENDED = ("exited", "dead", "restarting")


def containers(case: Case) -> tuple[Container, ...]:
    """The containers that the command is about: engine order, then service, then name."""
    order = {engine.context: place for place, engine in enumerate(engines(case))}
    judged = [_container(container) for container in _meant(case)]
    return tuple(sorted(judged, key=lambda c: (order[c.engine], c.service, c.name, c.id)))


def _meant(case: Case) -> Sequence[ListedContainer]:
    everyone, services = listed_containers(case), case.scope.services
    if case.scope.command == "show" and case.scope.argument:
        return matching(case.scope.argument, everyone)
    meant = [c for c in everyone if not services or any(is_named(c, name) for name in services)]
    if case.scope.command != "rollback-plan":
        return meant
    # A plan is for one service: a container's name tells which, whatever else is called like it.
    by_name = {_service_of(c) for c in meant if c.listed.name in services}
    return [c for c in meant if not by_name or _service_of(c) in by_name]


def _service_of(container: ListedContainer) -> tuple[str, str, str]:
    return container.engine, container.project, container.service


def label_problems(case: Case) -> Iterator[Problem]:
    """Labels of managed containers that are no SHA, or the beginning of no commit."""
    for container in _meant(case):
        if is_managed(container).value_or(False):
            yield from claims_of(container).label_problems
            # Where the digest tells the revision, no verdict refers to the problem of a short SHA.
            for claim in whole_claims(container):
                problem = whole_sha(container, claim.sha).problem
                if problem and problem.code == "no-such-commit":
                    yield problem


def _container(container: ListedContainer) -> Container:
    case, judged = container.case, _without_past(container)
    if judged.proof.problem == NOT_MANAGED:
        return judged
    return replace(
        judged,
        ci=ci_at_deploy(case, judged),
        previous=previous(case, judged),
        pending_fixes=pending_fixes(case, judged),
    )


def _without_past(container: ListedContainer) -> Container:
    """What the engine tells; for a managed container whose build it is, and what follows."""
    case, listed, managed = container.case, container.listed, _managed(container)
    repository = managed.then(lambda _: repository_of(container))
    inspection = managed.then(lambda _: inspected(container))
    details, (proof, revision) = inspection.value_or(None), prove(container)
    sha = revision.then(lambda revision: Found(revision.sha))
    return Container(
        id=listed.id,
        name=listed.name,
        engine=container.engine,
        project=container.project,
        service=container.service,
        managed=managed.value_or(False),
        state=listed.state,
        exit_code=details.exit_code if details and listed.state in _ENDED else None,
        oom_killed=details.oom_killed if details else None,
        restart_count=details.restart_count if details else None,
        restart_policy=details.restart_policy if details else "",
        health=health(listed.state, listed.status),
        created_at=listed.created_at,
        started_at=details.started_at if details else None,
        finished_at=details.finished_at if details else None,
        deployed_at=managed.then(lambda _: deployed_at(container, inspection)),
        image=container.image,
        repository=repository,
        claims=(*_claims(container), *claims_of(container).copied),
        version=managed.then(lambda _: version_of(container, repository, sha)),
        revision=revision,
        proof=proof,
        commit=_of(case, repository, sha, commit),
        pull_requests=_of(case, repository, sha, pull_requests_of),
        ci=sha.then(lambda _: Nothing()),
        built=sha.then(lambda sha: built(case, container.image.repository, repository, sha)),
        previous=managed.then(lambda _: Nothing()),
        replica=replica(container),
        replaces=replacements(case).get(container.key, ""),
        identified="" if managed.value_or(False) else identified_as(container),
        one_off=container.one_off,
    )


def _managed(container: ListedContainer) -> Answer[bool]:
    """Unknown also where it is unmanaged: nothing was looked up, so nothing is said."""
    managed = is_managed(container)
    return Unknown(NOT_MANAGED) if managed == Nothing() else managed


def _of(
    case: Case,
    repository: Answer[str],
    sha: Answer[str],
    ask: Callable[[Case, str, str], Answer[T]],
) -> Answer[T]:
    """What is asked of a commit, where it and its repository are known."""
    return sha.then(lambda sha: repository.then(lambda name: ask(case, name, sha)))


def _claims(container: ListedContainer) -> tuple[Claim, ...]:
    """The claims; of an unmanaged container as written, for nobody is asked about it."""
    managed = is_managed(container).value_or(False)
    return whole_claims(container) if managed else claims_of(container).claims
