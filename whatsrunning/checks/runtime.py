"""Checks of what the engine says: dead, sick, and in circles; and of its clock."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from whatsrunning.checks.check import SERVING, CheckInput, Hit, hit, revision, said_name
from whatsrunning.checks.rollout import none_running
from whatsrunning.report.container import Container, Severity
from whatsrunning.text import ago

_LOOPING_RESTARTS = 3
_LOOPING_UPTIME = timedelta(minutes=5)
_MOST_SKEW = 5.0


def unhealthy(looked: CheckInput) -> Iterator[Hit]:
    """The health check fails."""
    for one in looked.serving:
        if one.health == "unhealthy":
            yield hit(one, f"is unhealthy at {revision(one)}")


def crash_looping(looked: CheckInput) -> Iterator[Hit]:
    """It ends again and again."""
    for one in looked.serving:
        if one.state == "restarting" or _just_restarted(one, looked):
            times = f" ({one.restart_count} restarts)" if one.restart_count else ""
            yield hit(one, f"keeps crashing at {revision(one)}{_ended(one)}{times}")


def nothing_running(looked: CheckInput) -> Iterator[Hit]:
    """A service of ours of which every container on an engine has stopped."""
    yield from none_running(looked)
    replicas = {it.name: it for _, it in looked.services}
    serving = {(one.project, one.service): one.engine for one in looked.serving}
    for members in _services(looked.report.containers):
        if any(one.state in SERVING for one in members):
            continue
        if (known := replicas.get(members[0].service)) and (known.running or known.desired == 0):
            continue
        stopped = [one for one in members if one.state != "removing" and not _did_its_job(one)]
        if stopped:
            last = max(stopped, key=lambda one: (one.created_at, one.name))
            elsewhere = serving.get((last.project, last.service), "")
            yield _nothing(last, looked, elsewhere)


def clock_skew(looked: CheckInput) -> Iterator[Hit]:
    """The engine's clock is off."""
    for engine in looked.report.engines:
        skew = engine.clock_skew_s
        if skew is not None and abs(skew) > _MOST_SKEW:
            way = "ahead of" if skew > 0 else "behind"
            name = said_name(engine.name or engine.context)
            said = f"the clock of {name} is {abs(skew):.0f} s {way} ours"
            yield Hit(engine.context, "", "", said)


def _services(containers: Iterable[Container]) -> Iterable[list[Container]]:
    groups: dict[tuple[str, str, str], list[Container]] = {}
    for one in containers:
        if one.managed:
            groups.setdefault((one.engine, one.project, one.service), []).append(one)
    return groups.values()


def _did_its_job(one: Container) -> bool:
    """A one-off: it ended well, and nothing was to start it again."""
    kept_up = one.restart_policy not in ("", "no", "on-failure")
    return one.state == "exited" and one.exit_code == 0 and not kept_up


def _nothing(last: Container, looked: CheckInput, elsewhere: str) -> Hit:
    name, service = said_name(last.name), said_name(last.service)
    if last.state == "created":
        how = "was created but never started"
    else:
        since = f" {ago(looked.now, last.finished_at)}" if last.finished_at else ""
        how = f"stopped{since}{_ended(last)}"
    here = f" on {said_name(last.engine)}, only on {said_name(elsewhere)}" if elsewhere else ""
    said = f"nothing runs of {service}{here}: {name} {how}"
    # What still runs on another engine may have moved there, or has lost a replica.
    moved = elsewhere or _may_have_moved(last, looked)
    severity: Severity | None = "warning" if moved else None
    return Hit(last.engine, last.name, last.service, said, severity=severity)


def _may_have_moved(one: Container, looked: CheckInput) -> bool:
    """A Swarm worker's task: whether another one runs on another node, only a manager knows."""
    problems = looked.report.problems
    workers = {each.subject for each in problems if each.code == "swarm-worker"}
    return one.engine in workers and one.name.startswith(f"{one.service}.")


def _ended(one: Container) -> str:
    if one.oom_killed:
        return ", out of memory"
    return f", exit code {one.exit_code}" if one.exit_code is not None else ""


def _just_restarted(one: Container, looked: CheckInput) -> bool:
    return (
        (one.restart_count or 0) >= _LOOPING_RESTARTS
        and one.started_at is not None
        and looked.now - one.started_at < _LOOPING_UPTIME
    )
