"""Builds and pushes images the way the deploys that we serve do: two tags a commit."""

from dataclasses import dataclass
from pathlib import Path

from tests.world.engine import EngineProcess

SOURCE = "https://github.com/acme/shop"
_DOCKERFILE = """\
FROM busybox:latest
COPY stamp /stamp
CMD ["sleep", "100000"]
"""


@dataclass(frozen=True, slots=True)
class Shipyard:
    """One engine's builder, and the registry's host that it pushes to."""

    engine: EngineProcess
    host: str
    folder: Path

    @property
    def shop(self) -> str:
        """The shop's image repository."""
        return f"{self.host}/acme/shop"

    def build(self, *references: str, stamp: str, **labels: str) -> None:
        """Build one image under these references; another `stamp` is another content."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "Dockerfile").write_text(_DOCKERFILE)
        (self.folder / "stamp").write_text(stamp)
        tags = [word for reference in references for word in ("--tag", reference)]
        words = [word for key, value in labels.items() for word in ("--label", f"{key}={value}")]
        self.engine.docker("build", "--quiet", *tags, *words, str(self.folder))

    def ship(self, sha: str, *, latest: bool = True, labelled: bool = True, **labels: str) -> str:
        """Build one commit, push it under its two tags, and return the SHA's reference; the image
        is `labelled` with its SHA, too, or leaves that to the container."""
        reference = f"{self.shop}:{sha}"
        references = (reference, f"{self.shop}:latest") if latest else (reference,)
        own = {"git.sha": sha} if labelled else {}
        said = {**own, "org.opencontainers.image.source": SOURCE, **labels}
        self.build(*references, stamp=sha, **said)
        for each in references:
            self.engine.docker("push", "--quiet", each)
        return reference

    def digest(self, reference: str) -> str:
        """The registry's digest of a reference that was pushed or pulled."""
        said = self.engine.docker("inspect", "--format", "{{json .RepoDigests}}", reference)
        return said.partition("@")[2].partition('"')[0]

    def forget(self, *references: str) -> None:
        """Remove references from the engine, as a prune does."""
        self.engine.docker("rmi", "--force", *references)
