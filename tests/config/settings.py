"""Every setting that a configuration file may hold, read off the tables that check one."""

from whatsrunning.config import file


def settings() -> set[str]:
    """Their dotted names; what the user names himself is NAME."""
    rules = {f"{name}.NAME.{key}" for name, keys in file.RULES.items() for key in keys}
    return {*file._TOP, *(f"labels.{key}" for key in file._LABELS), *rules}
