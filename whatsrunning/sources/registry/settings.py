"""What registries are read with: where Docker keeps logins and CAs, and each host's exceptions."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HostRule:
    """`[registries."HOST"]` of the configuration: a CA file, or plain http and any certificate."""

    ca: str = ""
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """Everything that reading registries depends on; `docker_config` is the path of config.json.

    `environment` is for credential helpers (PATH and what they read) and for the CA bundle.
    """

    docker_config: Path
    certs_dir: Path = Path("/etc/docker/certs.d")
    hosts: Mapping[str, HostRule] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)

    def rule(self, host: str) -> HostRule:
        """The rule of a registry's host, port included; nothing special unless configured."""
        return self.hosts.get(host, HostRule())
