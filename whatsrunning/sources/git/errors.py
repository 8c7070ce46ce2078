"""What can go wrong with git and clones, each in a sentence with a way out."""

import re
import shlex
from collections.abc import Sequence

from whatsrunning.facts.answers import Problem
from whatsrunning.text import one_line

_USERINFO = re.compile(r"(?<=//)[^/@\s'\"]+@")
NO_GIT = Problem(
    "git", "", "no-git", "git is not installed here, or not on the PATH",
    "install git, or name the repository with -R OWNER/NAME: GitHub then answers alone",
)  # fmt: skip


class CannotTell(Exception):
    """A clone lacks what a push is judged by, or it is more or other than anybody writes."""


def without_secrets(text: str) -> str:
    """git's words without the user names and passwords of URLs."""
    return _USERINFO.sub("", text)


def late(subject: str) -> Problem:
    """git was still busy at the deadline, and was killed."""
    hint = "give it longer with --timeout SECONDS"
    return Problem("git", subject, "timeout", f"git did not answer in time in {subject}", hint)


def no_clone(repository: str, others: Sequence[str] = ()) -> Problem:
    """No clone at hand has this repository as a remote; `others` are what they are clones of."""
    hint = f"name a clone of {repository} with -C PATH"
    only = f", only of {', '.join(others[:3])}" if others else ""
    message = f"no clone of {repository} is at hand{only}"
    return Problem("git", repository, "no-clone", message, hint)


def other_names(folder: str) -> Problem:
    """A repository of SHA-256 names: no commit of GitHub's is found in it."""
    message = f"{folder}: the repository uses SHA-256 names, GitHub's commits have SHA-1 names"
    return Problem("git", folder, "sha256", message, "name a clone from GitHub with -C PATH")


def ambiguous(repository: str, prefix: str, shas: list[str]) -> Problem:
    """Several commits begin with this."""
    message = f"{prefix} is ambiguous in {repository}: {len(shas)} commits begin with it"
    message = f"{message} ({', '.join(shas[:3])})"
    return Problem("git", f"{repository}@{prefix}", "ambiguous", message, "use the whole SHA")


def not_a_sha(repository: str, text: str, wanted: str) -> Problem:
    """Something that may not reach git's command line as a SHA."""
    shown = one_line(text, 60)
    message = f"'{shown}' is not a commit SHA ({wanted} hexadecimal digits)"
    return Problem("git", f"{repository}@{shown}".lstrip("@"), "not-a-sha", message)


# In git's own words, with LC_ALL=C. git since 2.35.2 reads no repository of another user, whose
# configuration could start programs (CVE-2022-24765: https://github.com/git/git/commit/8959555cee7e).
_REFUSALS = (
    (
        r"detected dubious ownership in repository at '(.+)'", "dubious-ownership",
        "the repository belongs to another user, and git refuses to read it",
        "git config --global --add safe.directory {0}",
    ),
    # https://git-scm.com/docs/git-config (safe.bareRepository)
    (
        "cannot use bare repository", "bare-repository",
        "git refuses to read a bare repository here: safe.bareRepository is explicit",
        "name a clone with a working tree, or: git config --global safe.bareRepository all",
    ),
    # https://git-scm.com/docs/repository-version; before bad-config, which git says of it too.
    (
        r"Expected git repo version|unknown repository extensions? found|for 'extensions\.",
        "newer-format", "the repository was made by a newer git, and this one cannot read it",
        "upgrade git here",
    ),
    (
        r"(bad (?:\w+ )?config (?:line|variable|value) .+)", "bad-config",
        "git does nothing, for its configuration is broken: {0}",
        "mend that line of git's configuration",
    ),
    (
        "not a git repository: (.+)", "broken-link",
        "its .git leads to {0}, where no repository is",
        "bring that folder back, or mend the link with git worktree repair",
    ),
    ("not a git repository", "not-a-repository", "is not a git repository", "name a clone with -C"),
    ("cannot change to", "no-folder", "there is no such folder, or it may not be entered", ""),
    (
        "Unable to read current working directory", "no-folder", "the working directory is gone",
        "change to a folder that is there",
    ),
    ("Permission denied", "permission", "may not be read by this user", "let this user read it"),
)  # fmt: skip


def refusal(folder: str, output: str) -> Problem:
    """Why git refused to work in a folder, from what it said."""
    for pattern, code, message, hint in _REFUSALS:
        match = re.search(pattern, output)
        if match:
            way_out = hint.format(*map(shlex.quote, match.groups()))
            told = message.format(*(one_line(group, 300) for group in match.groups()))
            return Problem("git", folder, code, f"{folder}: {told}", way_out)
    lines = output.strip().splitlines()
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    why = f"failed: {one_line((fatal or lines)[-1], 300)}" if lines else "failed and said nothing"
    return Problem("git", folder, "git-failed", f"{folder}: git {why}")


def too_many_tags(folder: str, most: int) -> Problem:
    """More tags than are read to find the versions among them."""
    message = f"{folder}: has more than {most} tags, and none was read for versions"
    return Problem("git", folder, "too-many-tags", message)


def fetch_failed(folder: str, output: str) -> str:
    """`git fetch` did not work: the clone answers as of the fetch before."""
    why = one_line(output, 200) or "git said nothing"
    return f"{folder}: git fetch failed, answers are as of the fetch before: {why}"
