"""What a container replaced: the period of its service before those of its own revision."""

from collections.abc import Iterator
from datetime import datetime
from itertools import dropwhile, takewhile

from whatsrunning.facts.answers import Answer, Found, Nothing, first_unknown
from whatsrunning.facts.store import Case
from whatsrunning.report.commands import Period
from whatsrunning.report.container import Container, DeployedAt, Previous
from whatsrunning.verdicts.past.answers import ServiceKey, past_answers
from whatsrunning.verdicts.past.periods import periods_of


def previous(case: Case, container: Container) -> Answer[Previous]:
    """The revision that the container's own replaced; Nothing where every source tells of none."""
    return container.deployed_at.then(lambda deployed: _replaced(case, container, deployed))


def revision_since(case: Case, container: Container) -> datetime | None:
    """Since when its service runs the container's revision, in however many containers."""
    deployed = container.deployed_at.value_or(None)
    if deployed is None:
        return None
    newest_first = _newest_first(case, container, deployed)
    own = takewhile(lambda period: period.sha == container.sha, newest_first)
    return min((period.since for period in own), default=deployed.at)


def _replaced(case: Case, container: Container, deployed: DeployedAt) -> Answer[Previous]:
    for period in _newest_first(case, container, deployed):
        if period.sha not in ("", container.sha):
            # In a list of periods it is a look; beside the container that runs, an earlier one.
            text = period.evidence.replace("a look at", "an earlier look at")
            return Found(Previous(period.sha, period.until, text))
    return first_unknown(past_answers(case, ServiceKey.of(container))) or Nothing()


def _newest_first(case: Case, container: Container, deployed: DeployedAt) -> Iterator[Period]:
    """The periods of its service, from the container's own back."""
    periods = reversed(periods_of(case, ServiceKey.of(container)))
    return dropwhile(
        lambda period: period.sha != container.sha or period.since > deployed.at, periods
    )
