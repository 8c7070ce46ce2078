"""Pull requests of a commit: GitHub's answer, else what the message says (DESIGN section 7)."""

from whatsrunning.model.answers import Answer, Nothing
from whatsrunning.model.report import PullRequest
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts


def pull_requests_of(
    facts: Facts, scope: Scope, repository: str, sha: str
) -> Answer[tuple[PullRequest, ...]]:
    """The pull requests that brought a commit."""
    return Nothing()
