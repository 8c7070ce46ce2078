"""Ways to come to each proof status: one container, its image, and what the registry has."""

from collections.abc import Callable

from tests.scene import IMAGE, Scene, digest, lost, sha
from whatsrunning.facts.engine import EngineDistribution, Store
from whatsrunning.facts.registry import RegistryManifest

V, W = sha("v"), sha("w")


def run(
    store: Store = "classic",
    *,
    config: str = "config-v",
    top: str = "top-v",
    tag: str = V,
    label: str = "",
    baked: str = "",
    oci: str = "",
    digests: bool = True,
    more_tags: tuple[str, ...] = (),
) -> Scene:
    """A scene with one container, whose image was pulled from the registry under a tag."""
    scene = Scene(store, project="acme/shop", revision_labels=("git.sha",))
    scene.clone("w", "v", "u")
    reference = f"{IMAGE}:{tag}" if tag else f"{IMAGE}@{digest(top)}"
    image = scene.image(
        digest(config) if store == "classic" else digest(top),
        *((reference,) if tag else ()),
        *(f"{IMAGE}:{name}" for name in more_tags),
        digests=[f"{IMAGE}@{digest(top)}"] if digests else [],
        labels={
            key: said
            for key, said in (("git.sha", baked), ("org.opencontainers.image.revision", oci))
            if said
        },
    )
    scene.container("web", reference, image, {"git.sha": label} if label else {})
    return scene


def verified(store: Store) -> Scene:
    scene = run(store, label=V)
    scene.push(V, digest("top-v"), digest("config-v"))
    return scene


def index(store: Store) -> Scene:
    scene = run(store, baked=V)
    children = {digest("child"): digest("config-v"), digest("other"): digest("config-arm")}
    scene.push(V, digest("top-v"), children=children)
    return scene


def new_index_same_platform(store: Store) -> Scene:
    """The index was pushed again, with new attestations: this platform's manifest is the same."""
    scene = run(store, baked=V)
    scene.push("old", digest("top-v"), children={digest("child"): digest("config-v")})
    scene.push(V, digest("top-again"), children={digest("child"): digest("config-v")})
    return scene


def pulled_by_platform(store: Store) -> Scene:
    scene = run(store, top="child", baked=V)
    scene.push(V, digest("index"), children={digest("child"): digest("config-v")})
    return scene


def mirror(store: Store) -> Scene:
    scene = Scene(store, project="acme/shop")
    scene.clone("v", "u")
    id_ = digest("config-v") if store == "classic" else digest("top-v")
    names = [f"mirror.test/x@{digest('else')}", f"mirror.test/y@{digest('top-v')}"]
    scene.image(id_, f"{IMAGE}:{V}", digests=names, labels={"git.sha": V})
    scene.container("web", f"{IMAGE}:{V}", id_)
    scene.push(V, digest("top-v"), digest("config-v"))
    return scene


def saved_and_loaded(_store: Store) -> Scene:
    scene = run("classic", baked=V, digests=False)
    scene.push(V, digest("top-v"), digest("config-v"))
    return scene


def saved_and_loaded_index(_store: Store) -> Scene:
    scene = run("classic", baked=V, digests=False)
    children = {digest("other"): digest("config-arm"), digest("child"): digest("config-v")}
    scene.push(V, digest("top-v"), children=children)
    return scene


def two_tags(store: Store) -> Scene:
    scene = run(store, tag=W, oci=V, label=W)
    scene.push(V, digest("top-v"), digest("config-v"))
    scene.push(W, digest("top-v"), digest("config-v"))
    return scene


def other_name(store: Store) -> Scene:
    """Builds are pushed as `sha-<whole>` only."""
    scene = run(store, tag="latest", label=V)
    scene.push(f"sha-{V}", digest("top-v"), digest("config-v"))
    return scene


def rebuilt(store: Store) -> Scene:
    scene = run(store, baked=V)
    scene.push("old", digest("top-v"), digest("config-v"))
    scene.push(V, digest("again"), digest("config-again"))
    scene.push(W, digest("top-w"), digest("config-w"))
    return scene


def stale_label(store: Store) -> Scene:
    """watchtower's way: the label stayed, the image is another commit's."""
    scene = run(store, config="config-w", top="top-w", tag="latest", label=V, oci=W)
    scene.push(V, digest("top-v"), digest("config-v"))
    scene.push(W, digest("top-w"), digest("config-w"))
    return scene


