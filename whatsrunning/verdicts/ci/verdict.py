"""CI at deploy for one container: what to ask, and what the table says of the answers."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from whatsrunning.facts.answers import Answer, Found, Problem, Unknown, first_unknown, together
from whatsrunning.facts.queries import GithubDeployments, GithubRequired, GithubRuns
from whatsrunning.facts.records import CheckFacts, CiFacts
from whatsrunning.facts.scope import RepoRule, ServiceRule
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Ci, Container
from whatsrunning.verdicts.ci.at_deploy import at_deploy, unfinished_jobs
from whatsrunning.verdicts.ci.deploy_time import Deploy, Instants, instants
from whatsrunning.verdicts.ci.gates import Rules, is_deploy, left_out
from whatsrunning.verdicts.ci.merged_head import merged_head
from whatsrunning.verdicts.ci.path_filtered import tested_below
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.inventory.engines import engines

RETENTION = timedelta(days=400)
"""How long GitHub keeps what ran."""

_TOO_OLD = f"older than {RETENTION.days} days: GitHub no longer keeps what ran"
_CANNOT_TELL = "tests and deploy cannot be told apart: name the deploy in deploy_workflows"


@dataclass(frozen=True, slots=True)
class _Deployed:
    """A commit of a repository, deployed at an instant known within an error."""

    case: Case
    repository: str
    sha: str
    at: Instants


def ci_at_deploy(case: Case, container: Container) -> Answer[Ci]:
    """CI at the time a container was deployed, by its repository, revision and `deployed_at`."""
    skews = {engine.context: engine.clock_skew_s for engine in engines(case)}

    def judged(repository: str, sha: str, at: datetime) -> Answer[Ci]:
        deploy = Deploy(container.engine, container.service, sha, at)
        return verdict(case, repository, deploy, skews[container.engine])

    return first_unknown((container.repository, container.revision, container.deployed_at)) or (
        container.repository.then(
            lambda repository: container.revision.then(
                lambda revision: container.deployed_at.then(
                    lambda deployed: judged(repository, revision.sha, deployed.at)
                )
            )
        )
    )


def verdict(case: Case, repository: str, deploy: Deploy, skew_s: float | None) -> Answer[Ci]:
    """CI at the time of a deploy; `skew_s` is the engine's clock minus ours, in seconds.

    Unknown where a source could not be asked; what was looked at and cannot be told apart is
    Found with the verdict `unknown` and its reason.
    """
    if not (case.scope.github_token or case.scope.offline):
        return Unknown(_no_token(repository))
    at = instants(case, deploy, skew_s)
    return _asked(_Deployed(case, repository, deploy.sha, at), deploy.service)


def _asked(deployed: _Deployed, service: str) -> Answer[Ci]:
    rules = _rules(deployed, service)
    runs = deployed.case.get(GithubRuns(deployed.repository, deployed.sha))
    if not isinstance(runs, Found):
        return runs
    if not isinstance(rules, Found):
        return rules
    ci = at_deploy(runs.value, rules.value, deployed.at)
    if ci.at_deploy in ("raced", "pending") and not _told(runs.value, rules.value):
        return _told_by_record(deployed, runs.value, rules.value, ci)
    if ci.at_deploy == "no-verdict" or (ci.at_deploy == "no-run" and not ci.gates):
        return _elsewhere(deployed, runs.value, rules.value, ci)
    if ci.at_deploy == "no-run" and ci.outcome == "success":
        return _unless_filtered(deployed, runs.value, rules.value, ci)
    return Found(ci)


def _rules(deployed: _Deployed, service: str) -> Answer[Rules]:
    repo = deployed.case.scope.repo_rules.get(deployed.repository, RepoRule())
    gates = deployed.case.scope.service_rules.get(service, ServiceRule()).gates or repo.gates
    if gates:
        return Found(Rules(gates, (), repo.deploy_workflows))
    required = deployed.case.get(GithubRequired(deployed.repository))
    # Who may not read the required checks is judged by what ran: the problem is in the report.
    return together((required,)).then(
        lambda _: Found(Rules((), required.value_or(()), repo.deploy_workflows))
    )


def _told(runs: CiFacts, rules: Rules) -> bool:
    """Whether something says which jobs deploy: never by timing (DESIGN section 5)."""
    named = rules.configured or rules.required or rules.deploy_workflows
    return bool(named) or any(check.deployment for check in runs.checks)


def _told_by_record(deployed: _Deployed, runs: CiFacts, rules: Rules, ci: Ci) -> Answer[Ci]:
    if not unfinished_jobs(ci, runs, deployed.at):
        return Found(ci)
    records = deployed.case.get(GithubDeployments(deployed.repository))
    if isinstance(records, Unknown):
        return records
    known = records.value if isinstance(records, Found) else ()
    urls = {record.url for record in known if record.sha == deployed.sha and record.url}
    marked = tuple(_marked(check, urls) for check in runs.checks)
    if marked == runs.checks:
        return Found(replace(ci, at_deploy="unknown", outcome="", reason=_CANNOT_TELL))
    return Found(at_deploy(replace(runs, checks=marked), rules, deployed.at))


def _marked(check: CheckFacts, urls: set[str]) -> CheckFacts:
    return replace(check, deployment=True) if check.url in urls else check


def _elsewhere(deployed: _Deployed, runs: CiFacts, rules: Rules, ci: Ci) -> Answer[Ci]:
    """No verdict on the commit itself: its pull request's head may hold the same content."""
    head = merged_head(deployed.case, deployed.repository, deployed.sha)
    if isinstance(head, Unknown):
        return head
    before = Ci("no-run")
    if isinstance(head, Found):
        tree = replace(runs, same_tree={head.value.sha: head.value.checks})
        before = at_deploy(tree, rules, deployed.at)
        if before.via and head.value.same_tree:
            return Found(before)
    return Found(ci) if ci.gates else _nothing_ran(deployed, runs, rules, before)


