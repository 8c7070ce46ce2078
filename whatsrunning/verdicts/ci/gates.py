"""Which of everything that ran on a commit are gates (DESIGN section 5, "CI at deploy")."""

from collections.abc import Iterable
from dataclasses import dataclass

from whatsrunning.facts.records import CheckFacts, WorkflowFilter

OWN_EVENTS = frozenset({"push", "merge_group"})
# On a commit of the same tree, a pull request's run tested exactly this content.
TREE_EVENTS = OWN_EVENTS | {"pull_request"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What names the gates, and what names the deploys; `required` as GitHub has it today."""

    configured: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    deploy_workflows: tuple[str, ...] = ()


def chosen(
    rules: Rules, checks: Iterable[CheckFacts], events: frozenset[str] = OWN_EVENTS
) -> tuple[CheckFacts, ...]:
    """The gates among what ran, deploys left out."""
    tests = [check for check in checks if not is_deploy(rules, check)]
    if rules.configured:
        return tuple(c for c in tests if any(names(gate, c) for gate in rules.configured))
    counted = [check for check in tests if check.kind != "job" or check.event in events]
    if rules.required:
        return tuple(c for c in counted if any(names(gate, c) for gate in rules.required))
    return tuple(check for check in counted if check.kind != "check")


def missing(rules: Rules, checks: Iterable[CheckFacts]) -> tuple[str, ...]:
    """Configured gates of which nothing ran."""
    known = tuple(checks)
    return tuple(g for g in rules.configured if not any(names(g, check) for check in known))


def is_deploy(rules: Rules, check: CheckFacts) -> bool:
    """Whether configuration or a deployment record says that the job deploys."""
    deploys = rules.deploy_workflows
    return check.deployment or any(
        _is_workflow(name, check.workflow, check.workflow_path) for name in deploys
    )


def names(gate: str, check: CheckFacts) -> bool:
    """Whether a gate names this check: its name, "workflow / job", a workflow, a matrix."""
    shown = (check.name, f"{check.workflow} / {check.name}")
    if gate in shown or check.name.startswith(f"{gate} ("):
        return True
    return _is_workflow(gate, check.workflow, check.workflow_path)


def is_deploying(rules: Rules, workflow: WorkflowFilter) -> bool:
    """Whether configuration says that the workflow deploys."""
    return any(_is_workflow(name, workflow.name, workflow.path) for name in rules.deploy_workflows)


def names_part(gate: str, workflow: WorkflowFilter) -> bool:
    """Whether a gate names this workflow, or what a job of it is called when it runs."""
    jobs = {name for job in workflow.jobs for name in (job, f"{workflow.name} / {job}")}
    # A matrix adds its values to a job's name, a reusable workflow the names of its jobs.
    made = tuple(f"{job}{more}" for job in jobs for more in (" (", " / "))
    return gate in jobs or gate.startswith(made) or _is_workflow(gate, workflow.name, workflow.path)


def left_out(checks: Iterable[CheckFacts]) -> tuple[str, ...]:
    """The names of what ran but counts only where configuration names it."""
    out = {c.name for c in checks if c.kind != "status" and c.event not in OWN_EVENTS}
    return tuple(sorted(out))


def _is_workflow(name: str, workflow: str, path: str) -> bool:
    file = path.partition("@")[0]
    return bool(name) and name in (workflow, file, file.rpartition("/")[2])
