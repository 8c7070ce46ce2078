"""The containerd engine's replies are what the Engine API's own description allows."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.world.containerd import Expected, Server

DESCRIPTION = json.loads(
    (Path(__file__).parents[1] / "data" / "engine-api-v1.51.json").read_text(encoding="utf-8")
)
PATHS = ("/info", "/containers/json", "/images/json", "/containers/{id}/json")


def _replies() -> dict[str, Any]:
    """One container's worth of every reply, as the canned engine sends it."""
    server = Server("registry.example.com", datetime.now(UTC))
    reference, digest = "registry.example.com/acme/shop:1", f"sha256:{'ab' * 32}"
    server.run("web", reference, digest, Expected("verified"), said="c" * 40, baked="d" * 40)
    answers = server.answers()
    (inspection,) = server.inspections
    sent = {**{path: answers[path] for path in PATHS[:3]}, PATHS[3]: answers[inspection]}
    return {path: json.loads(reply.partition(b"\r\n\r\n")[2]) for path, reply in sent.items()}


def _unknown(reply: Any, schema: dict[str, Any]) -> set[str]:
    """Keys of a reply that its definition does not have: a slip in a name would pass unseen."""
    if schema.get("type") == "array":
        return {key for item in reply for key in _unknown(item, schema["items"])}
    return set(reply) - set(DESCRIPTION["definitions"][schema["$ref"].split("/")[-1]]["properties"])


@pytest.mark.parametrize("path", PATHS)
def test_the_reply_is_as_described(path: str) -> None:
    reply, schema = _replies()[path], DESCRIPTION["paths"][path]
    whole = {**schema, "definitions": DESCRIPTION["definitions"]}
    faults = [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:120]}"
        for fault in jsonschema.Draft4Validator(whole).iter_errors(reply)
    ]
    assert faults == []
    assert _unknown(reply, schema) == set()


def test_a_wrong_reply_is_caught() -> None:
    reply = _replies()["/containers/json"]
    reply[0]["ImageManifestDescriptor"] = "sha256"
    schema = {**DESCRIPTION["paths"]["/containers/json"], "definitions": DESCRIPTION["definitions"]}
    assert list(jsonschema.Draft4Validator(schema).iter_errors(reply)) != []
