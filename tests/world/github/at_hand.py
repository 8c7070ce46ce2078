"""What tests of the GitHub adapter share: one history, and an adapter onto a stand-in."""

import atexit
import shutil
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tests.world.github.process import GitHubProcess
from tests.world.history import History, make_history
from whatsrunning.facts.github import Github
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.github.access import GithubAccess
from whatsrunning.sources.github.client import GithubClient

TOKEN = "ghp_" + "s3cr3t" * 6
REPOSITORY = "acme/shop"
NOWHERE = "dead" * 10


@cache
def history() -> History:
    """The shop's history, made once a run."""
    folder = Path(tempfile.mkdtemp(prefix="wr-history"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return make_history(folder)


def github_at(
    github: GitHubProcess | str,
    token: str = TOKEN,
    allowed: Iterable[str] = (REPOSITORY,),
    path: str = "",
) -> Github:
    """The adapter onto this stand-in, or onto this address."""
    url = github if isinstance(github, str) else github.url
    return GithubClient(GithubAccess(f"{url}{path}", "github.com", token, frozenset(allowed)))


def soon() -> Deadline:
    """A deadline that no answer should need."""
    return Deadline.after(60)
