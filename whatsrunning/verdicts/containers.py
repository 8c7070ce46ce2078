"""Every container with its whole chain, from claims to what ran before."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.facts.engine import InspectFacts
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Container, Proof
from whatsrunning.verdicts.ci.verdict import ci_at_deploy
from whatsrunning.verdicts.history.built import built
from whatsrunning.verdicts.history.commits import commit, pull_requests_of
from whatsrunning.verdicts.history.reverts import pending_fixes
from whatsrunning.verdicts.inventory.compose import replacements, replica
from whatsrunning.verdicts.inventory.deployed_at import deployed_at, inspected
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers, matching
from whatsrunning.verdicts.inventory.status_text import health
from whatsrunning.verdicts.origin.claims import claims_of
from whatsrunning.verdicts.origin.managed import is_managed
from whatsrunning.verdicts.origin.repository import repository_of
from whatsrunning.verdicts.origin.whole_shas import whole_claims, whole_sha
from whatsrunning.verdicts.past.periods import previous
from whatsrunning.verdicts.proof.proof import prove, unknown_proof

_ENDED = ("exited", "dead", "restarting")


def containers(case: Case) -> tuple[Container, ...]:
    """The containers that the command is about: engine order, then service, then name."""
    order = {engine.context: place for place, engine in enumerate(engines(case))}
    judged = [_container(container) for container in _meant(case)]
    return tuple(sorted(judged, key=lambda c: (order[c.engine], c.service, c.name, c.id)))


def _meant(case: Case) -> Sequence[ListedContainer]:
    """All of them, or those whose service, name or ID was given."""
    everyone, services = listed_containers(case), set(case.scope.services)
    if case.scope.command == "show" and case.scope.argument:
        return matching(case.scope.argument, everyone)
    return [c for c in everyone if not services or {c.listed.name, c.service} & services]


def label_problems(case: Case) -> Iterator[Problem]:
    """Labels of managed containers that are no SHA, or the beginning of no commit."""
    for container in _meant(case):
        if is_managed(container).value_or(False):
            yield from claims_of(container).label_problems
            # Where the digest tells the revision, no verdict refers to the problem of a short SHA.
            for claim in claims_of(container).claims:
                problem = whole_sha(container, claim.sha).problem
                if problem and problem.code == "no-such-commit":
                    yield problem


def _container(container: ListedContainer) -> Container:
    match is_managed(container):
        case Found():
            return _judged(container)
        case Nothing() | Unknown() as unasked:
            return _listed(container, None, unasked)


def _listed(
    container: ListedContainer, inspection: InspectFacts | None, unasked: Nothing | Unknown
) -> Container:
    """What the engine tells, and `unasked` for everything else."""
    listed, problem = container.listed, unasked.problem
    ended = listed.state in _ENDED
    return Container(
        id=listed.id,
        name=listed.name,
        engine=container.engine,
        project=container.project,
        service=container.service,
        managed=False,
        state=listed.state,
        exit_code=inspection.exit_code if inspection and ended else None,
        oom_killed=inspection.oom_killed if inspection else None,
        restart_count=inspection.restart_count if inspection else None,
        restart_policy=inspection.restart_policy if inspection else "",
        health=health(listed.state, listed.status),
        created_at=listed.created_at,
        started_at=inspection.started_at if inspection else None,
        finished_at=inspection.finished_at if inspection else None,
        deployed_at=unasked,
        image=container.image,
        repository=unasked,
        claims=(),
        revision=unasked,
        proof=unknown_proof(problem) if problem else Proof("unlabelled"),
        commit=unasked,
        pull_requests=unasked,
        ci=unasked,
        built=unasked,
        previous=unasked,
        replica=replica(container),
        replaces=replacements(container.case).get(container.key, ""),
    )


def _judged(container: ListedContainer) -> Container:
    """A managed container: whose build it is, whether that is proven, and what follows from it."""
    case, image = container.case, container.image.repository
    inspection, repository = inspected(container), repository_of(container)
    proof, revision = prove(container)
    sha = revision.then(lambda revision: Found(revision.sha))
    judged = replace(
        _listed(container, inspection.value_or(None), Nothing()),
        managed=True,
        deployed_at=deployed_at(container, inspection),
        repository=repository,
        claims=whole_claims(container),
        revision=revision,
        proof=proof,
        commit=sha.then(lambda sha: repository.then(lambda name: commit(case, name, sha))),
        pull_requests=sha.then(
            lambda sha: repository.then(lambda name: pull_requests_of(case, name, sha))
        ),
        built=sha.then(lambda sha: built(case, image, repository, sha)),
    )
    return replace(
        judged,
        ci=ci_at_deploy(case, judged),
        previous=previous(case, judged),
        pending_fixes=pending_fixes(case, judged),
    )
