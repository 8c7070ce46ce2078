"""Which containers are ours, and which whole SHAs they claim (DESIGN section 1)."""

from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts


def sha_claims(facts: Facts, scope: Scope, repository: str) -> tuple[str, ...]:
    """All whole SHAs that containers on any engine claim for a repository, sorted.

    `repository` is an image repository (host/path) or OWNER/NAME.
    """
    return ()
