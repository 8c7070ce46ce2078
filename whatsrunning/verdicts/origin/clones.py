"""The clones at hand: what they are of by name, and which of them hold a commit.

A SHA names one commit in the world: a clone that holds it answers, whatever its remote is called.
"""

from collections.abc import Iterator

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.git import CloneFacts, GitClones, GitHolders
from whatsrunning.facts.store import Case


def clones(case: Case) -> Answer[tuple[CloneFacts, ...]]:
    """The clones at hand."""
    return case.get(GitClones())


def known_names(case: Case) -> tuple[str, ...]:
    """The repositories that the reader named: by -R, by configuration, or by a clone at hand."""
    return tuple(dict.fromkeys(filter(None, _named(case))))


def _named(case: Case) -> Iterator[str]:
    yield case.scope.project
    yield from case.scope.repo_rules
    for clone in clones(case).value_or(()):
        yield from clone.repositories


def named_after(image_repository: str, clone: CloneFacts) -> str:
    """The name of the clone's repository that an image repository has in its path, else empty."""
    return next((n for n in clone.repositories if names.in_path(image_repository, n)), "")


def is_called(clone: CloneFacts, repository: str) -> bool:
    """Whether a clone is of the repository by one of its names."""
    return any(names.same_repository(name, repository) for name in clone.repositories)


def holders(case: Case, sha: str) -> Answer[tuple[str, ...]]:
    """The first names of the clones at hand that hold a commit; nobody is asked where there are
    none."""
    at_hand = clones(case).then(lambda found: Found(found) if found else Nothing())
    return at_hand.then(lambda _: case.get(GitHolders("", sha)))
