"""One container's whole chain, each fact with its source."""

from collections.abc import Iterator
from datetime import datetime

from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.report.container import Ci, Commit, Container, Gate, PullRequest
from whatsrunning.report.report import Report
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Fact, FactSheet, Line, join, text
from whatsrunning.view.common import findings, header, problems
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.pages import swarm

_REMAINS = "stopped containers, engine events, earlier looks"
"""Where what ran before is looked for."""


def page(report: Report, now: datetime) -> tuple[Block, ...]:
    """The header, the facts of each container, findings, problems."""
    marks = Footnotes.of(report)
    chains = (_page(report, container, marks, now) for container in report.containers)
    return (header(report, now, marks), *chains, *findings(report), *problems(marks))


def _page(report: Report, container: Container, marks: Footnotes, now: datetime) -> FactSheet:
    """The chain, and what a Swarm's manager adds to it."""
    own = chain(container, marks, now)
    told = tuple(swarm.facts(report, container.engine, container.service, now))
    return FactSheet(own.title, (*own.rows, *told))


def chain(container: Container, marks: Footnotes, now: datetime) -> FactSheet:
    """Every fact of one container, from what it is to what ran before it."""
    rows = (
        *_identity(container, now),
        *_deployed(container, marks, now),
        *_revision(container, marks),
        *_commit(container, marks, now),
        *_pulls(container, marks, now),
        *_ci(container, marks, now),
        *_image(container),
        *_built(container, marks),
        *_previous(container, marks, now),
    )
    return FactSheet(container.name, rows)


def _identity(container: Container, now: datetime) -> Iterator[Fact]:
    foreign = not container.managed and not isinstance(container.repository, Unknown)
    ours = "not ours: no service, repository or label leads to it" if foreign else ""
    yield Fact("service", text(container.service or container.name, "strong"), "engine")
    if container.project:
        yield Fact("project", text(container.project), "engine")
    if container.replica is not None:
        yield Fact("replica", text(str(container.replica)), "engine")
    if container.replaces:
        half_way = f"{container.replaces[:12]}, which is still there"
        yield Fact("replaces", text(half_way, "warn"), "engine")
    yield Fact("container", text(f"{container.id[:12]} on {container.engine}"), "engine")
    if ours:
        yield Fact("managed", text(ours, "dim"), "engine")
    restarts = container.restart_count
    count = text(words.counted(restarts, "restart")) if restarts else ()
    told = join([words.state(container), count])
    yield Fact("state", told, "engine")
    yield Fact("created", words.moment(container.created_at, now), "engine")
    if container.started_at:
        yield Fact("started", words.moment(container.started_at, now), "engine")
    if container.finished_at and container.state != "running":
        yield Fact("stopped", words.moment(container.finished_at, now), "engine")


def _deployed(container: Container, marks: Footnotes, now: datetime) -> Iterator[Fact]:
    if isinstance(container.deployed_at, Found):
        deployed = container.deployed_at.value
        yield Fact("deployed", words.moment(deployed.at, now), deployed.evidence)
    else:
        yield Fact("deployed", marks.absent(container.deployed_at, "never"))


def _revision(container: Container, marks: Footnotes) -> Iterator[Fact]:
    for claim in container.claims:
        key = "" if claim.key == claim.sha else claim.key
        yield Fact("claim", text(claim.sha, "sha"), f"{claim.claimed_by} {key}".strip())
    if not container.claims:
        yield Fact("claim", text("none: no label and no tag says a revision", "dim"), "engine")
    if isinstance(container.revision, Found):
        revision = container.revision.value
        yield Fact("revision", text(revision.sha, "sha"), f"by {revision.identified_by}")
    else:
        yield Fact("revision", marks.absent(container.revision, "none"))
    proof = container.proof
    yield Fact("proof", words.proof_sentence(proof, container.claims, marks), proof.basis)
    for found in proof.matching_shas:
        yield Fact("found under", text(found, "sha"), "registry")
    if proof.registry_digest:
        yield Fact("registry has", text(proof.registry_digest, "sha"), "registry")


