"""What a commit changed, and the workflows that its push could start, as that commit has them."""

from collections.abc import Iterable, Iterator, Mapping

from whatsrunning.facts.git import PushFilter, WorkflowFilter
from whatsrunning.facts.query import SourceError
from whatsrunning.sources.git.clone import resolve
from whatsrunning.sources.git.errors import CannotTell, late
from whatsrunning.sources.git.log import read_touched
from whatsrunning.sources.git.process import GitFolder

# Of what is more than this nobody can tell. GitHub compares 300 files with a filter, and no more:
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
CHANGED = 300
WORKFLOWS = 100
LARGEST = 128 * 1024  # bytes of a workflow file
IN_ALL = 4 * LARGEST  # bytes of all of them; it takes PyYAML seconds to read so many
_FOLDER = ".github/workflows/"
_FILES = frozenset({"100644", "100755"})


def read_push_filter(git: GitFolder, sha: str) -> PushFilter | None:
    """A whole SHA of the clone against its first parent; None where the clone cannot tell."""
    # The first commit has no parent, a shallow clone's last commits show none, a partial clone may
    # lack the files, and a file can be too large, or no workflow at all.
    (parent,) = resolve(git, [f"{sha}^1"])
    changed = read_touched(git, parent, sha) if parent else ()
    if not 0 < len(changed) <= CHANGED:
        return None
    try:
        return PushFilter(changed, tuple(_workflows(git, sha)))
    except CannotTell:
        return None


def _workflows(git: GitFolder, sha: str) -> Iterator[WorkflowFilter]:
    from whatsrunning.sources.git.workflow_file import on_push

    blobs = dict(_listed(git, sha))
    if len(blobs) > WORKFLOWS:
        raise CannotTell
    files = {name: text for name, text in _contents(git, blobs) if b"push" in text}
    if sum(map(len, files.values())) > IN_ALL:
        raise CannotTell
    for name, content in files.items():
        if not git.deadline.left():
            raise SourceError(late(git.path))
        if workflow := on_push(name, content):
            yield workflow


def _listed(git: GitFolder, sha: str) -> Iterator[tuple[str, str]]:
    command = ("ls-tree", "--full-tree", "-z", "-l", "--end-of-options", sha, "--", _FOLDER)
    for row in git.run(*command).fields:
        about, _, name = row.partition("\t")
        mode, _, blob, size = about.split()
        if mode in _FILES and name.endswith((".yml", ".yaml")):
            if not size.isdecimal() or int(size) > LARGEST:
                raise CannotTell
            yield name, blob


def _contents(git: GitFolder, blobs: Mapping[str, str]) -> Iterable[tuple[str, bytes]]:
    rest = git.run("cat-file", "--batch", stdin=list(blobs.values())).out if blobs else b""
    for name in blobs:
        head, _, rest = rest.partition(b"\n")
        size = head.rpartition(b" ")[2]
        if not size.isdigit():  # "missing"
            raise CannotTell
        yield name, rest[: int(size)]
        rest = rest[int(size) + 1 :]
