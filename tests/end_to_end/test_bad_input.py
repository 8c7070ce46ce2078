"""Labels and images that are wrong: each gets a sentence and a next step, the rest still prints."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.program import Result, whatsrunning
from tests.world.everything import World
from tests.world.git_writer import git

PREFIX = "bad-"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What has to be said: in `problems` or `findings`, with these words, and the next step."""

    where: str
    code: str
    words: tuple[str, ...]
    hint: str


@dataclass(frozen=True, slots=True)
class Looks:
    """One look of the fleet with the bad ones in it, as JSON and as a page."""

    document: dict[str, Any]
    page: str
    ambiguous: str

    def container(self, name: str) -> dict[str, Any]:
        """The one container of that name."""
        (found,) = (one for one in self.document["containers"] if one["name"] == name)
        return dict(found)

    def findings(self, name: str) -> dict[str, dict[str, Any]]:
        """The findings about one container, by code."""
        found = [one for one in self.document["findings"] if one["container"] == name]
        return {one["code"]: one for one in found}


def _twins(clone: Path) -> str:
    """Two commits in this clone whose SHAs begin with the same seven digits: that beginning."""
    tree, seen = git(clone, "rev-parse", "HEAD^{tree}"), dict[str, str]()
    for number in range(1_000_000):
        who = "Ada Byron <ada@example.com> 1772442000 +0000"
        text = f"tree {tree}\nauthor {who}\ncommitter {who}\n\nTwin {number}\n"
        sha = hashlib.sha1(f"commit {len(text)}\0{text}".encode()).hexdigest()
        other = seen.setdefault(sha[:7], text)
        if other != text:
            for each in (text, other):
                git(clone, "hash-object", "-t", "commit", "-w", "--stdin", input=each)
            return sha[:7]
    raise AssertionError("no two SHAs begin alike")


class _Bad:
    """Starts the bad containers on the world's engine, and takes away what it made."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.yard = world, world.fleet.yard
        self.clone = folder / "clone"
        git(folder, "clone", "--quiet", "--no-local", str(world.history.origin), "clone")
        git(self.clone, "remote", "set-url", "origin", "https://github.com/acme/shop.git")
        self.ambiguous = _twins(self.clone)
        self.moved = ""

    def docker(self, *words: str) -> str:
        """The world's Docker CLI."""
        return self.yard.engine.docker(*words)

    def image(self, name: str) -> str:
        """An image without any label, not pushed; another name is another content."""
        reference = f"{self.yard.host}/{name}"
        self.yard.build(reference, stamp=name)
        return reference

    def make(self, verb: str, name: str, image: str, **labels: str) -> None:
        """`docker run --detach` or `docker create`; label names have _ for a dot."""
        given = ((key.replace("_", "."), value) for key, value in labels.items())
        words = [word for key, value in given for word in ("--label", f"{key}={value}")]
        self.docker(
            *verb.split(), "--network", "none", "--stop-signal", "KILL", "--name",
            PREFIX + name, *words, image,
        )  # fmt: skip

    def start_all(self) -> None:
        """Each container as its name says."""
        head, named = self.world.history.head, self.world.history.named
        shipped = f"{self.yard.shop}:{named['built-1']}"
        scratch = self.image("acme/shop:scratch")
        run = "run --detach"
        self.make(run, "unknown-short", scratch, git_sha="0badbad0bad")
        self.make(run, "ambiguous", scratch, git_sha=self.ambiguous)
        self.make(run, "short-on-a-build", shipped, git_sha="0ddba110ddba")
        self.make(run, "other-repository", shipped, git_sha=head, git_repository="acme/other")
        lost = self.image("lost/gone:one")
        self.make(run, "lost-repository", lost, git_sha="1" * 40, git_repository="lost/gone")
        self._removed(head)
        self._moved(head)

    def _removed(self, head: str) -> None:
        """The engine keeps the image of a running container, but not of one yet to be started."""
        doomed = self.image("acme/shop:doomed")
        self.make("create", "image-removed", doomed, git_sha=head)
        self.docker("rmi", "--force", doomed)
        self.docker("start", f"{PREFIX}image-removed")

    def _moved(self, head: str) -> None:
        moving = self.image("acme/shop:moving")
        self.make("run --detach", "tag-moved", moving, git_sha=head)
        self.moved = self.docker("inspect", "--format", "{{.Id}}", moving)
        self.yard.build(moving, stamp="moved on")

    def remove_all(self) -> None:
        """The world as it was."""
        filters = ("--all", "--quiet", "--filter", f"name=^/?{PREFIX}")
        if made := self.docker("ps", *filters).split():
            self.docker("rm", "--force", *made)
        names = ("acme/shop:scratch", "acme/shop:moving", "lost/gone:one")
        for image in (*(f"{self.yard.host}/{name}" for name in names), self.moved):
            self.yard.engine.docker("rmi", "--force", image, check=False)

    def ask(self, *more: str) -> Result:
        """One look; the journal of the world stays as it was."""
        env = {**self.world.environment(), "XDG_STATE_HOME": str(self.clone.parent / "state")}
        words = ("ps", "--all", "-C", str(self.clone), "--timeout", "30", *more)
        return whatsrunning(*words, env=env, home=self.world.folder / "home")


