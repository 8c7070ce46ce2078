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
PLACES = {"oldest": 0, "middle": 100, "last": MANY - 1}
"""Of the many, those that run."""


@dataclass(frozen=True, slots=True)
class Odd:
    """A history of acme/odd, its builds by what is odd about them, and what one look said."""

    street: Street
    history: MinedHistory
    named: dict[str, str]
    truth: dict[str, str]
    ps: dict[str, Any]
    page: str

    def container(self, name: str) -> dict[str, Any]:
        """One container of `ps`."""
        return next(one for one in self.ps["containers"] if one["name"] == name)

    def problem(self, answer: dict[str, Any]) -> str:
        """The code of an answer's problem, empty where it has none."""
        codes = {problem["id"]: problem["code"] for problem in self.ps["problems"]}
        return codes[answer["problem"]] if answer["status"] == "unknown" else ""


def _history(street: Street) -> tuple[MinedHistory, dict[str, str]]:
    history = MinedHistory(street.folder / "odd", "acme/odd")
    for _ in range(MANY):
        history.commit(mixed)
    line, head = history.line, street.history.head
    named = {name: line[place] for name, place in PLACES.items()} | {"head": head}
    named["digits"] = history.commit(digits)
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
    runs = {f"many-{name}": line[place] for name, place in PLACES.items()}
    street.store_many(lane, (f"sha-{sha[:7]}" for sha in line if sha not in runs.values()))
    for name, sha in runs.items():
        tag = f"sha-{sha[:7]}"
        street.build([Image(lane, sha, (tag,))])
        claim = () if name == "many-oldest" else labelled(git_sha=sha)
        yield Start(name, f"{lane}:{tag}", claim)


def _digits(street: Street, named: dict[str, str]) -> Iterator[Start]:
    lane, newest, older = street.lane("digits", "acme/odd"), named["digits"], named["last"]
    street.build([Image(lane, older, (older[:7],)), Image(lane, newest, (newest[:7],))])
    yield Start("digits-older", f"{lane}:{older[:7]}")
    yield Start("digits-labelled", f"{lane}:{newest[:7]}", labelled(git_sha=newest))
    yield Start("digits-unlabelled", f"{lane}:{newest[:7]}")


def _twins(street: Street, named: dict[str, str]) -> Iterator[Start]:
    """One short tag begins two commits, and only a label tells which."""
    claims = {"twin": (), "twin-labelled": labelled(git_sha=named["twin"])}
    for (name, claim), sha in zip(claims.items(), (named["beside"], named["twin"]), strict=True):
        lane = street.lane(name, "acme/odd")
        street.build([Image(lane, sha, (f"sha-{sha[:7]}",))])
        yield Start(name, f"{lane}:sha-{sha[:7]}", claim)


def _dates(street: Street, named: dict[str, str]) -> Iterator[Start]:
    """The tag is the day of the build, and by chance the beginning of another commit."""
    lane, day = street.lane("date", "acme/odd"), named["date"][:8]
    street.build([Image(lane, named["last"], (day,))])
    yield Start("date", f"{lane}:{day}")
    yield Start("date-labelled", f"{lane}:{day}", labelled(git_sha=named["last"]))


def _names(street: Street, named: dict[str, str]) -> Iterator[Start]:
    lane = street.lane("names", "acme/odd")
    street.store([Image(lane, named["newest"], ("edge", "nightly"))])
    street.build([Image(lane, named["last"], ("stable",))])
    yield Start("names", f"{lane}:stable")
    yield Start("names-labelled", f"{lane}:stable", labelled(git_sha=named["last"]))


def _merged(street: Street) -> Iterator[Start]:
    """Beside the newest build those of branches that were squashed, which no clone has."""
    lane, newest, pulls = street.lane("merged"), street.shas[0], street.history.pulls
    squashed = [pull.commits[-1] for pull in pulls.values() if pull.kind == "squash"][-3:]
    street.store(Image(lane, sha, (f"sha-{sha[:7]}",), oci(sha)) for sha in squashed)
    street.build([Image(lane, newest, (f"sha-{newest[:7]}",), oci(newest))])
    yield Start("merged", f"{lane}:sha-{newest[:7]}")


@dataclass(frozen=True, slots=True)
class Right:
    """What must be said: the commit (`""`: that it cannot be told), the proof and the place."""

    sha: str
    proof: str = "verified"
    position: str = "current"
    behind: int | None = 0
    problem: str = ""


RIGHT: dict[str, Right] = {
    "many-last": Right("last"),
    "many-middle": Right("middle", position="behind", behind=MANY - 101),
    "many-oldest": Right("oldest", position="behind", behind=MANY - 1),
    "digits-older": Right("last", position="behind", behind=1),
    "digits-labelled": Right("digits"),
    "digits-unlabelled": Right("digits"),
    "twin": Right("", "verified", "unknown", None, "ambiguous"),
    "twin-labelled": Right("twin"),
    "date": Right("", "unlabelled", "unknown", None, "unread-tags"),
    "date-labelled": Right("last", "label-only"),
    "names": Right("", "unlabelled", "unknown", None, "unread-tags"),
    "names-labelled": Right("last", "label-only", "unknown", None, "unread-tags"),
    "merged": Right("head"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_runs_is_told_or_why_not(odd: Odd, name: str) -> None:
    said, right = odd.container(name), RIGHT[name]
    built = said["built"]
    assert said["revision"].get("sha", "") == odd.named.get(right.sha, "")
    assert odd.named.get(right.sha, odd.truth[name]) == odd.truth[name]
    assert said["proof"]["status"] == right.proof
    assert built.get("position", built["status"]) == right.position
    assert built.get("builds_behind") == right.behind
    assert right.problem in (odd.problem(said["revision"]), odd.problem(built))


def test_every_reason_names_what_to_do(odd: Odd) -> None:
    codes = {problem["code"]: problem for problem in odd.ps["problems"]}
    assert set(codes) == {"ambiguous", "unread-tags", "repository-not-found"}
    assert all(problem["hint"] for problem in codes.values())
    assert "2 commits begin with it" in codes["ambiguous"]["message"]


def test_the_page_has_none_of_the_false_words(odd: Odd) -> None:
    false = ("not-built", "no tag", "no revision", "stale-clone", "fetch", "never-pushed")
    assert [word for word in false if word in odd.page] == []
    found = {(each["code"], each["container"]) for each in odd.ps["findings"]}
    assert found == {("label-only", "date-labelled"), ("label-only", "names-labelled")}


@pytest.mark.parametrize("way", ["a clone", "GitHub alone"])
def test_branches_that_are_gone_leave_the_look_complete(odd: Odd, way: str) -> None:
    words = ("-C", str(odd.street.history.clone)) if way == "a clone" else ("-R", "acme/shop")
    alone = odd.street.ask("show", "merged", "-o", "json", *words).json()
    assert (alone["complete"], alone["problems"]) == (True, [])
    assert alone["containers"][0]["built"]["position"] == "current"


def test_nothing_is_called_the_last_build_to_go_back_to(odd: Odd) -> None:
    plan = odd.street.ask("rollback-plan", "names-labelled", "-C", str(odd.history.clone))
    assert "there is no build to go back to" not in plan.stdout
    assert "2 of 3 tags" in plan.stdout
