"""What served before a container did (DESIGN section 4)."""

from whatsrunning.model.answers import Answer, Nothing
from whatsrunning.model.report import Container, Previous
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts


def previous(facts: Facts, scope: Scope, engine: str, container: Container) -> Answer[Previous]:
    """The revision that the container replaced."""
    return Nothing()
