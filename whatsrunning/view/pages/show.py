"""One container's whole chain, each fact with its source."""

from collections.abc import Iterator

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Nothing
from whatsrunning.report.container import Ci, Claim, Commit, Container, Gate, PullRequest, Version
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Fact, FactSheet, Line, Role, join, text
from whatsrunning.view.common import findings
from whatsrunning.view.context import PageContext
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.pages import swarm
from whatsrunning.view.verdict_words import ci_sentence, deciding, proof_sentence

_EVIDENCE = "stopped containers, engine events, earlier looks"
"""Where what ran before is looked for."""
_VERSIONS = {"tag": "tag", "oci-version": "OCI label", "git-describe": "git describe"}
_BRANCH: dict[bool | None, Line] = {
    None: text("unknown whether it is on the default branch", "warn"),
    True: text("on the default branch", "good"),
    False: text("NOT on the default branch", "bad"),
}


def page(context: PageContext) -> Iterator[Block]:
    """The facts of each container, then findings."""
    for container in context.report.containers:
        yield FactSheet(container.name, tuple(_chain(container, context)))
    yield from findings(context)


def _chain(container: Container, context: PageContext) -> Iterator[Fact]:
    """Every fact of one container, from what it is to what ran before it."""
    yield from _identity(container)
    yield from _state(container, context)
    yield from _revision(container, context.marks)
    yield from _commit(container, context)
    yield from _pulls(container, context)
    yield from _ci(container, context)
    yield from _image(container)
    yield from _built(container, context.marks)
    yield from _previous(container, context)
    yield from swarm.facts(context, container.engine, container.service)


def _identity(container: Container) -> Iterator[Fact]:
    yield _of_engine("service", container.service or container.name, "strong")
    if container.project:
        yield _of_engine("project", container.project)
    if container.replica is not None:
        yield _of_engine("replica", str(container.replica))
    if container.one_off:
        yield _of_engine("one-off", "started beside its service for one command")
    if container.replaces:
        yield _of_engine("replaces", f"{container.replaces[:12]}, which is still there", "warn")
    yield _of_engine("container", f"{container.id[:12]} on {container.engine}")


def _of_engine(label: str, value: str, role: Role = "plain") -> Fact:
    return Fact(label, text(value, role), "engine")


def _state(container: Container, context: PageContext) -> Iterator[Fact]:
    restarts = container.restart_count
    count = text(words.counted(restarts, "restart")) if restarts else ()
    yield Fact("state", join([words.state(container), count]), "engine")
    yield Fact("created", context.moment(container.created_at), "engine")
    if container.started_at:
        yield Fact("started", context.moment(container.started_at), "engine")
    if container.finished_at and container.state != "running":
        yield Fact("stopped", context.moment(container.finished_at), "engine")
    deployed = container.deployed_at.value_or(None)
    when = context.moment(container.changed_at)
    never = "never: it has not been started" if container.state == "created" else "not known"
    when = when or context.marks.absent(container.deployed_at, never)
    yield Fact("deployed", when, deployed.evidence if deployed else "")


def _revision(container: Container, marks: Footnotes) -> Iterator[Fact]:
    yield from _claims(container, marks)
    revision = container.revision.value_or(None)
    sha = marks.shown(container.revision, lambda found: text(found.sha, "sha"), "none")
    yield Fact("revision", sha, f"by {revision.identified_by}" if revision else "")
    yield from _version(container.version, marks)
    proof = container.proof
    yield Fact("proof", proof_sentence(proof, container.claims, marks), proof.basis)
    for build in proof.matching_shas:
        yield Fact("found under", text(build, "sha"), "registry")
    if proof.registry_digest:
        yield Fact("registry has", text(proof.registry_digest, "sha"), "registry")


def _claims(container: Container, marks: Footnotes) -> Iterator[Fact]:
    claims, problem = container.claims, container.revision.problem
    for claim in claims:
        key = "" if claim.key == claim.sha else claim.key
        value = join([text(claim.sha, "sha"), _copied(claim, claims)])
        yield Fact("claim", value, f"{claim.claimed_by} {key}".strip())
    if not claims and problem and problem.source == "engine":
        yield Fact("claim", marks.unknown(problem), "engine")  # the labels could not be read
    elif not claims:
        yield _of_engine("claim", "none: no label and no tag says which commit it is", "dim")


def _copied(claim: Claim, claims: tuple[Claim, ...]) -> Line:
    """That a claim is of another image, and what its own image says by the same label."""
    if not claim.copied:
        return ()
    own = [text(c.sha, "sha") for c in deciding(claims) if c.key == claim.key]
    says = join([text("the image itself says", "warn"), *own[:1]], " ") if own else ()
    return join([text("copied", "warn"), says or text("it decides nothing", "warn")], ": ")


