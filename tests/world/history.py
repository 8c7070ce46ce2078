"""A shop's git history with every kind of commit that GitHub makes, and the truth about each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from tests.world.git_writer import FIRST, GITHUB, CommitTruth, GitWriter, Person, git

Kind = Literal["merge", "squash", "rebase", "revert", "unmerged"]

ADA = Person("Ada Byron", "ada@example.com", "ada-byron")
BO = Person("Bo Chen", "12345+bochen@users.noreply.github.com", "bochen")
JOSE = Person("José Núñez", "jose@example.com", "jnunez")
WANG = Person("王小明", "wang@example.com", "wang-xm")
EVE = Person("Eve O'Neil", "eve@example.com", "eve-oneil")
BOT = Person(
    "dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", "dependabot[bot]"
)
PIPELINE = {
    ".github/workflows/ci.yml": """\
name: CI
on:
  push: {branches: [main], paths-ignore: ['docs/**']}
jobs: {test: {runs-on: ubuntu-latest}, lint: {runs-on: ubuntu-latest}}
"""
}
LEFT_OUT = {"docs/webhooks.md": "Each is signed.\n"}
HOSTILE = "[/bold] <!channel> @everyone \x1b[31m</td>|`*_~ $(reboot) \u202e &lt;"


@dataclass(frozen=True, slots=True)
class PullTruth:
    """A pull request. `commits` are its branch's own; `landed` what it put on the base branch."""

    number: int
    title: str
    author_login: str
    kind: Kind
    state: Literal["open", "closed", "merged"]
    merged_by: str
    merged_at: datetime | None
    merge_sha: str
    commits: tuple[str, ...]
    head_ref: str
    landed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """A bare origin, a clone of it, and what is true; `mainline` is first-parent, newest first."""

    origin: Path
    clone: Path
    head: str
    named: Mapping[str, str]
    mainline: tuple[str, ...]
    commits: Mapping[str, CommitTruth]
    pulls: Mapping[int, PullTruth]
    pulls_of: Mapping[str, tuple[int, ...]]
    repository: str = "acme/shop"
    branches: Mapping[str, str] = field(default_factory=dict)


