"""What every adapter promises and shares.

It implements a port of `facts/<source>.py`, reads and never changes what it speaks to, raises
SourceError and nothing else, and ends by the deadline together with every process it started.
"""

import contextlib
import ipaddress
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from whatsrunning.facts.query import Deadline, SourceError

Row: TypeAlias = tuple[type[BaseException] | tuple[type[BaseException], ...], str, str, str]
"""What a failure means, by the kind of a cause: code, message, hint; with {words} in braces."""
_GRACE = 0.5  # seconds that a process gets to end after each signal


def causes_of(error: BaseException) -> tuple[BaseException, ...]:
    """The exception and everything it wraps, outermost first; urllib3 hides causes in arguments."""
    causes: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and cause not in causes:
            causes.append(cause)
            reason = getattr(cause, "reason", None)
            waiting += [*cause.args, reason, cause.__cause__, cause.__context__]
    return tuple(causes)


def explained(
    causes: Sequence[BaseException], table: Sequence[Row], **words: str
) -> tuple[str, str, str] | None:
    """Code, message and hint of the first row whose kind is among the causes."""
    for kind, code, message, hint in table:
        if any(isinstance(cause, kind) for cause in causes):
            return code, message.format(**words), hint.format(**words)
    return None


def host_name(netloc: str) -> str:
    """The name or address of a host, without its port or IPv6 brackets, lower-case."""
    name, _, port = netloc.rpartition(":")
    has_port = port.isdigit() and (":" not in name or name.endswith("]"))
    return (name if has_port else netloc).strip("[]").lower()


def is_loopback(netloc: str) -> bool:
    """Whether a host, with or without a port, is this machine: by its address, or `localhost`."""
    name = host_name(netloc)
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def run_bounded(
    command: Sequence[str], env: Mapping[str, str], seconds: float, stdin: bytes = b""
) -> tuple[int, bytes]:
    """A program's exit code and output. Raises OSError, and subprocess.TimeoutExpired."""
    with subprocess.Popen(
        command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            output, _ = process.communicate(stdin, timeout=seconds)
        finally:
            end_process(process)
    return process.returncode, output


def end_process(process: "subprocess.Popen[bytes]", *, kindly: bool = False) -> None:
    """End a process that leads its own session, with all that it started; `kindly` asks first."""
    for number in (signal.SIGTERM, signal.SIGKILL) if kindly else (signal.SIGKILL,):
        if process.returncode is None:  # one that was reaped has given its number back
            with contextlib.suppress(OSError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)


@contextlib.contextmanager
def held(lock: threading.Semaphore, deadline: Deadline, late: SourceError) -> Iterator[None]:
    """Holds a lock that others may hold for long; raises `late` at the deadline."""
    if not lock.acquire(timeout=deadline.left()):
        raise late
    try:
        yield
    finally:
        lock.release()
