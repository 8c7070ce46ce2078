"""How each source is opened, from options and environment; nothing is opened or imported yet."""

import functools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from whatsrunning.config.options import Options, home_of
from whatsrunning.contexts import ResolvedContext
from whatsrunning.contexts.files import DockerFolder
from whatsrunning.facts import ports
from whatsrunning.facts.answers import Problem, SourceName
from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.facts.scope import Target
from whatsrunning.gather.dispatcher import Sources
from whatsrunning.sources.github.access import PUBLIC_HOST, GithubAccess, access_from, gh_token

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UserAccess:
    """What the user's environment opens: the files of a home, and GitHub or why it is shut."""

    home: Path
    github: GithubAccess | Problem

    @property
    def github_host(self) -> str:
        """The host of clone URLs."""
        return self.github.host if isinstance(self.github, GithubAccess) else PUBLIC_HOST

    @property
    def has_token(self) -> bool:
        """Whether there is a token, whatever it may be used for."""
        return isinstance(self.github, GithubAccess) and bool(self.github.token)


def user_access(options: Options, deadline: Deadline) -> UserAccess:
    """Reads the environment; runs `gh auth token` at most, and not when offline."""
    gh = None if options.flags.offline else gh_token(deadline)
    access = access_from(options.env, _named_repositories(options), gh)
    return UserAccess(home_of(options.env), access)


def sources(
    options: Options, access: UserAccess, engines: Iterable[ResolvedContext], deadline: Deadline
) -> Sources:
    """What opens each source that a look may ask, once it is asked."""
    offline = options.flags.offline
    git = _once(lambda: _git(options, access))
    return Sources(
        engines={engine.name: functools.partial(_engine, engine) for engine in engines},
        registry=_offline("registry") if offline else _once(lambda: _registry(options, access)),
        git=git,
        github=_offline("github") if offline else lambda: _github(access, git, deadline),
        journal=lambda: open_journal(options),
    )


def recorded_engines(targets: Iterable[Target]) -> dict[str, Callable[[], ports.EngineClient]]:
    """Engines of a saved look: another machine's, never asked from here."""
    return {target.name: _refusing(_not_recorded(target.name)) for target in targets}


def open_journal(options: Options) -> ports.Journal:
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


def _engine(context: ResolvedContext) -> ports.EngineClient:
    if isinstance(context.endpoint, Problem):
        raise SourceError(context.endpoint)
    from whatsrunning.sources.engine import client

    return client.DockerEngine(context.name, context.endpoint)


def _registry(options: Options, access: UserAccess) -> ports.Registry:
    from whatsrunning.sources.registry import client
    from whatsrunning.sources.registry.settings import HostRule, RegistrySettings

    rules = options.config.registries.items()
    return client.OciRegistry(
        RegistrySettings(
            docker_config=DockerFolder.of(options.env, access.home).config,
            hosts={host: HostRule(rule.ca, rule.insecure) for host, rule in rules},
            environment=options.env,
        )
    )


def _git(options: Options, access: UserAccess) -> ports.Git:
    from whatsrunning.sources.git import client

    clones = [Path(path) for path in options.clones.value]
    return client.open_git(clones, access.github_host, options.env, options.flags.fetch)


def _github(access: UserAccess, git: Callable[[], ports.Git], deadline: Deadline) -> ports.Github:
    """GitHub; a token is also for the repositories that a clone's own remote names."""
    if isinstance(access.github, Problem):
        raise SourceError(access.github)
    from whatsrunning.sources.github import client

    github = access.github
    if github.token:
        names = github.token_repositories | _cloned(git, deadline)
        github = replace(github, token_repositories=names)
    return client.open_github(github)


def _cloned(git: Callable[[], ports.Git], deadline: Deadline) -> set[str]:
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
