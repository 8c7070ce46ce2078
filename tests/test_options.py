"""Flags over environment over file, each origin, and each wrong thing its sentence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from whatsrunning.config.file import RegistryRule, parse, read, settings
from whatsrunning.config.options import Flags, Options, Setting, resolve
from whatsrunning.errors import Exit, Refused
from whatsrunning.facts.scope import RepoRule, ServiceRule

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
    assert got.contexts == Setting(("prod", "staging"), file)
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
    said = options(FULL, tmp_path, contexts=("a",), timeout="0.5", output="slack", clones=("/",))
    assert said.contexts == Setting(("a",), "-c")
    assert said.timeout == Setting(0.5, "--timeout")
    assert said.output == Setting("slack", "-o")
    assert said.clones.value[0] == "/"
    assert "." not in said.clones.value
    bare = resolve(Flags(), {}, True, NOW)
    assert bare.output == Setting("table", "a terminal")
    assert resolve(Flags(), {}, False, NOW).output == Setting("plain", "no terminal")
    assert (bare.timeout, bare.journal) == (Setting(10.0), Setting(True))
    assert (bare.contexts, bare.revision_labels) == (Setting(()), Setting(("git.sha",)))


@pytest.mark.parametrize(
    ("flag", "variable", "expected"),
    [
        ("flag", "variable", Setting(3.0, "flag/config.toml")),
        ("", "variable", Setting(4.0, "variable/config.toml")),
        ("", "", Setting(5.0, "xdg/whatsrunning/config.toml")),
    ],
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
    ("text", "message", "hint"),
    [
        ("timeout = ", "f.toml: not TOML", "help config"),
        ("tiemout = 3", "f.toml: tiemout is not a setting", "did you mean timeout?"),
        ("[services.web]\ngate = []", "f.toml: services.web.gate is not", "did you mean gates?"),
        ("[label]\nrevision = []", "f.toml: label is not a setting", "did you mean labels?"),
        ('timeout = "9"', "f.toml: timeout must be a number of seconds from 0.1 to 600", ""),
        ("timeout = true", "f.toml: timeout must be a number", ""),
        ("timeout = nan", "f.toml: timeout must be a number", ""),
        ("timeout = 601", "f.toml: timeout must be a number", ""),
        ('output = "yaml"', "f.toml: output must be one of table, plain", ""),
        ("journal = 3", 'f.toml: journal must be "on" or "off"', ""),
        ('contexts = "prod"', "f.toml: contexts must be a list of texts", ""),
        ("contexts = [3]", "f.toml: contexts must be a text", ""),
        ("services = 3", "f.toml: services must be a table of tables", ""),
        ("[services]\nweb = 3", "f.toml: services.web must be a table", ""),
        ("labels = 3", "f.toml: labels must be a table", ""),
        ('[services.web]\nrepo = "shop"', "f.toml: services.web.repo must be a repository", ""),
        ('[repos.shop]\nclone = "x"', "f.toml: repos.shop must be a repository as OWNER", ""),
        ('[registries."r"]\ninsecure = 1', "f.toml: registries.r.insecure must be true or", ""),
        ('[registries."r"]\nca = "a\\nb"', "f.toml: registries.r.ca must be a text", ""),
        ("a = " + "[" * 5000, "f.toml: not TOML", ""),
    ],
)
def test_what_is_wrong_in_a_file(text: str, message: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text, "f.toml", Path("/"))
    assert message in refused.value.fault.message
    assert hint in refused.value.fault.hint
    assert refused.value.exit == Exit.USAGE


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_bytes(b"#" * 1_100_000)
    for name, reason in [
        ("none", "none: no such file or directory"),
        (".", "is a directory"),
        ("bytes", "bytes: not UTF-8 text"),
        ("large", "large: larger than 1 MiB"),
        ("\0", "cannot be read"),
    ]:
        with pytest.raises(Refused) as refused:
            read(tmp_path / name, name)
        assert reason in refused.value.fault.message


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
)
def test_flags_that_are_wrong(flags: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        resolve(Flags(**flags), {}, False, NOW)
    assert message in refused.value.fault.message
    assert hint in refused.value.fault.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("30 min", NOW - timedelta(minutes=30)),
        ("3d", NOW - timedelta(days=3)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T10:00+02:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
    ],
)
def test_times(text: str, expected: datetime) -> None:
    assert resolve(Flags(since=text), {}, False, NOW).since == expected


def test_secrets_stay_out_of_what_is_printed() -> None:
    assert "s3cret" not in repr(resolve(Flags(), {"GH_TOKEN": "s3cret"}, False, NOW))


def test_every_setting_of_the_contract_is_there() -> None:
    assert set(settings()) == {
        "contexts", "timeout", "output", "journal", "labels.revision",
        "services.NAME.repo", "services.NAME.image", "services.NAME.context",
        "services.NAME.gates", "services.NAME.paths", "images.NAME.repo",
        "repos.NAME.clone", "repos.NAME.default_branch", "repos.NAME.gates",
        "repos.NAME.deploy_workflows", "repos.NAME.migrations",
        "registries.NAME.ca", "registries.NAME.insecure",
    }  # fmt: skip
