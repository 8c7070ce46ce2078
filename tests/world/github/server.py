"""The stand-in itself: answers, checks its own answers, and writes down who asked for what."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.world.github import faults, graphql, rest
from tests.world.github.contract import breaches
from tests.world.github.ground import Ground
from tests.world.github.rest import Answered, Call

_LOCK = threading.Lock()


def server_for(ground: Ground) -> ThreadingHTTPServer:
    """A server on a free port of 127.0.0.1; the caller runs it."""
    handler = type("Handler", (_Handler,), {"ground": ground})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    return server


class _Handler(BaseHTTPRequestHandler):
    ground: Ground
    protocol_version = "HTTP/1.1"
    timeout = 120
    # Headers and body in one packet each would wait for the other's acknowledgement.
    wbufsize = -1

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    do_HEAD = do_PUT = do_PATCH = do_DELETE = do_POST

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        token = self.headers.get("authorization", "").partition(" ")[2]
        self._write(self.ground.log, [self.command, self.path, bool(token)])
        try:
            reply = self._reply(body, token)
        except Exception as problem:
            self._violation(f"{self.command} {self.path}: {problem!r}")
            reply = rest.error(500, "Server Error")
        self._send(reply)

    def _reply(self, body: bytes, token: str) -> Answered:
        control = json.loads(Path(self.ground.control).read_text())
        split = urlsplit(self.path)
        path = split.path.removeprefix("/api/v3")
        call = Call(self.ground, control, dict(parse_qsl(split.query)))
        fault = faults.answer(control)
        if fault is None and token and token != self.ground.token:
            fault = rest.error(401, "Bad credentials")
        if path in ("/graphql", "/api/graphql"):
            return self._query(call, body, token, fault)
        if self.command != "GET":
            self._violation(f"{self.command} {self.path}: only GET is answered")
            return rest.error(404, "Not Found")
        reply = fault or self._found(call, path, token)
        if control.get("broken"):
            reply = Answered(reply.status, faults.broken(reply.body), reply.more)
        self._check(path, reply)
        return reply

    def _query(self, call: Call, body: bytes, token: str, fault: Answered | None) -> Answered:
        if fault is not None:
            return fault
        if not token:
            return rest.error(401, "This endpoint requires you to be authenticated.")
        reply, wrong = graphql.answer(call, json.loads(body))
        for each in wrong:
            self._violation(f"graphql: {each}")
        return reply

    def _found(self, call: Call, path: str, token: str) -> Answered:
        """The reply of the repository that is here; 404 for others, and to who may not see it."""
        found = re.fullmatch(r"/(repos/[^/]+/[^/]+|repositories/1)(/.*)?", path)
        if found is None:
            self._violation(f"GET {path}: the stand-in has no such path")
            return rest.error(404, "Not Found")
        name, below = found[1].removeprefix("repos/").lower(), found[2] or ""
        if name in {each.lower() for each in self.ground.old_names}:
            query = f"?{urlencode(call.query)}" if call.query else ""
            location = f"http://{self.headers['host']}/repositories/1{below}{query}"
            return rest.error(301, "Moved Permanently", location=location)
        here = name in (self.ground.repository.lower(), "repositories/1")
        if not here or (self.ground.private and not token):
            return rest.error(404, "Not Found")
        reply = rest.answer(call, below)
        if reply is None:
            self._violation(f"GET {path}: the stand-in has no such operation")
            return rest.error(404, "Not Found")
        return reply

    def _check(self, path: str, reply: Answered) -> None:
        if isinstance(reply.body, faults.Raw):
            return
        full = re.sub(r"^/repositories/1", f"/repos/{self.ground.repository}", path)
        for each in breaches(full, reply.status, reply.body):
            self._violation(each)

    def _send(self, reply: Answered) -> None:
        raw = reply.body if isinstance(reply.body, faults.Raw) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        if reply.more:
            self.send_header("Link", f'<{self._next()}>; rel="next", <{self._next()}>; rel="last"')
        for name, value in {"x-ratelimit-remaining": "4999", **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    def _next(self) -> str:
        split = urlsplit(self.path)
        query = dict(parse_qsl(split.query))
        query["page"] = str(int(query.get("page", "1")) + 1)
        return f"http://{self.headers['host']}{split.path}?{urlencode(query)}"

    def _violation(self, text: str) -> None:
        self._write(self.ground.violations, text)

    def _write(self, path: str, record: Any) -> None:
        with _LOCK, Path(path).open("a") as file:
            file.write(json.dumps(record) + "\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr: requests are in their own file."""
