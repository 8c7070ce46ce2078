"""Under sudo: whose contexts, logins and token were read, and what is missing."""

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

from whatsrunning.config.options import home_of
from whatsrunning.contexts.files import DockerFolder
from whatsrunning.sources.github.access import token_variable
from whatsrunning.text import one_line


def sudo_notes(env: Mapping[str, str]) -> list[str]:
    """One line when SUDO_USER is set: whose home was read, and what is not there; else nothing."""
    user = one_line(env.get("SUDO_USER", ""))
    if not user:
        return []
    home = home_of(env)
    is_theirs = _home_of_user(user) == home
    whose = f"{user}'s" if is_theirs else f"those of {one_line(str(home))}, not {user}'s"
    missing = _missing(env, home)
    note = f"note: under sudo, contexts, registry logins and tokens are {whose}"
    note += f"; missing there: {', '.join(missing)}" if missing else ""
    variables = "GH_TOKEN" if is_theirs else "HOME,GH_TOKEN"
    if missing or not is_theirs:
        note += f"; sudo --preserve-env={variables} keeps {user}'s"
    return [note]


def _missing(env: Mapping[str, str], home: Path) -> list[str]:
    """What this home and this environment do not have, so that others' rights were used."""
    docker = DockerFolder(env)
    has_token = bool(token_variable(env))
    present = {
        "contexts": os.path.exists(docker.stored),
        "registry logins": os.path.exists(docker.config),
        "a GitHub token": has_token or os.path.exists(home / ".config" / "gh" / "hosts.yml"),
    }
    return [name for name, is_there in present.items() if not is_there]


def _home_of_user(user: str) -> Path | None:
    try:
        return Path(pwd.getpwnam(user).pw_dir)
    except (KeyError, ValueError):
        return None
