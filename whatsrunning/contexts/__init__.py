"""Which engines to ask: the Docker CLI's files and environment, read as the CLI reads them."""

from whatsrunning.contexts.endpoint import Endpoint, Tls
from whatsrunning.contexts.resolve import Request, Resolved, known_contexts, resolve
from whatsrunning.contexts.tls import TlsWords

__all__ = ["Endpoint", "Request", "Resolved", "Tls", "TlsWords", "known_contexts", "resolve"]
