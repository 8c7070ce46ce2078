"""What one call asks for, and the scope that follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from whatsrunning.app.factory import Access, github_host, has_token
from whatsrunning.config.options import Flags, Options
from whatsrunning.contexts.resolve import ResolvedContext
from whatsrunning.facts.scope import Scope, Target
from whatsrunning.facts.store import Snapshot

_ONE_ARGUMENT = frozenset({"show", "has", "rollback-plan"})
"""Commands with exactly one argument; those of the others are services."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command with its arguments and flags; `replay` is a saved look to read instead.

    `demo`: that look is the one that comes along.
    """

    command: str
    arguments: tuple[str, ...]
    flags: Flags
    replay: Snapshot | None = None
    demo: bool = False


def live_scope(
    request: Request, options: Options, github: Access, engines: Iterable[ResolvedContext]
) -> Scope:
    """The scope of a look that asks engines."""
    config = options.config
    scope = Scope(
        command=request.command,
        targets=tuple(Target(engine.name, engine.address, engine.chosen_by) for engine in engines),
        revision_labels=options.revision_labels.value,
        project=options.flags.repo,
        service_rules=config.services,
        image_rules=config.images,
        repo_rules=config.repos,
        github_host=github_host(github),
        github_token=has_token(github),
        offline=options.flags.offline,
        journal=options.journal.value,
    )
    return scope_for(request, options, scope)


def scope_for(request: Request, options: Options, scope: Scope) -> Scope:
    """The scope with this request's command and names; of a saved look the rest stays as it was."""
    return replace(
        scope,
        command=request.command,
        services=() if request.command in ("show", "has") else request.arguments,
        argument=request.arguments[0] if request.command in _ONE_ARGUMENT else "",
        all_containers=options.flags.all_containers,
        save=bool(options.flags.save),
        since=options.since,
    )
