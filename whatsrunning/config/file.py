"""The configuration file: what it may say, each wrong thing its own sentence."""

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from whatsrunning.errors import Refused, nearest
from whatsrunning.facts.scope import RegistryRule, RepoRule, ServiceRule
from whatsrunning.files import read_bounded
from whatsrunning.names.repository import is_owner_name
from whatsrunning.render.formats import FORMATS

OUTPUTS = tuple(FORMATS)
SHORTEST, LONGEST = 0.1, 600.0
"""Bounds of --timeout and `timeout`, in seconds."""

Check: TypeAlias = Callable[[object, str], Any]
"""A setting's value, and its dotted key for the message, to the value as it is used."""

_LARGEST = 1024 * 1024
_PATIENCE = 2.0  # seconds that a pipe (`--config <(...)`) may be silent


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration file that was read; `settings` are its values by their dotted keys."""

    path: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    revision_labels: tuple[str, ...] = ()
    services: Mapping[str, ServiceRule] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    repos: Mapping[str, RepoRule] = field(default_factory=dict)
    registries: Mapping[str, RegistryRule] = field(default_factory=dict)
    contexts: tuple[str, ...] = ()
    timeout: float | None = None
    output: str = ""
    journal: bool = True


def read(path: Path, shown: str) -> Config:
    """The configuration in a file; `shown` is how messages call it. Raises Refused."""
    try:
        data = read_bounded(path, _LARGEST, _PATIENCE)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "cannot be read").lower()
        raise _refused("config-unreadable", f"{shown}: {reason}") from None
    if len(data) > _LARGEST:
        raise _refused("config-unreadable", f"{shown}: larger than 1 MiB")
    try:
        return parse(data.decode(), shown, path.parent)
    except UnicodeDecodeError:
        raise _refused("config-syntax", f"{shown}: not UTF-8 text") from None


def parse(text: str, shown: str, folder: Path) -> Config:
    """The configuration of a TOML text; relative paths start from `folder`. Raises Refused."""
    try:
        values = _table(tomllib.loads(text), "", _SETTINGS)
    except tomllib.TOMLDecodeError as error:
        raise _refused("config-syntax", f"{shown}: not TOML: {error}") from None
    except RecursionError:
        raise _refused("config-syntax", f"{shown}: not TOML: nested too deeply") from None
    except Refused as refused:
        raise _refused(refused.code, f"{shown}: {refused.message}", refused.hint) from None
    tables = {name: values.get(name, {}) for name in ("labels", *RULES)}
    for name, key in (("registries", "ca"), ("repos", "clone")):
        for rule in tables[name].values():
            if key in rule:
                rule[key] = str(folder / os.path.expanduser(rule[key]))
    return Config(
        path=shown,
        settings=dict(_dotted(values)),
        revision_labels=tables["labels"].get("revision", ()),
        services={name: ServiceRule(**rule) for name, rule in tables["services"].items()},
        images={name: rule["repo"] for name, rule in tables["images"].items() if rule},
        repos={name: RepoRule(**rule) for name, rule in tables["repos"].items()},
        registries={name: RegistryRule(**rule) for name, rule in tables["registries"].items()},
        **{key: value for key, value in values.items() if key in _TOP},
    )


def _dotted(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _refused(code: str, message: str, hint: str = "see `whatsrunning help config`") -> Refused:
    return Refused(code, message, hint)


@dataclass(frozen=True, slots=True)
class _Value:
    """What one setting takes, in words and as a test, and what is made of it."""

    wanted: str
    takes: Callable[[Any], bool]
    make: Callable[[Any], Any] = lambda value: value

    def __call__(self, value: object, key: str) -> Any:
        if not self.takes(value):
            raise _refused("config-value", f"{key} must be {self.wanted}")
        return self.make(value)


_LIST = _Value('a list of texts, such as ["a", "b"]', lambda value: isinstance(value, list))
_TEXT = _Value(
    "a text, not empty, on one line",
    lambda value: isinstance(value, str) and bool(value) and value.isprintable(),
)
_REPOSITORY = _Value(
    "a repository as OWNER/NAME", lambda value: isinstance(value, str) and is_owner_name(value)
)
_FLAG = _Value("true or false", lambda value: isinstance(value, bool))
_ON_OFF = _Value(
    '"on" or "off"',
    lambda value: isinstance(value, bool) or value in ("on", "off"),
    lambda value: value in (True, "on"),
)
_SECONDS = _Value(
    f"a number of seconds from {SHORTEST} to {LONGEST:.0f}",
    lambda value: type(value) in (int, float) and SHORTEST <= value <= LONGEST,
    float,
)
_OUTPUT = _Value(f"one of {', '.join(OUTPUTS)}", lambda value: value in OUTPUTS)


def _texts(value: object, key: str) -> tuple[str, ...]:
    return tuple(_TEXT(text, key) for text in _LIST(value, key))


def _table(value: object, where: str, keys: Mapping[str, Check]) -> dict[str, Any]:
    """A table whose keys are all known; `where` is the dotted place of it, empty at the top."""
    if not isinstance(value, dict):
        raise _refused("config-value", f"{where} must be a table")
    prefix = f"{where}." if where else ""
    for key in value:
        if key not in keys:
            hint = nearest(key, list(keys))
            raise _refused("config-key", f"{prefix}{key} is not a setting", hint)
    return {key: keys[key](entry, prefix + key) for key, entry in value.items()}


def _tables(value: object, where: str, keys: Mapping[str, Check]) -> dict[str, Any]:
    """Tables with names of the user's choice."""
    if not isinstance(value, dict):
        raise _refused("config-value", f"{where} must be a table of tables")
    for name in value if where == "repos" else ():
        _REPOSITORY(name, f"{where}.{name}")
    return {name: _table(entry, f"{where}.{name}", keys) for name, entry in value.items()}


def _keys_of(rule: type) -> Mapping[str, Check]:
    """The settings of a rule are its fields, checked by their types."""
    checks: Mapping[Any, Check] = {str: _TEXT, tuple[str, ...]: _texts, bool: _FLAG}
    return {
        setting.name: _REPOSITORY if setting.name == "repo" else checks[setting.type]
        for setting in fields(rule)
    }


_TOP: Mapping[str, Check] = {
    "contexts": _texts, "timeout": _SECONDS, "output": _OUTPUT, "journal": _ON_OFF,
}  # fmt: skip
_LABELS: Mapping[str, Check] = {"revision": _texts}
RULES: Mapping[str, Mapping[str, Check]] = {
    "services": _keys_of(ServiceRule),
    "images": {"repo": _REPOSITORY},
    "repos": _keys_of(RepoRule),
    "registries": _keys_of(RegistryRule),
}
_SETTINGS: Mapping[str, Check] = {
    **_TOP,
    "labels": partial(_table, keys=_LABELS),
    **{name: partial(_tables, keys=keys) for name, keys in RULES.items()},
}