@pytest.fixture(scope="module")
def looks(world: World, tmp_path_factory: pytest.TempPathFactory) -> Looks:
    """The world with every bad container in it, looked at twice."""
    bad = _Bad(world, tmp_path_factory.mktemp("bad"))
    try:
        bad.start_all()
        result, page = bad.ask("-o", "json"), bad.ask("-o", "plain")
    finally:
        bad.remove_all()
    assert (result.code, page.code) == (0, 0), result.stderr + page.stderr
    return Looks(result.json(), page.stdout, bad.ambiguous)


def _problem(code: str, words: tuple[str, ...], hint: str) -> Sentence:
    return Sentence("problems", code, words, hint)


def _finding(code: str, words: tuple[str, ...], hint: str) -> Sentence:
    return Sentence("findings", code, words, hint)


SAID = {
    "nonsense": _problem("label-not-a-sha", ("git.sha", "nonsense", "v1.2.3-final"), "whole SHA"),
    "bad-unknown-short": _problem("no-such-commit", ("0badbad0bad", "acme/shop"), "whole SHA"),
    "bad-short-on-a-build": _problem("no-such-commit", ("0ddba110ddba", "acme/shop"), "whole SHA"),
    "bad-ambiguous": _problem("ambiguous", ("ambiguous", "2 commits", "acme/shop"), "whole SHA"),
    "bad-other-repository": _problem(
        "repository-not-found", ("acme/other",), "check the name"
    ),
    "bad-lost-repository": _problem("repository-not-found", ("lost/gone",), "check the name"),
    "bad-image-removed": _finding("local-image-gone", ("removed from the engine",), "pull it"),
    "bad-tag-moved": _finding("differs", ("other content",), "compare the two builds"),
    "rebuilt": _finding("differs", ("other content than the registry now has",), "compare"),
    "dirty": _finding("dirty-build", ("changes that are in no commit",), "commit the changes"),
    "nowhere": _finding("never-pushed", ("deaddead", "acme/shop does not have"), "push that"),
    "stale-label": _finding("contradicted-label", ("its image is the build of",), "trust the"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_it_is_said_and_what_to_do_next(looks: Looks, name: str) -> None:
    sentence = SAID[name]
    said = [one for one in looks.document[sentence.where] if one["code"] == sentence.code]
    fitting = [one for one in said if all(word in one["message"] for word in sentence.words)]
    if sentence.where == "findings":
        fitting = [one for one in fitting if one["container"] == name]
    assert fitting, said
    assert sentence.hint in fitting[0]["hint"]
    assert fitting[0]["message"] in looks.page
    assert fitting[0]["hint"] in looks.page


# Name -> status of revision, commit and proof, and which problem an unknown one refers to.
JUDGED = {
    "bad-unknown-short": ("unknown", "unknown", "label-only", "no-such-commit"),
    "bad-ambiguous": ("unknown", "unknown", "label-only", "ambiguous"),
    "bad-short-on-a-build": ("found", "found", "label-only", ""),
    "bad-other-repository": ("found", "found", "contradicted", ""),
    "bad-lost-repository": ("found", "unknown", "label-only", "repository-not-found"),
    "bad-image-removed": ("found", "found", "differs", ""),
    "bad-tag-moved": ("found", "found", "differs", ""),
    "short": ("found", "found", "verified", ""),
    "prefixed": ("found", "found", "verified", ""),
    "dirty": ("found", "found", "label-only", ""),
    "nowhere": ("found", "none", "verified", ""),
}


@pytest.mark.parametrize("name", JUDGED)
def test_only_what_hangs_on_it_is_unknown(looks: Looks, name: str) -> None:
    one = looks.container(name)
    problems = {problem["id"]: problem["code"] for problem in looks.document["problems"]}
    *statuses, code = JUDGED[name]
    fields = ("revision", "commit", "proof")
    assert [one[field]["status"] for field in fields] == statuses
    unknown = [one[field] for field in fields if one[field]["status"] == "unknown"]
    assert {problems[field["problem"]] for field in unknown} == ({code} if code else set())


def test_a_moved_tag_keeps_its_name(looks: Looks) -> None:
    image = looks.container("bad-tag-moved")["image"]
    assert image["reference"].endswith("/acme/shop:moving")
    assert image["repository"].endswith("/acme/shop")


def test_a_build_that_has_its_tag_is_not_said_to_have_none(looks: Looks) -> None:
    one = looks.container("bad-short-on-a-build")
    assert one["built"]["position"] == "behind"
    assert "running-without-tag" not in looks.findings("bad-short-on-a-build")


def test_the_rest_still_prints(looks: Looks, world: World) -> None:
    assert looks.document["complete"] is False
    assert looks.page.startswith("NOT COMPLETE")
    for name, truth in world.fleet.truths.items():
        assert f"\n{name}" in looks.page or f"\n{truth.service}" in looks.page or not truth.managed
        if truth.managed and truth.sha:
            assert looks.container(name)["revision"].get("sha") == truth.sha, name
