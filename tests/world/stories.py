"""The stories of the small fleet: each container is made in the way that its name says."""

import shutil
import time

from tests.world.fleet import Fleet, Truth
from tests.world.images import delete_digest, fetch_image, put_image, put_index
from tests.world.shipyard import SOURCE


def raise_fleet(fleet: Fleet) -> None:
    """Build, push and run everything, in the order in which it would have happened."""
    for tell in (_old_builds, _labels, _proofs, _lines, _states, _services, _unmanaged, _settle):
        tell(fleet)


def compose_labels(service: str, number: int) -> tuple[str, ...]:
    """The labels that Compose gives a replica of the shop."""
    labels = {"project": "shop", "service": service, "container-number": str(number)}
    return tuple(
        word
        for key, value in labels.items()
        for word in ("--label", f"com.docker.compose.{key}={value}")
    )


def _old_builds(fleet: Fleet) -> None:
    """Commits of every merge kind, each deployed while it was the newest."""
    for name in ("merge", "squash", "rebase-2", "direct", "cherry-pick"):
        sha = fleet.history.named[name]
        fleet.ship(sha)
        fleet.deploy(name, sha)


def _labels(fleet: Fleet) -> None:
    """Claims of every form, on an image that carries no label of its own."""
    sha = fleet.history.named["built-1"]
    bare = f"{fleet.yard.shop}:{sha}"
    fleet.yard.build(bare, stamp="built-1", **{"org.opencontainers.image.source": SOURCE})
    fleet.yard.engine.docker("push", "--quiet", bare)
    fleet.built.add(sha)
    by_tag = (sha, "image-tag")
    for name, label in (("short", sha[:12]), ("prefixed", f"sha-{sha}"), ("upper", sha.upper())):
        truth = Truth(name, ((sha, "container-label"), by_tag), sha, "container-label")
        fleet.run(bare, truth, "--label", f"git.sha={label}")
    fleet.run(bare, Truth("tag-only", (by_tag,), sha, "image-tag"))
    nonsense = Truth("nonsense", (by_tag,), sha, "image-tag")
    fleet.run(bare, nonsense, "--label", "git.sha=v1.2.3-final")
    unlabelled = Truth("unlabelled", (), sha, "digest", "unlabelled", service="")
    digest = f"{fleet.yard.shop}@{fleet.yard.digest(bare)}"
    fleet.run(digest, unlabelled)


def _proofs(fleet: Fleet) -> None:
    _contradicted(fleet)
    _rebuilt(fleet)
    _two_tags(fleet)
    _saved(fleet)
    _pruned(fleet)
    _denied(fleet)
    _local(fleet)
    _mirrored(fleet)
    _multi_arch(fleet)


def _contradicted(fleet: Fleet) -> None:
    """watchtower's way: the image is another commit's, the label given at the start stayed. Where
    the image has the label too, it was copied from an older image, and the image's stands."""
    named = fleet.history.named
    old, bare, new = named["merge"], named["built-1"], named["squash"]
    stale = ((old, "container-label"), (bare, "image-tag"))
    truth = Truth("stale-label", stale, bare, "digest", "contradicted")
    fleet.run(f"{fleet.yard.shop}:{bare}", truth, "--label", f"git.sha={old}")
    claims = ((old, "container-label"), (new, "image-label"), (new, "image-tag"))
    truth = Truth("copied-label", claims, new, "image-label")
    fleet.run(f"{fleet.yard.shop}:{new}", truth, "--label", f"git.sha={old}")


def _rebuilt(fleet: Fleet) -> None:
    """The same tag pushed again with other content after the container was started."""
    sha = fleet.history.named["built-2"]
    reference = fleet.ship(sha)
    fleet.deploy("rebuilt", sha)
    fleet.but("rebuilt", proof="differs")
    fleet.yard.build(reference, stamp="again", **{"git.sha": sha})
    fleet.yard.engine.docker("push", "--quiet", reference)


