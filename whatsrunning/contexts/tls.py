"""TLS for an engine that no stored context describes, as the Docker CLI chooses it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from whatsrunning.contexts.endpoint import Tls
from whatsrunning.contexts.files import DockerFolder

_OFF = ("0", "f", "false")
"""What turns one of its switches off, in any case."""


@dataclass(frozen=True, slots=True)
class TlsFlags:
    """`--tls`, `--tlsverify` and the files, as the Docker CLI was given them; empty: not given."""

    tls: str = ""
    tlsverify: str = ""
    ca: str = ""
    cert: str = ""
    key: str = ""


NO_TLS_FLAGS = TlsFlags()


def chosen_tls(flags: TlsFlags, env: Mapping[str, str], folder: DockerFolder) -> Tls | None:
    """The certificates to use, None for plain text. Options go before the environment.

    DOCKER_TLS_VERIFY and DOCKER_TLS, set to anything, ask for TLS, and the first verifies;
    `--tlsverify`, even `--tlsverify=false`, turns TLS on. Files alone turn nothing on.
    https://github.com/docker/cli/blob/master/cli/flags/options.go
    """
    verify = _is_on(flags.tlsverify, env.get("DOCKER_TLS_VERIFY", ""))
    if not (verify or flags.tlsverify or _is_on(flags.tls, env.get("DOCKER_TLS", ""))):
        return None
    usual = Path(env.get("DOCKER_CERT_PATH") or folder.path)
    files = folder.certificates(usual, not verify)
    # Verifying is by that folder's authority alone, as in the CLI: missing, it is an error.
    ca = flags.ca or (str(usual / "ca.pem") if verify else files.ca)
    return replace(files, ca=ca, cert=flags.cert or files.cert, key=flags.key or files.key)


def _is_on(flag: str, variable: str) -> bool:
    return flag.lower() not in _OFF if flag else bool(variable)
