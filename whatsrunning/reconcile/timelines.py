"""Deployed against built: one timeline an image repository, in git order (DESIGN section 4)."""

from collections.abc import Sequence

from whatsrunning.model.report import Container, Timeline
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts


def timelines(facts: Facts, scope: Scope, containers: Sequence[Container]) -> tuple[Timeline, ...]:
    """The timelines of the image repositories of managed containers."""
    return ()
