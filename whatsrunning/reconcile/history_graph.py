"""The history of a repository as this look can know it: a clone first, GitHub as the second way."""

from collections.abc import Iterable

from whatsrunning.model.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.model.facts import GraphFacts
from whatsrunning.model.questions import ForgeCompare, ForgeGraph, LocalGraph
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts
from whatsrunning.reconcile import ours
from whatsrunning.reconcile.graph import HistoryGraph, merged


def is_pending(answer: Answer[object]) -> bool:
    """Whether the question is still being asked: then no second way is tried yet."""
    return isinstance(answer, Unknown) and answer.problem.code == "pending"


def history(facts: Facts, scope: Scope, repository: str) -> Answer[HistoryGraph]:
    """The history of OWNER/NAME that relates every SHA of this look with the default branch."""
    return facts.once(("history", repository), lambda: _read(facts, scope, repository))


def newest_first(
    facts: Facts, scope: Scope, repository: str, shas: Iterable[str]
) -> tuple[str, ...]:
    """SHAs in git order; as given where the history cannot be read."""
    graph = history(facts, scope, repository)
    return graph.value.order(shas) if isinstance(graph, Found) else tuple(dict.fromkeys(shas))


def is_ancestor(
    facts: Facts, scope: Scope, repository: str, ancestor: str, descendant: str
) -> bool | None:
    """Whether `descendant` contains `ancestor`, with GitHub's compare as the last way to tell."""
    graph = history(facts, scope, repository)
    told = graph.value.is_ancestor(ancestor, descendant) if isinstance(graph, Found) else None
    if told is not None or is_pending(graph):
        return told
    compared = facts.look(ForgeCompare(repository, ancestor, descendant))
    return compared.value.behind_by == 0 if isinstance(compared, Found) else None


def on_default(facts: Facts, scope: Scope, repository: str, sha: str) -> bool | None:
    """Whether the default branch contains the commit, with GitHub's compare as the last way."""
    graph = history(facts, scope, repository)
    if not isinstance(graph, Found):
        return None
    told = graph.value.on_default(sha)
    if told or (told is False and graph.value.fresh):
        return told
    return told if told is False else is_ancestor(facts, scope, repository, sha, graph.value.head)


def _read(facts: Facts, scope: Scope, repository: str) -> Answer[HistoryGraph]:
    shas = _asked(facts, scope, repository)
    local = facts.look(LocalGraph(repository, shas))
    if is_pending(local):
        return local
    if isinstance(local, Found) and all(sha in local.value.parents for sha in shas):
        return Found(HistoryGraph.of(local.value))
    forge = facts.look(ForgeGraph(repository))
    return local if is_pending(forge) and not isinstance(local, Found) else _join(local, forge)


def _join(local: Answer[GraphFacts], forge: Answer[GraphFacts]) -> Answer[HistoryGraph]:
    match local, forge:
        case Found(clone), Found(github):
            return Found(HistoryGraph.of(merged(clone, github), fresh=True))
        case _, Found(github):
            return Found(HistoryGraph.of(github, fresh=True))
        case _, Unknown(problem) if problem.code == "pending":
            return Unknown(problem)
        case Found(clone), _:
            return Found(HistoryGraph.of(clone))
        case Unknown(), _:
            return local
        case _, Unknown():
            return forge
    return Nothing()


def _asked(facts: Facts, scope: Scope, repository: str) -> tuple[str, ...]:
    """The SHAs whose relation matters: what containers claim, and what was built."""
    return ours.sha_claims(facts, scope, repository)


def unreadable(repository: str) -> Problem:
    """The problem of a repository whose history neither a clone nor GitHub gave."""
    return Problem(
        "git", repository, "no-history", f"no history of {repository} could be read",
        f"clone {repository} and name the clone with -C, or set GH_TOKEN",
    )  # fmt: skip
