"""Flags over environment over configuration file; each value knows its origin."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from whatsrunning.config.file import LONGEST, OUTPUTS, SHORTEST, Config, read
from whatsrunning.errors import Refused, nearest
from whatsrunning.names.repository import is_owner_name

T = TypeVar("T")

TIMEOUT = 10.0
"""Seconds that a look may take when nothing says otherwise."""

REVISION_LABELS = ("git.sha",)
_AGO = re.compile(r"(\d{1,6})\s*(s|m|min|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True, slots=True)
class Flags:
    """What the command line says, as it says it; empty where it says nothing.

    The last five are the Docker CLI's, which only its plugin gets.
    """

    contexts: tuple[str, ...] = ()
    all_contexts: bool = False
    host: str = ""
    output: str = ""
    repo: str = ""
    clones: tuple[str, ...] = ()
    offline: bool = False
    timeout: str = ""
    check: bool = False
    save: str = ""
    fetch: bool = False
    since: str = ""
    watch: bool = False
    config: str = ""
    all_containers: bool = False
    resolve: bool = False
    tls: str = ""
    tlsverify: str = ""
    tlscacert: str = ""
    tlscert: str = ""
    tlskey: str = ""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A value and what set it."""

    value: T
    origin: str = "default"


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one call, every source of them weighed."""

    flags: Flags
    config: Config
    config_path: Setting[str]
    output: Setting[str]
    timeout: Setting[float]
    revision_labels: Setting[tuple[str, ...]]
    clones: Setting[tuple[str, ...]]
    journal: Setting[bool]
    since: datetime | None = None
    env: Mapping[str, str] = field(default_factory=dict, repr=False)


def home_of(env: Mapping[str, str]) -> Path:
    """The home folder by the environment, as every program reads it."""
    return Path(env.get("HOME") or Path.home())


def resolve(flags: Flags, env: Mapping[str, str], terminal: bool, now: datetime) -> Options:
    """The options of a call; `terminal` says whether stdout is one. Raises Refused."""
    path = _config_path(flags, env)
    config = _config(path, env)
    if flags.repo and not is_owner_name(flags.repo):
        hint = "-R takes a repository as OWNER/NAME"
        raise Refused("repo", f"-R {flags.repo}: not a repository", hint)
    labels = Setting(config.revision_labels, config.path)
    return Options(
        flags=flags,
        config=config,
        config_path=path,
        output=_output(flags, config, terminal),
        timeout=_timeout(flags, config),
        revision_labels=labels if labels.value else Setting(REVISION_LABELS),
        clones=_clones(flags, config),
        journal=Setting(config.journal, config.path if "journal" in config.settings else "default"),
        since=_since(flags.since, now) if flags.since else None,
        env=env,
    )


def _config_path(flags: Flags, env: Mapping[str, str]) -> Setting[str]:
    folder, home = env.get("XDG_CONFIG_HOME"), env.get("HOME")
    places = {
        "--config": flags.config,
        "WHATSRUNNING_CONFIG": env.get("WHATSRUNNING_CONFIG"),
        "XDG_CONFIG_HOME": folder and str(Path(folder, "whatsrunning", "config.toml")),
        "default": home and f"{home}/.config/whatsrunning/config.toml",
    }
    return next((Setting(path, origin) for origin, path in places.items() if path), Setting(""))


def _config(path: Setting[str], env: Mapping[str, str]) -> Config:
    """The file; one that nobody named may be absent, one that was named may not."""
    named = path.origin in ("--config", "WHATSRUNNING_CONFIG")
    if not named and not os.path.isfile(path.value):
        return Config()
    home = f"{env.get('HOME', '')}/"
    in_home = home != "/" and path.value.startswith(home)
    return read(Path(path.value), f"~/{path.value.removeprefix(home)}" if in_home else path.value)


def _output(flags: Flags, config: Config, terminal: bool) -> Setting[str]:
    if flags.output and flags.output not in OUTPUTS:
        close = nearest(flags.output, list(OUTPUTS))
        hint = f"{close} " if close.startswith("did you") else ""
        message = f"-o {flags.output}: there is no such format"
        raise Refused("output", message, f"{hint}formats: {', '.join(OUTPUTS)}")
    if flags.output:
        return Setting(flags.output, "-o")
    if config.output:
        return Setting(config.output, config.path)
    return Setting("table", "a terminal") if terminal else Setting("plain", "no terminal")


def _timeout(flags: Flags, config: Config) -> Setting[float]:
    if not flags.timeout:
        return Setting(config.timeout, config.path) if config.timeout else Setting(TIMEOUT)
    try:
        seconds = float(flags.timeout)
    except ValueError:
        seconds = 0.0
    if not SHORTEST <= seconds <= LONGEST:
        message = f"--timeout {flags.timeout}: not a number of seconds"
        hint = f"give a number from {SHORTEST} to {LONGEST:.0f}, such as --timeout 20"
        raise Refused("timeout", message, hint)
    return Setting(seconds, "--timeout")


def _clones(flags: Flags, config: Config) -> Setting[tuple[str, ...]]:
    """-C first, then the configured clones, then the working directory, which may be one."""
    for path in flags.clones:
        if not os.path.isdir(path):
            hint = "-C takes the path of a git clone"
            raise Refused("clone", f"-C {path}: there is no such folder", hint)
    configured = tuple(rule.clone for rule in config.repos.values() if rule.clone)
    origins = [name for name, used in (("-C", flags.clones), (config.path, configured)) if used]
    usual = () if flags.clones else (".",)
    origin = " and ".join(origins) or "the working directory"
    return Setting((*flags.clones, *configured, *usual), origin)


def _since(text: str, now: datetime) -> datetime:
    """An instant: `2h` ago, a date, or RFC 3339; without a zone it is UTC."""
    try:
        if ago := _AGO.fullmatch(text.strip().lower()):
            return now - timedelta(seconds=int(ago[1]) * _SECONDS[ago[2]])
        instant = datetime.fromisoformat(text.strip())
        zoned = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        hint = "give 2h, 30m, 3d, or a time such as 2026-02-01T03:00Z"
        raise Refused("since", f"--since {text}: not a time", hint) from None
