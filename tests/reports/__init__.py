"""Reports made by hand: every verdict, every kind of unknown, and every command's own part."""

from tests.reports.commands import diff, has, history, rollback
from tests.reports.first_screen import calm, empty, hosts, ps, show, unreachable
from tests.reports.parts import NOW
from tests.reports.swarm import swarm

SAMPLES = {
    "ps": ps(),
    "ps-calm": calm(),
    "ps-empty": empty(),
    "ps-hosts": hosts(),
    "ps-unreachable": unreachable(),
    "ps-swarm": swarm(),
    "show": show(),
    "show-unknown": show("api-1"),
    "show-nothing": show("mail-1"),
    "diff": diff(),
    "has": has(),
    "has-reverted": has("reverted"),
    "has-nowhere": has("nowhere"),
    "has-unsure": has("unsure"),
    "has-missing": has("missing"),
    "has-unknown": has("unknown"),
    "history": history(),
    "rollback-plan": rollback(),
}

__all__ = ["NOW", "SAMPLES"]
