"""The order of commits by their parents, never by their dates, which clocks can spoil. Pure."""

from collections import Counter
from collections.abc import Mapping


def newest_first(parents: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The same commits, none after one of its parents; each line of history in one piece.

    It is the order of git's --topo-order, https://git-scm.com/docs/git-rev-list; heads as given.
    """
    children = Counter(parent for above in parents.values() for parent in above)
    ready = [sha for sha in reversed(tuple(parents)) if not children[sha]]
    ordered: dict[str, tuple[str, ...]] = {}
    while ready:
        newest = ready.pop()
        ordered[newest] = parents[newest]
        for parent in parents[newest]:
            children[parent] -= 1
            if parent in parents and not children[parent]:
                ready.append(parent)
    return ordered
