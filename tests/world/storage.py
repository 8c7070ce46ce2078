"""A registry as hosted ones are: manifests by itself, blobs by redirects to a storage elsewhere."""

import http.client
import re
from dataclasses import dataclass, field

from tests.world.scripted import Asked, Reply, Scripted, start_scripted

CHALLENGE = {"WWW-Authenticate": 'Basic realm="registry"'}
_KEPT = ("content-type", "docker-content-digest", "docker-distribution-api-version")


@dataclass(slots=True)
class Hosted:
    """The two doors before a real registry; `storage` answers `/data/REPOSITORY/DIGEST`.

    `location` is where a blob's reader is sent, with `{blob}` for its path.
    """

    upstream: str
    front: Scripted
    storage: Scripted
    location: str = field(default="")

    def stop(self) -> None:
        """Close both doors."""
        self.front.stop()
        self.storage.stop()

    def answer(self, asked: Asked) -> Reply:
        """What the registry says to who is logged in."""
        if "authorization" not in asked.headers:
            return Reply(401, CHALLENGE)
        blob = re.fullmatch(r"/v2/(.+)/blobs/(.+)", asked.path)
        if blob is None:
            return _fetched(self.upstream, asked.path, asked.headers.get("accept", ""))
        place = self.location.format(blob=f"/data/{blob[1]}/{blob[2]}?signature=s3cret")
        return Reply(307, {"Location": place})

    def stored(self, asked: Asked) -> Reply:
        """What the storage says to anybody who has the address."""
        repository, _, digest = asked.path.partition("?")[0].removeprefix("/data/").rpartition("/")
        return _fetched(self.upstream, f"/v2/{repository}/blobs/{digest}", "")


def start_hosted(upstream: str) -> Hosted:
    """Both doors, open; anybody with a password is logged in."""
    doors = [start_scripted(lambda _: Reply(404)) for _ in range(2)]
    hosted = Hosted(upstream, doors[0], doors[1])
    hosted.front.answer, hosted.storage.answer = hosted.answer, hosted.stored
    hosted.location = f"http://{hosted.storage.host}{{blob}}"
    return hosted


def _fetched(host: str, path: str, accept: str) -> Reply:
    connection = http.client.HTTPConnection(host, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept": accept} if accept else {})
        reply = connection.getresponse()
        headers = {name: value for name, value in reply.getheaders() if name.lower() in _KEPT}
        return Reply(reply.status, headers, reply.read())
    finally:
        connection.close()