def _two_tags(fleet: Fleet) -> None:
    """A retagged rollback: two SHA tags on one digest, and the label names the second."""
    first, second = fleet.history.named["built-3"], fleet.history.named["built-4"]
    fleet.ship(first, labelled=False)
    retagged = f"{fleet.yard.shop}:{second}"
    fleet.yard.engine.docker("tag", f"{fleet.yard.shop}:{first}", retagged)
    fleet.yard.engine.docker("push", "--quiet", retagged)
    fleet.built.add(second)
    claims = ((second, "container-label"), (second, "image-tag"))
    truth = Truth("two-tags", claims, second, "container-label")
    fleet.run(retagged, truth, "--label", f"git.sha={second}")


def _saved(fleet: Fleet) -> None:
    """docker save and load: no RepoDigests, the same image."""
    sha = fleet.history.named["built-5"]
    reference = fleet.ship(sha)
    archive = str(fleet.yard.folder / "saved.tar")
    fleet.yard.engine.docker("save", "--output", archive, reference)
    fleet.yard.forget(reference, f"{fleet.yard.shop}:latest")
    fleet.yard.engine.docker("load", "--input", archive)
    fleet.deploy("saved", sha)


def _pruned(fleet: Fleet) -> None:
    """The registry's tag is gone, its manifest is still there."""
    sha = fleet.history.named["built-6"]
    fleet.ship(sha, latest=False)
    fleet.deploy("pruned", sha)
    tags = "data/docker/registry/v2/repositories/acme/shop/_manifests/tags"
    shutil.rmtree(fleet.registry.folder / tags / sha)
    fleet.built.discard(sha)
    fleet.but("pruned", proof="label-only", tagged=False)


def _denied(fleet: Fleet) -> None:
    """The registry knows neither the tag nor the digest."""
    sha = fleet.history.named["built-7"]
    reference = fleet.ship(sha, latest=False)
    fleet.deploy("denied", sha)
    delete_digest(fleet.yard.host, "acme/shop", fleet.yard.digest(reference))
    fleet.built.discard(sha)
    fleet.but("denied", proof="denied", tagged=False)


def _local(fleet: Fleet) -> None:
    """Built on the server and never pushed; one of them from a dirty tree."""
    sha = fleet.history.named["built-8"]
    reference = f"{fleet.yard.shop}:{sha}"
    fleet.yard.build(reference, stamp="local", **{"git.sha": sha})
    fleet.deploy("never-pushed", sha)
    fleet.but("never-pushed", proof="label-only", tagged=False)
    dirty = f"{fleet.yard.shop}:dev"
    fleet.yard.build(dirty, stamp="dirty", **{"git.sha": f"{sha}-dirty"})
    claims = ((sha, "image-label"),)
    truth = Truth("dirty", claims, sha, "image-label", "label-only", tagged=False)
    fleet.run(dirty, truth, "--label", f"git.sha={sha}-dirty")


def _mirrored(fleet: Fleet) -> None:
    """Pulled through a mirror that has another name for the same content."""
    sha = fleet.history.named["merge"]
    mirror = f"{fleet.yard.host}/mirror/shop:{sha}"
    fleet.yard.engine.docker("tag", f"{fleet.yard.shop}:{sha}", mirror)
    fleet.yard.engine.docker("push", "--quiet", mirror)
    fleet.deploy("mirrored", sha, reference=mirror)


def _lines(fleet: Fleet) -> None:
    """Commits beside the default branch, one that nobody has, one with a hostile subject."""
    for name in ("release-2", "open-pr", "merge-side", "hostile", "revert"):
        sha = fleet.history.named[name]
        fleet.ship(sha, latest=False)
        fleet.deploy(name, sha)
    nowhere = "dead" * 10
    fleet.ship(nowhere, latest=False)
    fleet.deploy("nowhere", nowhere)
    fleet.but("nowhere", in_history=False)


