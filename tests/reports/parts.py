"""What the hand-made reports are put together from."""

from datetime import UTC, datetime, timedelta

from whatsrunning.facts.answers import Found, Problem
from whatsrunning.report.container import (
    Built,
    Ci,
    Claim,
    Commit,
    Container,
    DeployedAt,
    Engine,
    Gate,
    Image,
    Previous,
    Proof,
    PullRequest,
    Revision,
)

NOW = datetime(2026, 11, 26, 3, 12, 40, tzinfo=UTC)
SHAS = tuple((f"{n:02x}7d3e91c40b65f8a2" * 3)[:40] for n in range(1, 40))
NEW, OLD, STRAY = SHAS[20], SHAS[18], SHAS[5]
REPOSITORY = "ghcr.io/acme/web"

RATE_LIMIT = Problem(
    "github",
    "acme/api",
    "rate-limited",
    "api.github.com allows no more requests until 03:40 UTC",
    "set GH_TOKEN, or ask again then",
)
REGISTRY_DOWN = Problem(
    "registry",
    "registry.acme.example:5000",
    "unreachable",
    "registry.acme.example:5000 refused the connection",
    "check that the registry runs and can be reached from here",
)
UNREAD = Problem(
    "registry",
    REPOSITORY,
    "unread-tags",
    f"2 of 9 tags of {REPOSITORY} name no commit (v1.2.3, edge)",
    "label the images org.opencontainers.image.revision",
)
ENGINE_DOWN = Problem(
    "engine",
    "prod-2",
    "timeout",
    "ssh://deploy@prod-2 did not answer within 10 s",
    "try `ssh deploy@prod-2 docker version`",
)


def before(minutes: float) -> datetime:
    """So many minutes before the look."""
    return NOW - timedelta(minutes=minutes)


def digest(seed: str) -> str:
    """A digest of the right form."""
    return "sha256:" + (seed.encode().hex() * 64)[:64]


def pull(number: int, title: str) -> PullRequest:
    """A merged pull request, as the API tells it."""
    url = f"https://github.com/acme/web/pull/{number}"
    return PullRequest(number, title, "ana", "ben", before(40), url, "api")


RACE = pull(412, "Fix the race between checkout and stock")
PROD = Engine(
    "ABCD:EFGH", "prod", "ssh://deploy@prod-1", "prod-1", "24.0.7", "ok", "--context", 0.2
)
DOWN = Engine(
    "", "prod-2", "ssh://deploy@prod-2", "", "", "unreachable", "--context", None, ENGINE_DOWN
)


def container(name: str, service: str, sha: str = NEW, minutes: float = 12) -> Container:
    """A healthy, verified, current container of ours."""
    return Container(
        id=(name.encode().hex() * 64)[:64],
        name=name,
        engine="prod",
        project="shop",
        service=service,
        managed=True,
        state="running",
        exit_code=None,
        oom_killed=None,
        restart_count=0,
        health="healthy",
        created_at=before(minutes),
        started_at=before(minutes),
        deployed_at=Found(DeployedAt(before(minutes), "created")),
        image=_image(sha),
        repository=Found("acme/web"),
        claims=(Claim(sha, "container-label", "git.sha"),),
        revision=Found(Revision(sha, "digest")),
        proof=Proof("verified", "index digest", "", digest("d"), (sha,)),
        commit=Found(_commit(sha)),
        pull_requests=Found((RACE,)),
        ci=Found(_green()),
        built=Found(Built("current", 0, 0, sha, sha)),
        previous=Found(Previous(OLD, before(minutes), "engine events")),
    )


def _image(sha: str) -> Image:
    digests = (f"{REPOSITORY}@{digest('d')}",)
    return Image(f"{REPOSITORY}:{sha}", digest("i"), REPOSITORY, digests, "linux/amd64")


def _commit(sha: str) -> Commit:
    subject = "Fix the race between checkout and stock (#412)"
    url = f"https://github.com/acme/web/commit/{sha}"
    return Commit(sha, subject, "Ana Ruiz", before(60), url, True, "git")


def _green() -> Ci:
    gate = Gate("tests", "success", before(30), "https://github.com/acme/web/actions/runs/1")
    return Ci("green", "success", before(30), "", "", (gate,))
