"""Short tags by the hundred, of digits alone, of two commits, of branches that are gone; and tags
that name no commit at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.world.identity import Image, Start, Street, labelled, oci, raise_street
from tests.world.mined import MinedHistory, date, digits, mixed

MANY = 240
"""More short tags than the 200 that were once read."""


@dataclass(frozen=True, slots=True)
class Odd:
    """A history of acme/odd, its builds by what is odd about them, and what one look said."""

    street: Street
    history: MinedHistory
    named: dict[str, str]
    truth: dict[str, str]
    ps: dict[str, Any]
    page: str


def _history(street: Street) -> tuple[MinedHistory, dict[str, str]]:
    history = MinedHistory(street.folder / "odd", "acme/odd")
    for _ in range(MANY):
        history.commit(mixed)
    named = {"older": history.line[-1], "digits": history.commit(digits)}
    named["twin"], named["beside"] = history.twins()
    named["date"] = history.commit(date)
    named["newest"] = history.commit(mixed)
    history.finish()
    return history, named


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    """Every lane, raised and looked at once; GitHub knows nothing of acme/odd."""
    street = raise_street(tmp_path_factory.mktemp("odd"))
    try:
        history, named = _history(street)
        starts = [*_many(street, history), *_digits(street, named), *_twins(street, named)]
        starts += [*_dates(street, named), *_names(street, named), *_merged(street)]
        street.run(starts)
        clones = "-C", str(history.clone), "-C", str(street.history.clone)
        ps = street.ask("ps", "-o", "json", *clones).json()
        page = street.ask("ps", "-o", "plain", *clones).stdout
        truth = street.truth(*(start.name for start in starts))
        yield Odd(street, history, named, truth, ps, page)
    finally:
        street.stop()


def _many(street: Street, history: MinedHistory) -> Iterator[Start]:
    """The registry has every commit of the line; three of them run, the oldest unlabelled."""
    lane, line = street.lane("many", "acme/odd"), history.line[:MANY]
    runs = {"many-newest": line[-1], "many-middle": line[100], "many-oldest": line[0]}
    street.store_many(lane, (f"sha-{sha[:7]}" for sha in line if sha not in runs.values()))
    for name, sha in runs.items():
        tag = f"sha-{sha[:7]}"
        street.build([Image(lane, sha, (tag,))])
        claim = () if name == "many-oldest" else labelled(git_sha=sha)
        yield Start(name, f"{lane}:{tag}", claim)


def _digits(street: Street, named: dict[str, str]) -> Iterator[Start]:
    lane, newest, older = street.lane("digits", "acme/odd"), named["digits"], named["older"]
    street.build([Image(lane, older, (older[:7],)), Image(lane, newest, (newest[:7],))])
    yield Start("digits-older", f"{lane}:{older[:7]}")
    yield Start("digits-labelled", f"{lane}:{newest[:7]}", labelled(git_sha=newest))
    yield Start("digits-unlabelled", f"{lane}:{newest[:7]}")


def _twins(street: Street, named: dict[str, str]) -> Iterator[Start]:
    """One short tag begins two commits, and only a label tells which."""
    for name, claim in (("twin", ()), ("twin-labelled", labelled(git_sha=named["twin"]))):
        lane, sha = street.lane(name, "acme/odd"), named["twin"]
        street.build([Image(lane, sha, (f"sha-{sha[:7]}",))])
        yield Start(name, f"{lane}:sha-{sha[:7]}", claim)


def _dates(street: Street, named: dict[str, str]) -> Iterator[Start]:
    """The tag is the day of the build, and by chance the beginning of another commit."""
    lane, day = street.lane("date", "acme/odd"), named["date"][:8]
    street.build([Image(lane, named["older"], (day,))])
    yield Start("date", f"{lane}:{day}")
    yield Start("date-labelled", f"{lane}:{day}", labelled(git_sha=named["older"]))


def _names(street: Street, named: dict[str, str]) -> Iterator[Start]:
    lane = street.lane("names", "acme/odd")
    street.store([Image(lane, named["newest"], ("edge", "nightly"))])
    street.build([Image(lane, named["older"], ("stable",))])
    yield Start("names", f"{lane}:stable")
    yield Start("names-labelled", f"{lane}:stable", labelled(git_sha=named["older"]))


def _merged(street: Street) -> Iterator[Start]:
    """Beside the newest build those of branches that were squashed, which no clone has."""
    lane, newest, pulls = street.lane("merged"), street.shas[0], street.history.pulls
    squashed = [pull.commits[-1] for pull in pulls.values() if pull.kind == "squash"][-3:]
    street.store(Image(lane, sha, (f"sha-{sha[:7]}",), oci(sha)) for sha in squashed)
    street.build([Image(lane, newest, (f"sha-{newest[:7]}",), oci(newest))])
    yield Start("merged", f"{lane}:sha-{newest[:7]}")
