"""What registries are read with: where Docker keeps logins and CAs, and each host's exceptions."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from whatsrunning.facts.scope import RegistryRule


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """Everything that reading registries depends on; `docker_config` is the path of config.json.

    `environment` is for credential helpers (PATH and what they read) and for the CA bundle.
    """

    docker_config: Path
    certs_dir: Path = Path("/etc/docker/certs.d")
    hosts: Mapping[str, RegistryRule] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)

    def rule(self, host: str) -> RegistryRule:
        """The rule of a registry's host, port included; nothing special unless configured."""
        return self.hosts.get(host, RegistryRule())
