"""Every container with its whole chain, from claims to what ran before."""

from collections.abc import Sequence
from dataclasses import replace

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.records import InspectFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import Container, Proof, PullRequest
from whatsrunning.verdicts.ci import verdict
from whatsrunning.verdicts.history.built import built
from whatsrunning.verdicts.history.commits import commit
from whatsrunning.verdicts.history.pull_requests import pull_requests_of
from whatsrunning.verdicts.history.reverts import pending_fixes
from whatsrunning.verdicts.inventory.compose import replacements, replica
from whatsrunning.verdicts.inventory.deployed_at import deployed_at, inspected
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers
from whatsrunning.verdicts.inventory.status_text import health
from whatsrunning.verdicts.origin.claims import claims_of, whole_claims
from whatsrunning.verdicts.origin.managed import is_managed
from whatsrunning.verdicts.origin.repository import repository_of
from whatsrunning.verdicts.past.previous import previous
from whatsrunning.verdicts.proof.proof import prove

_SHORTEST_ID = 4


def containers(facts: FactStore, scope: Scope) -> tuple[Container, ...]:
    """The containers that the command is about: engine order, then service, then name."""
    order = {engine.context: place for place, engine in enumerate(engines(facts, scope))}
    made = [_container(facts, scope, one) for one in _meant(facts, scope)]
    half_way = replacements(listed_containers(facts, scope))
    made = [replace(it, replaces=half_way.get((it.engine, it.id), "")) for it in made]
    return tuple(sorted(made, key=lambda it: (order[it.engine], it.service, it.name, it.id)))


def _meant(facts: FactStore, scope: Scope) -> Sequence[ListedContainer]:
    """All of them, or those whose service, name or ID was given."""
    everyone = listed_containers(facts, scope)
    if scope.command == "show" and scope.argument:
        return named(everyone, scope.argument)
    if not scope.services:
        return everyone
    return [one for one in everyone if {one.said.name, one.service} & set(scope.services)]


def named(everyone: Sequence[ListedContainer], name: str) -> Sequence[ListedContainer]:
    """By container name, else by the start of an ID, else by service."""
    by_name = [one for one in everyone if one.said.name == name]
    long_enough = len(name) >= _SHORTEST_ID
    by_id = [one for one in everyone if long_enough and one.said.id.startswith(name)]
    return by_name or by_id or [one for one in everyone if one.service == name]


def notes(facts: FactStore, scope: Scope) -> tuple[Problem, ...]:
    """Labels of our containers that are no SHA, or the beginning of no commit."""
    return tuple(
        note
        for one in _meant(facts, scope)
        if isinstance(is_managed(facts, scope, one), Found)
        for note in (*claims_of(facts, scope, one).notes, *_nowhere(facts, scope, one))
    )


def _nowhere(facts: FactStore, scope: Scope, one: ListedContainer) -> Sequence[Problem]:
    """Short SHAs of no commit: no verdict refers to one where the digest tells the revision."""
    problems = whole_claims(facts, scope, one)[1].values()
    return [problem for problem in problems if problem.code == "no-such-commit"]


def _container(facts: FactStore, scope: Scope, one: ListedContainer) -> Container:
    ownership = is_managed(facts, scope, one)
    if isinstance(ownership, Found):
        return _judged(facts, scope, one)
    return _bare(one, ownership if isinstance(ownership, Unknown) else Nothing())


def _bare(one: ListedContainer, unasked: Nothing | Unknown) -> Container:
    """What the engine's list alone tells; nothing else is asked about unmanaged containers."""
    said = one.said
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


def _judged(facts: FactStore, scope: Scope, one: ListedContainer) -> Container:
    inspection = inspected(facts, one)
    proven = prove(facts, scope, one)
    made = replace(
        _with_inspection(_bare(one, Nothing()), inspection),
        managed=True,
        deployed_at=deployed_at(facts, one, inspection),
        repository=repository_of(facts, scope, one),
        claims=proven.claims,
        proof=proven.proof,
        revision=proven.revision,
    )
    made = _with_history(facts, scope, made)
    # Without its name, whether the image is in a registry at all is not known.
    return replace(made, built=one.renamed) if isinstance(one.renamed, Unknown) else made


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


def _with_history(facts: FactStore, scope: Scope, made: Container) -> Container:
    """What follows from the effective revision."""
    skews = {engine.context: engine.clock_skew_s for engine in engines(facts, scope)}
    repository, revision = made.repository, made.revision
    made = replace(
        made,
        built=built(facts, scope, made.image.repository, repository, revision),
        ci=verdict(
            facts,
            scope,
            service=made.service,
            repository=repository,
            revision=revision,
            deployed=made.deployed_at,
            skew_s=skews[made.engine],
            engine=made.engine,
        ),
        pull_requests=_pull_requests(facts, scope, made),
        commit=commit(facts, scope, repository, revision.value.sha)
        if isinstance(revision, Found)
        else revision,
    )  # fmt: skip
    made = replace(made, previous=previous(facts, scope, made.engine, made))
    return replace(made, waiting=pending_fixes(facts, scope, made))


def _pull_requests(
    facts: FactStore, scope: Scope, made: Container
) -> Answer[tuple[PullRequest, ...]]:
    if not isinstance(made.revision, Found):
        return made.revision
    if not isinstance(made.repository, Found):
        return made.repository
    return pull_requests_of(facts, scope, made.repository.value, made.revision.value.sha)
