"""Whether a pull request, a commit, a tag or a branch is live, and where."""

from collections.abc import Iterable, Sequence

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, first_unknown
from whatsrunning.facts.git import GitClones
from whatsrunning.facts.store import Case
from whatsrunning.report.commands import Has, Live
from whatsrunning.report.container import Container
from whatsrunning.verdicts.commands.contains import Containment, contains
from whatsrunning.verdicts.history.git_ref import ParsedRef, RefCommits, parse_ref, resolve_ref


def has(case: Case, containers: Sequence[Container]) -> Has:
    """Where `scope.argument` is live: by the same commit, by a descendant, or by a cherry-pick."""
    ref = parse_ref(case.scope.argument, case.scope.github_host)
    serving = [container for container in containers if container.managed and container.serves]
    repository, commits = _resolved(case, ref, _repositories(case, ref, serving))
    rows = [
        _row(case, repository, commits, container)
        for container in serving
        # What no commit has the name of is not looked for anywhere.
        if commits != Nothing() and _counts(container, repository)
    ]
    return Has(
        ref=case.scope.argument,
        resolved=commits.then(lambda ref_commits: Found(ref_commits.shas)),
        live=tuple(row for row in rows if row.by and not row.problem),
        not_live=tuple(row for row in rows if not row.by and not row.problem),
        unknown_at=tuple(row for row in rows if row.problem),
    )


def _repositories(case: Case, ref: ParsedRef, serving: Iterable[Container]) -> tuple[str, ...]:
    """Where the reference can belong: a URL or -R says it, else every repository that runs.

    Where nothing managed runs, those that are configured or at hand.
    """
    if only := ref.repository or case.scope.project:
        return (only,)
    running = [container.repository.value_or("") for container in serving]
    by_name = {name.lower(): name for name in reversed(running) if name}
    clones = case.get(GitClones()).value_or(()) if not by_name else ()
    at_hand = {name for clone in clones for name in clone.repositories}
    return tuple(sorted(by_name.values() or at_hand | set(case.scope.repo_rules)))


def _resolved(
    case: Case, ref: ParsedRef, repositories: tuple[str, ...]
) -> tuple[str, Answer[RefCommits]]:
    """The repository in which the reference means something, and the commits that it means."""
    written = case.scope.argument
    answers = {name: resolve_ref(case, name, ref) for name in repositories}
    found = [name for name, answer in answers.items() if answer.value_or(None)]
    if not repositories:
        message = f"nothing says to which repository {written} belongs"
        hint = "name it with -R OWNER/NAME, or its clone with -C PATH"
        return "", Unknown(Problem("config", written, "no-repository", message, hint))
    if len(found) > 1:
        message = f"{written} means something in {' and in '.join(found)}"
        hint = "name the repository with -R OWNER/NAME, or give the URL"
        return "", Unknown(Problem("config", written, "ambiguous", message, hint))
    not_nowhere = (name for name in (*found, *answers) if answers[name] != Nothing())
    name = next(not_nowhere, repositories[0] if len(repositories) == 1 else "")
    return name, answers.get(name, Nothing())


def _counts(container: Container, repository: str) -> bool:
    """Services of that repository, and those whose repository could not be told."""
    name = container.repository.value_or("")
    if name and repository:
        return names.same_repository(name, repository)
    return container.repository != Nothing()


def _row(case: Case, repository: str, commits: Answer[RefCommits], container: Container) -> Live:
    def contained(change: RefCommits) -> Answer[Containment]:
        if unknown := first_unknown((container.repository, container.revision)):
            return unknown
        if container.sha:
            return contains(case, repository, change, container.sha)
        name, message = container.name, f"{container.name} names no revision"
        return Unknown(Problem("engine", name, "no-revision", message, "label it git.sha"))

    answer = commits.then(contained)
    held = answer.value_or(Containment(""))
    where = (container.engine, container.service, container.name, container.sha)
    return Live(*where, held.by, held.reverted_by, answer.problem or held.unsure)
