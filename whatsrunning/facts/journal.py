"""What earlier looks wrote down, and how it is asked for. Times are UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.query import Deadline, Query


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal: a service's revision at the time of an earlier look.

    Lines from before `container_id` (whole) was written tell no project either, and an empty SHA
    may stand there for a revision that the look could not find out.
    """

    at: datetime
    engine_id: str
    service: str
    container: str
    sha: str
    image_id: str
    deployed_at: datetime | None
    project: str = ""
    container_id: str = ""

    @property
    def tells_revision(self) -> bool:
        """Whether the look knew the revision, or knew that there is none."""
        return bool(self.sha or self.container_id)

    @property
    def since(self) -> datetime:
        """When what the look saw had been deployed; else the look itself."""
        return self.deployed_at or self.at


class Journal(Protocol):
    """What earlier looks wrote down; append-only and private to the user."""

    def earlier(self, engine_id: str, deadline: Deadline) -> tuple[JournalEntry, ...]: ...
    def write(self, looks: Sequence[JournalEntry], now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class JournalLooks(Query[tuple[JournalEntry, ...]]):
    """What earlier looks wrote down of one engine (by engine ID)."""

    source = "journal"
    engine_id: str

    @property
    def subject(self) -> str:
        """The engine's ID."""
        return self.engine_id

    def ask(self, port: Journal, deadline: Deadline) -> Answer[tuple[JournalEntry, ...]]:
        return Found(port.earlier(self.engine_id, deadline))
