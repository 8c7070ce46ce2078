"""What the engine of TAB completion's tests replies, and the contexts that lead to it."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

CONTAINERS = [
    {"Names": ["/shop-web-1"], "Labels": {"com.docker.compose.service": "web"}},
    {"Names": ["/shop-web-2"], "Labels": {"io.podman.compose.service": "web"}},
    {"Names": ["/lone"], "Labels": None},
    {"Names": ["/$(touch boom)"], "Labels": {"com.docker.compose.service": "a b"}},
]
REPLY = b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps(CONTAINERS).encode()
Start = Callable[[bytes | None], Path]


def write_context(home: Path, name: str, address: str) -> None:
    """A context of the Docker CLI, as it stores them."""
    folder = hashlib.sha256(name.encode()).hexdigest()
    meta = home / ".docker" / "contexts" / "meta" / folder / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": name, "Endpoints": {"docker": {"Host": address}}}))
