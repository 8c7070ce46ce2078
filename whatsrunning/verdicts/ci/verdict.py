"""CI at deploy for one container: what to ask, and what the table says of the answers."""

from dataclasses import dataclass, replace
from datetime import timedelta

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import GithubDeployments, GithubRequired, GithubRuns
from whatsrunning.facts.records import CheckFacts, CiFacts
from whatsrunning.facts.scope import RepoRule, Scope, ServiceRule
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import Ci, DeployedAt, Revision
from whatsrunning.verdicts.ci.at_deploy import at_deploy, unfinished_jobs
from whatsrunning.verdicts.ci.deploy_time import Deploy, Instants, instants
from whatsrunning.verdicts.ci.gates import Rules, is_deploy, left_out
from whatsrunning.verdicts.ci.merged_head import merged_head
from whatsrunning.verdicts.ci.path_filtered import tested_below
from whatsrunning.verdicts.history.commits import commit_of

RETENTION = timedelta(days=400)
"""How long GitHub keeps what ran."""

_TOO_OLD = f"older than {RETENTION.days} days: GitHub no longer keeps what ran"
_CANNOT_TELL = "tests and deploy cannot be told apart: name the deploy in deploy_workflows"


@dataclass(frozen=True, slots=True)
class _Case:
    facts: FactStore
    scope: Scope
    repository: str
    sha: str
    at: Instants


def verdict(
    facts: FactStore,
    scope: Scope,
    *,
    service: str,
    repository: Answer[str],
    revision: Answer[Revision],
    deployed: Answer[DeployedAt],
    skew_s: float | None,
    engine: str,
) -> Answer[Ci]:
    """CI at the time a container was deployed; `skew_s` is the engine's clock minus ours, seconds.

    Unknown where a source could not be asked; what was looked at and cannot be told apart is
    Found with the verdict `unknown` and its reason.
    """
    for part in (repository, revision, deployed):
        if isinstance(part, Unknown):
            return part
    if not (
        isinstance(repository, Found)
        and isinstance(revision, Found)
        and isinstance(deployed, Found)
    ):
        return Nothing()
    if not (scope.github_token or scope.offline):
        return Unknown(_no_token(repository.value))
    deploy = Deploy(engine, service, revision.value.sha, deployed.value.at)
    at = instants(facts, scope, deploy, skew_s)
    return _asked(_Case(facts, scope, repository.value, deploy.sha, at), service)


def _asked(case: _Case, service: str) -> Answer[Ci]:
    rules = _rules(case, service)
    runs = case.facts.get(GithubRuns(case.repository, case.sha))
    if not isinstance(runs, Found):
        return runs
    if not isinstance(rules, Found):
        return rules
    ci = at_deploy(runs.value, rules.value, case.at)
    if ci.at_deploy in ("raced", "pending") and not _told(runs.value, rules.value):
        return _told_by_record(case, runs.value, rules.value, ci)
    if ci.at_deploy == "no-verdict" or (ci.at_deploy == "no-run" and not ci.gates):
        return _elsewhere(case, runs.value, rules.value, ci)
    if ci.at_deploy == "no-run" and ci.outcome == "success":
        return _unless_filtered(case, runs.value, rules.value, ci)
    return Found(ci)


def _rules(case: _Case, service: str) -> Answer[Rules]:
    repo = case.scope.repo_rules.get(case.repository, RepoRule())
    gates = case.scope.service_rules.get(service, ServiceRule()).gates or repo.gates
    if gates:
        return Found(Rules(gates, (), repo.deploy_workflows))
    required = case.facts.get(GithubRequired(case.repository))
    if isinstance(required, Unknown) and required.problem.code == "pending":
        return required
    # Who may not read the required checks is judged by what ran: the problem is in the report.
    names = tuple(required.value) if isinstance(required, Found) else ()
    return Found(Rules((), names, repo.deploy_workflows))


def _told(runs: CiFacts, rules: Rules) -> bool:
    """Whether something says which jobs deploy: never by timing (DESIGN section 5)."""
    named = rules.configured or rules.required or rules.deploy_workflows
    return bool(named) or any(check.deployment for check in runs.checks)


def _told_by_record(case: _Case, runs: CiFacts, rules: Rules, ci: Ci) -> Answer[Ci]:
    if not unfinished_jobs(ci, runs, case.at):
        return Found(ci)
    records = case.facts.get(GithubDeployments(case.repository))
    if isinstance(records, Unknown):
        return records
    known = records.value if isinstance(records, Found) else ()
    urls = {record.url for record in known if record.sha == case.sha and record.url}
    marked = tuple(_marked(check, urls) for check in runs.checks)
    if marked == runs.checks:
        return Found(replace(ci, at_deploy="unknown", outcome="", reason=_CANNOT_TELL))
    return Found(at_deploy(replace(runs, checks=marked), rules, case.at))


def _marked(check: CheckFacts, urls: set[str]) -> CheckFacts:
    return replace(check, deployment=True) if check.url in urls else check


def _elsewhere(case: _Case, runs: CiFacts, rules: Rules, ci: Ci) -> Answer[Ci]:
    """No verdict on the commit itself: its pull request's head may hold the same content."""
    head = merged_head(case.facts, case.repository, case.sha)
    if isinstance(head, Unknown):
        return head
    before = Ci("no-run")
    if isinstance(head, Found):
        tree = replace(runs, same_tree={head.value.sha: head.value.checks})
        before = at_deploy(tree, rules, case.at)
        if before.via and head.value.same_tree:
            return Found(before)
    return Found(ci) if ci.gates else _nothing_ran(case, runs, rules, before)


def _nothing_ran(case: _Case, runs: CiFacts, rules: Rules, before: Ci) -> Answer[Ci]:
    """Nothing counted: too old, tested before the merge, filtered, or never tested."""
    if _too_old(case):
        return Found(Ci("unknown", reason=_TOO_OLD))
    if before.at_deploy == "green":
        return Found(Ci("no-run", reason="tested-before-merge"))
    others = left_out(check for check in runs.checks if not is_deploy(rules, check))
    reason = f"only {', '.join(others[:5])} ran, which configuration must name" if others else ""
    return _unless_filtered(case, runs, rules, Ci("no-run", reason=reason))


def _unless_filtered(case: _Case, runs: CiFacts, rules: Rules, ci: Ci) -> Answer[Ci]:
    """No run, and why: what was left out is as good as what CI said of the commit below."""
    tested = tested_below(case.facts, case.scope, case.repository, case.sha, runs, rules)
    if isinstance(tested, Unknown):
        return tested
    if not isinstance(tested, Found):
        return Found(ci)
    for below in tested.value:
        was = at_deploy(below.runs, rules, case.at)
        if was.at_deploy != "green" and (was.at_deploy, was.outcome) != ("no-run", "success"):
            reason = f"path-filtered, but CI was {was.at_deploy} at {below.sha[:12]} before it"
            return Found(replace(ci, reason=reason))
    return Found(replace(ci, reason="path-filtered"))


def _too_old(case: _Case) -> bool:
    commit = commit_of(case.facts, case.scope, case.repository, case.sha)
    written = commit.value.committed_at if isinstance(commit, Found) else case.at.at
    return case.at.now is not None and case.at.now - min(written, case.at.at) > RETENTION


def _no_token(repository: str) -> Problem:
    return Problem(
        "github",
        repository,
        "no-token",
        "without a token GitHub was not asked what CI said",
        "set GH_TOKEN, or log in with gh auth login",
    )
