"""What one call asks for, and the scope that follows from it."""

from dataclasses import dataclass, replace

from whatsrunning.app.factory import Surroundings
from whatsrunning.config.options import Flags, Options
from whatsrunning.contexts import ContextRequest as EngineRequest
from whatsrunning.contexts import Resolved, TlsFlags, resolve
from whatsrunning.errors import Refused, UsageFault
from whatsrunning.facts.answers import Problem
from whatsrunning.facts.scope import Scope, Target
from whatsrunning.facts.store import Snapshot

ABOUT_ONE = frozenset({"show", "has", "rollback-plan"})
"""Commands with one argument; those of the others are services."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command with its arguments and flags; `replay` is a saved look to read instead."""

    command: str
    arguments: tuple[str, ...]
    flags: Flags
    replay: Snapshot | None = None


def engines_of(options: Options, around: Surroundings) -> tuple[Resolved, ...]:
    """The engines to ask. Raises Refused for an unknown context and the like, before asking."""
    flags = options.flags
    asked = EngineRequest(
        contexts=flags.contexts,
        host=flags.host,
        all_contexts=flags.all_contexts,
        configured=options.config.contexts,
        tls=TlsFlags(flags.tls, flags.tlsverify, flags.tlscacert, flags.tlscert, flags.tlskey),
    )
    found = resolve(asked, options.env, around.home)
    if isinstance(found, Problem):
        raise Refused(UsageFault(found.code, found.message, found.hint))
    return found


def live_scope(
    request: Request, options: Options, around: Surroundings, engines: tuple[Resolved, ...]
) -> Scope:
    """The scope of a look that asks engines."""
    config = options.config
    scope = Scope(
        command=request.command,
        targets=tuple(Target(one.name, one.address, one.chosen_by) for one in engines),
        revision_labels=options.revision_labels.value,
        project=options.flags.repo,
        service_rules=config.services,
        image_rules=config.images,
        repo_rules=config.repos,
        github_host=around.github_host,
        github_token=around.has_token,
        offline=options.flags.offline,
        journal=options.journal.value,
    )
    return about(scope, request, options)


def about(scope: Scope, request: Request, options: Options) -> Scope:
    """The scope for this command; of a saved look the rest stays as it was."""
    one = request.command in ABOUT_ONE
    return replace(
        scope,
        command=request.command,
        services=() if request.command in ("show", "has") else request.arguments,
        argument=request.arguments[0] if one else "",
        all_containers=options.flags.all_containers,
        save=bool(options.flags.save),
        since=options.since,
    )
