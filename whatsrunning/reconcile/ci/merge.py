"""Where nothing ran on a commit: whether its pull request was tested before the merge."""

from datetime import datetime

from whatsrunning.model.answers import Answer, Found, Nothing
from whatsrunning.model.questions import ForgeCommit, ForgePull, ForgeRuns
from whatsrunning.questions import Facts
from whatsrunning.reconcile.ci.attempts import by_gate
from whatsrunning.reconcile.ci.gates import TREE_EVENTS, Rules, chosen
from whatsrunning.reconcile.ci.table import judge


def tested_before_merge(
    facts: Facts, repository: str, sha: str, rules: Rules, at: datetime
) -> Answer[bool]:
    """Whether CI passed on the head of the pull request that brought the commit, by then."""
    commit = facts.look(ForgeCommit(repository, sha))
    if not isinstance(commit, Found):
        return commit if not isinstance(commit, Nothing) else Found(False)
    merged = [pull for pull in commit.value.pulls if pull.state == "merged"]
    if not merged:
        return Found(False)
    pull = facts.look(ForgePull(repository, merged[0].number))
    if not isinstance(pull, Found):
        return pull if not isinstance(pull, Nothing) else Found(False)
    if not pull.value.commits:
        return Found(False)
    runs = facts.look(ForgeRuns(repository, pull.value.commits[-1]))
    if not isinstance(runs, Found):
        return runs if not isinstance(runs, Nothing) else Found(False)
    gates = by_gate(chosen(rules, runs.value.checks, TREE_EVENTS))
    return Found(judge(gates, at).at_deploy == "green")
