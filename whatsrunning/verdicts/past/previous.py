"""What a container replaced: the period of its service before those of its own revision."""

from collections.abc import Iterator
from datetime import datetime
from itertools import dropwhile, takewhile

from whatsrunning.facts.answers import Answer, Found, Nothing, first_unknown
from whatsrunning.facts.store import Case
from whatsrunning.report.commands import Period
from whatsrunning.report.container import Container, DeployedAt, Previous
from whatsrunning.verdicts.past.evidence import ServiceKey, past_answers
from whatsrunning.verdicts.past.periods import periods_of


def previous(case: Case, container: Container) -> Answer[Previous]:
    """The revision that the container's own one replaced; Nothing where every source tells none."""
    return container.deployed_at.then(lambda deployed: _replaced(case, container, deployed))


def changed_at(case: Case, container: Container) -> Answer[datetime]:
    """When its service changed to the container's revision: creating it again is no change."""

    def first(deployed: DeployedAt) -> Answer[datetime]:
        own, newest_first = _sha(container), _newest_first(case, container, deployed)
        same = takewhile(lambda period: period.sha == own, newest_first)
        return Found(min((period.since for period in same), default=deployed.at))

    return container.deployed_at.then(first)


def _replaced(case: Case, container: Container, deployed: DeployedAt) -> Answer[Previous]:
    for period in _newest_first(case, container, deployed):
        if period.sha not in ("", _sha(container)):
            # Beside a container, the look that its line was written by is an earlier one.
            text = period.evidence.replace("a look at", "an earlier look at")
            return Found(Previous(period.sha, period.until, text))
    return first_unknown(past_answers(case, ServiceKey.of(container))) or Nothing()


def _newest_first(case: Case, container: Container, deployed: DeployedAt) -> Iterator[Period]:
    """The periods of its service, from the container's own back."""
    own, periods = _sha(container), periods_of(case, ServiceKey.of(container))
    return dropwhile(
        lambda period: period.sha != own or period.since > deployed.at, reversed(periods)
    )


def _sha(container: Container) -> str:
    return container.revision.then(lambda revision: Found(revision.sha)).value_or("")
