"""A line of commits, most of them built: what each tag scheme is written from."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.scene import sha

FIRST = datetime(2026, 2, 27, 9, 30, tzinfo=UTC)
DIGITS = "build 125"  # its SHA begins with 9156521, and a letter comes later
DATED = "build 593941"  # its SHA begins with 20031105


@dataclass(frozen=True, slots=True)
class Build:
    """One build: `number` is its place in the line, the oldest is 1."""

    word: str
    number: int

    @property
    def sha(self) -> str:
        """The whole SHA of its commit."""
        return sha(self.word)

    @property
    def run(self) -> int:
        """The number of the workflow's run; others ran between."""
        return 1040 + 3 * self.number

    @property
    def at(self) -> datetime:
        """When it was made: one a day."""
        return FIRST + timedelta(days=self.number)

    @property
    def version(self) -> str:
        """The version that was released with it, each of a minor of its own."""
        return f"1.{self.number + 6}.3"


@dataclass(frozen=True, slots=True)
class Line:
    """Six builds, newest first; between two of them lies a commit that nobody built.

    The running one is two behind the newest; a stale label names one that is older still.
    """

    builds: tuple[Build, ...]

    @property
    def newest(self) -> Build:
        return self.builds[0]

    @property
    def running(self) -> Build:
        return self.builds[2]

    @property
    def older(self) -> tuple[Build, ...]:
        """What there is to go back to from the running build."""
        return self.builds[3:]

    @property
    def stale(self) -> Build:
        """What a label says that was left behind."""
        return self.builds[4]

    @property
    def words(self) -> tuple[str, ...]:
        """Every commit, newest first: a build, then one that was not built."""
        return tuple(word for b in self.builds for word in (b.word, f"after {b.number}"))

    def of(self, sha_: str) -> Build | None:
        """The build of a commit."""
        return next((build for build in self.builds if build.sha == sha_), None)

    def contains(self, build: Build, sha_: str) -> bool:
        """Whether a build has a commit of the line."""
        return sha_ in {sha(word) for word in self.words[self.words.index(build.word) :]}


def line(running: str = "three", oldest: str = "one") -> Line:
    """The line in which a commit of this word runs."""
    words = ("six", "five", running, "four", "two", oldest)
    return Line(tuple(Build(word, 6 - place) for place, word in enumerate(words)))
