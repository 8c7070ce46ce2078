"""What a commit changed, and the workflows that its push could start, as that commit has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.facts.records import PushFilter, WorkflowFilter
from whatsrunning.sources.git.clone import resolve
from whatsrunning.sources.git.errors import late
from whatsrunning.sources.git.process import GitProcess

CHANGED = 300
"""Files that GitHub compares with a filter; of what changed more nobody can tell."""
WORKFLOWS = 100
"""Workflow files that are read; with more of them nobody can tell."""
LARGEST = 128 * 1024
"""Bytes of a workflow file that is read."""
IN_ALL = 4 * LARGEST
"""Bytes of all of them; it takes PyYAML seconds to read so many."""

_FOLDER = ".github/workflows/"
_FILES = frozenset({"100644", "100755"})


class _CannotTell(Exception):
    """What the clone lacks, or what is more than anybody writes. Never leaves this module."""


@dataclass(frozen=True, slots=True)
class _At:
    git: GitProcess
    path: str
    sha: str
    deadline: Deadline

    def run(self, *command: str, stdin: Sequence[str] = ()) -> bytes:
        return self.git.run(self.path, command, self.deadline, stdin=stdin).out


def read_push_filter(git: GitProcess, path: str, sha: str, deadline: Deadline) -> PushFilter | None:
    """A whole SHA of the clone against its first parent; None where the clone cannot tell.

    The first commit has no parent, a shallow clone's last commits show none, a partial clone may
    lack the files, and a file can be too large, or no workflow at all.
    """
    at = _At(git, path, sha, deadline)
    try:
        changed = _changed(at)
        return PushFilter(changed, _workflows(at)) if changed else None
    except _CannotTell:
        return None


def _changed(at: _At) -> tuple[str, ...]:
    (parent,) = resolve(at.git, at.path, [f"{at.sha}^1"], at.deadline)
    if not parent:
        raise _CannotTell
    command = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--end-of-options")
    names = at.run(*command, parent, at.sha, "--").decode("utf-8", "replace").split("\0")
    if len(names) > CHANGED + 1:
        raise _CannotTell
    return tuple(filter(None, names))


def _workflows(at: _At) -> tuple[WorkflowFilter, ...]:
    from whatsrunning.sources.git.workflow_file import Unreadable, on_push

    found: list[WorkflowFilter] = []
    files = {name: text for name, text in _contents(at, _listed(at)).items() if b"push" in text}
    if sum(map(len, files.values())) > IN_ALL:
        raise _CannotTell
    for name, content in files.items():
        if not at.deadline.left():
            raise SourceError(late(at.path))
        try:
            found += on_push(name, content)
        except Unreadable as fault:
            raise _CannotTell from fault
    return tuple(found)


def _listed(at: _At) -> Mapping[str, str]:
    """The object of each workflow file, by its path."""
    command = ("ls-tree", "--full-tree", "-z", "-l", "--end-of-options")
    rows = at.run(*command, at.sha, "--", _FOLDER).decode("utf-8", "replace").split("\0")
    blobs: dict[str, str] = {}
    for row in filter(None, rows):
        about, _, name = row.partition("\t")
        mode, _, blob, size = about.split()
        if mode not in _FILES or not name.endswith((".yml", ".yaml")):
            continue
        if not size.isdecimal() or int(size) > LARGEST:
            raise _CannotTell
        blobs[name] = blob
    if len(blobs) > WORKFLOWS:
        raise _CannotTell
    return blobs


def _contents(at: _At, blobs: Mapping[str, str]) -> Mapping[str, bytes]:
    """What the files hold, from one `git cat-file`."""
    if not blobs:
        return {}
    rest = at.run("cat-file", "--batch", stdin=list(blobs.values()))
    contents: dict[str, bytes] = {}
    for name in blobs:
        head, _, rest = rest.partition(b"\n")
        size = head.rpartition(b" ")[2]
        if not size.isdigit():  # "missing"
            raise _CannotTell
        contents[name], rest = rest[: int(size)], rest[int(size) + 1 :]
    return contents
