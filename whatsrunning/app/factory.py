"""How each source is opened, from options and environment; nothing is opened or imported yet."""

import contextlib
import functools
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from whatsrunning.config.options import Options, home_of
from whatsrunning.contexts.files import DockerFolder
from whatsrunning.contexts.resolve import ResolvedContext
from whatsrunning.facts.answers import Problem, SourceName
from whatsrunning.facts.engine import EngineClient
from whatsrunning.facts.git import Git
from whatsrunning.facts.github import Github
from whatsrunning.facts.journal import Journal
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.facts.registry import Registry
from whatsrunning.facts.scope import Target
from whatsrunning.gather.gather import Sources
from whatsrunning.names.repository import is_owner_name
from whatsrunning.sources.git.remotes import Said
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
        registry=_once(lambda: _offline("registry") if offline else _registry(options)),
        git=git,
        github=lambda: _offline("github") if offline else _github(github, git, deadline),
        journal=lambda: open_journal(options),
    )


def recorded_engines(targets: Iterable[Target]) -> dict[str, Callable[[], EngineClient]]:
    """Engines of a saved look: another machine's, never asked from here."""
    return {target.name: functools.partial(_not_recorded, target.name) for target in targets}


def open_journal(options: Options) -> Journal:
    """The journal of earlier looks in XDG_STATE_HOME."""
    from whatsrunning.sources.journal import client

    state = options.env.get("XDG_STATE_HOME") or home_of(options.env) / ".local" / "state"
    return client.FileJournal(Path(state) / "whatsrunning")


def _not_recorded(engine: str) -> Any:
    message = f"engine {engine} was not asked this when the look was saved"
    hint = "save again with --save where the engine is"
    raise SourceError(Problem("engine", engine, "not-recorded", message, hint))


def _offline(source: SourceName) -> Any:
    message = f"{source} was not asked (--offline)"
    raise SourceError(Problem(source, source, "offline", message, "leave --offline out"))


def _engine(context: ResolvedContext) -> EngineClient:
    if isinstance(context.endpoint, Problem):
        raise SourceError(context.endpoint)
    from whatsrunning.sources.engine import client

    return client.DockerEngine(context.name, context.endpoint)


def _registry(options: Options) -> Registry:
    from whatsrunning.sources.registry import client
    from whatsrunning.sources.registry.trust import RegistrySettings

    logins = DockerFolder(options.env).config
    hosts = options.config.registries
    return client.OciRegistry(RegistrySettings(logins, hosts=hosts, environment=options.env))


def _git(options: Options, github: Access) -> Git:
    from whatsrunning.sources.git import client

    clones = [Path(path) for path in options.clones.value]
    host, said = github_host(github), said_of_clones(options)
    return client.ClonedGit(clones, host, options.env, options.flags.fetch, said)


def said_of_clones(options: Options) -> Mapping[str, Said]:
    """What the user said that each clone is of, by its path.

    `-R` is said of the one clone that -C names; without -C, of the working directory's, if no other
    is at hand.
    """
    named = {_place(path) for path in options.flags.clones or options.clones.value}
    option = options.flags.repo if len(named) == 1 else ""
    configured = [(name, _place(r.clone)) for name, r in options.config.repos.items() if r.clone]
    return {
        str(Path(path)): Said(
            tuple(name for name, place in configured if place == _place(path)),
            option if _place(path) in named else "",
            named=bool(options.flags.clones) and _place(path) in named,
        )
        for path in options.clones.value
    }


def _place(path: str) -> str:
    """The same for every spelling of a path; the working directory may be gone."""
    try:
        return os.path.abspath(path)
    except OSError:
        return path


def _github(github: Access, git: Callable[[], Git], deadline: Deadline) -> Github:
    """GitHub; a token is also for the repositories that a clone's own remote names."""
    if isinstance(github, Problem):
        raise SourceError(github)
    from whatsrunning.sources.github import client

    names = set(github.token_repositories)
    if github.token:
        with contextlib.suppress(SourceError):
            names.update(*(clone.repositories for clone in git().clones(deadline)))
    at_github = frozenset(filter(is_owner_name, names))
    return client.GithubClient(replace(github, token_repositories=at_github))


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
