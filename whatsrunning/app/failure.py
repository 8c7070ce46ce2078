"""What `-o json` prints when nothing could be looked at."""

from datetime import datetime

from whatsrunning.errors import UsageFault


def failure(fault: UsageFault, command: str, now: datetime) -> str:
    """The failure document of the JSON contract, with a line end."""
    from whatsrunning.render.json import document

    return document.failure(fault.code, fault.message, fault.hint, command, now)