def wrong_label(store: Store) -> Scene:
    """Nothing on the engine names the right one: only the registry's tags do."""
    scene = run(store, config="config-w", top="top-w", tag="latest", label=V)
    scene.push(V, digest("top-v"), digest("config-v"))
    scene.push(W, digest("top-w"), digest("config-w"))
    return scene


def two_others(store: Store) -> Scene:
    scene = wrong_label(store)
    scene.push(sha("u"), digest("top-w"), digest("config-w"))
    return scene


def pruned(store: Store) -> Scene:
    scene = run(store, baked=V)
    scene.push(V, digest("top-v"), digest("config-v"))
    scene.untag(V)
    return scene


def pruned_but_found(store: Store) -> Scene:
    """The label's tag never was, and the digest has the tag of another commit."""
    scene = run(store, tag="latest", label=V)
    scene.push(W, digest("top-v"), digest("config-v"))
    return scene


def never_pushed(_store: Store) -> Scene:
    return run("classic", baked=V, digests=False)


def denied(store: Store) -> Scene:
    scene = run(store, baked=V)
    scene.push(W, digest("top-w"), digest("config-w"))
    return scene


def no_registry(store: Store) -> Scene:
    scene = Scene(store, project="acme/shop")
    scene.image(digest("config-v"), "web:dev", labels={"git.sha": f"{V}-dirty"})
    scene.container("web", "web:dev", digest("config-v"))
    return scene


def unlabelled(store: Store) -> Scene:
    scene = run(store, tag="")
    scene.push(V, digest("top-v"), digest("config-v"))
    scene.push(W, digest("top-w"), digest("config-w"))
    return scene


def unlabelled_twice(store: Store) -> Scene:
    scene = unlabelled(store)
    scene.push(W, digest("top-v"), digest("config-v"))
    return scene


def unlabelled_stranger(store: Store) -> Scene:
    scene = run(store, tag="")
    scene.push(W, digest("top-w"), digest("config-w"))
    return scene


def no_answer(store: Store) -> Scene:
    scene = verified(store)
    query = RegistryManifest(IMAGE, V)
    scene.answers[query] = lost(query, "unauthorized")
    return scene


def through_the_engine(store: Store) -> Scene:
    """Only the engine reaches the registry."""
    scene = verified(store)
    query = RegistryManifest(IMAGE, V)
    answer = scene.answers[query]
    scene.answers[query] = lost(query, "refused")
    scene.answers[EngineDistribution("prod", f"{IMAGE}:{V}")] = answer
    return scene


def removed_image(_store: Store) -> Scene:
    """The image was removed under the running container; its config digest is still its name."""
    scene = Scene("classic", project="acme/shop")
    scene.container("web", f"{IMAGE}:{V}", digest("config-v"), {"git.sha": V})
    scene.push(V, digest("top-v"), digest("config-v"))
    return scene


Make = Callable[[Store], Scene]
Case = tuple[Make, str, str, str, tuple[str, ...]]
# How it was made, and the proof, revision, identified_by and matching SHAs that must be said.
CASES: list[Case] = [
    (verified, "verified", V, "container-label", ()),
    (index, "verified", V, "image-label", ()),
    (new_index_same_platform, "verified", V, "image-label", ()),
    (pulled_by_platform, "verified", V, "image-label", ()),
    (mirror, "verified", V, "image-label", ()),
    (saved_and_loaded, "verified", V, "image-label", ()),
    (saved_and_loaded_index, "verified", V, "image-label", ()),
    (two_tags, "verified", W, "container-label", ()),
    (other_name, "verified", V, "container-label", ()),
    (through_the_engine, "verified", V, "container-label", ()),
    (removed_image, "verified", V, "container-label", ()),
    (rebuilt, "differs", V, "image-label", ()),
    (stale_label, "contradicted", W, "digest", (W,)),
    (wrong_label, "contradicted", W, "digest", (W,)),
    (two_others, "contradicted", "none", "", tuple(sorted((W, sha("u"))))),
    (pruned, "label-only", V, "image-label", ()),
    (pruned_but_found, "label-only", W, "digest", (W,)),
    (never_pushed, "label-only", V, "image-label", ()),
    (no_registry, "label-only", V, "image-label", ()),
    (denied, "denied", V, "image-label", ()),
    (unlabelled, "unlabelled", V, "digest", (V,)),
    (unlabelled_twice, "unlabelled", "none", "", tuple(sorted((V, W)))),
    (unlabelled_stranger, "unlabelled", "none", "", ()),
    (no_answer, "unknown", V, "container-label", ()),
]


def words(case: Case) -> str:
    """The name of a case, in words."""
    return case[0].__name__.replace("_", " ")