class Story:
    """The main branch as it grows: every method is one thing that a developer does at GitHub."""

    def __init__(self, folder: Path, first: datetime = FIRST, *, filtered: bool = False) -> None:
        self.folder = folder
        self.filtered = filtered
        self.writer = GitWriter(folder / "origin.git", first)
        self.line: list[str] = []
        self.pulls: dict[int, PullTruth] = {}

    @property
    def head(self) -> str:
        """The newest commit on main."""
        return self.line[-1]

    def push(self, message: str, who: Person = ADA, files: Mapping[str, str] | None = None) -> str:
        """A direct push to main."""
        return self._land(self.writer.commit(self.line[-1:], message, who, files=files))

    def topic(self, base: str, titles: tuple[str, ...], who: Person) -> tuple[str, ...]:
        """The commits of a branch."""
        made: list[str] = []
        for title in titles:
            made.append(self.writer.commit([made[-1] if made else base], title, who))
        return tuple(made)

    def merge(
        self,
        number: int,
        title: str,
        steps: tuple[str, ...],
        who: Person = BO,
        behind: int = 1,
        files: Mapping[str, str] | None = None,
    ) -> str:
        """'Create a merge commit', of a branch that left main `behind` commits ago."""
        commits = self.topic(self.line[-min(behind, len(self.line))], steps, who)
        branch = f"{who.login}/topic-{number}"
        message = f"Merge pull request #{number} from acme/{branch}\n\n{title}"
        sha = self.writer.commit([self.head, commits[-1]], message, ADA, GITHUB, files=files)
        self._merged(number, title, who, "merge", commits=commits, landed=(*commits, sha))
        return self._land(sha)

    def squash(
        self, number: int, title: str, body: str = "", who: Person = EVE, kind: Kind = "squash"
    ) -> str:
        """'Squash and merge': the branch was up to date, so the tree is that of its last commit."""
        commits = self.topic(self.head, (f"Start: {title}", "Address review"), who)
        message = f"{title} (#{number})" + (f"\n\n{body}" if body else "")
        sha = self.writer.commit([self.head], message, who, GITHUB, like=commits[-1])
        self._merged(number, title, who, kind, commits=commits, landed=(sha,))
        return self._land(sha)

    def rebase(
        self, number: int, title: str, steps: tuple[str, ...], who: Person = JOSE
    ) -> tuple[str, ...]:
        """'Rebase and merge': new commits on main that carry no mark of the pull request."""
        commits = self.topic(self.line[-min(3, len(self.line))], steps, who)
        landed = tuple(
            self._land(self.writer.commit([self.head], step, who, GITHUB)) for step in steps
        )
        self._merged(number, title, who, "rebase", commits=commits, landed=landed)
        return landed

    def revert(self, number: int, sha: str, reverted: int) -> str:
        """GitHub's revert button, merged by squash."""
        title = f'Revert "{self.writer.commits[sha].subject}"'
        body = f"Reverts acme/shop#{reverted}\n\nThis reverts commit {sha}."
        return self.squash(number, title, body, ADA, "revert")

    def pick(self, sha: str, onto: str, who: Person = ADA) -> str:
        """`git cherry-pick -x` of a commit onto another, on no branch yet."""
        picked = self.writer.commits[sha]
        body = f"{picked.body}\n\n" if picked.body else ""
        message = f"{picked.subject}\n\n{body}(cherry picked from commit {sha})"
        return self.writer.commit([onto], message, who)

    def land_pick(self, sha: str, who: Person = ADA) -> str:
        """A cherry-pick pushed to main."""
        return self._land(self.pick(sha, self.head, who))

    def unmerged(
        self, number: int, title: str, state: Literal["open", "closed"], who: Person
    ) -> str:
        """A pull request whose one commit is on no branch of the base; GitHub names no merger."""
        (sha,) = self.topic(self.line[-4], (title,), who)
        branch = f"{who.login}/topic-{number}"
        pull = PullTruth(number, title, who.login, "unmerged", state, "", None, "", (sha,), branch)
        self.pulls[number] = pull
        return sha

    def _land(self, sha: str) -> str:
        self.line.append(sha)
        return sha

    def _merged(
        self,
        number: int,
        title: str,
        who: Person,
        kind: Kind,
        *,
        commits: tuple[str, ...],
        landed: tuple[str, ...],
    ) -> None:
        sha = landed[-1]
        merged_by = ADA.login if who is not ADA else BO.login
        at = self.writer.commits[sha].committed_at
        self.pulls[number] = PullTruth(
            number, title, who.login, kind, "merged", merged_by, at, sha, commits,
            f"{who.login}/topic-{number}", landed,
        )  # fmt: skip

    def finish(self, named: Mapping[str, str], branches: Mapping[str, str]) -> History:
        """Write the references, clone, and hand over the truth."""
        all_branches = {"main": self.head, **branches}
        references = {f"refs/heads/{name}": sha for name, sha in all_branches.items()}
        for number, pull in self.pulls.items():
            references[f"refs/pull/{number}/head"] = pull.commits[-1]
        self.writer.finish(references)
        clone = _clone(self.folder)
        pulls_of: dict[str, tuple[int, ...]] = {}
        for number, pull in self.pulls.items():
            for sha in dict.fromkeys((*pull.commits, *pull.landed)):
                pulls_of[sha] = (*pulls_of.get(sha, ()), number)
        return History(
            origin=self.folder / "origin.git", clone=clone, head=self.head,
            named={**named, "head": self.head}, mainline=tuple(reversed(self.line)),
            commits=dict(self.writer.commits), pulls=dict(self.pulls), pulls_of=pulls_of,
            branches=all_branches,
        )  # fmt: skip


