"""Whether a pull request, a commit, a tag or a branch is live, and where (DESIGN section 4)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import GitClones
from whatsrunning.facts.store import Case
from whatsrunning.report.commands import Has, Live
from whatsrunning.report.container import Container
from whatsrunning.verdicts.commands.contains import Containment, contains
from whatsrunning.verdicts.history.git_ref import ParsedRef, RefCommits, parse_ref, resolve_ref

_SERVING = frozenset({"running", "restarting", "paused"})


def has(case: Case, containers: Sequence[Container]) -> Has:
    """Where `scope.argument` is live: in what serves, of the repository that it belongs to.

    Live by the same commit, by a descendant, or by a cherry-pick; a revert after it is named.
    """
    what = parse_ref(case.scope.argument, case.scope.github_host)
    ours = [one for one in containers if one.managed and one.state in _SERVING]
    repository, target = _target(case, what, _repositories(case, what, ours))
    counted = [one for one in ours if _counts(one, repository)]
    if not isinstance(target, Found):
        lost = target.problem if isinstance(target, Unknown) else None
        unsure = tuple(_live(one, problem=lost) for one in counted) if lost else ()
        return Has(case.scope.argument, target, (), (), unsure)
    judged = [(one, _judged(case, repository, target.value, one)) for one in counted]
    rows = [(_row(one, said), said) for one, said in judged]
    return Has(
        ref=case.scope.argument,
        resolved=Found(target.value.shas),
        live=tuple(row for row, said in rows if isinstance(said, Found) and not row.problem),
        not_live=tuple(row for row, said in rows if isinstance(said, Nothing)),
        unknown_at=tuple(row for row, _ in rows if row.problem),
    )


def _repositories(case: Case, what: ParsedRef, ours: Iterable[Container]) -> tuple[str, ...]:
    """Where the reference can belong: a URL or -R says it, else every repository that runs.

    Where nothing of ours runs, those that are configured or at hand.
    """
    if only := what.repository or case.scope.project:
        return (only,)
    found: dict[str, str] = {}
    for one in ours:
        if isinstance(one.repository, Found):
            found.setdefault(one.repository.value.lower(), one.repository.value)
    return tuple(sorted(found.values())) or _at_hand(case)


def _at_hand(case: Case) -> tuple[str, ...]:
    clones = case.get(GitClones())
    read = clones.value if isinstance(clones, Found) else ()
    known = {name for clone in read for name in clone.repositories}
    return tuple(sorted(known | set(case.scope.repo_rules)))


def _target(
    case: Case, what: ParsedRef, repositories: tuple[str, ...]
) -> tuple[str, Answer[RefCommits]]:
    """The repository in which the reference means something, and the commits."""
    if not repositories:
        return "", Unknown(_no_repository(case.scope.argument))
    answers = {name: resolve_ref(case, name, what) for name in repositories}
    found = {name: answer for name, answer in answers.items() if isinstance(answer, Found)}
    if len(found) > 1:
        return "", Unknown(_several(case.scope.argument, tuple(found)))
    for name, answer in (*found.items(), *answers.items()):
        if not isinstance(answer, Nothing):
            return name, answer
    return (repositories[0] if len(repositories) == 1 else ""), Nothing()


def _several(ref: str, repositories: tuple[str, ...]) -> Problem:
    return Problem(
        "config",
        ref,
        "ambiguous",
        f"{ref} means something in {' and in '.join(repositories)}",
        "name the repository with -R OWNER/NAME, or give the URL",
    )


def _no_repository(ref: str) -> Problem:
    message = f"nothing says to which repository {ref} belongs"
    hint = "name it with -R OWNER/NAME, or its clone with -C PATH"
    return Problem("config", ref, "no-repository", message, hint)


def _counts(one: Container, repository: str) -> bool:
    """Services of that repository, and those whose repository could not be told."""
    if isinstance(one.repository, Found) and repository:
        return names.same_repository(one.repository.value, repository)
    return not isinstance(one.repository, Nothing)


def _judged(case: Case, repository: str, target: RefCommits, one: Container) -> Answer[Containment]:
    """Found: it is in there. Nothing: it is not. Unknown: it cannot be told."""
    for part in (one.repository, one.revision):
        if isinstance(part, Unknown):
            return part
    if not isinstance(one.revision, Found):
        return Unknown(_no_revision(one))
    return contains(case, repository, target, one.revision.value.sha)


def _row(one: Container, said: Answer[Containment]) -> Live:
    held = said.value if isinstance(said, Found) else None
    lost = said.problem if isinstance(said, Unknown) else held.unsure if held else None
    return _live(one, held, lost)


def _live(one: Container, held: Containment | None = None, problem: Problem | None = None) -> Live:
    sha = one.revision.value.sha if isinstance(one.revision, Found) else ""
    where = Live(one.engine, one.service, one.name, sha, "", "", problem)
    return replace(where, by=held.by, reverted_by=held.reverted_by) if held else where


def _no_revision(one: Container) -> Problem:
    return Problem(
        "engine", one.name, "no-revision", f"{one.name} names no revision", "label it git.sha"
    )
