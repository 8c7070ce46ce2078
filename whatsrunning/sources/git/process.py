"""git as a process, through GitPython: bounded in time, and nothing of the clone's runs along."""

import atexit
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from subprocess import PIPE, TimeoutExpired
from typing import Any

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.git.errors import NO_GIT, late, refusal, without_secrets
from whatsrunning.sources.interface import end_process

# No pager, hooks, fsmonitor, gpg, housekeeping or replaced objects: reading changes and starts
# nothing. Whoever may write a clone's configuration could have any of them start a program:
# https://git-scm.com/docs/git-config (core.fsmonitor, core.hooksPath, core.alternateRefsCommand).
_HARDENED = (
    "git", "--no-pager", "--no-optional-locks", "--no-replace-objects",
    "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}",
    "-c", "log.showSignature=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
    "-c", "core.alternateRefsCommand=:",
)  # fmt: skip
# What makes git look at another repository than the one that was named, write somewhere, or start
# a program of somebody's choice: git rev-parse --local-env-vars, and more of
# https://git-scm.com/docs/git#_environment_variables
_REDIRECTING = re.compile(
    r"GIT_(?:TRACE.*|(?:ALTERNATE_)?OBJECT_(?:DIRECTORY|DIRECTORIES)|CONFIG|CONFIG_PARAMETERS|DIR"
    r"|(?:IMPLICIT_)?WORK_TREE|COMMON_DIR|INDEX_FILE|GRAFT_FILE|SHALLOW_FILE|NAMESPACE|PREFIX"
    r"|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|EXTERNAL_DIFF|PAGER|REDIRECT_STDERR)"
)
_BEFORE_THE_END = 0.1  # seconds: our own word on a timeout comes before the flow stops waiting
_NOT_FOUND = 127  # env's exit code for a program that is not there


@dataclass(frozen=True, slots=True)
class Output:
    """How a git command ended; `err` is what it said, without credentials."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8", "replace")

    @property
    def lines(self) -> list[str]:
        # No splitlines: names may hold what Python takes for a line's end.
        return self.text.removesuffix("\n").split("\n") * bool(self.out)

    @property
    def fields(self) -> list[str]:
        """What `-z` sets apart."""
        return self.text.removesuffix("\0").split("\0") * bool(self.out)


@dataclass(frozen=True, slots=True)
class GitFolder:
    """git in a folder, until a deadline; `env` is the caller's environment."""

    # Each command is a process of its own: one GitPython `Repo` that threads share deadlocks over
    # the pipes of its `git cat-file`.
    path: str
    env: Mapping[str, str]
    deadline: Deadline

    def run(
        self,
        *arguments: str,
        stdin: Sequence[str] = (),
        accept: Sequence[int] = (0,),
        network: bool = False,
        strict: bool = False,
    ) -> Output:
        """One command; `stdin` are lines. SourceError: no-git, timeout, or why git refused."""
        left = self.deadline.left() - _BEFORE_THE_END
        if left <= 0:
            raise SourceError(late(self.path))
        text = "".join(f"{line}\n" for line in stdin).encode("utf-8", "surrogateescape")
        command = [*_HARDENED, "-C", self.path, *arguments]
        try:
            # GitPython's, which ends it once nobody refers to it.
            process = _start(command, _environment(self.env, network), self.path)
            ended = _finish(process, text, left)
        except TimeoutExpired:
            raise SourceError(late(self.path)) from None
        # What git complains of and then leaves out may be a broken pack.
        if ended.status not in accept or (strict and "error: " in ended.err):
            raise SourceError(refusal(self.path, ended.err))
        return ended


def _environment(env: Mapping[str, str], network: bool) -> dict[str, str]:
    kept = {name: value for name, value in env.items() if not _REDIRECTING.fullmatch(name)}
    # git before 2.44 has no GIT_NO_LAZY_FETCH: without a protocol it cannot fetch what is missing.
    usual = "file:git:http:https:ssh"
    protocols = env.get("GIT_ALLOW_PROTOCOL", usual) if network else "none"
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
    return {**kept, **quiet, "GIT_ALLOW_PROTOCOL": protocols, "LC_ALL": "C", "LANGUAGE": "C"}


def _finish(process: Any, stdin: bytes, seconds: float) -> Output:
    end = partial(end_process, process.proc)
    atexit.register(end)
    try:
        out, err = process.proc.communicate(stdin, timeout=seconds)
    finally:
        end()
        atexit.unregister(end)
    if process.proc.returncode == _NOT_FOUND:
        raise SourceError(NO_GIT)
    return Output(process.proc.returncode, out, without_secrets(err.decode("utf-8", "replace")))


def _import_problem(fault: ImportError, folder: str) -> Problem:
    """Why GitPython cannot be imported: it runs `git version`, which a broken ~/.gitconfig fails.

    Its GitCommandError cannot be imported either, and puts what git said in quotes.
    """
    said = str(getattr(fault.__cause__, "stderr", "")).strip()
    words = said.removeprefix("stderr: '").removesuffix("'")
    return refusal(folder, without_secrets(words)) if words else NO_GIT


def _start(command: Sequence[str], env: Mapping[str, str], folder: str) -> Any:
    # GitPython adds these variables to this process's own: the others are unset on the way.
    unwanted = [word for name in os.environ if name not in env for word in ("-u", name)]
    prefix = ["env", *unwanted] if unwanted else []
    try:
        from git.cmd import Git
        from git.exc import GitError
    except ImportError as fault:
        raise SourceError(_import_problem(fault, folder)) from fault
    try:
        return Git().execute(
            [*prefix, *command], istream=PIPE, as_process=True, env=env, start_new_session=True
        )
    except (GitError, OSError) as fault:
        raise SourceError(NO_GIT) from fault
