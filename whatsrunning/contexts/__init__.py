"""Which engines to ask: the Docker CLI's files and environment, read as the CLI reads them."""

from whatsrunning.contexts.endpoint import Endpoint, Tls
from whatsrunning.contexts.resolve import ContextRequest, ResolvedContext, resolve
from whatsrunning.contexts.tls import TlsFlags

__all__ = ["ContextRequest", "Endpoint", "ResolvedContext", "Tls", "TlsFlags", "resolve"]
