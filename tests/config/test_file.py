"""The configuration file: every setting that it may hold, and each wrong thing its sentence."""

from pathlib import Path

import pytest

from tests.config.settings import settings
from whatsrunning.config.file import parse, read
from whatsrunning.errors import Exit, Refused


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
    assert message in refused.value.message
    assert hint in refused.value.hint
    assert refused.value.exit == Exit.USAGE


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none", "none: no such file or directory"),
        (".", "is a directory"),
        ("bytes", "bytes: not UTF-8 text"),
        ("large", "large: larger than 1 MiB"),
        ("\0", "cannot be read"),
    ],
    ids=["absent", "a folder", "not UTF-8", "too large", "no path"],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_bytes(b"#" * 1_100_000)
    with pytest.raises(Refused) as refused:
        read(tmp_path / name, name)
    assert reason in refused.value.message


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("src/shop", "/etc/whatsrunning/src/shop"),
        ("/src/shop", "/src/shop"),
        ("~/shop", "/home/alice/shop"),
        ("~nobody-of-that-name/shop", "/etc/whatsrunning/~nobody-of-that-name/shop"),
    ],
    ids=["relative", "absolute", "of the home", "of a home that is not there"],
)
def test_where_a_path_starts(monkeypatch: pytest.MonkeyPatch, written: str, whole: str) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    text = f'[repos."acme/shop"]\nclone = "{written}"\n[registries.r]\nca = "{written}"'
    config = parse(text, "f.toml", Path("/etc/whatsrunning"))
    assert (config.repos["acme/shop"].clone, config.registries["r"].ca) == (whole, whole)


def test_every_setting_of_the_contract_is_there() -> None:
    assert settings() == {
        "contexts", "timeout", "output", "journal", "labels.revision",
        "services.NAME.repo", "services.NAME.image", "services.NAME.context",
        "services.NAME.gates", "services.NAME.paths", "images.NAME.repo",
        "repos.NAME.clone", "repos.NAME.default_branch", "repos.NAME.gates",
        "repos.NAME.deploy_workflows", "repos.NAME.migrations",
        "registries.NAME.ca", "registries.NAME.insecure",
    }  # fmt: skip
