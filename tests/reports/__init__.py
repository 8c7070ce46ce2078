"""Reports made by hand: every verdict, every kind of unknown, and every command's own part."""

from tests.reports.commands import diff, has, history, rollback, unread_diff, unread_rollback
from tests.reports.first_screen import calm, copied, empty, hosts, ps, show, unreachable, unsure
from tests.reports.parts import NOW
from tests.reports.swarm import swarm
from tests.reports.typical import foreign, in_vain, typical

SAMPLES = {
    "ps": ps(),
    "ps-calm": calm(),
    "ps-empty": empty(),
    "ps-hosts": hosts(),
    "ps-unreachable": unreachable(),
    "ps-swarm": swarm(),
    "ps-typical": typical(),
    "ps-foreign": foreign(),
    "ps-in-vain": in_vain(),
    "show": show(),
    "show-unknown": show("api-1"),
    "show-nothing": show("mail-1"),
    "show-copied": copied(),
    "show-unsure": unsure(),
    "diff": diff(),
    "diff-unread": unread_diff(),
    "has": has(),
    "has-reverted": has("reverted"),
    "has-nowhere": has("nowhere"),
    "has-unsure": has("unsure"),
    "has-missing": has("missing"),
    "has-unknown": has("unknown"),
    "history": history(),
    "rollback-plan": rollback(),
    "rollback-plan-unread": unread_rollback(),
}

__all__ = ["NOW", "SAMPLES"]
