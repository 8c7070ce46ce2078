"""Help topics: a file each, but for the findings, which are made from the table of checks."""

from importlib import resources

from whatsrunning.errors import Refused, nearest

TOPICS = ("exit-codes", "environment", "config", "formats", "findings")


def text_of(topic: str) -> str:
    """A topic's text; without a topic, the list of them. Raises Refused for an unknown one."""
    if not topic:
        return "Topics: " + ", ".join(TOPICS) + "\nRead one with `whatsrunning help TOPIC`.\n"
    if topic not in TOPICS:
        hint = nearest(topic, list(TOPICS))
        raise Refused("topic", f"there is no help topic {topic!r}", hint)
    if topic == "findings":
        return _findings()
    return resources.files(__package__).joinpath(f"{topic}.md").read_text(encoding="utf-8")


def _findings() -> str:
    from whatsrunning.checks.catalogue import CATALOGUE

    lines = [f"  {check.code:<28} {check.severity:<9} {check.meaning}" for check in CATALOGUE]
    return "\n".join(["Findings, by code and severity", "", *lines, ""])
