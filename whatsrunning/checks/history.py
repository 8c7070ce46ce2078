"""Checks against history: other branches, two revisions at once, `:latest`, and a clone too old."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from whatsrunning import names
from whatsrunning.checks.check import CheckInput, Hit, hit, listed, revision, said_name
from whatsrunning.checks.rollout import is_updating
from whatsrunning.names.service import address
from whatsrunning.report.container import Built, Container, PendingFix, Severity
from whatsrunning.text import short

_SETTLING = timedelta(minutes=10)
_COLOUR = re.compile(r"(?P<base>.*?)[-_.](?P<colour>blue|green)", re.IGNORECASE)
_FIXES = {
    True: ("in a build", ""),
    None: ("merged", "; whether it is built could not be looked at"),
    False: ("merged, not built yet,", ""),
}
_FAR = float("inf")


def not_on_default_branch(given: CheckInput) -> Iterator[Hit]:
    """What is built next from the default branch will not have the commit that runs."""
    for container in given.serving:
        commit = container.commit.value_or(None)
        if commit and commit.on_default_branch is False:
            what = f"runs {revision(container)}"
            yield hit(container, f"{what}, which the default branch does not contain")


def reverted(given: CheckInput) -> Iterator[Hit]:
    """What runs was taken back since."""
    for container in given.serving:
        reverts = [fix for fix in container.pending_fixes if fix.kind == "revert" and fix.whole]
        if reverts:
            by = short(reverts[0].sha)
            yield hit(container, f"runs {revision(container)}, which {by} reverted since")


def fix_waiting(given: CheckInput) -> Iterator[Hit]:
    """What would repair it is there, and not deployed."""
    for container in given.serving:
        if fixes := sorted(container.pending_fixes, key=_least_built):
            fix, (state, unsure) = fixes[0], _FIXES[fixes[0].built]
            what = f"a {fix.kind} of what it runs is {state} and not deployed{unsure}"
            yield hit(container, f"waits for {short(fix.sha)}: {what}")


def _least_built(fix: PendingFix) -> int:
    return (True, None, False).index(fix.built)


def split_revisions(given: CheckInput) -> Iterator[Hit]:
    """One service, several revisions."""
    groups: dict[tuple[str, str], list[Container]] = {}
    replaced = {(c.engine, c.replaces) for c in given.report.containers if c.replaces}
    for container in given.serving:
        if (container.engine, container.id) not in replaced:
            colour = _COLOUR.fullmatch(container.service)
            base = colour["base"] if colour else container.service
            groups.setdefault((container.project, base), []).append(container)
    for (project, service), members in groups.items():
        revisions = _revisions(members)
        if len(revisions) > 1:
            engines = {container.engine for container in members}
            engine = engines.pop() if len(engines) == 1 else ""
            shared = any(container.service in given.shared for container in members)
            said = said_name(address(project, service) if shared else service)
            message = _sides(said, members, revisions)
            severity: Severity | None = "info" if _is_settling(given, members) else None
            yield Hit(engine, "", service, message, severity=severity, project=project)


def latest_moved(given: CheckInput) -> Iterator[Hit]:
    """Re-creating the container would change what runs."""
    for container in given.serving:
        built = container.built.value_or(None)
        moved = built and container.sha and built.latest_sha not in ("", container.sha)
        if built and moved and names.follows_latest(container.image.reference):
            yield hit(container, f"runs {revision(container)} by :latest, {_moved(built)}")


def stale_clone(given: CheckInput) -> Iterator[Hit]:
    """The clone at hand lacks commits that were built."""
    problems = (container.built.problem for container in given.report.containers)
    stale = {
        problem.id: problem for problem in problems if problem and problem.code == "stale-clone"
    }
    for problem in stale.values():
        yield Hit("", "", "", problem.message, problem.hint)


def _revisions(members: list[Container]) -> Mapping[str, list[Container]]:
    """Members by effective revision, the revision nearest to the newest build first."""
    groups: dict[str, list[Container]] = {}
    for container in members:
        if container.sha:
            groups.setdefault(container.sha, []).append(container)
    return dict(sorted(groups.items(), key=lambda pair: (_distance(pair[1]), pair[0])))


def _distance(members: list[Container]) -> float:
    built = members[0].built.value_or(None)
    return _FAR if built is None or built.commits_behind is None else built.commits_behind


def _sides(said: str, members: list[Container], revisions: Mapping[str, list[Container]]) -> str:
    several = len({container.engine for container in members}) > 1
    at = [f"{short(sha)} on {listed(_where(some, several))}" for sha, some in revisions.items()]
    if len({container.service.lower() for container in members}) > 1:
        return f"{said}: two live, traffic unknown: {'; '.join(at)}"
    distances = [_distance(some) for some in revisions.values()]
    if len(set(distances)) == len(distances) and distances[-1] != _FAR:
        at[0] = f"the newer {at[0]}"
        at[-1] = f"the older {at[-1]}"
    return f"{said} runs {len(at)} revisions: {'; '.join(at)}"


def _where(members: list[Container], several: bool) -> list[str]:
    """Names, with their engines where there are several: hosts of one fleet share names."""
    return [f"{c.name} ({c.engine})" if several else c.name for c in members]


def _is_settling(given: CheckInput, members: list[Container]) -> bool:
    """An update runs, or has just run."""
    services = {container.service for container in members}
    if any(service.name in services and is_updating(service) for _, service in given.services):
        return True
    dated = [container.changed_at for container in members if container.changed_at]
    fresh = bool(dated) and given.now - max(dated) <= _SETTLING
    return fresh or any(container.health == "starting" for container in members)


def _moved(built: Built) -> str:
    latest = short(built.latest_sha)
    back = f"which was moved back to {latest} (the newest build is {short(built.newest_sha)})"
    moved_back = built.newest_sha not in ("", built.latest_sha)
    now = back if moved_back else f"which is {latest} by now"
    return f"{now}: re-creating it would bring {latest}"
