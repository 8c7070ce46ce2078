"""How each source is opened, from options and environment; nothing is opened or imported yet."""

import functools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from whatsrunning.config.options import Options
from whatsrunning.contexts import Resolved
from whatsrunning.facts import ports
from whatsrunning.facts.answers import Problem, SourceName
from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.facts.records import CloneFacts
from whatsrunning.facts.scope import Target
from whatsrunning.gather.dispatcher import Sources
from whatsrunning.sources.github.access import GithubAccess, access_from, gh_token

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the environment gave besides the options: whose home, and how GitHub is reached."""

    home: Path
    github: GithubAccess | Problem

    @property
    def github_host(self) -> str:
        """The host of clone URLs."""
        return "github.com" if isinstance(self.github, Problem) else self.github.host

    @property
    def has_token(self) -> bool:
        """Whether there is a token, whatever it may be used for."""
        return isinstance(self.github, GithubAccess) and bool(self.github.token)


def surroundings(options: Options, deadline: Deadline) -> Surroundings:
    """Reads the environment; runs `gh auth token` at most, and not when offline."""
    gh = None if options.flags.offline else gh_token(deadline)
    access = access_from(options.env, _named_repositories(options), gh)
    return Surroundings(home_of(options.env), access)


def home_of(env: Mapping[str, str]) -> Path:
    """The home folder by the environment, as every program reads it."""
    return Path(env.get("HOME") or Path.home())


def sources(
    options: Options, around: Surroundings, engines: tuple[Resolved, ...], deadline: Deadline
) -> Sources:
    """The thunks that open what a look may ask."""
    git = _once(lambda: _git(options, around))
    registry = _once(lambda: _registry(options, around))
    github = _once(lambda: _github(around, git, deadline))
    offline = options.flags.offline
    return Sources(
        engines={one.name: functools.partial(_engine, one) for one in engines},
        registry=_refusing("registry") if offline else registry,
        git=git,
        github=_refusing("github") if offline else github,
        journal=lambda: _journal(options, around),
    )


def recorded_engines(targets: tuple[Target, ...]) -> dict[str, Callable[[], ports.EngineClient]]:
    """Engines of a saved look: another machine's, never asked from here."""
    return {target.name: functools.partial(_not_recorded, target.name) for target in targets}


def open_journal(options: Options, home: Path) -> ports.Journal:
    """The journal of earlier looks in XDG_STATE_HOME."""
    from whatsrunning.sources.journal import client

    state = options.env.get("XDG_STATE_HOME")
    return client.FileJournal(Path(state or home / ".local" / "state") / "whatsrunning")


def _not_recorded(engine: str) -> ports.EngineClient:
    message = f"engine {engine} was not asked this when the look was saved"
    hint = "save again with --save where the engine is"
    raise SourceError(Problem("engine", engine, "not-recorded", message, hint))


def _refusing(source: SourceName) -> Callable[[], Any]:
    def refuse() -> Any:
        message = f"{source} was not asked (--offline)"
        raise SourceError(Problem(source, source, "offline", message, "leave --offline out"))

    return refuse


def _engine(one: Resolved) -> ports.EngineClient:
    if isinstance(one.endpoint, Problem):
        raise SourceError(one.endpoint)
    from whatsrunning.sources.engine import client

    return client.DockerEngine(one.name, one.endpoint)


def _registry(options: Options, around: Surroundings) -> ports.Registry:
    from whatsrunning.sources.registry import client
    from whatsrunning.sources.registry.settings import HostRule, RegistrySettings

    folder = Path(options.env.get("DOCKER_CONFIG") or around.home / ".docker")
    rules = options.config.registries.items()
    return client.OciRegistry(
        RegistrySettings(
            docker_config=folder / "config.json",
            hosts={host: HostRule(rule.ca, rule.insecure) for host, rule in rules},
            environment=options.env,
        )
    )


def _git(options: Options, around: Surroundings) -> ports.Git:
    from whatsrunning.sources.git import client

    clones = [Path(path) for path in options.clones.value]
    return client.open_git(clones, around.github_host, options.env, options.flags.fetch)


def _github(around: Surroundings, git: Callable[[], ports.Git], deadline: Deadline) -> ports.Github:
    """GitHub; the token is also for the repositories of the clones at hand (DESIGN section 4)."""
    if isinstance(around.github, Problem):
        raise SourceError(around.github)
    from whatsrunning.sources.github import client

    access = around.github
    if access.token:
        own = {name for clone in _clones(git, deadline) for name in clone.repositories}
        access = replace(access, token_repositories=access.token_repositories | own)
    return client.GithubClient(access)


def _clones(git: Callable[[], ports.Git], deadline: Deadline) -> tuple[CloneFacts, ...]:
    try:
        return git().clones(deadline)
    except SourceError:
        return ()


def _journal(options: Options, around: Surroundings) -> ports.Journal:
    return open_journal(options, around.home)


def _named_repositories(options: Options) -> set[str]:
    config = options.config
    named = {rule.repo for rule in config.services.values()} | set(config.images.values())
    return (named | set(config.repos) | {options.flags.repo}) - {""}


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """One value for all threads that ask."""
    lock, made = threading.Lock(), list[T]()

    def get() -> T:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get