def _clone(folder: Path) -> Path:
    """A clone as after a fetch over the network: only what the branches reach comes along."""
    clone = folder / "clone"
    git(folder, "clone", "--quiet", "--no-local", "origin.git", "clone")
    git(clone, "remote", "set-url", "origin", "https://github.com/acme/shop.git")
    return clone


def make_history(folder: Path, first: datetime = FIRST, *, filtered: bool = False) -> History:
    """`folder/origin.git` and `folder/clone`: 45 commits on main, the same for one `first`.

    With `filtered` there is a workflow, whose filter leaves out what `built-5` changes.
    """
    story = Story(folder, first, filtered=filtered)
    named = _beginnings(story) | _middle(story)
    (named["release-1"],) = story.topic(named["built-5"], ("Fix rounding on the release",), ADA)
    named["release-2"] = story.pick(named["reverted"], named["release-1"])
    named |= _end(story, named["release-1"])
    story.unmerged(30, "Try another cache", "closed", EVE)
    named["open-pr"] = story.unmerged(34, "Draw the cart in 3D", "open", WANG)
    branches = {"release/1.4": named["release-2"], "wang-xm/topic-34": named["open-pr"]}
    return story.finish(named, branches)


def _beginnings(story: Story) -> dict[str, str]:
    story.push("Initial commit")
    message = "Add the pipeline\n\nTests first, then the deploy."
    story.push(message, files=PIPELINE if story.filtered else None)
    story.squash(2, "Add login")
    old = story.squash(3, "Add invoices", "* first step\n\n* second step", BO)
    story.merge(4, "Payment by card", ("Add cards", "Charge them", "Refund them"), WANG)
    story.push("Fix a typo")
    story.rebase(6, "Faster pages", ("Measure pages", "Compress pages"), BO)
    story.squash(7, "Add an address book", who=JOSE)
    return {
        "old": old,
        "built-1": story.merge(9, "Search by colour", ("Index colours", "Query them", "Tune"), EVE),
        "built-2": story.push("Pin the base image", JOSE),
        "built-3": story.squash(11, "Bump urllib3 from 2.2.1 to 2.2.2", "Signed-off-by: x", BOT),
    }


def _middle(story: Story) -> dict[str, str]:
    named = {"merge": story.merge(12, "Café menu: naïve prices", ("Add prices", "Round"), JOSE, 3)}
    named["merge-side"] = story.pulls[12].commits[0]
    body = f"* Start\n\n* Address review\n\nCo-authored-by: {ADA.name} <{ADA.email}>"
    named["squash"] = story.squash(14, "Speed up checkout", body)
    named["built-4"] = story.push("Log the queue's length", WANG)
    steps = ("Extract the worker", "Retry the worker")
    named["rebase-1"], named["rebase-2"] = story.rebase(17, "A worker that retries", steps)
    named["direct"] = story.push("Hotfix: price of zero\n\nFound at 3 a.m.", BO)
    docs = LEFT_OUT if story.filtered else None
    named["built-5"] = story.merge(19, "Webhook signatures", ("Sign", "Verify"), WANG, 2, docs)
    named["reverted"] = story.squash(21, "Cache the catalogue", who=BO)
    return named


def _end(story: Story, release: str) -> dict[str, str]:
    named = {"built-6": story.merge(22, "Docs for the API", ("Write docs",), BO, 4)}
    named["revert"] = story.revert(23, story.pulls[21].merge_sha, 21)
    named["cherry-pick"] = story.land_pick(release, EVE)
    named["built-7"] = story.squash(26, "日本語の件名", who=WANG)
    named["hostile"] = story.squash(27, HOSTILE, "</script>\x07 <!here> [x](javascript:y)", EVE)
    named["built-8"] = story.squash(29, "Bump requests from 2.31.0 to 2.32.3", who=BOT)
    story.merge(31, "Sort the invoices", ("Sort", "Sort again", "Test the sorting"), JOSE, 5)
    story.squash(33, "Show the delivery date", "Closes #32", BO)
    return named
