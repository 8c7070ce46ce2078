"""The newest change of the first screen (DESIGN section 4)."""

from collections.abc import Sequence

from whatsrunning.model.report import Change, Container
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts


def newest_change(facts: Facts, scope: Scope, containers: Sequence[Container]) -> Change | None:
    """The newest deploy among services of ours."""
    return None
