"""Registries over the OCI distribution API, read only: GET and HEAD.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit

from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.facts.registry import ManifestFacts
from whatsrunning.sources.http import Reply
from whatsrunning.sources.json_reader import MalformedReply
from whatsrunning.sources.registry import errors, image, parse
from whatsrunning.sources.registry.auth import Authorizer
from whatsrunning.sources.registry.names import RepositoryAddress, address_of
from whatsrunning.sources.registry.transport import HttpRequest, Transport, on_same_host
from whatsrunning.sources.registry.trust import RegistrySettings

T = TypeVar("T")
MOST_PAGES = 500
MOST_TAGS = 100_000
MOST_CONFIG_BYTES = 4 * 1024 * 1024
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel\s*=\s*"?next"?', re.IGNORECASE)


class OciRegistry:
    """`ports.Registry` for all hosts and threads; nothing is read before the first query."""

    def __init__(self, settings: RegistrySettings) -> None:
        self._transport = Transport(settings)
        self._authorizer = Authorizer(settings, self._transport)

    def manifest(
        self, repository: str, reference: str, deadline: Deadline
    ) -> Answer[ManifestFacts]:
        """What HEAD says: digest and media type; Nothing where there is no such tag or digest."""
        address = address_of(repository)
        reply = self._ask(address, _of_manifest(address, "HEAD", reference), deadline)
        if reply.status == 404 and _is_by_registry(reply):
            return Nothing()
        # Docker Hub counts each GET as a pull (https://github.com/containers/image/pull/1078); and
        # the digest's header is one that registries SHOULD send: without it there is no other way.
        digest = reply.headers.get("Docker-Content-Digest", "")
        kind = parse.media_type(reply.headers)
        if reply.status == 404 or not digest or not kind:
            return self.content(repository, reference, deadline)
        if kind not in parse.MANIFEST_TYPES:
            raise errors.malformed(address.host, "sent something else than a manifest")
        _check_digest(address, digest, reference, digest)
        return Found(ManifestFacts(digest, kind))

    def content(self, repository: str, reference: str, deadline: Deadline) -> Answer[ManifestFacts]:
        """What the body says: platforms or config digest; the digest is the body's own."""
        manifest = self._manifest(address_of(repository), reference, deadline)
        return manifest.then(lambda manifest: Found(manifest.facts))

    def labels(self, repository: str, digest: str, deadline: Deadline) -> Answer[Mapping[str, str]]:
        """The labels of an image, or of an index's first; Nothing for what is no image."""
        address = address_of(repository)
        if not parse.is_digest(digest):
            raise _bad_reference(address)
        top = self._manifest(address, digest, deadline)
        return top.then(lambda top: self._labels(address, top, deadline))

    def tags(self, repository: str, deadline: Deadline) -> Answer[tuple[str, ...]]:
        """Every tag, all pages; Nothing where the registry knows no such repository."""
        address = address_of(repository)
        tags: dict[str, None] = {}
        path, seen = f"/v2/{address.path}/tags/list?n=1000", set[str]()
        # Fewer tags than `n` are not the end: only a page without a Link to another is the last
        # (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags).
        while len(seen) < MOST_PAGES and len(tags) <= MOST_TAGS:
            if path in seen:
                raise errors.malformed(address.host, "pages its tags in a circle")
            seen.add(path)
            reply = self._ask(address, HttpRequest(address.host, "GET", path), deadline)
            if _is_absent(address, reply):
                return Nothing()
            tags.update(dict.fromkeys(_read(address, parse.read_tags, reply.body)))
            path = _next_page(address, reply)
            if not path and len(tags) <= MOST_TAGS:
                return Found(tuple(tags))
        limits = f"({MOST_TAGS:,} tags or {MOST_PAGES} pages)"
        message = f"{address.path} has more tags than are read {limits}"
        raise errors.failure(address.host, "too-many-tags", message, "delete old tags")

    def _manifest(
        self, address: RepositoryAddress, reference: str, deadline: Deadline
    ) -> Answer[parse.Manifest]:
        reply = self._ask(address, _of_manifest(address, "GET", reference), deadline)
        if _is_absent(address, reply):
            return Nothing()
        manifest = _read(address, parse.read_manifest, reply.body, parse.media_type(reply.headers))
        digest = reply.headers.get("Docker-Content-Digest", manifest.facts.digest)
        _check_digest(address, digest, reference, manifest.facts.digest)
        return Found(manifest)

    def _labels(
        self, address: RepositoryAddress, top: parse.Manifest, deadline: Deadline
    ) -> Answer[Mapping[str, str]]:
        found = top
        if top.facts.media_type in parse.INDEX_TYPES:
            child = _read(address, image.first_image, top)
            if not child:
                return Nothing()
            answer = self._manifest(address, child, deadline)
            if not isinstance(answer, Found):
                raise errors.incomplete(address.host, address.path, "manifest")
            found = answer.value
        if not _read(address, image.is_image, found):
            return Nothing()
        config = self._config(address, found.facts.config, deadline)
        labels = _read(address, image.config_labels, config)
        return Found(image.joined(labels, *map(image.annotations, (found, top))))

    def _config(self, address: RepositoryAddress, digest: str, deadline: Deadline) -> bytes:
        path = f"/v2/{address.path}/blobs/{digest}"
        request = HttpRequest(address.host, "GET", path, most=MOST_CONFIG_BYTES, roams=True)
        reply = self._ask(address, request, deadline)
        if (reply.status == 404 and _elsewhere(address, reply)) or _is_absent(address, reply):
            raise errors.incomplete(address.host, address.path, "configuration")
        if parse.digest_of(reply.body) != digest:
            raise errors.other_digest(address.host, f"a configuration of {address.path}")
        return reply.body

    def _ask(self, address: RepositoryAddress, request: HttpRequest, deadline: Deadline) -> Reply:
        """The reply, after the registry's challenge has been answered if it made one."""
        access, is_answered = self._authorizer.current(address), False
        while True:
            headers = {**request.headers, "Authorization": access.header}
            sent = replace(request, headers=headers)
            reply = self._transport.registry(address.netloc, sent, deadline)
            if reply.status in {200, 404}:
                return reply
            if place := _elsewhere(address, reply):
                # A challenge of another host is not the registry's: no login may answer it.
                raise errors.elsewhere(address.host, place, reply.status)
            if reply.status != 401:
                raise errors.refused_status(address.host, reply.status, address.path)
            if is_answered:
                raise self._authorizer.refused(address, access)
            challenge = reply.headers.get("WWW-Authenticate", "")
            access = self._authorizer.answer(address, challenge, access, deadline)
            is_answered = True


