"""The commit of a revision: git first, GitHub as the second way (DESIGN section 7)."""

from whatsrunning.model.answers import Answer, Nothing
from whatsrunning.model.facts import CommitFacts
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts


def commit_of(facts: Facts, scope: Scope, repository: str, sha: str) -> Answer[CommitFacts]:
    """One commit of OWNER/NAME."""
    return Nothing()
