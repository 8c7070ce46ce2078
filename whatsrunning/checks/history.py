"""Checks against history: other branches, two revisions at once, `:latest`, and a clone too old."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from whatsrunning.checks.check import CheckInput, Hit, hit, listed, revision, said_name
from whatsrunning.checks.rollout import is_updating
from whatsrunning.facts.answers import Found, Unknown
from whatsrunning.report.container import Built, Container, Severity
from whatsrunning.text import short

_SETTLING = timedelta(minutes=10)
_COLOUR = re.compile(r"(?P<base>.*?)[-_.](?P<colour>blue|green)", re.IGNORECASE)


def not_on_default_branch(looked: CheckInput) -> Iterator[Hit]:
    """What runs is on no way to what will be built next."""
    for one in looked.serving:
        if isinstance(one.commit, Found) and one.commit.value.on_default_branch is False:
            yield hit(one, f"runs {revision(one)}, which the default branch does not contain")


def reverted(looked: CheckInput) -> Iterator[Hit]:
    """What runs was taken back since."""
    for one in looked.serving:
        back = [it for it in one.pending_fixes if it.kind == "revert" and it.whole]
        if back:
            yield hit(one, f"runs {revision(one)}, which {short(back[0].sha)} reverted since")


def fix_waiting(looked: CheckInput) -> Iterator[Hit]:
    """What would repair it is there, and not deployed."""
    for one in looked.serving:
        if one.pending_fixes:
            best = next((it for it in one.pending_fixes if it.built), one.pending_fixes[0])
            state = "built" if best.built else "merged, not built yet,"
            yield hit(
                one,
                f"waits for {short(best.sha)}: a {best.kind} of what it runs is {state} "
                "and not deployed",
            )


def split_revisions(looked: CheckInput) -> Iterator[Hit]:
    """One service, several revisions."""
    groups: dict[tuple[str, str], list[Container]] = {}
    going = {(one.engine, one.replaces) for one in looked.report.containers if one.replaces}
    for one in looked.serving:
        if (one.engine, one.id) not in going:
            groups.setdefault((one.project, _base(one.service)), []).append(one)
    for (_, service), members in groups.items():
        revisions = _revisions(members)
        if len(revisions) > 1:
            yield _split(looked, service, members, revisions)


def latest_moved(looked: CheckInput) -> Iterator[Hit]:
    """Re-creating the container would change what runs."""
    for one in looked.serving:
        if not (isinstance(one.built, Found) and isinstance(one.revision, Found)):
            continue
        built, now = one.built.value, one.revision.value.sha
        if _follows_latest(one) and built.latest_sha and built.latest_sha != now:
            yield hit(one, _moved(built, revision(one)))


def stale_clone(looked: CheckInput) -> Iterator[Hit]:
    """The clone at hand lacks commits that were built."""
    seen: set[str] = set()
    for one in looked.report.containers:
        if not isinstance(one.built, Unknown) or one.built.problem.code != "stale-clone":
            continue
        problem = one.built.problem
        if problem.id not in seen:
            seen.add(problem.id)
            yield Hit("", "", "", problem.message, problem.hint)


def _base(service: str) -> str:
    """A service's name without the colour of a blue and green pair."""
    match = _COLOUR.fullmatch(service)
    return match["base"] if match else service


def _revisions(members: list[Container]) -> Mapping[str, list[Container]]:
    """Members by effective revision, the revision nearest to the newest build first."""
    groups: dict[str, list[Container]] = {}
    for one in members:
        if isinstance(one.revision, Found):
            groups.setdefault(one.revision.value.sha, []).append(one)
    return dict(sorted(groups.items(), key=lambda pair: (_distance(pair[1]), pair[0])))


def _distance(members: list[Container]) -> float:
    built = members[0].built
    behind = built.value.commits_behind if isinstance(built, Found) else None
    return float("inf") if behind is None else behind


def _split(
    looked: CheckInput,
    service: str,
    members: list[Container],
    revisions: Mapping[str, list[Container]],
) -> Hit:
    engines = {one.engine for one in members}
    severity: Severity = "info" if _is_settling(looked, members) else "warning"
    return Hit(
        engine=engines.pop() if len(engines) == 1 else "",
        container="",
        service=service,
        message=_sides(service, members, revisions),
        severity=severity,
    )


def _sides(service: str, members: list[Container], revisions: Mapping[str, list[Container]]) -> str:
    several = len({one.engine for one in members}) > 1
    at = [f"{short(sha)} on {listed(_where(some, several))}" for sha, some in revisions.items()]
    if len({one.service.lower() for one in members}) > 1:
        return f"{said_name(service)}: two live, traffic unknown: {'; '.join(at)}"
    distances = [_distance(some) for some in revisions.values()]
    if len(set(distances)) == len(distances) and distances[-1] != float("inf"):
        at[0] = f"the newer {at[0]}"
        at[-1] = f"the older {at[-1]}"
    return f"{said_name(service)} runs {len(at)} revisions: {'; '.join(at)}"


def _where(members: list[Container], several: bool) -> list[str]:
    """Names, with their engines where there are several: hosts of one fleet share names."""
    return [f"{one.name} ({one.engine})" if several else one.name for one in members]


def _is_settling(looked: CheckInput, members: list[Container]) -> bool:
    """An update runs, or has just run."""
    names = {one.service for one in members}
    if any(it.name in names and is_updating(it) for _, it in looked.services):
        return True
    dated = [one.deployed_at.value.at for one in members if isinstance(one.deployed_at, Found)]
    fresh = bool(dated) and looked.now - max(dated) <= _SETTLING
    return fresh or any(one.health == "starting" for one in members)


def _follows_latest(one: Container) -> bool:
    """Whether the container was made from `:latest`, or from a name without any tag."""
    name, _, digest = one.image.reference.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    named = bool(one.image.repository) and not re.fullmatch(r"(sha256:)?[0-9a-f]{12,64}", name)
    return named and not digest and tag in ("", "latest")


def _moved(built: Built, now: str) -> str:
    latest = short(built.latest_sha)
    if built.newest_sha and built.latest_sha != built.newest_sha:
        return (
            f"runs {now} by :latest, which was moved back to {latest} (the newest build is "
            f"{short(built.newest_sha)}): re-creating it would bring {latest}"
        )
    return f"runs {now} by :latest, which is {latest} by now: re-creating it would bring {latest}"
