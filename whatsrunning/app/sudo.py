"""Under sudo: whose contexts, logins and token were read, what is missing (DESIGN section 4)."""

from collections.abc import Mapping
from pathlib import Path

from whatsrunning.app.factory import home_of
from whatsrunning.sources.github.access import token_variable
from whatsrunning.text import one_line


def sudo_notes(env: Mapping[str, str]) -> list[str]:
    """One line when SUDO_USER is set: whose home was read, and what is not there; else nothing."""
    user = one_line(env.get("SUDO_USER", ""))
    if not user:
        return []
    home = home_of(env)
    theirs = _home_of_user(user) == home
    whose = f"{user}'s" if theirs else f"those of {one_line(str(home))}, not {user}'s"
    missing = _missing(env, home)
    said = f"note: under sudo, contexts, registry logins and tokens are {whose}"
    said += f"; missing there: {', '.join(missing)}" if missing else ""
    kept = "GH_TOKEN" if theirs else "HOME,GH_TOKEN"
    return [f"{said}; sudo --preserve-env={kept} keeps {user}'s" if missing or not theirs else said]


def _missing(env: Mapping[str, str], home: Path) -> list[str]:
    """What this home and this environment do not have, so that others' rights were used."""
    docker = Path(env.get("DOCKER_CONFIG") or home / ".docker")
    has_token = bool(token_variable(env))
    there = {
        "contexts": _is_there(docker / "contexts" / "meta"),
        "registry logins": _is_there(docker / "config.json"),
        "a GitHub token": has_token or _is_there(home / ".config" / "gh" / "hosts.yml"),
    }
    return [what for what, is_there in there.items() if not is_there]


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _home_of_user(user: str) -> Path | None:
    import pwd

    try:
        return Path(pwd.getpwnam(user).pw_dir)
    except (KeyError, ValueError):
        return None
