"""The fleet of the demo: one shop on one engine, some hours into a bad night."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from tests.world.fleet import Fleet, Truth
from tests.world.stories import compose_labels

NOW = datetime(2026, 3, 4, 5, 4, 5, tzinfo=UTC)
"""When the demo's look was taken: an hour after the newest commit."""

AGES: Mapping[str, timedelta] = MappingProxyType(
    {
        "shop_web_1": timedelta(minutes=22),
        "shop_web_2": timedelta(minutes=22),
        "shop_web_3": timedelta(minutes=21),
        "shop_api_1": timedelta(hours=6),
        "shop_api_2": timedelta(minutes=20),
        "shop_worker_1": timedelta(hours=3),
        "shop_cart_1": timedelta(hours=12),
        "shop_mailer_1": timedelta(hours=9),
        "shop_search_1": timedelta(hours=14),
        "shop_db_1": timedelta(days=40),
        "traefik": timedelta(days=40),
    }
)
"""How long before NOW each container was created; the real ones are some seconds old."""

_HEALTH = ("--health-interval", "1s", "--health-retries", "1", "--health-timeout", "30s")


def raise_showcase(fleet: Fleet) -> None:
    """Six commits built in git order, and what was left running of them."""
    named = fleet.history.named
    for name in ("merge", "squash", "direct", "built-5", "cherry-pick", "head"):
        fleet.ship(named[name])
    for number in (1, 2, 3):
        _run(fleet, "web", number, named["head"], "--health-cmd", "true", *_HEALTH)
    _run(fleet, "api", 1, named["cherry-pick"])
    _run(fleet, "api", 2, named["head"])
    _run(fleet, "cart", 1, named["built-5"], "--health-cmd", "false", *_HEALTH)
    _run(fleet, "mailer", 1, named["direct"], command=("sh", "-c", "exit 137"))
    _run(fleet, "search", 1, named["squash"])
    _worker(fleet, named["merge"], named["built-5"])
    fleet.yard.build("postgres:16", stamp="postgres")
    fleet.yard.build("traefik:3", stamp="traefik")
    fleet.run("postgres:16", Truth("shop_db_1", managed=False), *compose_labels("db", 1))
    fleet.run("traefik:3", Truth("traefik", managed=False))


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
