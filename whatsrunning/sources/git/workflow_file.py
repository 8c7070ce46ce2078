"""A workflow file's words on pushes. Loaded only when one is read: PyYAML takes its time."""

from typing import Any

import yaml

from whatsrunning.facts.git import WorkflowFilter
from whatsrunning.sources.git.errors import CannotTell

_FAULTS = (yaml.YAMLError, RecursionError, ValueError, OverflowError, IndexError, TypeError)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_FILTERS = ("branches", "branches-ignore", "paths", "paths-ignore")


class _Words(yaml.BaseLoader):
    # Texts, lists and mappings alone, as the file is anybody's; the key `on` stays a word, too.
    # Merge keys, which can grow without limit, are not followed. In Python, not in C: files nested
    # without end must not end the program.

    def construct_scalar(self, node: Any) -> Any:
        null = isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NULL
        return None if null else super().construct_scalar(node)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        fields = super().construct_mapping(node, deep)
        if len(fields) != len(node.value) or None in fields:
            raise CannotTell  # nor does GitHub take a key twice, or none
        return fields


def on_push(path: str, content: bytes) -> WorkflowFilter | None:
    """The workflow's filters, if the push of a branch can start it. Raises CannotTell."""
    try:
        workflow = _fields(yaml.load(content, Loader=_Words))
    except _FAULTS as fault:
        raise CannotTell from fault
    push = _push(workflow.get("on"))
    kinds = {key.removesuffix("-ignore") for key in push or ()}
    if push is None or ("tags" in kinds and "branches" not in kinds):
        return None
    if any({kind, f"{kind}-ignore"} <= set(push) for kind in ("branches", "paths")):
        raise CannotTell  # nor does GitHub take it
    jobs = {key: _fields(job) for key, job in _fields(workflow.get("jobs")).items()}
    # The names of the jobs as checks have them, but for what a matrix adds.
    names = tuple(_text(job.get("name")) or key for key, job in jobs.items())
    filters = (_texts(push.get(key)) for key in _FILTERS)
    return WorkflowFilter(path, _text(workflow.get("name")) or path, names, *filters)


def _push(on: Any) -> dict[str, Any] | None:
    """The filters of the event `push`; None where it starts nothing."""
    events = on if isinstance(on, dict) else dict.fromkeys(_texts(on))
    if "push" not in events:
        return None
    return {} if events["push"] is None else _fields(events["push"])


def _fields(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CannotTell
    return value


def _texts(value: Any) -> tuple[str, ...]:
    words = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(word, str) for word in words):
        raise CannotTell
    return tuple(words)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
