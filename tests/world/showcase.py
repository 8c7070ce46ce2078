"""The fleet of the demo: one shop on one engine, some hours into a bad night."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from tests.world.fleet import Fleet, Truth
from tests.world.github.stories import Story, job, run
from tests.world.stories import compose_labels

NOW = datetime(2026, 3, 4, 5, 4, 5, tzinfo=UTC)
"""When the demo's look was taken: an hour after the newest commit."""

EARLIER = timedelta(hours=4, minutes=30)
"""How long before NOW the earlier look was, which the journal kept."""

AGES: Mapping[str, timedelta] = MappingProxyType(
    {
        "shop_web_1": timedelta(minutes=22),
        "shop_web_2": timedelta(minutes=22),
        "shop_web_3": timedelta(minutes=21),
        "shop_api_1": timedelta(hours=5),
        "shop_api_2": timedelta(minutes=20),
        "shop_worker_1": timedelta(hours=3),
        "shop_cart_1": timedelta(hours=12),
        "shop_mailer_1": timedelta(hours=14),
        "shop_search_1": timedelta(hours=15),
        "shop_db_1": timedelta(days=40),
        "traefik": timedelta(days=40),
    }
)
"""How long before NOW each container was created; the real ones are some seconds old."""

REPLACED: Mapping[str, timedelta] = MappingProxyType(
    {
        "shop_web_1": timedelta(hours=5, minutes=3),
        "shop_api_2": timedelta(hours=5),
        "shop_worker_1": timedelta(hours=23),
    }
)
"""How long before NOW those were created that had these names at that look."""

ENDED = timedelta(hours=9)
"""How long before NOW the mailer ended."""

TOO_SLOW: Story = {"runs": [run(job("lint"), job("test", "failure", 40, 2520))]}
"""CI of the newest commit: its tests failed ten minutes after it was deployed."""

_HEALTH = ("--health-interval", "1s", "--health-retries", "1", "--health-timeout", "30s")


def before_the_night(fleet: Fleet) -> None:
    """Five commits built in git order, and what ran of them before the night."""
    named = fleet.history.named
    for name in ("merge", "squash", "direct", "built-5", "built-8"):
        # The updater's image must not say the SHA itself, or the worker's label would be a copy.
        fleet.ship(named[name], labelled=name != "built-8")
    _run(fleet, "web", 1, named["built-8"])
    _run(fleet, "api", 1, named["built-8"])
    _run(fleet, "api", 2, named["built-8"])
    _run(fleet, "worker", 1, named["merge"])
    _run(fleet, "cart", 1, named["built-5"], "--health-cmd", "false", *_HEALTH)
    _run(fleet, "search", 1, named["squash"])
    fleet.yard.build("postgres:16", stamp="postgres")
    fleet.yard.build("traefik:3", stamp="traefik")
    fleet.run("postgres:16", Truth("shop_db_1", managed=False), *compose_labels("db", 1))
    fleet.run("traefik:3", Truth("traefik", managed=False))
    _settle(fleet, {"shop_cart_1": "(unhealthy)"})


def the_night(fleet: Fleet) -> None:
    """An updater re-creates the worker, the mailer dies, and a deploy does not wait for CI."""
    named = fleet.history.named
    fleet.yard.engine.docker("rm", "--force", *REPLACED)
    _worker(fleet, named["merge"], named["built-8"])
    _run(fleet, "mailer", 1, named["direct"], command=("sh", "-c", "exit 137"))
    fleet.ship(named["head"])
    for number in (1, 2, 3):
        _run(fleet, "web", number, named["head"], "--health-cmd", "true", *_HEALTH)
    _run(fleet, "api", 2, named["head"])
    healthy = {f"shop_web_{number}": "(healthy)" for number in (1, 2, 3)}
    _settle(fleet, {**healthy, "shop_mailer_1": "Exited (137)"})


def _run(
    fleet: Fleet, service: str, number: int, sha: str, *options: str, command: tuple[str, ...] = ()
) -> None:
    name = f"shop_{service}_{number}"
    fleet.deploy(name, sha, *options, *compose_labels(service, number), command=command)


def _worker(fleet: Fleet, said: str, real: str) -> None:
    """Re-created by an updater with the old label on the new image."""
    truth = Truth("shop_worker_1", sha=real, by="digest", proof="contradicted")
    image = f"{fleet.yard.shop}:{real}"
    fleet.run(image, truth, "--label", f"git.sha={said}", *compose_labels("worker", 1))


def _settle(fleet: Fleet, wanted: Mapping[str, str]) -> None:
    """Wait until the engine says these words of these containers."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        said = fleet.yard.engine.docker("ps", "--all", "--format", "{{.Names}} {{.Status}}")
        status = dict(line.split(" ", 1) for line in said.splitlines())
        if all(words in status[name] for name, words in wanted.items()):
            return
        time.sleep(0.2)
    raise AssertionError("the showcase did not settle")
