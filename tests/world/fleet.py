"""A fleet and the truth about it: how each container was made, not what the program says of it."""

from dataclasses import dataclass, field, replace
from typing import Any

from tests.world.history import History
from tests.world.registry import RegistryProcess
from tests.world.shipyard import Shipyard


@dataclass(frozen=True, slots=True)
class Truth:
    """What must be said of a container; `sha` is the commit it really runs, or empty."""

    name: str
    claims: tuple[tuple[str, str], ...] = ()
    sha: str = ""
    by: str = ""
    proof: str = "verified"
    tagged: bool = True
    in_history: bool = True
    managed: bool = True
    state: str = "running"
    health: str = "none"
    service: str = ""
    project: str = ""


@dataclass(slots=True)
class Fleet:
    """The containers of one engine, their truth, and the SHAs that the registry has tags for."""

    yard: Shipyard
    registry: RegistryProcess
    history: History
    truths: dict[str, Truth] = field(default_factory=dict)
    built: set[str] = field(default_factory=set)

    def ship(self, sha: str, *, latest: bool = True, labelled: bool = True, **labels: str) -> str:
        """Build and push one commit."""
        self.built.add(sha)
        return self.yard.ship(sha, latest=latest, labelled=labelled, **labels)

    def run(self, image: str, truth: Truth, *options: str, command: tuple[str, ...] = ()) -> None:
        """Start one container and keep what is true about it."""
        self.yard.engine.docker(
            "run", "--detach", "--network", "none", "--stop-signal", "KILL",
            "--name", truth.name, *options, image, *command,
        )  # fmt: skip
        self.truths[truth.name] = truth

    def deploy(
        self, name: str, sha: str, *options: str, reference: str = "", command: tuple[str, ...] = ()
    ) -> None:
        """Start a container as the seed's workflow does: the SHA's tag, and the label."""
        truth = Truth(name, ((sha, "image-label"), (sha, "image-tag")), sha, "image-label")
        image = reference or f"{self.yard.shop}:{sha}"
        self.run(image, truth, "--label", f"git.sha={sha}", *options, command=command)

    def but(self, name: str, **known: Any) -> None:
        """Correct what is true of a container after the world moved on."""
        self.truths[name] = replace(self.truths[name], **known)
