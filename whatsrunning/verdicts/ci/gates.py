"""Which of everything that ran on a commit are gates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from whatsrunning.facts.git import WorkflowFilter
from whatsrunning.facts.github import CheckFacts

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

    def chosen(
        self, checks: Iterable[CheckFacts], events: frozenset[str] = OWN_EVENTS
    ) -> tuple[CheckFacts, ...]:
        """The gates among what ran, deploys left out."""
        tests = [check for check in checks if not self._is_deploy(check)]
        if self.configured:
            return tuple(check for check in tests if _is_named(self.configured, check))
        counted = [check for check in tests if check.kind != "job" or check.event in events]
        if self.required:
            return tuple(check for check in counted if _is_named(self.required, check))
        return tuple(check for check in counted if check.kind != "check")

    def missing(self, checks: Sequence[CheckFacts]) -> tuple[str, ...]:
        """Configured gates of which nothing ran."""
        return tuple(g for g in self.configured if not any(_is_named((g,), c) for c in checks))

    def left_out(self, checks: Iterable[CheckFacts]) -> list[str]:
        """The names of what ran and is no deploy, but counts only where configuration names it."""
        others = (check for check in checks if not self._is_deploy(check))
        return sorted({c.name for c in others if c.kind != "status" and c.event not in OWN_EVENTS})

    def deploys(self, workflow: str, path: str) -> bool:
        """Whether configuration says that the workflow of this name and file deploys."""
        return any(_is_workflow(name, workflow, path) for name in self.deploy_workflows)

    def _is_deploy(self, check: CheckFacts) -> bool:
        return check.deployment or self.deploys(check.workflow, check.workflow_path)


def names_part(gate: str, workflow: WorkflowFilter) -> bool:
    """Whether a gate names this workflow, or what a job of it is called when it runs."""
    jobs = {name for job in workflow.jobs for name in (job, f"{workflow.name} / {job}")}
    # A matrix adds its values to a job's name, a reusable workflow the names of its jobs.
    longer = tuple(f"{job}{more}" for job in jobs for more in (" (", " / "))
    named = gate in jobs or gate.startswith(longer)
    return named or _is_workflow(gate, workflow.name, workflow.path)


def _is_named(gates: Sequence[str], check: CheckFacts) -> bool:
    """Whether a gate is this check's name, "workflow / job", its workflow or its matrix."""
    return any(
        gate in (check.name, f"{check.workflow} / {check.name}")
        or check.name.startswith(f"{gate} (")
        or _is_workflow(gate, check.workflow, check.workflow_path)
        for gate in gates
    )


def _is_workflow(name: str, workflow: str, path: str) -> bool:
    file = path.partition("@")[0]
    return bool(name) and name in (workflow, file, file.rpartition("/")[2])
