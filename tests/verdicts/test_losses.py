"""An outage turns a field to unknown, and never to another value or to none."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, pull_facts, sha
from tests.verdicts.losses import subsets, without
from tests.verdicts.proof.proof_scenes import CASES, Case, words
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.git import GitPrefix
from whatsrunning.facts.github import GithubPrefix
from whatsrunning.report.container import Built, Ci, Commit, Container
from whatsrunning.report.report import Report

SOURCE = "org.opencontainers.image.source"
REVISION = "org.opencontainers.image.revision"
JUDGED = ("deployed_at", "repository", "revision", "commit", "pull_requests", "built", "ci")


def fleet() -> Scene:
    """Containers whose every field hangs on other answers."""
    scene = Scene(project="")
    scene.clone("e", "d", "c", "b", "a")
    for number, word in enumerate("abcde", 1):
        subject = f"Merge pull request #{number} from acme/{word}"
        scene.commit(word, subject, word, parents=2, pulls=(pull_facts(number, word),))
        scene.push(sha(word), digest(f"top-{word}"), digest(f"config-{word}"))
    scene.push("latest", digest("top-d"), digest("config-d"))
    for word in "abc":
        _seed_way(scene, word)
    _short(scene)
    _stale(scene)
    _moved(scene)
    _ghcr(scene)
    _inherited(scene)
    _unlabelled(scene)
    scene.add_engine("new", "containerd")
    scene.image(digest("top-e"), f"{IMAGE}:{sha('e')}", digests=[f"{IMAGE}@{digest('top-e')}"])
    scene.container("e", f"{IMAGE}:{sha('e')}", digest("top-e"), {"git.sha": sha("e")})
    return scene


def _image(scene: Scene, word: str, *tags: str, **labels: str) -> str:
    id_ = digest(f"config-{word}")
    top = f"{IMAGE}@{digest(f'top-{word}')}"
    return scene.image(id_, *tags, digests=[top], labels=labels)


def _seed_way(scene: Scene, word: str) -> None:
    image = _image(scene, word, f"{IMAGE}:{sha(word)}", **{"git.sha": sha(word)})
    labels = {"com.docker.compose.service": "web"}
    scene.container(word, f"{IMAGE}:{sha(word)}", image, labels)


def _short(scene: Scene) -> None:
    image = f"{IMAGE}@{digest('top-b')}"
    scene.container("short", image, digest("config-b"), {"git.sha": sha("b")[:8]})
    scene.answers[GitPrefix(REPOSITORY, sha("b")[:8])] = Found(sha("b"))
    scene.answers[GithubPrefix(REPOSITORY, sha("b")[:8])] = Found(sha("b"))


def _stale(scene: Scene) -> None:
    labels = {"git.sha": sha("a"), "git.repository": REPOSITORY}
    image = _image(scene, "d", f"{IMAGE}:latest")
    scene.container("stale", f"{IMAGE}:latest", image, labels)


def _moved(scene: Scene) -> None:
    container = scene.container("moved", digest("config-c"), digest("config-c"))
    scene.inspect(container, reference=f"{IMAGE}:{sha('c')}")


def _ghcr(scene: Scene) -> None:
    repository = "ghcr.io/acme/shop"
    image = scene.image(digest("g"), f"{repository}:1", digests=[f"{repository}@{digest('gtop')}"])
    scene.container("ghcr", f"{repository}:1", image, {"git.sha": sha("a")})
    scene.push(sha("a"), digest("gtop"), digest("g"), repository=repository)


def _inherited(scene: Scene) -> None:
    base = {REVISION: sha("base"), SOURCE: "https://github.com/corp/base"}
    scene.image(digest("base"), "registry.test/corp/base:1", labels=base, age=9000)
    image = scene.image(digest("child"), f"{IMAGE}:1", digests=[f"{IMAGE}@{digest('top-e')}"],
                        labels=base)  # fmt: skip
    scene.container("child", f"{IMAGE}:1", image)


def _unlabelled(scene: Scene) -> None:
    image = f"{IMAGE}@{digest('top-b')}"
    scene.image(digest("unlabelled"), digests=[image])
    scene.container("unlabelled", image, digest("unlabelled"), {"git.sha": "nonsense"})


def _bare(value: Any) -> Any:
    """What must stay the same: git or GitHub may tell a commit, a message or GitHub a number."""
    if isinstance(value, Commit):
        return replace(value, source="git", on_default_branch=None)
    if isinstance(value, tuple):
        return [each.number for each in value]
    return value


def _changed(before: Answer[Any], after: Answer[Any]) -> bool:
    if isinstance(before, Unknown) or isinstance(after, Unknown):
        return False
    if isinstance(before, Nothing) or isinstance(after, Nothing):
        return before != after
    if isinstance(before.value, Built):
        return _built_changed(before.value, after.value)
    if isinstance(after.value, Ci) and after.value.at_deploy == "unknown":
        return False
    return bool(_bare(before.value) != _bare(after.value))


def _built_changed(before: Built, after: Built) -> bool:
    """A part of it that cannot be told is empty."""
    pairs = [
        (before.builds_behind, after.builds_behind),
        (before.commits_behind, after.commits_behind),
        (before.newest_sha or None, after.newest_sha or None),
        (before.latest_sha or None, after.latest_sha or None),
    ]
    kept = all(after in (before, None) for before, after in pairs)
    return before.position != after.position or not kept


def _wrong(before: Container, after: Container) -> Iterator[tuple[str, Any, Any]]:
    if before.managed != after.managed and not isinstance(after.revision, Unknown):
        yield "managed", before.managed, after.managed
    for name in JUDGED:
        if _changed(getattr(before, name), getattr(after, name)):
            yield name, getattr(before, name), getattr(after, name)
    statuses = (before.proof.status, after.proof.status)
    if "unknown" not in statuses and before.proof != after.proof:
        yield "proof", before.proof, after.proof
    for claim in after.claims:
        if not any(said.sha.startswith(claim.sha) for said in before.claims):
            yield "claims", before.claims, after.claims


def _compare(before: Report, after: Report) -> list[tuple[Any, ...]]:
    known = {(each.engine, each.name): each for each in before.containers}
    wrong = [
        (each.name, *difference)
        for each in after.containers
        for difference in _wrong(known[each.engine, each.name], each)
    ]
    told = {problem.id for problem in after.problems}
    unknown = [
        (each.name, name)
        for each in after.containers
        for name in JUDGED
        if isinstance(answer := getattr(each, name), Unknown) and answer.problem.id not in told
    ]
    return wrong + unknown


def check_losses(scene: Scene) -> None:
    before = scene.look()
    asked = list(scene.answers.asked)
    for number, queries in enumerate(subsets(asked)):
        after = without(scene, queries, "timeout" if number % 2 else "denied")
        assert _compare(before, after) == [], queries
        assert after.containers or before.engines != after.engines


def test_a_fleet_through_every_loss() -> None:
    check_losses(fleet())


@pytest.mark.parametrize("case", CASES, ids=words)
def test_every_proof_through_every_loss(case: Case) -> None:
    check_losses(case[0]("classic"))
    check_losses(case[0]("containerd"))


def test_the_fleet_is_worth_losing() -> None:
    """Before anything is lost, nothing but the nonsense is missing."""
    report = fleet().look()
    found = {each.name: each.revision for each in report.containers}
    words = {"short": "b", "stale": "d", "moved": "c", "ghcr": "a", "child": "e", "unlabelled": "b"}
    for name, revision in found.items():
        assert isinstance(revision, Found), name
        assert revision.value.sha == sha(words.get(name, name)), name
    assert {each.name for each in report.containers if isinstance(each.commit, Found)} == set(found)
