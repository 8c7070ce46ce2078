"""The JSON contract: its keys by hand, its schema, and the two together."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests import golden_files
from tests.render.hostile import poisoned
from tests.render.json import schema as json_schema
from tests.render.json.schema import schema
from tests.reports import NOW, SAMPLES
from whatsrunning.render.formats import render
from whatsrunning.render.json.document import failure
from whatsrunning.render.settings import RenderSettings

# Retyped by hand on purpose: a key renamed in the code must fail here.
TOP = "schema command taken_at complete engines containers findings problems"
KEYS = {
    "engines": "id context endpoint name version status chosen_by clock_skew_s problem product",
    "containers": "id name engine project service managed state exit_code oom_killed restart_count "
    "health created_at started_at finished_at deployed_at image repository claims version revision "
    "proof commit pull_requests ci built previous replica replaces one_off identified",
    "deployed_at": "status at evidence",
    "image": "reference id repository digests platform",
    "repository": "status name",
    "claims": "sha claimed_by key copied",
    "version": "status text source",
    "revision": "status sha identified_by",
    "proof": "status basis reason registry_digest matching_shas problem",
    "commit": "status sha subject author committed_at url on_default_branch source",
    "pull_requests": "status items",
    "pull_requests.items": "number title author merged_by merged_at url evidence",
    "ci": "status at_deploy outcome finished_at via reason gates",
    "gates": "name conclusion finished_at url",
    "built": "status position builds_behind commits_behind newest_sha latest_sha latest_problem",
    "previous": "status sha until evidence",
    "findings": "code severity engine container service message hint project",
    "problems": "id source subject code message hint",
    "newest_change": "service engine at from_sha to_sha pull_requests back",
    "swarms": "engine services nodes",
    "services": "status items",
    "services.items": "id name managed image mode desired running update service_labels "
    "container_labels image_labels tasks",
    "update": "state message started_at completed_at",
    "service_labels": "key value",
    "container_labels": "key value",
    "image_labels": "key value",
    "tasks": "id slot node container image state desired at error",
    "nodes": "status items",
    "nodes.items": "id name role leader state availability address",
    "timelines": "repository services default_branch entries built_not_deployed merged_never_built "
    "running_without_tag problem",
    "timelines.entries": "sha subject pull_requests committed_at built latest running_on",
    "entries.built": "status tag digest",
    "running_on": "engine container",
    "merged_never_built": "status items",
    "resolved": "status shas",
    "live": "engine service container sha by reverted_by",
    "not_live": "engine service container sha by reverted_by",
    "unknown_at": "engine service container sha by reverted_by problem",
    "entries": "service engine sha from until evidence ended last_seen problem",
    "running": "status sha identified_by",
    "candidates": "sha digest rank recommended image ci leaves concerns change subject",
    "leaves": "status items",
    "leaves.items": "number title author merged_by merged_at url evidence",
    "concerns": "code message",
}
COMMANDS = {
    "ps": "newest_change swarms",
    "show": "swarms",
    "diff": "timelines",
    "has": "ref resolved live not_live unknown_at",
    "history": "entries covers_since since changed restarted",
    "rollback-plan": "service running candidates problem",
}


def document(name: str) -> dict[str, Any]:
    """A sample's JSON, read back."""
    loaded: dict[str, Any] = json.loads(render("json", SAMPLES[name], NOW, RenderSettings()))
    return loaded


def objects(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every object inside, with the keys that lead to it."""
    if isinstance(value, dict):
        if path:
            yield path, value
        for key, part in value.items():
            yield from objects(part, (*path, key))
    elif isinstance(value, list):
        for part in value:
            yield from objects(part, path)


@pytest.mark.parametrize("name", SAMPLES)
def test_keys_are_those_of_the_contract(name: str) -> None:
    loaded = document(name)
    own = COMMANDS[loaded["command"]].split()
    top = TOP.split()
    replayed = ["replayed_at"] if name == "ps-hosts" else []
    assert list(loaded) == [*top[:3], *replayed, *top[3:6], *own, *top[6:]]
    for path, found in objects(loaded):
        keys = KEYS.get(".".join(path[-2:])) or KEYS[path[-1]]
        expected = keys.split()
        if found.get("status") == "none":
            expected = ["status"]
        elif found.get("status") == "unknown" and path[-1] != "proof":
            expected = ["status", "problem"]
        assert list(found) == expected, path


def test_the_schema_is_made_from_the_records() -> None:
    built = json_schema.built()
    if golden_files.updating:
        json_schema.FILE.write_text(built, encoding="utf-8")
    assert json_schema.FILE.read_text(encoding="utf-8") == built


@pytest.mark.parametrize("name", SAMPLES)
def test_the_schema_accepts_what_is_printed(name: str) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    loaded = document(name)
    assert list(validator.iter_errors(loaded)) == []
    nasty = poisoned(SAMPLES[name], "<!channel> \x1b[2J\u202e\x00 [x](y)")
    read = json.loads(render("json", nasty, NOW, RenderSettings()))
    assert list(validator.iter_errors(read)) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_every_problem_that_is_named_is_listed(name: str) -> None:
    loaded = document(name)
    listed = {problem["id"] for problem in loaded["problems"]}
    named = {found["problem"] for _, found in objects(loaded) if found.get("problem")}
    assert named <= listed
    assert len(listed) == len(loaded["problems"])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("complete",), "yes"),
        (("schema",), "whatsrunning/v2"),
        (("taken_at",), "2026-11-26 03:12"),
        (("replayed_at",), None),
        (("containers", 0, "proof", "status"), "trusted"),
        (("containers", 0, "health"), "fine"),
        (("containers", 0, "revision"), {"status": "found", "sha": "abc"}),
        (("containers", 0, "commit"), {"status": "unknown"}),
        (("containers", 0, "ci"), {"status": "maybe"}),
        (("findings", 0, "severity"), "bad"),
        (("problems", 0), {"id": "x"}),
    ],
)
def test_the_schema_refuses_what_breaks_the_contract(path: tuple[Any, ...], value: Any) -> None:
    loaded = document("ps")
    inner: Any = loaded
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert not jsonschema.Draft202012Validator(schema()).is_valid(loaded)


@pytest.mark.parametrize("name", ["ps", "show", "diff", "has", "history", "rollback-plan"])
def test_the_schema_wants_each_commands_own_keys(name: str) -> None:
    loaded = document(name)
    for key in COMMANDS[name].split():
        missing = {k: v for k, v in loaded.items() if k != key}
        assert not jsonschema.Draft202012Validator(schema()).is_valid(missing), key


@pytest.mark.parametrize("command", [*COMMANDS, "wait", "doctor"])
def test_a_failed_call_gives_a_valid_document_too(command: str) -> None:
    written = failure("unknown-context", "no context `x\x1b[2J`", "try: prod", command, NOW)
    loaded = json.loads(written)
    assert written.isascii()
    assert jsonschema.Draft202012Validator(schema()).is_valid(loaded)
    assert loaded["complete"] is False
    assert loaded["error"]["code"] == "unknown-context"
    assert loaded["problems"][0]["message"] == loaded["error"]["message"]
