"""Two engines with managed services, all of them judged."""

from tests.scene import IMAGE, REPOSITORY, Scene, digest, sha

V = sha("v")


def fleet() -> Scene:
    """Two engines with a service each, and one in common."""
    scene = Scene(project=REPOSITORY)
    scene.clone("v")
    scene.push(V, digest("top"), digest("config"))
    _put(scene, "web-2", "web")
    _put(scene, "web-1", "web")
    _put(scene, "api-1", "api")
    scene.add_engine("canary")
    _put(scene, "web-1", "web")
    return scene


def _put(scene: Scene, name: str, service: str) -> None:
    labels = {"git.sha": V, "com.docker.compose.service": service}
    scene.container(name, f"{IMAGE}:{V}", digest("config"), labels)