def _commit(container: Container, marks: Footnotes, now: datetime) -> Iterator[Fact]:
    if isinstance(container.repository, Found):
        yield Fact("repository", text(container.repository.value))
    else:
        yield Fact("repository", marks.absent(container.repository, "none"))
    if not isinstance(container.commit, Found):
        yield Fact("commit", marks.absent(container.commit, "no such commit"))
        return
    commit = container.commit.value
    yield Fact("commit", text(commit.sha, "sha", commit.url), commit.source)
    yield Fact("subject", text(commit.subject), commit.source)
    yield Fact("author", text(commit.author), commit.source)
    yield Fact("committed", words.moment(commit.committed_at, now), commit.source)
    yield Fact("branch", _branch(commit), commit.source)


def _branch(commit: Commit) -> Line:
    if commit.on_default_branch is None:
        return text("unknown whether it is on the default branch", "warn")
    if commit.on_default_branch:
        return text("on the default branch", "good")
    return text("NOT on the default branch", "bad")


def _pulls(container: Container, marks: Footnotes, now: datetime) -> Iterator[Fact]:
    if not isinstance(container.pull_requests, Found) or not container.pull_requests.value:
        none = "none: no pull request brought it"
        found = isinstance(container.pull_requests, Found)
        missing = text(none, "dim") if found else marks.absent(container.pull_requests, none)
        yield Fact("pull request", missing)
        return
    for request in container.pull_requests.value:
        source = "github" if request.evidence == "api" else "commit message"
        yield Fact("pull request", join([words.pull(request), *_people(request, now)]), source)


def _people(request: PullRequest, now: datetime) -> Iterator[Line]:
    if request.author:
        yield text(f"by {request.author}")
    who = f"by {request.merged_by}" if request.merged_by else ""
    when = words.moment(request.merged_at, now) if request.merged_at else ()
    if who or when:
        yield join([text("merged"), text(who) if who else (), when], " ")


def _ci(container: Container, marks: Footnotes, now: datetime) -> Iterator[Fact]:
    yield Fact("CI at deploy", words.ci_sentence(container.ci, marks), "github")
    if isinstance(container.ci, Found):
        ci: Ci = container.ci.value
        if ci.finished_at:
            yield Fact("CI finished", words.moment(ci.finished_at, now), "github")
        for gate in ci.gates:
            yield Fact("gate", _gate(gate, now), "github")


def _gate(gate: Gate, now: datetime) -> Line:
    passed = gate.conclusion == "success"
    ended = text(gate.conclusion or "unfinished", "good" if passed else "warn")
    at = words.moment(gate.finished_at, now) if gate.finished_at else ()
    return join([join([text(gate.name, "plain", gate.url), ended], ": "), at])


def _image(container: Container) -> Iterator[Fact]:
    image = container.image
    yield Fact("image", text(image.reference), "engine")
    yield Fact("image id", text(image.id, "sha"), "engine")
    for digest in image.digests:
        yield Fact("digest", text(digest), "engine")
    if image.platform:
        yield Fact("platform", text(image.platform), "engine")


def _built(container: Container, marks: Footnotes) -> Iterator[Fact]:
    yield Fact("position", words.built_sentence(container.built, marks), "registry, git")
    if not isinstance(container.built, Found):
        return
    built = container.built.value
    if built.newest_sha:
        yield Fact("newest build", text(built.newest_sha, "sha"), "registry")
    if built.latest_sha:
        yield Fact(":latest is", text(built.latest_sha, "sha"), "registry")
    elif built.latest_problem:
        yield Fact(":latest is", marks.unknown(built.latest_problem), "registry")
    else:
        yield Fact(":latest is", text("no tag, or no commit's build", "dim"), "registry")


def _previous(container: Container, marks: Footnotes, now: datetime) -> Iterator[Fact]:
    if not isinstance(container.previous, Found):
        source = _REMAINS if container.previous == Nothing() else ""
        yield Fact("before", marks.absent(container.previous, "no earlier one found"), source)
        return
    previous = container.previous.value
    until = words.moment(previous.until, now) if previous.until else ()
    what = text(previous.sha, "sha") if previous.sha else text("no revision", "warn")
    yield Fact("before", what, previous.evidence)
    if until:
        yield Fact("until", until)
