"""Registries over the OCI distribution API, read only: GET and HEAD (DESIGN section 7)."""

import re
from urllib.parse import urlsplit

from whatsrunning.facts import ports
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.facts.records import ManifestFacts
from whatsrunning.sources.registry import errors, parse
from whatsrunning.sources.registry.auth import Access, Authorizer
from whatsrunning.sources.registry.names import RepositoryAddress, address_of
from whatsrunning.sources.registry.parse import MalformedError
from whatsrunning.sources.registry.settings import RegistrySettings
from whatsrunning.sources.registry.transport import HttpRequest, Reply, Transport, joined, same_host

MOST_PAGES = 500
MOST_TAGS = 100_000
_MOST_BYTES = 8 * 1024 * 1024
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel\s*=\s*"?next"?', re.IGNORECASE)


def open_registry(settings: RegistrySettings) -> ports.Registry:
    """All registries, asked as these settings say; nothing is read before the first question."""
    return OciRegistry(settings)


class OciRegistry:
    """Implements ports.Registry for all hosts; one instance serves all threads."""

    def __init__(self, settings: RegistrySettings) -> None:
        self._transport = Transport(settings)
        self._authorizer = Authorizer(settings, self._transport)

    def manifest(
        self, repository: str, reference: str, deadline: Deadline
    ) -> Answer[ManifestFacts]:
        """What HEAD says: digest and media type; Nothing where there is no such tag or digest."""
        place = address_of(repository)
        reply = self._ask(place, "HEAD", _manifest_path(place, reference), deadline)
        if reply.status == 404 and _is_by_registry(reply):
            return Nothing()
        digest = reply.headers.get("Docker-Content-Digest", "")
        kind = parse.media_type(reply.headers)
        if reply.status == 404 or not digest or not kind:
            return self.content(repository, reference, deadline)
        if kind not in parse.INDEX_TYPES + parse.IMAGE_TYPES:
            raise errors.malformed(place.host, "sent something else than a manifest")
        _check_digest(place, digest, reference, digest)
        return Found(ManifestFacts(digest, kind))

    def content(self, repository: str, reference: str, deadline: Deadline) -> Answer[ManifestFacts]:
        """What the body says: platforms or config digest; the digest is the body's own."""
        place = address_of(repository)
        reply = self._ask(place, "GET", _manifest_path(place, reference), deadline)
        if _is_absent(place, reply):
            return Nothing()
        try:
            kind = parse.media_type(reply.headers)
            facts = parse.read_manifest(reply.body, kind)
        except MalformedError as error:
            raise errors.malformed(place.host, f"sent {error}") from None
        said = reply.headers.get("Docker-Content-Digest", facts.digest)
        _check_digest(place, said, reference, facts.digest)
        return Found(facts)

    def tags(self, repository: str, deadline: Deadline) -> Answer[tuple[str, ...]]:
        """Every tag, all pages; Nothing where the registry knows no such repository.

        Raises SourceError `foreign-link` when a next page is on another host, `too-many-tags`
        beyond 500 pages or 100,000 tags.
        """
        place = address_of(repository)
        tags: dict[str, None] = {}
        path, seen = f"/v2/{place.path}/tags/list?n=1000", set[str]()
        while path:
            if len(seen) >= MOST_PAGES or len(tags) > MOST_TAGS:
                raise _too_many(place)
            seen.add(path)
            reply = self._ask(place, "GET", path, deadline)
            if _is_absent(place, reply):
                return Nothing()
            try:
                tags.update(dict.fromkeys(parse.read_tags(reply.body)))
            except MalformedError as error:
                raise errors.malformed(place.host, f"sent {error}") from None
            path = _next_page(place, reply)
            if path in seen:
                raise errors.malformed(place.host, "pages its tags in a circle")
        if len(tags) > MOST_TAGS:
            raise _too_many(place)
        return Found(tuple(tags))

    def _ask(self, place: RepositoryAddress, method: str, path: str, deadline: Deadline) -> Reply:
        """The reply, after the registry's challenge has been answered if it made one."""
        access = self._authorizer.current(place)
        reply = self._send(place, method, path, access, deadline)
        if reply.status == 401:
            challenge = reply.headers.get("WWW-Authenticate", "")
            access = self._authorizer.answer(place, challenge, access, deadline)
            reply = self._send(place, method, path, access, deadline)
        if reply.status == 401:
            raise self._authorizer.refused(place, access)
        if reply.status not in {200, 404}:
            raise errors.refused_status(place.host, reply.status, place.path)
        return reply

    def _send(
        self, place: RepositoryAddress, method: str, path: str, access: Access, deadline: Deadline
    ) -> Reply:
        headers = {"Accept": parse.ACCEPT} if "/manifests/" in path else {}
        if access.header:
            headers["Authorization"] = access.header
        request = HttpRequest(place.host, method, path, headers, limit=_MOST_BYTES)
        return self._transport.registry(place.netloc, request, deadline)


def _manifest_path(place: RepositoryAddress, reference: str) -> str:
    if not parse.is_tag(reference) and not parse.is_digest(reference):
        message = f"a tag or digest asked of {place.path} is malformed"
        raise errors.failure(place.host, "bad-name", message, "check the image's tag")
    return f"/v2/{place.path}/manifests/{reference}"


def _is_absent(place: RepositoryAddress, reply: Reply) -> bool:
    """Whether the registry says "not there"; a 404 of something else is no answer."""
    if reply.status != 404:
        return False
    if not _is_by_registry(reply):
        raise errors.malformed(place.host, "answered 404, but not as a registry does")
    return True


def _is_by_registry(reply: Reply) -> bool:
    """Whether a registry wrote this 404, and not the web server before it."""
    if "Docker-Distribution-Api-Version" in reply.headers:
        return True
    if reply.body:
        return parse.is_error_document(reply.body)
    return "json" in parse.media_type(reply.headers)


def _check_digest(place: RepositoryAddress, said: str, reference: str, actual: str) -> None:
    if not parse.is_digest(said):
        raise errors.malformed(place.host, "sent a malformed digest")
    if said != actual or (parse.is_digest(reference) and reference != actual):
        raise errors.failure(
            place.host,
            "digest-mismatch",
            f"{place.host} sent a manifest of {place.path} whose digest is another one",
            "a cache before the registry may be broken",
        )


def _next_page(place: RepositoryAddress, reply: Reply) -> str:
    """The path of the next page, empty after the last; only on the host that was asked."""
    found = _NEXT.search(reply.headers.get("Link", "")[:8192])
    if found is None:
        return ""
    url = joined(reply.url, found[1])
    start = f"/v2/{place.path}/tags/list"
    if not same_host(url, reply.url):
        raise errors.failure(
            place.host,
            "foreign-link",
            f"{place.host} says that its tags go on at another host, which is not followed",
            "the registry's own address (its external URL) is set wrongly",
        )
    target = urlsplit(url)
    if target.path != start:
        raise errors.malformed(place.host, "pages its tags at another repository")
    return f"{start}?{target.query}"


def _too_many(place: RepositoryAddress) -> SourceError:
    return errors.failure(
        place.host,
        "too-many-tags",
        f"{place.path} has more tags than are read ({MOST_TAGS:,} tags or {MOST_PAGES} pages)",
        "delete old tags",
    )
