"""The Docker SDK's transport for unix sockets: all that is imported of the `docker` package.

It is the base of our ssh adapter too. Paramiko, for the SDK's own ssh, takes 190 ms to import.
"""

import sys

sys.modules.setdefault("paramiko", None)  # type: ignore[arg-type]

from docker.transport import UnixHTTPAdapter  # noqa: E402  # after the line above, or it is in vain

__all__ = ["UnixHTTPAdapter"]
