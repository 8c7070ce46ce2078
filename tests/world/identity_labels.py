"""Images and containers whose labels are inherited, copied, shared, or oddly written."""

from collections.abc import Callable, Iterator

from tests.world.identity import Image, Start, Street, compose, labelled, oci
from tests.world.mined import MinedHistory

OCI = "org.opencontainers.image.revision"
SOURCE = "https://github.com/acme/shop"
VERSIONS = ("v1.2.3", "latest")


def inherited(street: Street, cart: MinedHistory) -> Iterator[Start]:
    """Images of acme/cart, built over one that carries another's labels, and pulled since."""
    sha, older = cart.line[-1], cart.line[-2]
    bases = {"shop": oci(street.shas[3]), "vendor": oci("e" * 40, "vendor/base")}
    for name, said in bases.items():
        base = Image(f"base/{name}", sha, ("v1",), said)
        for kind, tags in (("short", (f"sha-{sha[:7]}",)), ("latest", (sha, "latest"))):
            lane = street.lane(f"{name}-{kind}", "acme/cart")
            street.build([base])
            old = older if kind == "latest" else f"sha-{older[:7]}"
            street.store([Image(lane, older, (old,))])
            image = Image(lane, sha, tags, base=base.references[0])
            street.build([image])
            street.engine.docker("rmi", "--force", *image.references, *base.references)
            yield Start(f"{name}-{kind}", image.references[-1])


def stranger(street: Street, cart: MinedHistory) -> Start:
    """A container of acme/cart, which only the label `git.sha` and its image's name tell of."""
    sha = cart.line[-1]
    image = Image(street.lane("stranger", "acme/cart"), sha, (sha,))
    street.build([image])
    return Start("stranger", image.references[0], labelled(git_sha=sha))


def bare(street: Street, service: str) -> Start:
    """Of one commit like the others, but its labels do not say of which repository."""
    sha = street.history.mainline[7]
    image = Image(street.lane("bare", f"acme/shop-{service}"), sha, VERSIONS, {OCI: sha})
    street.build([image])
    return Start(f"bare-{service}", image.references[0])


def monorepo(street: Street) -> Iterator[Start]:
    """Images that one workflow built of one commit, under versions alone."""
    newest, older = street.shas[0], street.history.mainline[8]
    for lane, own in {"source": oci(newest), "stack": {OCI: older}}.items():
        for service in ("api", "web", "worker"):
            image = Image(street.lane(lane, f"acme/shop-{service}"), own[OCI], VERSIONS, own)
            street.build([image])
            project = compose("shop", service) if lane == "stack" else ()
            yield Start(f"{lane}-{service}", image.references[0], project)


def copied(street: Street) -> Iterator[Start]:
    """Re-created with all labels of the container before, those of its older image among them."""
    newest, stale = street.shas[0], street.shas[3]
    schemes = {"version": VERSIONS, "short": (f"sha-{newest[:7]}",), "whole": (newest, "latest")}
    for name, tags in schemes.items():
        lane = street.lane(f"copied-{name}")
        old = {"version": "v1.0.0", "short": f"sha-{stale[:7]}", "whole": stale}[name]
        street.store([Image(lane, stale, (old,), oci(stale))])
        image = Image(lane, newest, tags, oci(newest))
        street.build([image])
        yield Start(f"copied-{name}", image.references[-1], (f"--label={OCI}={stale}",))


def elsewhere(street: Street) -> Iterator[Start]:
    """Image names that do not hold the repository's."""
    host, sha = street.registry.host, street.shas[1]
    names = {"ecr": f"{host}/shop-web", "hub": f"{host}/acme/web", "local": "shop-local"}
    for name, repository in names.items():
        image = Image(repository, sha, VERSIONS, oci(sha))
        street.build([image])
        yield Start(f"elsewhere-{name}", image.references[1])


FORMS: dict[str, Callable[[str], str]] = {
    "upper": lambda sha: sha.upper(),
    "quoted": lambda sha: f'"{sha}"',
    "flux": lambda sha: f"main@sha1:{sha}",
    "describe": lambda sha: f"v1.2.3-5-g{sha[:7]}",
    "modified": lambda sha: f"{sha}-modified",
    "dirty": lambda sha: f"{sha}-dirty",
}


def forms(street: Street) -> Iterator[Start]:
    """Labels of one commit, written in each of the ways; and those of other builders."""
    sha = street.shas[1]
    for name, form in FORMS.items():
        lane = street.lane(f"form-{name}")
        street.build([Image(lane, sha, (sha, "latest"))])
        yield Start(f"form-{name}", f"{lane}:latest", labelled(git_sha=form(sha)))
    lane = street.lane("form-schema")
    said = {"org.label-schema.vcs-ref": sha, "org.label-schema.vcs-url": SOURCE}
    street.build([Image(lane, sha, VERSIONS, said)])
    yield Start("form-schema", f"{lane}:latest")
