"""Services as deploys leave them on one engine: one-offs, kamal's names, siblings, two projects."""

from tests.world.identity import Image, Start, Street, compose, labelled

KEPT = ("--restart", "unless-stopped")


def _builds(street: Street, lane: str) -> list[str]:
    """References of the four builds, newest first; each was pushed under its SHA."""
    images = [Image(street.lane(lane), sha, (sha,)) for sha in reversed(street.shas)]
    street.build(images)
    return [image.references[0] for image in reversed(images)]


def one_offs(street: Street) -> None:
    """Commands that `docker compose run` started beside services: one whose own container is
    stopped, one at an old build, and one that failed."""
    newest, *_, oldest = _builds(street, "one-offs")
    own, run = labelled(git_sha=street.shas[0]), {"oneoff": "True"}
    street.run([
        Start("one-web-1", newest, (*own, *KEPT, *compose("one", "web"))),
        Start("one-api-1", newest, (*own, *compose("one", "api"))),
    ])  # fmt: skip
    street.engine.docker("stop", "one-web-1")
    old = labelled(git_sha=street.shas[3])
    street.run([
        Start("one-web-run-1", newest, (*own, *compose("one", "web", **run))),
        Start("one-api-run-1", oldest, (*old, *compose("one", "api", **run))),
        Start("one-migrate-run-1", newest, (*own, *compose("one", "migrate", **run)),
              ("sh", "-c", "exit 3")),
    ])  # fmt: skip


def kamal(street: Street) -> None:
    """Each deploy has a name of its own, and old ones are kept; one was renamed by hand."""
    references = _builds(street, "kamal")
    role = ("--label=service=shop", "--label=role=web")
    names = [f"shop-web-{sha}" for sha in street.shas]
    for name, reference in reversed([*zip(names, references, strict=True)]):
        street.run([Start(name, reference, (*role, *KEPT))])
        if reference is not references[0]:
            street.engine.docker("stop", name)
    street.run([Start("cache", references[1], KEPT)])
    street.engine.docker("rename", "cache", "cache-old")
    street.engine.docker("stop", "cache-old")
    street.run([Start("cache", references[0], KEPT)])


def siblings(street: Street) -> None:
    """Of three replicas one has no label; two projects have a service of one name."""
    newest, _, older, oldest = _builds(street, "siblings")
    own = labelled(git_sha=street.shas[0])
    pay = [compose("pay", "pay", **{"container-number": str(n)}) for n in (1, 2, 3)]
    street.run([
        Start("pay-1", newest, (*own, *pay[0])), Start("pay-2", newest, (*own, *pay[1])),
        Start("pay-3", oldest, pay[2]),
        Start("prod-app-1", newest, (*own, *compose("prod", "app"))),
        Start("stage-app-1", older, (*labelled(git_sha=street.shas[2]), *compose("stage", "app"))),
    ])  # fmt: skip
    late = compose("late", "late"), compose("late", "late", oneoff="True")
    street.run([
        Start("late-1", newest, late[0]), Start("late-run-1", newest, (*own, *late[1]), ("true",)),
    ])  # fmt: skip
    reverted = street.history.named["reverted"]
    images = [
        Image(street.lane("fixes"), street.history.named[name], (street.history.named[name],))
        for name in ("reverted", "revert")
    ]
    street.build(images)
    street.run([Start("fixes", images[0].references[0], labelled(git_sha=reverted))])