def _read(address: RepositoryAddress, parse_body: Callable[..., T], *arguments: object) -> T:
    try:
        return parse_body(*arguments)
    except MalformedReply as error:
        raise errors.malformed(address.host, f"sent {error}") from None


def _of_manifest(address: RepositoryAddress, method: str, reference: str) -> HttpRequest:
    if not parse.is_tag(reference) and not parse.is_digest(reference):
        raise _bad_reference(address)
    path = f"/v2/{address.path}/manifests/{reference}"
    return HttpRequest(address.host, method, path, {"Accept": parse.ACCEPT})


def _bad_reference(address: RepositoryAddress) -> SourceError:
    message = f"a tag or digest asked of {address.path} is malformed"
    return errors.failure(address.host, "bad-name", message, "check the image's tag")


def _elsewhere(address: RepositoryAddress, reply: Reply) -> str:
    """The other host that a redirect led to, if one did."""
    netloc = urlsplit(reply.url).netloc
    return "" if netloc == address.netloc else netloc


def _is_absent(address: RepositoryAddress, reply: Reply) -> bool:
    """Whether the registry says "not there"; a 404 of something else is no answer."""
    if reply.status == 404 and not _is_by_registry(reply):
        raise errors.malformed(address.host, "answered 404, but not as a registry does")
    return reply.status == 404


def _is_by_registry(reply: Reply) -> bool:
    """Whether a registry wrote this 404, and not the web server before it."""
    if "Docker-Distribution-Api-Version" in reply.headers:
        return True
    if reply.body:
        return parse.is_error_document(reply.body)
    return "json" in parse.media_type(reply.headers)


def _check_digest(address: RepositoryAddress, digest: str, reference: str, actual: str) -> None:
    if not parse.is_digest(digest):
        raise errors.malformed(address.host, "sent a malformed digest")
    if digest != actual or (parse.is_digest(reference) and reference != actual):
        raise errors.other_digest(address.host, f"a manifest of {address.path}")


def _next_page(address: RepositoryAddress, reply: Reply) -> str:
    """The path of the next page, empty after the last; only on the host that was asked."""
    link = _NEXT.search(reply.headers.get("Link", "")[:8192])
    if link is None:
        return ""
    url = on_same_host(reply.url, link[1])
    if not url:
        message = f"{address.host} says that its tags go on at another host, which is not followed"
        hint = "the registry's own address (its external URL) is set wrongly"
        raise errors.failure(address.host, "foreign-link", message, hint)
    target, path = urlsplit(url), f"/v2/{address.path}/tags/list"
    if target.path != path:
        raise errors.malformed(address.host, "pages its tags at another repository")
    return f"{path}?{target.query}"
