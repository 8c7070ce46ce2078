"""The chain of one container, and what is found wrong with it. Times are UTC, SHAs whole.

Fields are the keys of the JSON document, in its order; its schema is made from their types.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from whatsrunning.facts.answers import Answer, Nothing, Problem

Sha: TypeAlias = Annotated[str, "sha"]
"""A commit's whole SHA, lower-case hex."""
ShaOrEmpty: TypeAlias = Annotated[str, "sha", ""]
"""The same, empty where there is none."""

NOT_MANAGED = Problem(
    "engine",
    "",
    "unmanaged",
    "not looked up: it is not managed",
    "whatsrunning show NAME looks everything up",
)
"""Why nothing is known of an unmanaged container: nobody was asked, and nothing is missing."""
SERVING = frozenset({"running", "restarting", "paused"})
"""States of a container that is meant to serve now."""

ClaimedBy = Literal["container-label", "image-label", "oci-label", "image-tag"]
IdentifiedBy = Literal["digest", "container-label", "image-label", "oci-label", "image-tag"]
ProofStatus = Literal[
    "verified", "contradicted", "differs", "label-only", "unlabelled", "denied", "unknown"
]
CiVerdict = Literal["green", "raced", "red", "pending", "no-run", "no-verdict", "unknown"]
Position = Literal["current", "behind", "ahead", "diverged", "not-built"]
Severity = Literal["info", "warning", "critical"]

FAILED_CONCLUSIONS = frozenset(
    {"failure", "timed_out", "startup_failure", "action_required", "error"}
)
"""How a gate ends that did not pass, in GitHub's words."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine, or one that did not answer; `clock_skew_s` in seconds, engine minus us."""

    id: str
    context: str
    endpoint: str
    name: str
    version: str
    status: Literal["ok", "unreachable"]
    chosen_by: str
    clock_skew_s: float | None = None
    problem: Problem | None = None
    product: Literal["docker", "podman"] = "docker"


@dataclass(frozen=True, slots=True)
class DeployedAt:
    """When this container became what serves, inferred; `evidence` says from what."""

    at: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class Image:
    """What a container runs; `repository` is host/path; `gone`: no longer in the engine's store."""

    reference: str
    id: str
    repository: str
    digests: tuple[str, ...]
    platform: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A revision that something says; `key` is the label's name or the tag.

    `sha` is whole where that could be found out, else hex as written; `text` is the text itself.
    `copied`: what re-created the container copied it from the old one's image; it decides nothing.
    """

    sha: str
    claimed_by: ClaimedBy
    key: str
    dirty: bool = False
    text: str = ""
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """What people call the revision, such as v1.2.3, and what says so."""

    text: str
    source: Literal["tag", "oci-version", "git-describe"]


@dataclass(frozen=True, slots=True)
class Revision:
    """The effective revision: what the container is judged by."""

    sha: Sha
    identified_by: IdentifiedBy


@dataclass(frozen=True, slots=True)
class Proof:
    """What the digests say about the claim; `problem` only when the status is unknown."""

    status: ProofStatus
    basis: str = ""
    reason: str = ""
    registry_digest: str = ""
    matching_shas: tuple[Sha, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit of the effective revision."""

    sha: Sha
    subject: str
    author: str
    committed_at: datetime
    url: str
    on_default_branch: bool | None
    source: Literal["git", "github"]


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request; only number and title are known from a message alone."""

    number: int
    title: str
    author: str
    merged_by: str
    merged_at: datetime | None
    url: str
    evidence: Literal["api", "message"]


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate's attempt that counted."""

    name: str
    conclusion: str
    finished_at: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class Ci:
    """Whether CI had passed when it was deployed."""

    at_deploy: CiVerdict
    outcome: str = ""
    finished_at: datetime | None = None
    via: str = ""
    reason: str = ""
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """The running build against the newest, in git order; `latest_problem`: why none is named."""

    position: Position
    builds_behind: int | None
    commits_behind: int | None
    newest_sha: ShaOrEmpty
    latest_sha: ShaOrEmpty
    latest_problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Previous:
    """What served before this container did."""

    sha: ShaOrEmpty
    until: datetime | None
    evidence: str


@dataclass(frozen=True, slots=True)
class PendingFix:
    """A revert or fix of what runs, not deployed; `whole`: of the running revision itself.

    `built` is None where the builds could not be looked at.
    """

    sha: Sha
    kind: Literal["revert", "fix"]
    subject: str
    built: bool | None
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container with the whole chain; `engine` is the context's name.

    `replica` is its number as Compose or Swarm gave it; `replaces` is the ID of the container that
    Compose has not finished replacing by this one; `one_off`: started beside its service for one
    command. `identified` is OWNER/NAME that the labels of an unmanaged container's image name.
    """

    id: str
    name: str
    engine: str
    project: str
    service: str
    managed: bool
    state: str
    exit_code: int | None
    oom_killed: bool | None
    restart_count: int | None
    health: Literal["healthy", "unhealthy", "starting", "none", "unknown"]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None = None
    deployed_at: Answer[DeployedAt]
    image: Image
    repository: Answer[str]
    claims: tuple[Claim, ...]
    version: Answer[Version] = field(default_factory=Nothing)
    revision: Answer[Revision]
    proof: Proof
    commit: Answer[Commit]
    pull_requests: Answer[tuple[PullRequest, ...]]
    ci: Answer[Ci]
    built: Answer[Built]
    previous: Answer[Previous]
    replica: int | None = None
    replaces: str = ""
    one_off: bool = False
    identified: str = ""
    restart_policy: str = ""
    pending_fixes: tuple[PendingFix, ...] = ()

    @property
    def serves(self) -> bool:
        """Whether it is meant to serve now; a one-off is not."""
        return self.state in SERVING and not self.one_off

    @property
    def sha(self) -> str:
        """The effective revision's SHA, empty where there is none."""
        revision = self.revision.value_or(None)
        return revision.sha if revision else ""

    @property
    def changed_at(self) -> datetime | None:
        """When it became what serves, None where that is not known."""
        deployed = self.deployed_at.value_or(None)
        return deployed.at if deployed else None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the on-call should know; codes and severities are the checks' own."""

    code: str
    severity: Severity
    engine: str
    container: str
    service: str
    message: str
    hint: str
    project: str = ""


@dataclass(frozen=True, slots=True)
class NewestChange:
    """The newest change on the first screen: `from_sha` empty when what ran before is not known.

    `back`: the new revision is an older one, and the pull requests are those that it took out.
    """

    service: str
    engine: str
    at: datetime
    from_sha: ShaOrEmpty
    to_sha: ShaOrEmpty
    pull_requests: Answer[tuple[PullRequest, ...]]
    back: bool = False
