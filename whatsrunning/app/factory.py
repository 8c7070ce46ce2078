"""How each source is opened, from options and environment; nothing is opened or imported yet."""

import functools
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from whatsrunning.config.options import Options, home_of
from whatsrunning.contexts import ResolvedContext
from whatsrunning.contexts.files import DockerFolder
from whatsrunning.facts.answers import Problem, SourceName
from whatsrunning.facts.engine import EngineClient
from whatsrunning.facts.git import Git
from whatsrunning.facts.github import Github
from whatsrunning.facts.journal import Journal
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.facts.registry import Registry
from whatsrunning.facts.scope import Target
from whatsrunning.gather.dispatcher import Sources
from whatsrunning.sources.github.access import PUBLIC_HOST, GithubAccess, access_from, gh_token

T = TypeVar("T")

Access: TypeAlias = GithubAccess | Problem
"""How GitHub is reached, or why it cannot be."""


def github_access(options: Options, deadline: Deadline) -> Access:
    """Reads the environment; runs `gh auth token` at most, and not when offline."""
    gh = None if options.flags.offline else functools.partial(gh_token, deadline=deadline)
    return access_from(options.env, _named_repositories(options), gh)


def github_host(github: Access) -> str:
    """The host of clone URLs."""
    return github.host if isinstance(github, GithubAccess) else PUBLIC_HOST


def has_token(github: Access) -> bool:
    """Whether there is a token, whatever it may be used for."""
    return isinstance(github, GithubAccess) and bool(github.token)


def sources(
    options: Options, github: Access, engines: Iterable[ResolvedContext], deadline: Deadline
) -> Sources:
    """What opens each source that a look may ask, once it is asked."""
    offline = options.flags.offline
    git = _once(lambda: _git(options, github))
    return Sources(
        engines={engine.name: functools.partial(_engine, engine) for engine in engines},
        registry=_offline("registry") if offline else _once(lambda: _registry(options)),
        git=git,
        github=_offline("github") if offline else lambda: _github(github, git, deadline),
        journal=lambda: open_journal(options),
    )


def recorded_engines(targets: Iterable[Target]) -> dict[str, Callable[[], EngineClient]]:
    """Engines of a saved look: another machine's, never asked from here."""
    return {target.name: _refusing(_not_recorded(target.name)) for target in targets}


def open_journal(options: Options) -> Journal:
    """The journal of earlier looks in XDG_STATE_HOME."""
    from whatsrunning.sources.journal import client

    state = options.env.get("XDG_STATE_HOME") or home_of(options.env) / ".local" / "state"
    return client.FileJournal(Path(state) / "whatsrunning")


def _not_recorded(engine: str) -> Problem:
    message = f"engine {engine} was not asked this when the look was saved"
    hint = "save again with --save where the engine is"
    return Problem("engine", engine, "not-recorded", message, hint)


def _offline(source: SourceName) -> Callable[[], Any]:
    message = f"{source} was not asked (--offline)"
    return _refusing(Problem(source, source, "offline", message, "leave --offline out"))


def _refusing(problem: Problem) -> Callable[[], Any]:
    """What opens nothing, and says why."""

    def refuse() -> Any:
        raise SourceError(problem)

    return refuse


def _engine(context: ResolvedContext) -> EngineClient:
    if isinstance(context.endpoint, Problem):
        raise SourceError(context.endpoint)
    from whatsrunning.sources.engine import client

    return client.DockerEngine(context.name, context.endpoint)


def _registry(options: Options) -> Registry:
    from whatsrunning.sources.registry import client
    from whatsrunning.sources.registry.trust import HostRule, RegistrySettings

    rules = options.config.registries.items()
    return client.OciRegistry(
        RegistrySettings(
            docker_config=DockerFolder.of(options.env, home_of(options.env)).config,
            hosts={host: HostRule(rule.ca, rule.insecure) for host, rule in rules},
            environment=options.env,
        )
    )


def _git(options: Options, github: Access) -> Git:
    from whatsrunning.sources.git import client

    clones = [Path(path) for path in options.clones.value]
    return client.ClonedGit(clones, github_host(github), options.env, options.flags.fetch)


def _github(github: Access, git: Callable[[], Git], deadline: Deadline) -> Github:
    """GitHub; a token is also for the repositories that a clone's own remote names."""
    if isinstance(github, Problem):
        raise SourceError(github)
    from whatsrunning.sources.github import client

    if github.token:
        names = github.token_repositories | _cloned(git, deadline)
        github = replace(github, token_repositories=names)
    return client.GithubClient(github)


def _cloned(git: Callable[[], Git], deadline: Deadline) -> set[str]:
    try:
        return {name for clone in git().clones(deadline) for name in clone.repositories}
    except SourceError:
        return set()


def _named_repositories(options: Options) -> set[str]:
    config = options.config
    named = {rule.repo for rule in config.services.values()} | set(config.images.values())
    return (named | set(config.repos) | {options.flags.repo}) - {""}


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """One value for all threads that ask."""
    lock, cached = threading.Lock(), functools.cache(make)

    def get() -> T:
        with lock:
            return cached()

    return get
