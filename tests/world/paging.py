"""A proxy before a registry: counts the requests, and pages the tags as hosted registries do.

docker-registry 2.8 ignores `?n=` and lists everything at once; this gives it the pages of the
distribution specification: sorted tags, and a Link to the next page.
"""

import http.client
import json
import re
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Literal

from tests.world.serving import Serving

Links = Literal["relative", "absolute", "foreign"]


@dataclass(slots=True)
class Proxy:
    """A running proxy; `requests` holds (method, path with query) in the order they came."""

    upstream: str
    size: int
    links: Links
    foreign_host: str
    requests: list[tuple[str, str]] = field(default_factory=list)
    _server: Serving | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Where it listens, as an image reference names it."""
        assert self._server is not None
        return self._server.host

    def stop(self) -> None:
        """Stop listening; connections are refused from then on."""
        if self._server is not None:
            self._server.stop()

    def pass_on(self, request: BaseHTTPRequestHandler) -> None:
        """Ask the registry behind, and answer with what it said."""
        self.requests.append((request.command, request.path))
        size = int(request.headers.get("Content-Length") or 0)
        body = request.rfile.read(size) if size else None
        connection = http.client.HTTPConnection(self.upstream, timeout=60)
        try:
            connection.request(request.command, request.path, body, dict(request.headers.items()))
            reply = connection.getresponse()
            content = reply.read()
        finally:
            connection.close()
        link = ""
        if self.size and request.command == "GET" and reply.status == 200:
            content, link = self._page(request.path, content)
        request.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in {"transfer-encoding", "content-length", "connection", "date"}:
                request.send_header(name, value)
        if link:
            request.send_header("Link", f'<{link}>; rel="next"')
        length = reply.getheader("Content-Length", "0")
        request.send_header(
            "Content-Length", length if request.command == "HEAD" else str(len(content))
        )
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(content)

    def _page(self, path: str, content: bytes) -> tuple[bytes, str]:
        url = urllib.parse.urlsplit(path)
        if not re.fullmatch(r"/v2/.+/tags/list", url.path):
            return content, ""
        query = dict(urllib.parse.parse_qsl(url.query))
        document = json.loads(content)
        count = min(int(query.get("n", self.size)), self.size)
        rest = [tag for tag in sorted(document["tags"] or []) if tag > query.get("last", "")]
        page = rest[:count]
        link = ""
        if len(rest) > count:
            link = f"{self._start()}{url.path}?last={urllib.parse.quote(page[-1])}&n={count}"
        return json.dumps({**document, "tags": page}).encode(), link

    def _start(self) -> str:
        if self.links == "relative":
            return ""
        return f"http://{self.host if self.links == 'absolute' else self.foreign_host}"


def start_paging_proxy(
    upstream_host: str,
    size: int = 20,
    links: Links = "relative",
    foreign_host: str = "registry.invalid",
) -> Proxy:
    """A running proxy before `upstream_host`; `size` 0 counts only and leaves the tags alone."""
    proxy = Proxy(upstream_host, size, links, foreign_host)
    proxy._server = Serving(proxy.pass_on)
    return proxy
