"""Every container with its whole chain, from claims to what ran before."""

from collections.abc import Sequence
from dataclasses import replace

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.records import InspectFacts
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Container, Proof
from whatsrunning.verdicts.ci.verdict import ci_at_deploy
from whatsrunning.verdicts.history.built import built
from whatsrunning.verdicts.history.commits import commit
from whatsrunning.verdicts.history.pull_requests import pull_requests_of
from whatsrunning.verdicts.history.reverts import pending_fixes
from whatsrunning.verdicts.inventory.compose import replacements, replica
from whatsrunning.verdicts.inventory.deployed_at import deployed_at, inspected
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers
from whatsrunning.verdicts.inventory.status_text import health
from whatsrunning.verdicts.origin.claims import claims_of
from whatsrunning.verdicts.origin.managed import is_managed
from whatsrunning.verdicts.origin.repository import repository_of
from whatsrunning.verdicts.origin.whole_shas import whole_claims
from whatsrunning.verdicts.past.previous import previous
from whatsrunning.verdicts.proof.proof import prove

_SHORTEST_ID = 4


def containers(case: Case) -> tuple[Container, ...]:
    """The containers that the command is about: engine order, then service, then name."""
    order = {engine.context: place for place, engine in enumerate(engines(case))}
    made = [_container(one) for one in _meant(case)]
    half_way = replacements(listed_containers(case))
    made = [replace(it, replaces=half_way.get((it.engine, it.id), "")) for it in made]
    return tuple(sorted(made, key=lambda it: (order[it.engine], it.service, it.name, it.id)))


def _meant(case: Case) -> Sequence[ListedContainer]:
    """All of them, or those whose service, name or ID was given."""
    everyone = listed_containers(case)
    if case.scope.command == "show" and case.scope.argument:
        return named(everyone, case.scope.argument)
    if not case.scope.services:
        return everyone
    return [one for one in everyone if {one.listed.name, one.service} & set(case.scope.services)]


def named(everyone: Sequence[ListedContainer], name: str) -> Sequence[ListedContainer]:
    """By container name, else by the start of an ID, else by service."""
    by_name = [one for one in everyone if one.listed.name == name]
    long_enough = len(name) >= _SHORTEST_ID
    by_id = [one for one in everyone if long_enough and one.listed.id.startswith(name)]
    return by_name or by_id or [one for one in everyone if one.service == name]


def notes(case: Case) -> tuple[Problem, ...]:
    """Labels of our containers that are no SHA, or the beginning of no commit."""
    return tuple(
        note
        for one in _meant(case)
        if isinstance(is_managed(one), Found)
        for note in (*claims_of(one).notes, *_nowhere(one))
    )


def _nowhere(container: ListedContainer) -> Sequence[Problem]:
    """Short SHAs of no commit: no verdict refers to one where the digest tells the revision."""
    problems = whole_claims(container)[1].values()
    return [problem for problem in problems if problem.code == "no-such-commit"]


def _container(container: ListedContainer) -> Container:
    ownership = is_managed(container)
    if isinstance(ownership, Found):
        return _judged(container)
    return _bare(container, ownership if isinstance(ownership, Unknown) else Nothing())


def _bare(one: ListedContainer, unasked: Nothing | Unknown) -> Container:
    """What the engine's list alone tells; nothing else is asked about unmanaged containers."""
    said = one.listed
    problem = unasked.problem if isinstance(unasked, Unknown) else None
    return Container(
        id=said.id,
        name=said.name,
        engine=one.engine,
        project=one.project,
        service=one.service,
        managed=False,
        state=said.state,
        exit_code=None,
        oom_killed=None,
        restart_count=None,
        health=health(said.state, said.status),
        created_at=said.created_at,
        started_at=None,
        deployed_at=unasked,
        image=one.image,
        repository=unasked,
        claims=(),
        revision=unasked,
        proof=Proof("unknown", reason=problem.message, problem=problem)
        if problem
        else Proof("unlabelled"),
        commit=unasked,
        pull_requests=unasked,
        ci=unasked,
        built=unasked,
        previous=unasked,
        replica=replica(one),
    )


def _judged(container: ListedContainer) -> Container:
    inspection = inspected(container)
    proven = prove(container)
    made = replace(
        _with_inspection(_bare(container, Nothing()), inspection),
        managed=True,
        deployed_at=deployed_at(container, inspection),
        repository=repository_of(container),
        claims=proven.claims,
        proof=proven.proof,
        revision=proven.revision,
    )
    made = _with_history(container.case, made)
    # Without its name, whether the image is in a registry at all is not known.
    return (
        replace(made, built=container.renamed) if isinstance(container.renamed, Unknown) else made
    )


def _with_inspection(made: Container, inspection: Answer[InspectFacts] | None) -> Container:
    if not isinstance(inspection, Found):
        return made
    it = inspection.value
    ended = made.state in ("exited", "dead", "restarting")
    return replace(
        made,
        exit_code=it.exit_code if ended else None,
        oom_killed=it.oom_killed,
        restart_count=it.restart_count,
        restart_policy=it.restart_policy,
        started_at=it.started_at,
        finished_at=it.finished_at,
    )


def _with_history(case: Case, made: Container) -> Container:
    """What follows from the effective revision."""
    sha = made.revision.then(lambda revision: Found(revision.sha))
    made = replace(
        made,
        built=sha.then(lambda known: built(case, made.image.repository, made.repository, known)),
        ci=ci_at_deploy(case, made),
        pull_requests=sha.then(
            lambda known: made.repository.then(lambda name: pull_requests_of(case, name, known))
        ),
        commit=sha.then(lambda known: made.repository.then(lambda name: commit(case, name, known))),
    )
    made = replace(made, previous=previous(case, made))
    return replace(made, pending_fixes=pending_fixes(case, made))
