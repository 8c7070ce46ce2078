"""GitHub's own REST description: checks every reply of the stand-in, and gives it whole objects."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

DATA = Path(__file__).parents[2] / "data"
_URI = "urn:github"
# Statuses that GitHub documents for the whole API and not for each operation.
_EVERYWHERE = {301: "basic-error", 401: "basic-error", 403: "basic-error", 404: "basic-error",
               422: "validation-error", 429: "basic-error", 500: "basic-error",
               502: "basic-error"}  # fmt: skip


@cache
def description() -> dict[str, Any]:
    """The whole document."""
    text = (DATA / "github-rest-openapi.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text, object_hook=_null_is_said)
    return loaded


def _null_is_said(schema: dict[str, Any]) -> dict[str, Any]:
    """GitHub means null where it writes nullable beside an enum: a running check's conclusion."""
    values = schema.get("enum")
    if schema.get("nullable") is True and isinstance(values, list) and None not in values:
        return schema | {"enum": [*values, None]}
    return schema


@dataclass(frozen=True, slots=True)
class Operation:
    """A GET of the description, and the paths that are its own."""

    path: str
    matches: re.Pattern[str]


@cache
def operations() -> tuple[Operation, ...]:
    """Every GET, those with more literal parts first."""
    found = [Operation(path, _pattern(path)) for path in description()["paths"]]
    return tuple(sorted(found, key=lambda each: (-each.path.count("/"), each.path.count("{"))))


def operation(path: str) -> str:
    """The description's name of the operation that a path belongs to, empty for none."""
    return next((each.path for each in operations() if each.matches.fullmatch(path)), "")


def breaches(path: str, status: int, body: Any) -> list[str]:
    """What in a reply the description does not allow."""
    name = operation(path)
    if not name:
        return [f"{path}: no such operation in GitHub's description"]
    check = _validator(name, status)
    if check is None:
        return [f"{name}: status {status} is not documented"]
    return [
        f"{name} {status} at {'/'.join(map(str, error.absolute_path))}: {error.message[:160]}"
        for error in check.iter_errors(body)
    ]


def blank(name: str) -> dict[str, Any]:
    """An object of a schema with every field that the description requires, all of them empty."""
    schema = description()["components"]["schemas"][name]
    return {field: _blank(schema["properties"][field]) for field in schema["required"]}


def _pattern(path: str) -> re.Pattern[str]:
    def part(found: re.Match[str]) -> str:
        return "(.+)" if found[1] in ("ref", "basehead", "branch") else "([^/]+)"

    return re.compile(re.sub(r"\\\{(\w+)\\\}", part, re.escape(path)))


@cache
def _registry() -> Registry[Any]:
    empty: Registry[Any] = Registry()
    filled: Registry[Any] = empty.with_resource(_URI, DRAFT4.create_resource(description()))
    return filled


@cache
def _validator(name: str, status: int) -> Any:
    responses = description()["paths"][name]["get"]["responses"]
    documented = responses.get(str(status))
    if documented is None:
        schema = _EVERYWHERE.get(status)
        place = f"{_URI}#/components/schemas/{schema}" if schema else ""
    elif "$ref" in documented:
        place = f"{_URI}{documented['$ref']}/content/application~1json/schema"
    else:
        pointer = name.replace("~", "~0").replace("/", "~1")
        place = f"{_URI}#/paths/{pointer}/get/responses/{status}/content/application~1json/schema"
    if not place:
        return None
    checker = oas30_format_checker
    return OAS30ReadValidator({"$ref": place}, registry=_registry(), format_checker=checker)


def _blank(schema: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        return _blank(_schema_at(schema["$ref"]))
    if schema.get("nullable"):
        return None
    for choice in ("oneOf", "anyOf", "allOf"):
        if choice in schema:
            return _blank(schema[choice][0])
    if "enum" in schema:
        return schema["enum"][0]
    return _blank_of_type(schema)


def _schema_at(reference: str) -> Any:
    target: Any = description()
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    return target


def _blank_of_type(schema: Mapping[str, Any]) -> Any:
    kind = schema.get("type", "object")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: _blank(properties[name]) for name in schema.get("required", ())}
    if kind == "string":
        formats = {"uri": "https://github.com/", "date-time": "2026-01-01T00:00:00Z"}
        return formats.get(schema.get("format", ""), "")
    return {"array": [], "integer": 0, "number": 0, "boolean": False}[kind]
