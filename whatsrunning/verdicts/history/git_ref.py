"""What somebody means by a pull request, a SHA, a tag or a branch: the commits to look for."""

import re
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import ForgePull, ForgeReference, LocalPrefix, LocalReference
from whatsrunning.facts.records import PullFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Facts
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.lookup import history
from whatsrunning.verdicts.history.pull_requests import message_pull, pull_requests_of
from whatsrunning.verdicts.history.reverts import MOST, read_all
from whatsrunning.verdicts.offline import is_pending

_PULL = re.compile(r"#(\d{1,9})|(\d{1,6})")
_SHA = re.compile(r"[0-9a-f]{7,64}")
_IN_URL = re.compile(
    r"https?://\S+?/(?:pull/(?P<pull>\d{1,9})|commits?/(?P<sha>[0-9a-f]{7,64}))\b.*"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reference as written: a number, a SHA or a name; `repository` only where a URL says it."""

    number: int = 0
    sha: str = ""
    name: str = ""
    repository: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Commits of which one must be contained, or one group of `picks` picked, the whole of it.

    `head` is the last commit of a pull request's own branch, where that is known.
    """

    shas: tuple[str, ...]
    pulls: tuple[int, ...] = ()
    picks: tuple[tuple[str, ...], ...] = ()
    head: str = ""


def wanted(text: str, forge_host: str) -> Wanted:
    """The reference; digits under 7 are a pull request (DESIGN section 4)."""
    said = text.strip()
    if match := _IN_URL.fullmatch(said):
        repository = names.owner_name(said, forge_host)
        return Wanted(int(match["pull"] or 0), match["sha"] or "", "", repository)
    if match := _PULL.fullmatch(said):
        return Wanted(number=int(match[1] or match[2]))
    if _SHA.fullmatch(said.lower()):
        return Wanted(sha=said.lower(), name=said)
    return Wanted(name=said)


def resolve(facts: Facts, scope: Scope, repository: str, what: Wanted) -> Answer[Target]:
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


def _sha(facts: Facts, scope: Scope, repository: str, sha: str) -> Answer[str]:
    if names.is_whole(sha):
        known = commit_of(facts, scope, repository, sha)
        # A whole SHA names its commit even where nobody could be asked for it.
        if isinstance(known, Nothing) or (isinstance(known, Unknown) and is_pending(known)):
            return known
        return Found(sha)
    local = facts.look(LocalPrefix(repository, sha))
    if isinstance(local, Found) or is_pending(local):
        return local
    if isinstance(local, Unknown) and local.problem.code == "ambiguous":
        return local
    return facts.look(ForgeReference(repository, sha))


def _named(facts: Facts, repository: str, name: str) -> Answer[str]:
    """A branch or tag; GitHub knows branches as they are now."""
    local = facts.look(LocalReference(repository, name))
    forge = facts.look(ForgeReference(repository, name))
    if isinstance(forge, Found) or is_pending(forge):
        return forge
    return local if isinstance(local, Found) or is_pending(local) else forge


def _pull(facts: Facts, scope: Scope, repository: str, number: int) -> Answer[Target]:
    answer = facts.look(ForgePull(repository, number))
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
        return Found(Target((pull.merge_sha,), (number,), picks, head))
    return Found(Target((head,), (number,), (pull.commits,), head)) if head else Nothing()


def _landed(
    facts: Facts, scope: Scope, repository: str, pull: PullFacts
) -> Answer[tuple[str, ...]]:
    """What a merged pull request put on its branch: one commit, or after a rebase one for each."""
    count = len(pull.commits)
    made = commit_of(facts, scope, repository, pull.merge_sha)
    if isinstance(made, Unknown) and is_pending(made):
        return made
    named = message_pull(made.value, scope, repository) if isinstance(made, Found) else None
    if count < 2 or (named and named.number == pull.number):
        return Found((pull.merge_sha,))
    graph = history(facts, scope, repository)
    if isinstance(graph, Unknown) and is_pending(graph):
        return graph
    trunk = graph.value.trunk if isinstance(graph, Found) else ()
    start = trunk.index(pull.merge_sha) if pull.merge_sha in trunk else len(trunk)
    landed = trunk[start : start + count]
    return Found(landed) if len(landed) == count else Nothing()


def _by_message(
    facts: Facts, scope: Scope, repository: str, number: int, otherwise: Unknown
) -> Answer[Target]:
    """Without GitHub: the merge or squash whose message names the number."""
    graph = history(facts, scope, repository)
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


def _one(sha: str, pulls: tuple[int, ...]) -> Target:
    return Target((sha,), pulls, ((sha,),))
