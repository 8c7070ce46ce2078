"""Under sudo: whose settings were read, and what is missing there."""

import getpass
import pwd
from pathlib import Path

import pytest

from tests.hand_made import snapshot
from tests.program import whatsrunning
from whatsrunning.app.sudo import sudo_notes
from whatsrunning.sources.saved.codec import to_text


def _home(folder: Path) -> Path:
    """A home with contexts, a login and a token."""
    for path in (".docker/contexts/meta/x", ".config/gh"):
        (folder / path).mkdir(parents=True)
    (folder / ".docker/config.json").write_text("{}")
    (folder / ".config/gh/hosts.yml").touch()
    return folder


ALL = "contexts, registry logins, a GitHub token"


@pytest.mark.parametrize(
    ("env", "missing"),
    [
        ({"HOME": "full"}, ""),
        ({"HOME": "empty"}, ALL),
        ({"HOME": "empty", "GH_TOKEN": "s3cret"}, "contexts, registry logins"),
        ({"HOME": "empty", "DOCKER_CONFIG": "full/.docker"}, "a GitHub token"),
    ],
    ids=["all there", "an empty home", "a token in the environment", "DOCKER_CONFIG elsewhere"],
)
def test_sudo_names_whose_rights_were_used_and_what_is_missing(
    tmp_path: Path, env: dict[str, str], missing: str
) -> None:
    _home(tmp_path / "full")
    paths = {k: v if k == "GH_TOKEN" else str(tmp_path / v) for k, v in env.items()}
    [note] = sudo_notes({**paths, "SUDO_USER": "\x1b[1malice"})
    assert f"those of {paths['HOME']}, not " in note
    assert "alice's" in note
    lack = f"; missing there: {missing};" if missing else "alice's; sudo --preserve-env"
    assert lack in note
    assert "s3cret" not in note
    assert "\x1b" not in note


def test_sudo_that_kept_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user, home = getpass.getuser(), _home(tmp_path)
    monkeypatch.setattr(pwd, "getpwnam", lambda _name: pwd.struct_passwd(
        (user, "x", 1, 1, "", str(home), "/bin/sh")
    ))  # fmt: skip
    env = {"HOME": str(home), "SUDO_USER": user}
    assert sudo_notes(env) == [
        f"note: under sudo, contexts, registry logins and tokens are {user}'s"
    ]
    (home / ".config/gh/hosts.yml").unlink()
    [note] = sudo_notes(env)
    assert note.endswith(f"a GitHub token; sudo --preserve-env=GH_TOKEN keeps {user}'s")
    assert sudo_notes({"HOME": str(home)}) == []


def test_under_sudo_it_says_whose_settings_were_read(tmp_path: Path) -> None:
    look = tmp_path / "look.json"
    look.write_text(to_text(snapshot()))
    done = whatsrunning("replay", str(look), home=tmp_path, env={"SUDO_USER": "alice"})
    assert done.code == 0
    assert done.stderr.count("\n") == 1
    assert f"those of {tmp_path}, not alice's" in done.stderr
