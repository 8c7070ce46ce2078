"""A canned engine with the containerd image store: its containers and images, and what is true.

How its replies were made is written in tests/data/containerd/README.md.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.world.canned import reply

HEADERS = {"Api-Version": "1.51", "Server": "Docker/28.5.1 (linux)"}
NOBODY = "127.0.0.1:1"
"""A registry where nobody listens."""
_DATA = Path(__file__).parents[1] / "data" / "containerd"
_MINUTES = timedelta(minutes=5)


def _shape(name: str) -> Any:
    return json.loads((_DATA / f"{name}.json").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be said of a container."""

    proof: str
    sha: str = ""
    by: str = ""
    basis: str = ""
    matching: tuple[str, ...] = ()


@dataclass(slots=True)
class Server:
    """An engine's containers and images, with what must be said of them."""

    host: str
    now: datetime
    containers: list[dict[str, Any]] = field(default_factory=list)
    images: dict[str, dict[str, Any]] = field(default_factory=dict)
    inspections: dict[str, bytes] = field(default_factory=dict)
    expected: dict[str, Expected] = field(default_factory=dict)

    @property
    def shop(self) -> str:
        """The shop's image repository."""
        return f"{self.host}/acme/shop"

    def image(
        self, reference: str, digest: str, labels: Mapping[str, str], named: bool = True
    ) -> None:
        """An image in the store; the store makes a RepoDigest of every name it has for it."""
        entry = self.images.setdefault(digest, _shape("image"))
        repository, _, tag = reference.partition("@")[0].rpartition(":")
        by_digest = "@" in reference
        entry |= {"Id": digest, "Labels": dict(labels), "Created": self._epoch(timedelta(days=1))}
        entry["Descriptor"]["digest"] = digest
        if named and not by_digest and tag:
            entry["RepoTags"].append(reference)
        if named:
            known = reference.partition("@")[0] if by_digest else repository
            entry["RepoDigests"].append(f"{known}@{digest}")

    def run(
        self,
        name: str,
        reference: str,
        digest: str,
        expected: Expected,
        *,
        manifest: str = "",
        said: str = "",
        baked: str = "",
        moved: bool = False,
    ) -> None:
        """A container; `said` is its own label, `baked` its image's; a moved tag leaves the ID."""
        own = {"git.sha": baked} if baked else {}
        self.image(reference, digest, own, named=not moved)
        entry = _shape("container")
        whole = hashlib.sha256(name.encode()).hexdigest()
        entry |= {
            "Id": whole, "Names": [f"/{name}"], "Image": digest if moved else reference,
            "ImageID": digest, "Created": self._epoch(_MINUTES),
            "Labels": {**own, **({"git.sha": said} if said else {})},
        }  # fmt: skip
        entry["ImageManifestDescriptor"]["digest"] = manifest or digest
        self.containers.append(entry)
        self.expected[name] = expected
        self.inspections[f"/containers/{whole}/json"] = self._inspection(entry, reference)

    def _inspection(self, entry: Mapping[str, Any], reference: str) -> bytes:
        made = _shape("inspect")
        began = f"{self.now - _MINUTES:%Y-%m-%dT%H:%M:%S.000000000Z}"
        made |= {"Id": entry["Id"], "Name": entry["Names"][0], "Image": entry["ImageID"]}
        made |= {"Created": began}
        made["State"]["StartedAt"] = began
        made["ImageManifestDescriptor"] = entry["ImageManifestDescriptor"]
        made["Config"] |= {"Image": reference, "Labels": entry["Labels"]}
        return reply(made, headers=HEADERS)

    def _epoch(self, ago: timedelta) -> int:
        return int((self.now - ago).timestamp())

    def answers(self) -> dict[str, bytes]:
        """What the engine says, by a part of the path."""
        info = _shape("info") | {"SystemTime": f"{self.now:%Y-%m-%dT%H:%M:%S.%f}000Z"}
        unreachable = {"message": f'Get "https://{NOBODY}/v2/": connection refused'}
        return {
            "/info": reply(info, headers=HEADERS),
            "/containers/json": reply(self.containers, headers=HEADERS),
            "/images/json": reply(list(self.images.values()), headers=HEADERS),
            **self.inspections,
            "/events": reply(b"", headers=HEADERS),
            "/distribution/": reply(unreachable, 500, HEADERS),
        }
