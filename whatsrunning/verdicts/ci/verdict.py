"""CI at deploy for one container: what to ask, and what the table says of the answers."""

from dataclasses import dataclass, replace
from datetime import timedelta

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown, first_unknown
from whatsrunning.facts.github import CiFacts, GithubDeployments, GithubRequired, GithubRuns
from whatsrunning.facts.scope import RepoRule, ServiceRule
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Ci, Container
from whatsrunning.verdicts.ci.at_deploy import at_deploy
from whatsrunning.verdicts.ci.deploy_time import Deploy, Instants, instants
from whatsrunning.verdicts.ci.gates import Rules
from whatsrunning.verdicts.ci.merged_head import Head, merged_head
from whatsrunning.verdicts.ci.path_filtered import tested_below
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.inventory.engines import engines

# The longest that GitHub keeps what ran ("Retention of checks data"):
# https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-checks
RETENTION = timedelta(days=400)

_TOO_OLD = f"older than {RETENTION.days} days: GitHub no longer keeps what ran"
_CANNOT_TELL = "tests and deploy cannot be told apart: name the deploy in deploy_workflows"


@dataclass(frozen=True, slots=True)
class _Deployed:
    """A commit that was deployed, what ran on it, and which of that are gates."""

    case: Case
    repository: str
    sha: str
    at: Instants
    rules: Rules
    runs: CiFacts

    def judge(self, runs: CiFacts) -> Ci:
        return at_deploy(runs, self.rules, self.at)


def ci_at_deploy(case: Case, container: Container) -> Answer[Ci]:
    """CI at the time a container was deployed, by its repository, revision and `deployed_at`."""
    answers = container.repository, container.revision, container.deployed_at
    repository, deployed = container.repository.value_or(""), container.deployed_at.value_or(None)
    if container.revision == Nothing():
        return Nothing()
    if not (repository and container.sha and deployed):
        return first_unknown(answers) or Nothing()
    place = (container.engine, container.service, repository, container.sha)
    skews = {engine.context: engine.clock_skew_s for engine in engines(case)}
    return verdict(case, Deploy(*place, deployed.at, skews[container.engine]))


def verdict(case: Case, deploy: Deploy) -> Answer[Ci]:
    """CI at the time of a deploy. Unknown where a source could not be asked; what was looked at
    and cannot be told apart is Found with the verdict `unknown` and its reason."""
    repository, sha = deploy.repository, deploy.sha
    query = GithubRuns(repository, sha)
    if not (case.scope.github_token or case.scope.offline):
        message = "without a token GitHub was not asked what CI said"
        hint = "set GH_TOKEN, or log in with gh auth login"
        return Unknown(query.problem("no-token", message, hint))
    at, rules = instants(case, deploy), _rules(case, deploy)
    return case.get(query).then(
        lambda runs: rules.then(
            lambda gates: _explained(_Deployed(case, repository, sha, at, gates, runs))
        )
    )


def _rules(case: Case, deploy: Deploy) -> Answer[Rules]:
    repo = case.scope.repo_rules.get(deploy.repository, RepoRule())
    gates = case.scope.service_rules.get(deploy.service, ServiceRule()).gates or repo.gates
    if gates:
        return Found(Rules(gates, (), repo.deploy_workflows))
    # Who may not read the required checks is judged by what ran: the problem is in the report.
    required = case.get(GithubRequired(deploy.repository)).or_else(lambda: Found(()))
    return required.then(lambda names: Found(Rules((), names, repo.deploy_workflows)))


def _explained(deployed: _Deployed) -> Answer[Ci]:
    """The table's verdict; where it convinces nobody, a better one, or the reason why."""
    ci = deployed.judge(deployed.runs)
    if ci.at_deploy in ("raced", "pending") and _may_be_the_deploy(deployed, ci):
        return _by_record(deployed, ci)
    if ci.at_deploy == "no-verdict" or (ci.at_deploy == "no-run" and not ci.gates):
        merged = merged_head(deployed.case, deployed.repository, deployed.sha)
        return first_unknown((merged,)) or _elsewhere(deployed, ci, merged.value_or(None))
    if ci.at_deploy == "no-run" and ci.outcome == "success":
        return _unless_filtered(deployed, ci)
    return Found(ci)


def _may_be_the_deploy(deployed: _Deployed, ci: Ci) -> bool:
    """Whether a job was unfinished, and nothing says which jobs deploy: timing never does."""
    rules, checks, at = deployed.rules, deployed.runs.checks, deployed.at.at
    named = rules.configured or rules.required or rules.deploy_workflows
    if named or any(check.deployment for check in checks):
        return False
    unfinished = {gate.url for gate in ci.gates if not gate.finished_at or gate.finished_at > at}
    return any(check.kind == "job" and check.url in unfinished for check in checks)


def _by_record(deployed: _Deployed, ci: Ci) -> Answer[Ci]:
    """The verdict without the jobs that deployment records link to."""
    records = deployed.case.get(GithubDeployments(deployed.repository))
    urls = {record.url for record in records.value_or(()) if record.sha == deployed.sha} - {""}
    checks = tuple(
        replace(check, deployment=check.deployment or check.url in urls)
        for check in deployed.runs.checks
    )
    if checks == deployed.runs.checks:
        cannot_tell = replace(ci, at_deploy="unknown", outcome="", reason=_CANNOT_TELL)
        return first_unknown((records,)) or Found(cannot_tell)
    return Found(deployed.judge(replace(deployed.runs, checks=checks)))


def _elsewhere(deployed: _Deployed, ci: Ci, head: Head | None) -> Answer[Ci]:
    """No verdict on the commit itself: its pull request's head may hold the same content."""
    before = Ci("no-run")
    if head:
        before = deployed.judge(replace(deployed.runs, same_tree={head.sha: head.checks}))
        if before.via and head.same_tree:
            return Found(before)
    return Found(ci) if ci.gates else _nothing_ran(deployed, before)


def _nothing_ran(deployed: _Deployed, before: Ci) -> Answer[Ci]:
    """Nothing counted: too old, tested before the merge, filtered, or never tested."""
    commit = commit_of(deployed.case, deployed.repository, deployed.sha)
    at, now = deployed.at.at, deployed.at.now
    written = commit.then(lambda facts: Found(facts.committed_at)).value_or(at)
    if now is not None and now - min(written, at) > RETENTION:
        return Found(Ci("unknown", reason=_TOO_OLD))
    if before.at_deploy == "green":
        return Found(Ci("no-run", reason="tested-before-merge"))
    others = deployed.rules.left_out(deployed.runs.checks)
    reason = f"only {', '.join(others[:5])} ran, which configuration must name" if others else ""
    return _unless_filtered(deployed, Ci("no-run", reason=reason))


def _unless_filtered(deployed: _Deployed, ci: Ci) -> Answer[Ci]:
    """No run, and why: what was left out is as good as what CI said of the commits below."""
    case, repository, sha = deployed.case, deployed.repository, deployed.sha
    tested = tested_below(case, repository, sha, deployed.runs, deployed.rules)
    below = [(commit, deployed.judge(ran)) for commit, ran in tested.value_or(())]
    # Where all passed that ran, some gates may have been left out: that is `no-run`.
    failed = (
        f", but CI was {was.at_deploy} at {commit[:12]} before it"
        for commit, was in below
        if was.outcome != "success" or was.at_deploy not in ("green", "no-run")
    )
    filtered = replace(ci, reason=f"path-filtered{next(failed, '')}") if below else ci
    return first_unknown((tested,)) or Found(filtered)
