"""Checks of what the engine says: stopped, unhealthy, crash-looping; and of the engine's clock."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from whatsrunning.checks.check import CheckInput, Hit, hit, listed, revision, said_name
from whatsrunning.checks.rollout import none_running
from whatsrunning.report.container import Container, Severity
from whatsrunning.text import ago, short

_LOOPING_RESTARTS = 3
_LOOPING_UPTIME = timedelta(minutes=5)
_MOST_SKEW = 5.0
_MISSED = (
    "deploy it again (whatsrunning history says what ran), or set context under it in the "
    "configuration where it runs on another engine now"
)
_OVER = "if it was taken away on purpose, there is nothing to do"
_NOWHERE = "mind how it is written, or set context under it where it runs on another engine"


def unhealthy(given: CheckInput) -> Iterator[Hit]:
    """The health check fails."""
    for container in given.serving:
        if container.health == "unhealthy":
            yield hit(container, f"is unhealthy at {revision(container)}")


def crash_looping(given: CheckInput) -> Iterator[Hit]:
    """It ends again and again."""
    for container in given.serving:
        restarts, started = container.restart_count or 0, container.started_at
        young = started is not None and given.now - started < _LOOPING_UPTIME
        if container.state == "restarting" or (restarts >= _LOOPING_RESTARTS and young):
            times = f" ({restarts} restarts)" if restarts else ""
            what = f"keeps crashing at {revision(container)}"
            yield hit(container, f"{what}{_ended(container)}{times}")


def nothing_running(given: CheckInput) -> Iterator[Hit]:
    """A managed service of which every container on an engine has stopped."""
    yield from none_running(given)
    yield from _gone(given)
    replicas = {service.name: service for _, service in given.services}
    serving = {(c.project, c.service): c.engine for c in given.serving}
    for members in _services(given.report.containers):
        swarm = replicas.get(members[0].service)
        runs = any(container.serves for container in members)
        if runs or (swarm and (swarm.running or swarm.desired == 0)):
            continue
        stopped = [c for c in members if c.state != "removing" and not _did_its_job(c)]
        if stopped:
            last = max(stopped, key=lambda container: (container.created_at, container.name))
            yield _nothing(last, given, serving.get((last.project, last.service), ""))


def clock_skew(given: CheckInput) -> Iterator[Hit]:
    """The engine's clock is off."""
    for engine in given.report.engines:
        skew = engine.clock_skew_s
        if skew is not None and abs(skew) > _MOST_SKEW:
            way = "ahead of" if skew > 0 else "behind"
            name = said_name(engine.name or engine.context)
            yield Hit(
                engine.context, "", "", f"the clock of {name} is {abs(skew):.0f} s {way} ours"
            )


def _services(containers: Iterable[Container]) -> Iterable[list[Container]]:
    groups: dict[tuple[str, str, str], list[Container]] = {}
    for container in containers:
        if container.managed and not container.one_off:
            key = (container.engine, container.project, container.service)
            groups.setdefault(key, []).append(container)
    return groups.values()


def _did_its_job(container: Container) -> bool:
    """A one-off: it ended well, and nothing was to start it again."""
    kept_up = container.restart_policy not in ("", "no", "on-failure")
    return container.state == "exited" and container.exit_code == 0 and not kept_up


def _nothing(last: Container, given: CheckInput, elsewhere: str) -> Hit:
    since = f" {ago(given.now, last.finished_at)}" if last.finished_at else ""
    created = last.state == "created"
    how = "was created but never started" if created else f"stopped{since}{_ended(last)}"
    here = f" on {said_name(last.engine)}, only on {said_name(elsewhere)}" if elsewhere else ""
    message = f"nothing runs of {given.service(last)}{here}: {said_name(last.name)} {how}"
    # What still runs on another engine may have moved there, or has lost a replica.
    severity: Severity | None = "warning" if elsewhere or _may_have_moved(last, given) else None
    about = (last.engine, last.name, last.service)
    return Hit(*about, message, severity=severity, project=last.project)


def _gone(given: CheckInput) -> Iterator[Hit]:
    """What the configuration wants here is missed; what only an earlier look saw may be over."""
    for one in given.report.gone:
        if one.engine:
            seen = f", last seen {ago(given.now, one.seen_at)}" if one.seen_at else ""
            ran = f" at {short(one.sha)}" if one.sha else ""
            message = f"nothing is left of {given.service(one)}{seen}{ran}"
            hint = _MISSED if one.configured else _OVER
            severity: Severity = "critical" if one.configured else "info"
            about = (one.engine, "", one.service)
            yield Hit(*about, message, hint, severity, project=one.project)
    if nowhere := [said_name(one.service) for one in given.report.gone if not one.engine]:
        message = f"nothing here is called {listed(nowhere)}, as the configuration says"
        yield Hit("", "", "", message, _NOWHERE, "info")


def _may_have_moved(container: Container, given: CheckInput) -> bool:
    """A Swarm worker's task: whether another one runs on another node, only a manager knows."""
    worker = any(
        problem.code == "swarm-worker" and problem.subject == container.engine
        for problem in given.report.problems
    )
    return worker and container.name.startswith(f"{container.service}.")


def _ended(container: Container) -> str:
    if container.oom_killed:
        return ", out of memory"
    return f", exit code {container.exit_code}" if container.exit_code is not None else ""
