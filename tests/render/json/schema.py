"""The schema of the JSON document, from the records' types; `pytest --update-golden` writes it.

Where the document departs from the records, the tables of render/json say so, to both.
"""

import json
import re
import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from tests.program import ROOT
from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.render.json.document import OPENED, OWN, SCHEMA, WINDOW
from whatsrunning.render.json.values import INNER, NULL_IF_EMPTY, WITH_PROBLEM, key_of, keys
from whatsrunning.report.commands import History
from whatsrunning.report.report import Report

FILE = ROOT / "whatsrunning" / "render" / "schema" / "v1.json"
WIDTH = 110
Schema = dict[str, Any]

INSTANT = {"type": "string", "format": "date-time", "pattern": "Z$", "description": "RFC 3339, UTC"}
SHA = {"type": "string", "pattern": "^[0-9a-f]{7,64}$", "description": "a whole commit SHA"}
PROBLEM_ID = {"type": "string", "description": "id of an entry in problems"}
ERROR = ("code", "message", "hint")
"""What `error` tells of a call that gave no answer."""
SIMPLE: Mapping[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def schema() -> Schema:
    """The schema that ships with the package, as it is on disk."""
    loaded: Schema = json.loads(FILE.read_text(encoding="utf-8"))
    return loaded


def built() -> str:
    """The schema as it has to be."""
    builder = SchemaBuilder()
    commands = [_command(name, builder) for name in OWN]
    properties = {
        "schema": {"const": SCHEMA},
        "command": {"type": "string", "minLength": 1},
        "taken_at": builder.of(datetime),
        "replayed_at": builder.of(datetime)
        | {"description": "only of a saved look: when it was read"},
        "complete": {"type": "boolean"},
        "error": builder.named("error", _object({key: _simple(str) for key in ERROR})),
        "engines": builder.of(_hint(Report, "engines")),
        "containers": builder.of(_hint(Report, "containers")),
        "findings": builder.of(_hint(Report, "findings")),
        "problems": {"type": "array", "items": builder.problem()},
    }
    optional = ("replayed_at", "error")
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:whatsrunning:v1",
        "title": SCHEMA,
        "description": "What `whatsrunning -o json` prints. Keys may be added, never renamed.",
        **_object(properties, optional),
        "allOf": commands,
        "$defs": builder.defs,
    }
    return _written(whole) + "\n"


def _written(value: Any, indent: str = "", room: int = WIDTH) -> str:
    """JSON of which each part that fits on a line stands on a line."""
    line = json.dumps(value)
    if len(line) <= room or not isinstance(value, dict | list):
        return line
    deeper = indent + "  "
    if isinstance(value, list):
        parts = [_written(part, deeper, WIDTH - len(deeper)) for part in value]
    else:
        heads = {json.dumps(key) + ": ": part for key, part in value.items()}
        parts = [
            head + _written(part, deeper, WIDTH - len(deeper) - len(head))
            for head, part in heads.items()
        ]
    start, end = "[]" if isinstance(value, list) else "{}"
    inner = ",\n".join(deeper + part for part in parts)
    return f"{start}\n{inner}\n{indent}{end}"


def _command(name: str, builder: "SchemaBuilder") -> Schema:
    """The keys of one command, which a call that failed does not have."""
    own: Schema = {}
    for field in OWN[name]:
        kind = _hint(Report, field)
        if field in OPENED:
            own |= builder.object_of(_not_null(kind))["properties"]
        else:
            own[key_of(Report, field)] = builder.of(kind)
    optional = WINDOW if name == "ps" else ()
    own |= {key: builder.of(_not_null(_hint(History, key))) for key in optional}
    then = _object(own, optional)
    when = {"properties": {"command": {"const": name}}, "required": ["command"]}
    return {"if": when | {"not": {"required": ["error"]}}, "then": then}


def _hint(record: type, field: str) -> Any:
    return get_type_hints(record, include_extras=True)[field]


