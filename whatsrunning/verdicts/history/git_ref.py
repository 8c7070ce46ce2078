"""What somebody means by a pull request, a SHA, a tag or a branch: the commits to look for."""

import re
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import GithubPull, GithubReference, GitPrefix, GitReference
from whatsrunning.facts.records import PullFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.pull_requests import message_pull, pull_requests_of
from whatsrunning.verdicts.history.reverts import MOST, read_all
from whatsrunning.verdicts.offline import is_pending

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
    """The reference; digits under 7 are a pull request (DESIGN section 4)."""
    said = text.strip()
    if match := _IN_URL.fullmatch(said):
        repository = names.owner_name(said, github_host)
        return ParsedRef(int(match["pull"] or 0), match["sha"] or "", "", repository)
    if match := _PULL.fullmatch(said):
        return ParsedRef(number=int(match[1] or match[2]))
    if _SHA.fullmatch(said.lower()):
        return ParsedRef(sha=said.lower(), name=said)
    return ParsedRef(name=said)


def resolve_ref(
    facts: FactStore, scope: Scope, repository: str, what: ParsedRef
) -> Answer[RefCommits]:
    """The commits of OWNER/NAME that a reference means."""
    if what.number:
        return _pull(facts, scope, repository, what.number)
    sha = _sha(facts, scope, repository, what.sha) if what.sha else Nothing()
    if isinstance(sha, Nothing) and what.name:
        sha = _named(facts, repository, what.name)
    if not isinstance(sha, Found):
        return sha
    pulls = pull_requests_of(facts, scope, repository, sha.value)
    numbers = tuple(pull.number for pull in pulls.value) if isinstance(pulls, Found) else ()
    return Found(_one(sha.value, numbers if len(numbers) == 1 else ()))


def _sha(facts: FactStore, scope: Scope, repository: str, sha: str) -> Answer[str]:
    if names.is_whole(sha):
        known = commit_of(facts, scope, repository, sha)
        # A whole SHA names its commit even where nobody could be asked for it.
        if isinstance(known, Nothing) or (isinstance(known, Unknown) and is_pending(known)):
            return known
        return Found(sha)
    local = facts.get(GitPrefix(repository, sha))
    if isinstance(local, Found) or is_pending(local):
        return local
    if isinstance(local, Unknown) and local.problem.code == "ambiguous":
        return local
    return facts.get(GithubReference(repository, sha))


def _named(facts: FactStore, repository: str, name: str) -> Answer[str]:
    """A branch or tag; GitHub knows branches as they are now."""
    local = facts.get(GitReference(repository, name))
    github = facts.get(GithubReference(repository, name))
    if isinstance(github, Found) or is_pending(github):
        return github
    return local if isinstance(local, Found) or is_pending(local) else github


def _pull(facts: FactStore, scope: Scope, repository: str, number: int) -> Answer[RefCommits]:
    answer = facts.get(GithubPull(repository, number))
    if not isinstance(answer, Found):
        if isinstance(answer, Nothing) or is_pending(answer):
            return answer
        return _by_message(facts, scope, repository, number, answer)
    pull = answer.value
    head = pull.commits[-1] if pull.commits else ""
    if pull.state == "merged" and pull.merge_sha:
        landed = _landed(facts, scope, repository, pull)
        if isinstance(landed, Unknown):
            return landed
        groups = (landed.value if isinstance(landed, Found) else (), pull.commits)
        picks = tuple(dict.fromkeys(filter(None, groups)))
        return Found(RefCommits((pull.merge_sha,), (number,), picks, head))
    return Found(RefCommits((head,), (number,), (pull.commits,), head)) if head else Nothing()


def _landed(
    facts: FactStore, scope: Scope, repository: str, pull: PullFacts
) -> Answer[tuple[str, ...]]:
    """What a merged pull request put on its branch: one commit, or after a rebase one for each."""
    count = len(pull.commits)
    made = commit_of(facts, scope, repository, pull.merge_sha)
    if isinstance(made, Unknown) and is_pending(made):
        return made
    named = message_pull(made.value, scope, repository) if isinstance(made, Found) else None
    if count < 2 or (named and named.number == pull.number):
        return Found((pull.merge_sha,))
    graph = git_history(facts, scope, repository)
    if isinstance(graph, Unknown) and is_pending(graph):
        return graph
    trunk = graph.value.trunk if isinstance(graph, Found) else ()
    start = trunk.index(pull.merge_sha) if pull.merge_sha in trunk else len(trunk)
    landed = trunk[start : start + count]
    return Found(landed) if len(landed) == count else Nothing()


def _by_message(
    facts: FactStore, scope: Scope, repository: str, number: int, otherwise: Unknown
) -> Answer[RefCommits]:
    """Without GitHub: the merge or squash whose message names the number."""
    graph = git_history(facts, scope, repository)
    if not isinstance(graph, Found):
        return graph if is_pending(graph) else otherwise
    read = read_all(facts, scope, repository, graph.value.trunk[:MOST])
    if not isinstance(read, Found):
        return read if is_pending(read) else otherwise
    for commit in read.value:
        pull = message_pull(commit, scope, repository)
        if pull and pull.number == number:
            return Found(_one(commit.sha, (number,)))
    return otherwise


def _one(sha: str, pulls: tuple[int, ...]) -> RefCommits:
    return RefCommits((sha,), pulls, ((sha,),))
