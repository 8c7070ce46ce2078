"""A workflow file's words on pushes. Loaded only when one is read: PyYAML takes its time.

The file is anybody's: nothing is constructed from it, and merge keys, which can grow without
limit, are not followed (GitHub knows none). A key `on` stays the word `on` that way, too.
"""

from collections.abc import Iterator

import yaml

from whatsrunning.facts.records import WorkflowFilter

_FAULTS = (yaml.YAMLError, RecursionError, ValueError, OverflowError, IndexError, TypeError)
_TAGS = ("tags", "tags-ignore")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})


class Unreadable(Exception):
    """The file is no workflow, as far as can be told."""


def on_push(path: str, content: bytes) -> Iterator[WorkflowFilter]:
    """The workflow's filters, if the push of a branch can start it. Raises Unreadable."""
    workflow = _fields(_read(content))
    told = _push(workflow.get("on"))
    if told is None or (set(_TAGS) & set(told) and not {"branches", "branches-ignore"} & set(told)):
        return
    for kind in ("branches", "paths"):
        if kind in told and f"{kind}-ignore" in told:
            raise Unreadable  # nor does GitHub take it
    yield WorkflowFilter(
        path,
        _text(workflow.get("name")) or path,
        tuple(_jobs(workflow.get("jobs"))),
        *(
            _texts(told.get(key))
            for key in ("branches", "branches-ignore", "paths", "paths-ignore")
        ),
    )


def _read(content: bytes) -> yaml.Node | None:
    try:
        # In Python, not in C: files nested without end must not end the program.
        return yaml.compose(content, Loader=yaml.SafeLoader)
    except _FAULTS as fault:
        raise Unreadable from fault


def _push(on: yaml.Node | None) -> dict[str, yaml.Node] | None:
    """The filters of the event `push`; None where it starts nothing."""
    if isinstance(on, yaml.MappingNode):
        events = _fields(on)
        if "push" not in events:
            return None
        push = events["push"]
        return {} if _is_null(push) else _fields(push)
    return {} if "push" in _texts(on) else None


def _fields(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise Unreadable
    fields: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in fields:
            raise Unreadable
        fields[key.value] = value
    return fields


def _texts(node: yaml.Node | None) -> tuple[str, ...]:
    """A list of words, or one word alone."""
    if node is None or _is_null(node):
        return ()
    if isinstance(node, yaml.ScalarNode):
        return (node.value,)
    if not isinstance(node, yaml.SequenceNode):
        raise Unreadable
    if not all(isinstance(each, yaml.ScalarNode) for each in node.value):
        raise Unreadable
    return tuple(each.value for each in node.value)


def _jobs(node: yaml.Node | None) -> Iterator[str]:
    """The names of the jobs as checks have them, but for what a matrix adds."""
    for key, job in _fields(node).items():
        yield _text(_fields(job).get("name")) or key


def _text(node: yaml.Node | None) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else ""


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NULL