def _not_null(kind: Any) -> Any:
    """The type without None."""
    return next((part for part in get_args(kind) if type(None) in get_args(kind)), kind)


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    required = [key for key in properties if key not in optional]
    return {"type": "object", "required": required, "properties": properties}


def _simple(kind: type) -> Schema:
    return {"type": SIMPLE[kind]}


class SchemaBuilder:
    """Turns types into schemas; those of records collect in `defs`."""

    def __init__(self) -> None:
        self.defs: Schema = {
            "instant": INSTANT,
            "sha": SHA,
            "none": _object({"status": {"const": "none", "description": "looked, not there"}}),
            "unknown": _object({"status": {"const": "unknown"}, "problem": PROBLEM_ID}),
            "label": _object({"key": _simple(str), "value": _simple(str)}),
        }

    def of(self, kind: Any, key: str = "") -> Schema:
        """The schema of what a field of this type holds."""
        parts, arguments = get_origin(kind), get_args(kind)
        if kind is datetime:
            return {"$ref": "#/$defs/instant"}
        if kind is Problem:
            return PROBLEM_ID
        if parts is Annotated:
            sha = {"$ref": "#/$defs/sha"}
            return {"anyOf": [sha, {"const": ""}]} if "" in kind.__metadata__ else sha
        if parts is Literal:
            return {"enum": list(arguments)}
        if parts is tuple:
            return {"type": "array", "items": self.of(arguments[0])}
        if isinstance(parts, type) and issubclass(parts, Mapping):
            return {"type": "array", "items": {"$ref": "#/$defs/label"}}
        if parts in (Union, types.UnionType):
            return self._either(arguments, key)
        is_record = isinstance(kind, type) and is_dataclass(kind)
        return self.record(kind) if is_record else _simple(kind)

    def _either(self, kinds: tuple[Any, ...], key: str) -> Schema:
        """An answer, or what may be null."""
        if Nothing in kinds and Unknown in kinds:
            (found,) = (get_args(each)[0] for each in kinds if get_origin(each) is Found)
            missing = [{"$ref": "#/$defs/none"}, {"$ref": "#/$defs/unknown"}]
            return {"oneOf": [self._found(found, key), *missing]}
        (kind,) = (each for each in kinds if each is not type(None))
        return {"anyOf": [self.of(kind), {"type": "null"}]}

    def _found(self, kind: Any, key: str) -> Schema:
        status = {"status": {"const": "found"}}
        if isinstance(kind, type) and is_dataclass(kind):
            return {"allOf": [self.record(kind), _object(status)]}
        return _object(status | {INNER.get(key, "items"): self.of(kind)})

    def record(self, kind: type) -> Schema:
        """A reference to the schema of a record."""
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
        return self.named(name, {}) if name in self.defs else self.named(name, self.object_of(kind))

    def object_of(self, kind: type) -> Schema:
        """The schema of a record itself."""
        told = (kind.__doc__ or "").split("\n")[0].partition(";")[0].rstrip(".")
        return {"description": told} | _object(
            {key: self._field(kind, name, key) for name, key in keys(kind)}
        )

    def _field(self, record: type, name: str, key: str) -> Schema:
        kind = _hint(record, name)
        if (record, name) in WITH_PROBLEM:
            problem = {"anyOf": [PROBLEM_ID, {"type": "null"}]}
            each = {"allOf": [self.of(get_args(kind)[0]), _object({"problem": problem})]}
            return {"type": "array", "items": each}
        inner = self.of(kind, key)
        return {"anyOf": [inner, {"type": "null"}]} if key in NULL_IF_EMPTY else inner

    def problem(self) -> Schema:
        """An entry of `problems`."""
        own = self.object_of(Problem)
        properties = {"id": _simple(str), **own["properties"]}
        return self.named("problem", {"description": own["description"]} | _object(properties))

    def named(self, name: str, schema: Schema) -> Schema:
        """A reference to a schema that is kept under this name."""
        if schema:
            self.defs[name] = schema
        return {"$ref": f"#/$defs/{name}"}
