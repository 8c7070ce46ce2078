"""A piece of evidence: a revision served then, and how exactly that is known."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from whatsrunning.facts.answers import Problem

# GitHub notes a deployment when it is asked for, which is before anything starts:
# https://docs.github.com/en/rest/deployments/deployments
_ASKED_FOR = timedelta(minutes=10)
# A deploy may start the new container this long before it stops the old one.
_OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A revision served from `since`; `until` None while it runs, and its end only if `exact`.

    `since` is when it was `asked` for (a deployment), or it began `before` that (an event).
    `seen` is when the newest look saw it, `problem` why its revision is not known.
    """

    sha: str
    since: datetime
    until: datetime | None
    text: str
    exact: bool = True
    asked: bool = False
    before: bool = False
    seen: datetime | None = None
    problem: Problem | None = None

    @property
    def order(self) -> tuple[datetime, bool, bool, datetime]:
        """What sorts evidence of one service: by its beginning, then by its end."""
        began = self.since - _OVERLAP if self.before else self.since
        return began, not self.exact, self.until is None, self.until or began

    def joined(self, later: "Evidence") -> "Evidence":
        """The same revision seen once more, with nothing else in between."""
        both = self
        if self.asked and not later.asked and later.since - self.since <= _ASKED_FOR:
            both = replace(later, text=f"{later.text}; {self.text}")
        seen = max((at for at in (self.seen, later.seen) if at), default=None)
        both = replace(both, seen=seen)
        if self.until is None or later.until is None:
            return replace(both, until=None, exact=True)
        last = max((self, later), key=lambda seen: (seen.until or seen.since, seen.exact))
        return replace(both, until=last.until, exact=last.exact)
