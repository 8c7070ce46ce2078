"""A fleet with every proof status and most CI verdicts."""

from dataclasses import replace

from tests.reports.parts import (
    ENGINE_DOWN,
    NEW,
    OLD,
    RATE_LIMIT,
    REGISTRY_DOWN,
    SHAS,
    STRAY,
    before,
    container,
    digest,
)
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.report.container import (
    NOT_MANAGED,
    Built,
    Ci,
    Claim,
    Container,
    Gate,
    Image,
    Proof,
    Revision,
    Version,
)


def _contradicted() -> Container:
    return replace(
        container("worker-1", "worker", STRAY, 200),
        claims=(Claim(OLD, "container-label", "git.sha"),),
        proof=Proof("contradicted", "index digest", "", digest("o"), (STRAY, SHAS[6])),
        ci=Found(Ci("red", "failure", before(220), "", "", (Gate("tests", "failure", None, ""),))),
        built=Found(Built("behind", 3, 7, NEW, NEW)),
    )


def _unknown() -> Container:
    rate, registry = Unknown(RATE_LIMIT), Unknown(REGISTRY_DOWN)
    return replace(
        container("api-1", "api", OLD, 3000),
        proof=Proof("unknown", problem=REGISTRY_DOWN),
        revision=Found(Revision(OLD, "container-label")),
        commit=rate,
        pull_requests=rate,
        ci=rate,
        built=registry,
        previous=Nothing(),
    )


def _lost() -> Container:
    return replace(
        container("mail-1", "mail", OLD, 90),
        claims=(),
        revision=Nothing(),
        proof=Proof("unlabelled"),
        commit=Nothing(),
        pull_requests=Nothing(),
        ci=Nothing(),
        built=Nothing(),
        previous=Nothing(),
        repository=Nothing(),
        deployed_at=Unknown(ENGINE_DOWN),
        health="none",
    )


def unmanaged(name: str, reference: str) -> Container:
    """A container that nobody here is on call for: nothing of it was looked up."""
    absent = Unknown(NOT_MANAGED)
    return replace(
        container(name, name),
        project="",
        managed=False,
        health="none",
        image=Image(reference, digest(name), reference.partition(":")[0], (), "linux/amd64"),
        repository=absent,
        deployed_at=absent,
        claims=(),
        version=absent,
        revision=absent,
        proof=Proof("unknown", problem=NOT_MANAGED),
        commit=absent,
        pull_requests=absent,
        ci=absent,
        built=absent,
        previous=absent,
    )


def _proofs() -> tuple[Container, ...]:
    differs = replace(container("cron-1", "cron", OLD, 300), proof=Proof("differs"))
    label = replace(
        container("docs-1", "docs", OLD, 400),
        proof=Proof("label-only", reason="the registry has no tag for this SHA"),
        pull_requests=Nothing(),
        version=Found(Version("v1.2.3", "tag")),
    )
    denied = replace(
        container("debug-1", "debug", OLD, 500),
        proof=Proof("denied"),
        ci=Found(Ci("raced", "failure", before(490))),
    )
    return differs, label, denied


def _stopped() -> Container:
    return replace(
        container("billing-1", "billing", OLD, 700),
        state="exited",
        exit_code=137,
        oom_killed=True,
        finished_at=before(25),
    )


def _broken() -> Container:
    return replace(
        container("search-1", "search", NEW, 20),
        state="restarting",
        restart_count=9,
        health="none",
        ci=Found(Ci("pending")),
        built=Found(Built("behind", None, None, NEW, "", REGISTRY_DOWN)),
    )


def containers() -> tuple[Container, ...]:
    """A fleet with every proof status and most CI verdicts."""
    web = (container("web-1", "web"), container("web-2", "web", minutes=13))
    split = replace(
        container("web-3", "web", OLD, 1500),
        built=Found(Built("behind", 1, 2, NEW, NEW)),
        ci=Found(Ci("no-run", reason="tested-before-merge")),
        health="unhealthy",
    )
    others = (unmanaged("postgres", "postgres:16"), unmanaged("traefik", "traefik:v3.1"))
    return (
        *web,
        split,
        _contradicted(),
        _unknown(),
        _lost(),
        *_proofs(),
        _stopped(),
        _broken(),
        *others,
    )
