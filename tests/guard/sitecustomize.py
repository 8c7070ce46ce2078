"""Loaded by every Python that the tests start: a connection off this machine is a failure."""

import ipaddress
import socket
import sys

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


def _check(sock: socket.socket, address: object) -> None:
    internet = sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple)
    if internet and not _is_loopback(str(address[0])):  # type: ignore[index]
        sys.stderr.write(f"GUARD: a test tried to reach {address[0]}\n")  # type: ignore[index]
        raise PermissionError("a test tried to reach a host that is not loopback")


def connect(self: socket.socket, address: object) -> None:
    """Refuse what is not loopback, then connect."""
    _check(self, address)
    _connect(self, address)  # type: ignore[arg-type]


def connect_ex(self: socket.socket, address: object) -> int:
    """Refuse what is not loopback, then connect."""
    _check(self, address)
    return _connect_ex(self, address)  # type: ignore[arg-type]


socket.socket.connect = connect  # type: ignore[method-assign,assignment]
socket.socket.connect_ex = connect_ex  # type: ignore[method-assign,assignment]
