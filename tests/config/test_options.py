"""Flags over environment over file, each origin, and each wrong flag its sentence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from whatsrunning.config.options import Flags, Options, Setting, resolve
from whatsrunning.errors import Refused
from whatsrunning.facts.scope import RegistryRule, RepoRule, ServiceRule

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
FULL = """
contexts = ["prod", "staging"]
timeout = 20
output = "json"
journal = "off"
labels.revision = ["app.commit"]
[services.web]
repo = "acme/shop"
image = "ghcr.io/acme/shop"
context = "prod"
gates = ["test"]
paths = ["web/"]
[images."ghcr.io/acme/*"]
repo = "acme/shop"
[repos."acme/shop"]
clone = "src/shop"
default_branch = "trunk"
gates = ["lint"]
deploy_workflows = ["deploy.yml"]
migrations = ["db/"]
[registries."r.acme:5000"]
ca = "/etc/ca.pem"
insecure = true
"""


def options(text: str, tmp_path: Path, env: dict[str, str] | None = None, **flags: Any) -> Options:
    file = tmp_path / ".config" / "whatsrunning" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return resolve(Flags(**flags), {"HOME": str(tmp_path), **(env or {})}, False, NOW)


def test_a_whole_file(tmp_path: Path) -> None:
    got = options(FULL, tmp_path)
    file = "~/.config/whatsrunning/config.toml"
    assert got.config.contexts == ("prod", "staging")
    assert got.timeout == Setting(20.0, file)
    assert got.output == Setting("json", file)
    assert got.journal == Setting(False, file)
    assert got.revision_labels == Setting(("app.commit",), file)
    config = got.config
    rule = ServiceRule("acme/shop", "ghcr.io/acme/shop", "prod", ("test",), ("web/",))
    assert config.services == {"web": rule}
    assert config.images == {"ghcr.io/acme/*": "acme/shop"}
    clone = str(tmp_path / ".config/whatsrunning/src/shop")
    repo = RepoRule(clone, "trunk", ("lint",), ("deploy.yml",), ("db/",))
    assert config.repos == {"acme/shop": repo}
    assert config.registries == {"r.acme:5000": RegistryRule("/etc/ca.pem", True)}
    assert got.clones.value == (clone, ".")


def test_flags_go_before_the_file_and_nothing_has_its_defaults(tmp_path: Path) -> None:
    got = options(FULL, tmp_path, contexts=("a",), timeout="0.5", output="slack", clones=("/",))
    assert got.flags.contexts == ("a",)
    assert got.timeout == Setting(0.5, "--timeout")
    assert got.output == Setting("slack", "-o")
    assert got.clones.value[0] == "/"
    assert "." not in got.clones.value
    bare = resolve(Flags(), {}, True, NOW)
    assert bare.output == Setting("table", "a terminal")
    assert resolve(Flags(), {}, False, NOW).output == Setting("plain", "no terminal")
    assert (bare.timeout, bare.journal) == (Setting(10.0), Setting(True))
    assert (bare.config.contexts, bare.revision_labels) == ((), Setting(("git.sha",)))


@pytest.mark.parametrize(
    ("flag", "variable", "expected"),
    [
        ("flag", "variable", Setting(3.0, "flag/config.toml")),
        ("", "variable", Setting(4.0, "variable/config.toml")),
        ("", "", Setting(5.0, "xdg/whatsrunning/config.toml")),
    ],
    ids=["the flag", "the variable", "XDG_CONFIG_HOME"],
)
def test_which_file_is_read(
    tmp_path: Path, flag: str, variable: str, expected: Setting[float]
) -> None:
    for number, name in enumerate(("flag", "variable", "xdg/whatsrunning"), start=3):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "config.toml").write_text(f"timeout = {number}")
    env = {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    if variable:
        env["WHATSRUNNING_CONFIG"] = str(tmp_path / variable / "config.toml")
    flags = Flags(config=str(tmp_path / flag / "config.toml") if flag else "")
    timeout = resolve(flags, env, False, NOW).timeout
    assert timeout == Setting(expected.value, str(tmp_path / expected.origin))


@pytest.mark.parametrize(
    ("flags", "message", "hint"),
    [
        ({"output": "jsn"}, "-o jsn: there is no such format", "did you mean json?"),
        ({"timeout": "soon"}, "--timeout soon: not a number of seconds", "--timeout 20"),
        ({"timeout": "0"}, "--timeout 0", "0.1 to 600"),
        ({"timeout": "601"}, "--timeout 601", "0.1 to 600"),
        ({"timeout": "nan"}, "--timeout nan", "0.1 to 600"),
        ({"clones": ("/dev/null/none",)}, "-C /dev/null/none: there is no such folder", "clone"),
        ({"repo": "shop"}, "-R shop: not a repository", "OWNER/NAME"),
        ({"since": "yesterday"}, "--since yesterday: not a time", "2h"),
        ({"config": "/dev/null/none"}, "/dev/null/none: not a directory", "help config"),
    ],
    ids=[
        "a format",
        "a timeout in words",
        "no time at all",
        "too long a timeout",
        "a timeout that is no number",
        "a clone that is not there",
        "a repository without an owner",
        "a time in words",
        "a file that is not there",
    ],
)
def test_flags_that_are_wrong(flags: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        resolve(Flags(**flags), {}, False, NOW)
    assert message in refused.value.message
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("30 min", NOW - timedelta(minutes=30)),
        ("3d", NOW - timedelta(days=3)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T10:00+02:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
    ],
    ids=["hours ago", "minutes ago", "days ago", "a date", "RFC 3339"],
)
def test_times(text: str, expected: datetime) -> None:
    assert resolve(Flags(since=text), {}, False, NOW).since == expected


def test_secrets_stay_out_of_what_is_printed() -> None:
    assert "s3cret" not in repr(resolve(Flags(), {"GH_TOKEN": "s3cret"}, False, NOW))