def _multi_arch(fleet: Fleet) -> None:
    """An index with two platforms and an attestation, pulled as buildx pushes it."""
    sha = fleet.history.named["old"]
    reference = fleet.ship(sha, latest=False)
    host = fleet.yard.host
    ours = fleet.yard.engine.docker("version", "--format", "{{.Server.Os}}/{{.Server.Arch}}")
    native = fetch_image(host, "acme/shop", sha, ours)
    foreign = put_image(host, "acme/shop", content=b"other", platform="linux/s390x")
    put_index(host, "acme/shop", [sha], [foreign, native])
    fleet.yard.forget(reference)
    fleet.yard.engine.docker("pull", "--quiet", reference)
    fleet.deploy("multi-arch", sha)


_HEALTH = ("--health-interval", "1s", "--health-retries", "1", "--health-timeout", "30s")
# name, state, health, options of `docker run`, command
_STATES: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("healthy", "running", "healthy", ("--health-cmd", "true", *_HEALTH), ()),
    ("unhealthy", "running", "unhealthy", ("--health-cmd", "false", *_HEALTH), ()),
    ("starting", "running", "starting",
     ("--health-cmd", "false", "--health-interval", "1s", "--health-start-period", "9000s"), ()),
    ("crash-loop", "restarting", "none", ("--restart", "always"), ("sh", "-c", "exit 3")),
    ("failed", "exited", "none", (), ("sh", "-c", "exit 7")),
    ("paused", "paused", "none", (), ()),
)  # fmt: skip


def _settle(fleet: Fleet) -> None:
    """Wait until the health checks and the restart policy have done what the stories say."""
    ends = time.monotonic() + 60
    wanted = {"healthy": "(healthy)", "unhealthy": "(unhealthy)", "crash-loop": "Restarting"}
    while time.monotonic() < ends:
        said = fleet.yard.engine.docker("ps", "--all", "--format", "{{.Names}} {{.Status}}")
        status = dict(line.split(" ", 1) for line in said.splitlines())
        if all(words in status[name] for name, words in wanted.items()):
            return
        time.sleep(0.2)
    raise AssertionError("the fleet did not settle")


def _states(fleet: Fleet) -> None:
    """Every state that an engine has a word for."""
    sha = fleet.history.named["direct"]
    for name, state, health, options, command in _STATES:
        fleet.deploy(name, sha, *options, command=command)
        fleet.but(name, state=state, health=health)
    fleet.yard.engine.docker("pause", "paused")
    claims = ((sha, "image-label"), (sha, "image-tag"))
    fleet.truths["created"] = Truth("created", claims, sha, "image-label", state="created")
    image = f"{fleet.yard.shop}:{sha}"
    fleet.yard.engine.docker("create", "--network", "none", "--name", "created", image)


def _services(fleet: Fleet) -> None:
    """Compose services: replicas that agree, replicas that do not, and `:latest` that moved on."""
    older, newer = fleet.history.named["cherry-pick"], fleet.history.named["head"]
    fleet.deploy("floating", older, reference=_latest(fleet, older))
    fleet.but("floating", claims=((older, "image-label"),))
    fleet.ship(newer)
    for number in (1, 2, 3):
        _replica(fleet, "web", number, newer)
    _replica(fleet, "api", 1, older)
    _replica(fleet, "api", 2, newer)


def _latest(fleet: Fleet, sha: str) -> str:
    """Point `:latest` at an older build, as a rollback by retagging does."""
    latest = f"{fleet.yard.shop}:latest"
    fleet.yard.engine.docker("tag", f"{fleet.yard.shop}:{sha}", latest)
    fleet.yard.engine.docker("push", "--quiet", latest)
    return latest


def _replica(fleet: Fleet, service: str, number: int, sha: str) -> None:
    name = f"shop_{service}_{number}"
    fleet.deploy(name, sha, *compose_labels(service, number))
    fleet.but(name, service=service, project="shop")


def _unmanaged(fleet: Fleet) -> None:
    """Somebody else's images: no label, no configured name."""
    for name in ("postgres", "traefik"):
        fleet.yard.build(f"{name}:15", stamp=name)
        fleet.run(f"{name}:15", Truth(name, managed=False, proof="unknown"))
