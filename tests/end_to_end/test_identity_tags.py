"""Which commit runs, whatever the tags look like: the truth is what was built into the image."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from tests.world.identity import Image, Start, Street, labelled, oci, raise_street

Tags = Callable[[int, str], tuple[str, ...]]
"""The tags of a build: how old it is (0 is the newest), and its commit."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One scheme of tags. The container runs the build `age` before the newest, by a tag of it or
    by `:latest`; it claims `claims` before the newest in its own label, or nothing."""

    tags: Tags
    age: int = 1
    claims: int | None = 1
    by: str = ""
    oci: bool = True
    proof: str = "verified"


def _short(_: int, sha: str) -> tuple[str, ...]:
    return (sha[:7],)


def _sha(_: int, sha: str) -> tuple[str, ...]:
    return (f"sha-{sha[:7]}",)


def _whole(_: int, sha: str) -> tuple[str, ...]:
    return (sha,)


LANES: dict[str, Lane] = {
    "sha-and-a-stale-label": Lane(_sha, 0, 3, proof="contradicted"),
    "short-by-latest-and-a-stale-label": Lane(_short, 0, 3, "latest", proof="contradicted"),
    "whole-by-latest-and-a-stale-label": Lane(_whole, 0, 3, "latest", proof="contradicted"),
    "short-by-latest-unlabelled": Lane(_short, 0, None, "latest", oci=False, proof="unlabelled"),
    "flux": Lane(lambda age, sha: (f"main-{sha[:7]}-{1700000009 - age}",)),
    "gitlab": Lane(lambda _, sha: (f"main-{sha[:8]}",)),
    "branch-and-whole": Lane(lambda _, sha: (f"main-{sha}",)),
    "version-and-sha": Lane(lambda age, sha: (f"v1.2.{9 - age}-{sha[:7]}",)),
    "underscore": Lane(lambda age, sha: (f"1.2.{9 - age}_{sha[:7]}",)),
    "semver": Lane(lambda age, _: (f"v1.2.{9 - age}",)),
    "platform": Lane(lambda _, sha: (f"{sha}-amd64",)),
    "v-and-sha": Lane(lambda _, sha: (f"v{sha[:7]}",)),
    "rev": Lane(lambda _, sha: (f"rev-{sha[:7]}",)),
    "build": Lane(lambda _, sha: (f"build-{sha}",)),
    "describe": Lane(lambda age, sha: (f"v1.2.0-{9 - age}-g{sha[:7]}",)),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look after the other said, and what is true."""

    street: Street
    truth: dict[str, str]
    ps: dict[str, Any]
    page: str
    timelines: dict[str, dict[str, Any]]
    plans: dict[str, dict[str, Any]]

    def container(self, name: str) -> dict[str, Any]:
        """One container of `ps`."""
        return next(one for one in self.ps["containers"] if one["name"] == name)

    def codes(self, name: str) -> set[str]:
        """The findings about one container."""
        return {each["code"] for each in self.ps["findings"] if each["container"] == name}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Every lane, raised and looked at once."""
    street = raise_street(tmp_path_factory.mktemp("tags"))
    try:
        for name, lane in LANES.items():
            _raise(street, name, lane)
        yield _look(street)
        violations = street.github.violations()
    finally:
        street.stop()
    assert violations == []


def _raise(street: Street, name: str, lane: Lane) -> None:
    repository, moving = street.lane(name), ("latest",) if lane.by else ()
    for age, sha in reversed([*enumerate(street.shas)]):
        said = oci(sha) if lane.oci else {}
        tags = (*lane.tags(age, sha), *(moving if age == 0 else ()))
        image = Image(repository, sha, tags, said)
        if age != lane.age:
            street.store([image])
            continue
        street.build([image])
        claim = () if lane.claims is None else labelled(git_sha=street.shas[lane.claims])
        street.run([Start(name, f"{repository}:{lane.by or tags[0]}", claim)])


def _look(street: Street) -> Seen:
    at_hand = "-C", str(street.history.clone)

    def plan(name: str) -> dict[str, Any]:
        found: dict[str, Any] = street.ask("rollback-plan", name, "-o", "json", *at_hand).json()
        return found

    timelines = street.ask("diff", "-o", "json", *at_hand).json()["timelines"]
    with ThreadPoolExecutor(3) as pool:
        return Seen(
            street,
            street.truth(*LANES),
            street.ask("ps", "-o", "json", *at_hand).json(),
            street.ask("ps", "-o", "plain", *at_hand).stdout,
            {one["repository"].split("/")[1]: one for one in timelines},
            dict(zip(LANES, pool.map(plan, LANES), strict=True)),
        )


@pytest.mark.parametrize("name", LANES)
def test_what_runs_is_told_and_proven(seen: Seen, name: str) -> None:
    lane, said = LANES[name], seen.container(name)
    place = {"position": "behind" if lane.age else "current", "builds_behind": lane.age}
    built = {key: said["built"].get(key) for key in (*place, "newest_sha")}
    assert said["revision"].get("sha") == seen.truth[name] == seen.street.shas[lane.age]
    assert said["proof"]["status"] == lane.proof
    assert said["repository"]["name"] == "acme/shop"
    assert built == {**place, "newest_sha": seen.street.shas[0]}
    contradicted = {"contradicted-label"} if lane.proof == "contradicted" else set()
    assert seen.codes(name) == contradicted


@pytest.mark.parametrize("name", LANES)
def test_diff_and_rollback_know_every_build(seen: Seen, name: str) -> None:
    lane, timeline, shas = LANES[name], seen.timelines[name], seen.street.shas
    built = [e["sha"] for e in timeline["entries"] if e["built"]["status"] == "found"]
    assert built == list(shas)
    assert timeline["built_not_deployed"] == list(shas[: lane.age])
    assert timeline["running_without_tag"] == []
    assert not {*timeline["merged_never_built"].get("items", ())}.intersection(shas)
    candidates = [one["sha"] for one in seen.plans[name]["candidates"]]
    assert candidates == list(shas[lane.age + 1 :])


def test_has_finds_the_newest_pull_request_where_it_runs(seen: Seen) -> None:
    has = seen.street.ask("has", "33", "-o", "json", "-C", str(seen.street.history.clone))
    said = has.json()
    newest = {name for name, lane in LANES.items() if not lane.age}
    assert has.code == 0
    assert {one["container"] for one in said["live"]} == newest
    assert {one["container"] for one in said["not_live"]} == LANES.keys() - newest


def test_the_page_has_none_of_the_false_words(seen: Seen) -> None:
    assert seen.ps["complete"], seen.ps["problems"]
    assert seen.page.startswith("complete")
    false = ("not-built", "no tag", "no revision", "latest-moved", "stale-clone", "label-only")
    assert [word for word in false if word in seen.page] == []
