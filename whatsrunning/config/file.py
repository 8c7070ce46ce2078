"""The configuration file: what it may say, each wrong thing its own sentence (DESIGN section 4)."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whatsrunning.errors import Refused, UsageFault, nearest
from whatsrunning.facts.scope import RepoRule, ServiceRule
from whatsrunning.files import read_bounded
from whatsrunning.names import is_owner_name

OUTPUTS = ("table", "plain", "markdown", "slack", "json")
SHORTEST, LONGEST = 0.1, 600.0
"""Bounds of --timeout and `timeout`, in seconds."""

_LARGEST = 1024 * 1024
_PATIENCE = 2.0  # seconds that a pipe (`--config <(...)`) may be silent


@dataclass(frozen=True, slots=True)
class RegistryRule:
    """`[registries."HOST"]`: a CA file, or plain http and unverified TLS on the user's word."""

    ca: str = ""
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration file that was read; `keys` are the dotted settings that it holds."""

    path: str = ""
    keys: frozenset[str] = frozenset()
    revision_labels: tuple[str, ...] = ()
    services: Mapping[str, ServiceRule] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    repos: Mapping[str, RepoRule] = field(default_factory=dict)
    registries: Mapping[str, RegistryRule] = field(default_factory=dict)
    contexts: tuple[str, ...] = ()
    timeout: float | None = None
    output: str = ""
    journal: bool = True


class _Wrong(Exception):
    """What a value should have been. Never leaves this module."""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise _Wrong("a text, not empty, on one line")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _Wrong('a list of texts, such as ["a", "b"]')
    return tuple(_text(held) for held in value)


def _repository(value: object) -> str:
    if not isinstance(value, str) or not is_owner_name(value):
        raise _Wrong("a repository as OWNER/NAME")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("true or false")
    return value


def _on_off(value: object) -> bool:
    if value in ("on", "off"):
        return value == "on"
    if not isinstance(value, bool):
        raise _Wrong('"on" or "off"')
    return value


def _seconds(value: object) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not SHORTEST <= float(str(value)) <= LONGEST:
        raise _Wrong(f"a number of seconds from {SHORTEST} to {LONGEST:.0f}")
    return float(str(value))


def _output(value: object) -> str:
    if value not in OUTPUTS:
        raise _Wrong(f"one of {', '.join(OUTPUTS)}")
    return str(value)


Check = Callable[[object], Any]

_SERVICE: Mapping[str, Check] = {
    "repo": _repository,
    "image": _text,
    "context": _text,
    "gates": _texts,
    "paths": _texts,
}
_REPO: Mapping[str, Check] = {
    "clone": _text,
    "default_branch": _text,
    "gates": _texts,
    "deploy_workflows": _texts,
    "migrations": _texts,
}
_TOP: Mapping[str, Check] = {
    "contexts": _texts,
    "timeout": _seconds,
    "output": _output,
    "journal": _on_off,
}
_TABLES: Mapping[str, Mapping[str, Check]] = {"labels": {"revision": _texts}}
_NAMED: Mapping[str, Mapping[str, Check]] = {
    "services": _SERVICE,
    "images": {"repo": _repository},
    "repos": _REPO,
    "registries": {"ca": _text, "insecure": _flag},
}


def settings() -> tuple[str, ...]:
    """Every setting that a file may hold, as `help config` and `config show` name them."""
    tables = [f"{name}.{key}" for name, keys in _TABLES.items() for key in keys]
    named = [f"{name}.NAME.{key}" for name, keys in _NAMED.items() for key in keys]
    return (*_TOP, *tables, *named)


def read(path: Path, shown: str) -> Config:
    """The configuration in a file; `shown` is how messages call it. Raises Refused."""
    try:
        data = read_bounded(path, _LARGEST, _PATIENCE)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "cannot be read").lower()
        raise _refuse("config-unreadable", f"{shown}: {reason}") from None
    if len(data) > _LARGEST:
        raise _refuse("config-unreadable", f"{shown}: larger than 1 MiB")
    try:
        return parse(data.decode(), shown, path.parent)
    except UnicodeDecodeError:
        raise _refuse("config-syntax", f"{shown}: not UTF-8 text") from None


def parse(text: str, shown: str, folder: Path) -> Config:
    """The configuration that a TOML text holds; relative paths start from `folder`."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        detail = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "nested too deeply"
        raise _refuse("config-syntax", f"{shown}: not TOML: {detail}") from None
    _known(document, "", [*_TOP, *_TABLES, *_NAMED], shown)
    flat = {key: _checked(document[key], _TOP[key], key, shown) for key in _TOP if key in document}
    labels = _table(document.get("labels", {}), "labels", _TABLES["labels"], shown)
    named = {name: _each(document.get(name, {}), name, shown) for name in _NAMED}
    registries, repos = named["registries"], named["repos"]
    for rules, key in ((registries, "ca"), (repos, "clone")):
        for rule in rules.values():
            rule.update({key: _place(rule[key], folder)} if key in rule else {})
    return Config(
        path=shown,
        keys=frozenset({*flat, *(f"labels.{key}" for key in labels), *_keys(named)}),
        revision_labels=labels.get("revision", ()),
        services={name: ServiceRule(**rule) for name, rule in named["services"].items()},
        images={name: rule["repo"] for name, rule in named["images"].items() if rule},
        repos={name: RepoRule(**rule) for name, rule in repos.items()},
        registries={name: RegistryRule(**rule) for name, rule in registries.items()},
        **flat,
    )


def _keys(named: Mapping[str, Mapping[str, Mapping[str, object]]]) -> list[str]:
    return [
        f"{table}.{name}.{key}"
        for table, entries in named.items()
        for name, rule in entries.items()
        for key in rule
    ]


def _each(entries: object, table: str, shown: str) -> dict[str, dict[str, Any]]:
    if not isinstance(entries, dict):
        raise _refuse("config-value", f"{shown}: {table} must be a table of tables")
    if table == "repos":
        for name in entries:
            _checked(name, _repository, f"repos.{name}", shown)
    return {
        name: _table(entry, f"{table}.{name}", _NAMED[table], shown)
        for name, entry in entries.items()
    }


def _table(entry: object, where: str, keys: Mapping[str, Check], shown: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise _refuse("config-value", f"{shown}: {where} must be a table")
    _known(entry, f"{where}.", list(keys), shown)
    return {key: _checked(entry[key], keys[key], f"{where}.{key}", shown) for key in entry}


def _known(entry: Mapping[str, object], prefix: str, keys: list[str], shown: str) -> None:
    for key in entry:
        if key not in keys:
            hint = nearest(key, keys)
            message = f"{shown}: {prefix}{key} is not a setting"
            raise Refused(UsageFault("config-key", message, hint))


def _checked(value: object, check: Check, where: str, shown: str) -> Any:
    try:
        return check(value)
    except _Wrong as wrong:
        raise _refuse("config-value", f"{shown}: {where} must be {wrong}") from None


def _place(path: str, folder: Path) -> str:
    return str(folder / Path(path).expanduser())


def _refuse(code: str, message: str) -> Refused:
    return Refused(UsageFault(code, message, "see `whatsrunning help config`"))
