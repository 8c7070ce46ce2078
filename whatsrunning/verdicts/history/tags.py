"""What an image repository holds by name: tags that name a commit, and tags that name none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, together
from whatsrunning.facts.registry import RegistryTags
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.origin.whole_shas import commit_named


@dataclass(frozen=True, slots=True)
class BuildTags:
    """The builds of an image repository: tags by the SHA that they name, the plainest first.

    `by_image` are those among them that only their image's label or digest tells. `unread` tags
    name no commit that anybody knows, `old` ones say older versions than those that were looked
    into; `unasked` is why a tag may name a commit all the same. `listed` counts all.
    """

    by_sha: Mapping[str, tuple[str, ...]]
    by_image: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    old: tuple[str, ...] = ()
    unasked: Problem | None = None
    listed: int = 0

    def tag(self, sha: str) -> str:
        """The tag that a build goes by; empty where there is none."""
        return next(iter(self.by_sha.get(sha, ())), "")


@memo
def named_tags(case: Case, image_repository: str, repository: str) -> Answer[BuildTags]:
    """The tags of host/path by the commit that each names by itself. Unknown where they could not
    be listed; what only the images or their digests tell is `builds`' to find out."""

    def by_commit(tags: Iterable[str]) -> Answer[BuildTags]:
        own = [tag for tag in sorted(tags) if not names.is_referrer(tag)]
        clean = [tag for tag in own if not any(p.dirty for p in names.tag_revisions(tag))]
        named = {tag: tuple(_commits(case, repository, tag)) for tag in clean}
        answers = [answer for commits in named.values() for answer in commits]
        return together(answers).then(lambda _: Found(_sorted(named, len(own))))

    listed = case.get(RegistryTags(image_repository))
    return listed.then(by_commit) if listed != Nothing() else Found(BuildTags({}))


def missing(builds: BuildTags, image_repository: str) -> Problem | None:
    """Why there may be builds that no tag tells of; None where every tag names a commit."""
    if not builds.unread:
        return None
    if builds.unasked:
        return builds.unasked
    count, few = len(builds.unread), ", ".join(builds.unread[:3])
    more = ", …" if count > 3 else ""
    name = "names" if count == 1 else "name"
    message = f"{count} of {builds.listed} tags of {image_repository} {name} no commit"
    hint = (
        "label images with org.opencontainers.image.revision, or push each under its commit's SHA"
    )
    return Problem("registry", image_repository, "unread-tags", f"{message} ({few}{more})", hint)


def added(builds: BuildTags, more: Mapping[str, str]) -> BuildTags:
    """The builds with more tags (SHA by tag), which are unread no longer."""
    by_sha = dict(builds.by_sha)
    for tag, sha in more.items():
        by_sha[sha] = (*by_sha.get(sha, ()), tag)
    left = tuple(tag for tag in builds.unread if tag not in more)
    old = tuple(tag for tag in builds.old if tag not in more)
    by_image = builds.by_image.union(more)
    return BuildTags(by_sha, by_image, left, old, builds.unasked if left else None, builds.listed)


def _commits(case: Case, repository: str, tag: str) -> Iterator[Answer[str]]:
    for parsed in names.tag_revisions(tag):
        if not parsed.dated:
            yield commit_named(case, repository, parsed.sha)


def _sorted(named: Mapping[str, tuple[Answer[str], ...]], listed: int) -> BuildTags:
    by_sha: defaultdict[str, list[str]] = defaultdict(list)
    unread: list[str] = []
    unasked: list[Problem] = []
    for tag, answers in named.items():
        if sha := next(filter(None, (answer.value_or("") for answer in answers)), ""):
            by_sha[sha].append(tag)
        else:
            unread.append(tag)
            unasked += [answer.problem for answer in answers if answer.problem]
    plainest = {sha: tuple(sorted(tags, key=_decoration)) for sha, tags in by_sha.items()}
    reason = next(iter(unasked), None)
    return BuildTags(plainest, unread=tuple(unread), unasked=reason, listed=listed)


def _decoration(tag: str) -> tuple[bool, int]:
    """A tag that is nothing but the whole SHA is the plainest."""
    return not names.is_whole(tag), len(tag)
