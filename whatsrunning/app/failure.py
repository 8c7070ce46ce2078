"""What `-o json` prints when nothing could be looked at."""

from datetime import datetime

from whatsrunning.outcome import UsageFault


def failure(fault: UsageFault, command: str, now: datetime) -> str:
    """The failure document of the JSON contract, with a line end."""
    from whatsrunning.render import json_doc

    return json_doc.failure(fault.code, fault.message, fault.hint, command, now)
