"""What somebody means by a pull request, a SHA, a tag or a branch: the commits to look for."""

import re
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, together
from whatsrunning.facts.git import CommitFacts, GitReference
from whatsrunning.facts.github import GithubPull, GithubReference, PullFacts
from whatsrunning.facts.store import Case
from whatsrunning.verdicts.history.commits import commit_of, named_pull, pull_requests_of
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.reverts import read_all
from whatsrunning.verdicts.origin.repository import clone_of, numbers_are_of
from whatsrunning.verdicts.origin.whole_shas import commit_named

_PULL = re.compile(r"#(\d{1,9})|(\d{1,6})")
_SHA = re.compile(r"[0-9a-f]{7,64}")
_IN_URL = re.compile(
    r"https?://\S+?/(?:pull/(?P<pull>\d{1,9})|commits?/(?P<sha>[0-9a-f]{7,64}))\b.*"
)


@dataclass(frozen=True, slots=True)
class ParsedRef:
    """A reference as written: a number, a SHA or a name; `repository` only where a URL says it."""

    number: int = 0
    sha: str = ""
    name: str = ""
    repository: str = ""


@dataclass(frozen=True, slots=True)
class RefCommits:
    """Commits of which one must be contained, or one group of `picks` picked, the whole of it.

    `head` is the last commit of a pull request's own branch, where that is known.
    """

    shas: tuple[str, ...]
    pulls: tuple[int, ...] = ()
    picks: tuple[tuple[str, ...], ...] = ()
    head: str = ""


def parse_ref(text: str, github_host: str) -> ParsedRef:
    """The reference; digits under 7 are a pull request."""
    written = text.strip()
    if match := _IN_URL.fullmatch(written):
        repository = names.owner_name(written, github_host)
        return ParsedRef(int(match["pull"] or 0), match["sha"] or "", "", repository)
    if match := _PULL.fullmatch(written):
        return ParsedRef(number=int(match[1] or match[2]))
    if _SHA.fullmatch(written.lower()):
        return ParsedRef(sha=written.lower(), name=written)
    return ParsedRef(name=written)


def resolve_ref(case: Case, repository: str, ref: ParsedRef) -> Answer[RefCommits]:
    """The commits of OWNER/NAME that a reference means."""
    if ref.number:
        return _of_pull(case, repository, ref.number)
    sha = _sha(case, repository, ref.sha) if ref.sha else Nothing()
    if sha == Nothing() and ref.name:
        git = case.get(GitReference(clone_of(case, repository), ref.name))
        github = case.get(GithubReference(repository, ref.name))
        # GitHub knows branches as they are now.
        sha = github.or_else(lambda: git.or_else(lambda: github))

    def of_commit(whole: str) -> Answer[RefCommits]:
        pulls = pull_requests_of(case, repository, whole).value_or(())
        numbers = (pulls[0].number,) if len(pulls) == 1 else ()
        return Found(RefCommits((whole,), numbers, ((whole,),)))

    return sha.then(of_commit)


def _sha(case: Case, repository: str, sha: str) -> Answer[str]:
    if names.is_whole(sha):
        whole = commit_of(case, repository, sha).then(lambda _: Found(sha))
        # A whole SHA names its commit even where nobody could be asked for it.
        return whole.or_else(lambda: Found(sha)) if whole.problem else whole
    return commit_named(case, repository, sha)


def _of_pull(case: Case, repository: str, number: int) -> Answer[RefCommits]:
    pull = case.get(GithubPull(repository, number))
    brought = pull.then(lambda facts: _brought(case, repository, facts))
    if not pull.problem:
        return brought
    return brought.or_else(lambda: _by_message(case, repository, number).or_else(lambda: brought))


def _brought(case: Case, repository: str, pull: PullFacts) -> Answer[RefCommits]:
    head = pull.commits[-1] if pull.commits else ""
    if not (pull.state == "merged" and pull.merge_sha):
        open_ = RefCommits((head,), (pull.number,), (pull.commits,), head)
        return Found(open_) if head else Nothing()

    def merged(landed: tuple[str, ...]) -> Answer[RefCommits]:
        picks = tuple(dict.fromkeys(filter(None, (landed, pull.commits))))
        return Found(RefCommits((pull.merge_sha,), (pull.number,), picks, head))

    return _landed(case, repository, pull).then(merged)


def _landed(case: Case, repository: str, pull: PullFacts) -> Answer[tuple[str, ...]]:
    """What a merged pull request put on its branch: one commit, or after a rebase one for each.

    Empty where the history does not reach far enough to tell.
    """
    count, merge = len(pull.commits), commit_of(case, repository, pull.merge_sha)
    commit = merge.value_or(None)
    if count < 2 or (commit and named_pull(commit) == pull.number):
        return Found((pull.merge_sha,))

    def rebased(trunk: tuple[str, ...]) -> Answer[tuple[str, ...]]:
        start = trunk.index(pull.merge_sha) if pull.merge_sha in trunk else len(trunk)
        return Found(trunk[start : start + count] if start + count <= len(trunk) else ())

    trunk = git_history(case, repository).then(lambda graph: Found(graph.trunk))
    return together((merge,)).then(lambda _: trunk.or_else(lambda: Found(())).then(rebased))


def _by_message(case: Case, repository: str, number: int) -> Answer[RefCommits]:
    """Without GitHub: the merge or squash whose message names the number."""
    history = git_history(case, repository) if numbers_are_of(case, repository) else Nothing()

    def naming(commits: tuple[CommitFacts, ...]) -> Answer[RefCommits]:
        sha = next((commit.sha for commit in commits if named_pull(commit) == number), "")
        return Found(RefCommits((sha,), (number,), ((sha,),))) if sha else Nothing()

    return history.then(lambda graph: read_all(case, repository, graph.trunk)).then(naming)
