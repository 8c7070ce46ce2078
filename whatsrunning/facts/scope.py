"""What a look is about: settings that change the answer, saved with the facts; no secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """`[services.NAME]` of the configuration."""

    repo: str = ""
    image: str = ""
    context: str = ""
    gates: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepoRule:
    """`[repos."OWNER/NAME"]` of the configuration."""

    clone: str = ""
    default_branch: str = ""
    gates: tuple[str, ...] = ()
    deploy_workflows: tuple[str, ...] = ()
    migrations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistryRule:
    """`[registries."HOST"]`: a CA file, or plain http and unverified TLS on the user's word."""

    ca: str = ""
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """One engine to ask: the context's name, its endpoint without secrets, and what chose it."""

    name: str
    endpoint: str
    chosen_by: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that queries and verdicts depend on besides facts."""

    command: str
    targets: tuple[Target, ...]
    services: tuple[str, ...] = ()
    argument: str = ""
    all_containers: bool = False
    revision_labels: tuple[str, ...] = ("git.sha",)
    project: str = ""
    service_rules: Mapping[str, ServiceRule] = field(default_factory=dict)
    image_rules: Mapping[str, str] = field(default_factory=dict)
    repo_rules: Mapping[str, RepoRule] = field(default_factory=dict)
    github_host: str = "github.com"
    github_token: bool = False
    offline: bool = False
    journal: bool = True
    save: bool = False
    since: datetime | None = None

    @property
    def asked_for(self) -> str:
        """The container or service that `show` names: it is looked up whatever it is."""
        return self.argument if self.command == "show" else ""
