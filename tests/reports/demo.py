"""Reports of the demo's facts: what each view of it judges, without a process."""

import shlex
from functools import cache

from whatsrunning.app.pipeline import Request, look
from whatsrunning.app.replay import demo
from whatsrunning.config.options import Flags, resolve
from whatsrunning.report.report import Report

VIEWS = {
    "ps": "ps",
    "ps-all": "ps -a",
    "show": "show shop_worker_1",
    "diff": "diff",
    "has": "has 33",
    "history": "history",
    "rollback-plan": "rollback-plan web",
}
"""Each view of the demo, as it is typed behind `whatsrunning demo`."""


@cache
def demo_report(view: str) -> Report:
    """The report of a view; times are as of when the demo's facts were taken."""
    command, *words = shlex.split(VIEWS[view])
    every = "-a" in words
    flags = Flags(all_containers=every)
    arguments = tuple(word for word in words if word != "-a")
    snapshot = demo()
    options = resolve(flags, {}, False, snapshot.taken_at)
    request = Request(command, arguments, flags, snapshot, demo=True)
    return look(request, options, snapshot.taken_at, lambda _lanes: None).report
