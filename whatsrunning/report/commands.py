"""What `diff`, `has`, `history` and `rollback-plan` answer. Times are UTC, SHAs whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from whatsrunning.facts.answers import Answer, Problem
from whatsrunning.report.container import Ci, PullRequest, Revision, Sha, ShaOrEmpty


@dataclass(frozen=True, slots=True)
class RunningOn:
    """Where an entry of a timeline runs."""

    engine: str
    container: str


@dataclass(frozen=True, slots=True)
class BuiltTag:
    """The registry's tag of a timeline's entry; `digest` empty when only listed."""

    tag: str
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit of a timeline."""

    sha: Sha
    subject: str
    pull_requests: Answer[tuple[PullRequest, ...]]
    committed_at: datetime | None
    built: Answer[BuiltTag]
    latest: bool
    running_on: tuple[RunningOn, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Deployed against built of one image repository (host/path), newest first in git order.

    `problem` is why a tag may be a build of any commit, or the tags could not be listed: the lists
    then lack what nobody could tell.
    """

    repository: str
    services: tuple[str, ...]
    default_branch: str
    entries: tuple[Entry, ...]
    built_not_deployed: tuple[Sha, ...]
    merged_never_built: Answer[tuple[Sha, ...]]
    running_without_tag: tuple[Sha, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """A container judged by `has`; `problem` is why it could not be judged."""

    engine: str
    service: str
    container: str
    sha: ShaOrEmpty
    by: Literal["same", "ancestor", ""]
    reverted_by: ShaOrEmpty
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a reference is live, and where; `unknown_at` could not be judged."""

    ref: str
    resolved: Answer[tuple[Sha, ...]]
    live: tuple[Live, ...]
    not_live: tuple[Live, ...]
    unknown_at: tuple[Live, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A row of `history`: `sha` empty when it named no revision, or for why it is not known.

    `until` is None while it runs, and where its end is not known exactly: a look saw it at
    `last_seen`, and it is gone by now, or may be.
    """

    service: str
    engine: str
    sha: ShaOrEmpty
    since: datetime
    until: datetime | None
    evidence: str
    ended: Literal["running", "ended", "not-known"]
    last_seen: datetime | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What ran before; nothing is said of the time before `covers_since`.

    `missing` is why a source could not be looked at.
    """

    entries: tuple[Period, ...]
    covers_since: datetime | None
    since: datetime | None = None
    changed: tuple[str, ...] = ()
    restarted: tuple[str, ...] = ()
    missing: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Concern:
    """A reason to think twice about a candidate."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A build to go back to; `change` is the image line to write, by digest."""

    sha: Sha
    digest: str
    rank: int
    recommended: bool
    image: Literal["local", "registry", "gone", "unknown"]
    ci: Answer[Ci]
    leaves: Answer[tuple[PullRequest, ...]]
    concerns: tuple[Concern, ...]
    change: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class RollbackPlan:
    """Ranked candidates for one service; `problem` is why there may be more than these."""

    service: str
    running: Answer[Revision]
    candidates: tuple[Candidate, ...]
    problem: Problem | None = None