def _version(version: Answer[Version], marks: Footnotes) -> Iterator[Fact]:
    """The version, with what says so; no row where nothing names one."""
    if version != Nothing():
        known = version.value_or(None)
        shown = marks.shown(version, lambda found: text(found.text), "")
        yield Fact("version", shown, _VERSIONS[known.source] if known else "")


def _commit(container: Container, context: PageContext) -> Iterator[Fact]:
    unnamed = "none: no label, image name or configuration names one"
    yield Fact("repository", context.marks.shown(container.repository, text, unnamed))
    commit: Commit | None = container.commit.value_or(None)
    if commit is None:
        none = _none(container, "no such commit: whoever could have it was asked")
        yield Fact("commit", context.marks.absent(container.commit, none))
        return
    yield Fact("commit", text(commit.sha, "sha", commit.url), commit.source)
    yield Fact("subject", text(commit.subject), commit.source)
    yield Fact("author", text(commit.author), commit.source)
    yield Fact("committed", context.moment(commit.committed_at), commit.source)
    yield Fact("branch", _BRANCH[commit.on_default_branch], commit.source)


def _pulls(container: Container, context: PageContext) -> Iterator[Fact]:
    requests: tuple[PullRequest, ...] = container.pull_requests.value_or(())
    if not requests:
        none = _none(container, "none: no pull request brought it")
        yield Fact("pull request", context.marks.absent(container.pull_requests, none))
    for request in requests:
        source = "github" if request.evidence == "api" else "commit message"
        line = join([words.pull(request), *_people(request, context)])
        yield Fact("pull request", line, source)


def _none(container: Container, none: str) -> str:
    """Why there is nothing: without revision and repository there was nothing to look for."""
    if container.revision == Nothing():
        return "none: without a revision there is nothing to look for"
    if container.repository == Nothing():
        return "none: no repository is known to look in"
    return none


def _people(request: PullRequest, context: PageContext) -> Iterator[Line]:
    if request.author:
        yield text(f"by {request.author}")
    who = text(f"by {request.merged_by}") if request.merged_by else ()
    when = context.moment(request.merged_at)
    if who or when:
        yield join([text("merged"), who, when], " ")


def _ci(container: Container, context: PageContext) -> Iterator[Fact]:
    none = _none(container, "none: it was never deployed")
    sentence = context.marks.shown(container.ci, ci_sentence, none)
    yield Fact("CI at deploy", sentence, "github")
    ci: Ci | None = container.ci.value_or(None)
    if ci and ci.finished_at:
        yield Fact("CI finished", context.moment(ci.finished_at), "github")
    for gate in ci.gates if ci else ():
        yield Fact("gate", _gate(gate, context), "github")


def _gate(gate: Gate, context: PageContext) -> Line:
    passed = gate.conclusion == "success"
    ended = text(gate.conclusion or "unfinished", "good" if passed else "warn")
    named = join([text(gate.name, "plain", gate.url), ended], ": ")
    return join([named, context.moment(gate.finished_at)])


def _image(container: Container) -> Iterator[Fact]:
    image = container.image
    yield _of_engine("image", image.reference)
    yield _of_engine("image id", image.id, "sha")
    for digest in image.digests:
        yield _of_engine("digest", digest)
    if image.platform:
        yield _of_engine("platform", image.platform)


def _built(container: Container, marks: Footnotes) -> Iterator[Fact]:
    in_registry = names.names_registry(container.image.repository)
    what = "its commit is in no history" if in_registry else "its image names no registry"
    none = _none(container, f"none: {what}")
    position = marks.shown(container.built, words.built_sentence, none)
    yield Fact("position", position, "registry, git")
    built = container.built.value_or(None)
    if built is None:
        return
    if built.newest_sha:
        yield Fact("newest build", text(built.newest_sha, "sha"), "registry")
    latest = text(built.latest_sha, "sha")
    if not latest and built.latest_problem:
        latest = marks.unknown(built.latest_problem)
    yield Fact(":latest is", latest or text("no tag, or no commit's build", "dim"), "registry")


def _previous(container: Container, context: PageContext) -> Iterator[Fact]:
    previous = container.previous.value_or(None)
    if previous is None:
        source = _EVIDENCE if container.previous == Nothing() else ""
        missing = context.marks.absent(container.previous, "no earlier one found")
        yield Fact("before", missing, source)
        return
    sha = text(previous.sha, "sha") or text("no revision", "warn")
    yield Fact("before", sha, previous.evidence)
    if previous.until:
        yield Fact("until", context.moment(previous.until))
