"""Which of everything that ran on a commit are gates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from whatsrunning.facts.records import CheckFacts, WorkflowFilter

# A dispatched run may test anything, and in one of `workflow_run` GITHUB_SHA is the last commit of
# the default branch, not what was tested: these count only where configuration names them.
# https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
OWN_EVENTS = frozenset({"push", "merge_group"})
# On a commit of the same tree, a pull request's run tested exactly this content.
TREE_EVENTS = OWN_EVENTS | {"pull_request"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What names the gates, and what names the deploys; `required` as GitHub has it today."""

    configured: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    deploy_workflows: tuple[str, ...] = ()

    def is_deploy(self, check: CheckFacts) -> bool:
        """Whether configuration or a deployment record says that the job deploys."""
        return check.deployment or self._deploys(check.workflow, check.workflow_path)

    def is_deploying(self, workflow: WorkflowFilter) -> bool:
        """Whether configuration says that the workflow deploys."""
        return self._deploys(workflow.name, workflow.path)

    def _deploys(self, workflow: str, path: str) -> bool:
        return any(_is_workflow(name, workflow, path) for name in self.deploy_workflows)


def chosen(
    rules: Rules, checks: Iterable[CheckFacts], events: frozenset[str] = OWN_EVENTS
) -> tuple[CheckFacts, ...]:
    """The gates among what ran, deploys left out."""
    tests = [check for check in checks if not rules.is_deploy(check)]
    if rules.configured:
        return tuple(check for check in tests if _is_named(rules.configured, check))
    counted = [check for check in tests if check.kind != "job" or check.event in events]
    if rules.required:
        return tuple(check for check in counted if _is_named(rules.required, check))
    return tuple(check for check in counted if check.kind != "check")


def missing(rules: Rules, checks: Sequence[CheckFacts]) -> tuple[str, ...]:
    """Configured gates of which nothing ran."""
    return tuple(
        gate for gate in rules.configured if not any(_is_named((gate,), check) for check in checks)
    )


def _is_named(gates: Sequence[str], check: CheckFacts) -> bool:
    """Whether a gate is this check's name, "workflow / job", its workflow or its matrix."""
    shown = (check.name, f"{check.workflow} / {check.name}")
    return any(
        gate in shown
        or check.name.startswith(f"{gate} (")
        or _is_workflow(gate, check.workflow, check.workflow_path)
        for gate in gates
    )


def names_part(gate: str, workflow: WorkflowFilter) -> bool:
    """Whether a gate names this workflow, or what a job of it is called when it runs."""
    jobs = {name for job in workflow.jobs for name in (job, f"{workflow.name} / {job}")}
    # A matrix adds its values to a job's name, a reusable workflow the names of its jobs.
    longer = tuple(f"{job}{more}" for job in jobs for more in (" (", " / "))
    named = gate in jobs or gate.startswith(longer)
    return named or _is_workflow(gate, workflow.name, workflow.path)


def left_out(rules: Rules, checks: Iterable[CheckFacts]) -> tuple[str, ...]:
    """The names of what ran but counts only where configuration names it, deploys left out."""
    others = (check for check in checks if not rules.is_deploy(check))
    return tuple(
        sorted({c.name for c in others if c.kind != "status" and c.event not in OWN_EVENTS})
    )


def _is_workflow(name: str, workflow: str, path: str) -> bool:
    file = path.partition("@")[0]
    return bool(name) and name in (workflow, file, file.rpartition("/")[2])