def _nothing_ran(deployed: _Deployed, runs: CiFacts, rules: Rules, before: Ci) -> Answer[Ci]:
    """Nothing counted: too old, tested before the merge, filtered, or never tested."""
    if _too_old(deployed):
        return Found(Ci("unknown", reason=_TOO_OLD))
    if before.at_deploy == "green":
        return Found(Ci("no-run", reason="tested-before-merge"))
    others = left_out(check for check in runs.checks if not is_deploy(rules, check))
    reason = f"only {', '.join(others[:5])} ran, which configuration must name" if others else ""
    return _unless_filtered(deployed, runs, rules, Ci("no-run", reason=reason))


def _unless_filtered(deployed: _Deployed, runs: CiFacts, rules: Rules, ci: Ci) -> Answer[Ci]:
    """No run, and why: what was left out is as good as what CI said of the commit below."""
    tested = tested_below(deployed.case, deployed.repository, deployed.sha, runs, rules)
    if isinstance(tested, Unknown):
        return tested
    if not isinstance(tested, Found):
        return Found(ci)
    for below in tested.value:
        was = at_deploy(below.runs, rules, deployed.at)
        if was.at_deploy != "green" and (was.at_deploy, was.outcome) != ("no-run", "success"):
            reason = f"path-filtered, but CI was {was.at_deploy} at {below.sha[:12]} before it"
            return Found(replace(ci, reason=reason))
    return Found(replace(ci, reason="path-filtered"))


def _too_old(deployed: _Deployed) -> bool:
    commit = commit_of(deployed.case, deployed.repository, deployed.sha)
    written = commit.value.committed_at if isinstance(commit, Found) else deployed.at.at
    return (
        deployed.at.now is not None and deployed.at.now - min(written, deployed.at.at) > RETENTION
    )


def _no_token(repository: str) -> Problem:
    return Problem(
        "github",
        repository,
        "no-token",
        "without a token GitHub was not asked what CI said",
        "set GH_TOKEN, or log in with gh auth login",
    )
