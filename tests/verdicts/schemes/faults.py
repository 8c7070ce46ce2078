"""What is wrong in what the program says of a cell, in words; nothing where all of it is true."""

from collections.abc import Iterable, Iterator

from tests.scene import digest, sha
from tests.verdicts.schemes.builds import Build
from tests.verdicts.schemes.oracle import Expected, expected
from tests.verdicts.schemes.world import Cell, content
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.report.commands import Has, Live, RollbackPlan, Timeline
from whatsrunning.report.container import Built, Container


def of_container(cell: Cell, container: Container) -> Iterator[str]:
    """Proof, revision, commit, version and position."""
    may, proof = expected(cell, container.name), container.proof
    if proof.status not in may.proofs:
        yield f"proof {proof.status}: {proof.reason}"
    yield from _without_hint("proof", Nothing() if not proof.problem else container.revision)
    yield from _without_hint("revision", container.revision)
    if not container.sha:
        yield from ["no revision"] if may.told else []
        yield from ["the revision is none"] if container.revision == Nothing() else []
    elif not may.may_be(container.sha, proof.status):
        yield f"revision {_word(cell, container.sha)}"
    commit = container.commit.value_or(None)
    if commit and commit.sha != container.sha:
        yield f"commit {_word(cell, commit.sha)}"
    if may.told and cell.way != "neither" and not commit:
        yield "no commit"
    version = container.version.value_or(None)
    wrong = [b.version for b in cell.line.builds if b != may.build]
    if version and any(other in version.text for other in wrong):
        yield f"version {version.text}"
    yield from _of_position(cell, may, container.built)


def _of_position(cell: Cell, may: Expected, answer: Answer[Built]) -> Iterator[str]:
    yield from _without_hint("position", answer)
    built = answer.value_or(None)
    if built is None:
        yield from ["the position is none"] if answer == Nothing() else []
        yield from ["no position"] if may.placed else []
        return
    newer, newest = _newer(cell, may.build), cell.line.newest.sha
    commits = cell.line.words.index(may.build.word)
    true = {"behind" if newer else "current"}
    if built.position not in true:
        yield f"position {built.position}"
    if built.builds_behind not in (newer, *([] if may.placed else [None])):
        yield f"{built.builds_behind} builds behind"
    if built.commits_behind not in (commits, *([] if may.placed else [None])):
        yield f"{built.commits_behind} commits behind"
    if built.newest_sha not in (newest, *([] if may.placed else [""])):
        yield f"the newest is {_word(cell, built.newest_sha)}"
    has_latest = "latest" in cell.scheme.moving(may.build)
    if built.latest_sha not in ("", newest) or (built.latest_sha and not has_latest):
        yield f":latest is {_word(cell, built.latest_sha)}"
    if may.placed and has_latest and not built.latest_sha:
        yield ":latest is nothing"


def of_diff(cell: Cell, timelines: Iterable[Timeline]) -> Iterator[str]:
    """Entries, and the three lists beneath them."""
    (timeline,) = timelines
    web = expected(cell, "web")
    for entry in timeline.entries:
        is_build = cell.line.of(entry.sha) is not None
        if is_build and entry.built == Nothing():
            yield f"{_word(cell, entry.sha)} was not built"
        if not is_build and isinstance(entry.built, Found):
            yield f"{_word(cell, entry.sha)} was built"
        if built := entry.built.value_or(None):
            yield from _of_tag(cell, entry.sha, built.tag, built.digest)
        claimed = cell.label == "true" and not cell.moving and entry.sha == web.build.sha
        if claimed and not isinstance(entry.built, Found):
            yield f"{_word(cell, entry.sha)}: the tag that runs is not told"
        for on in entry.running_on:
            runs = expected(cell, on.container)
            if not runs.may_be(entry.sha, "label-only"):
                yield f"{on.container} runs {_word(cell, entry.sha)}"
    unbuilt = {sha(word) for word in cell.line.words} - {build.sha for build in cell.line.builds}
    since = set(cell.line.words[: cell.line.words.index((web.believed or web.build).word)])
    newer = {build.sha for build in cell.line.builds[: _newer(cell, web.build)]}
    waiting = set[str]() if "new" in timeline.services else newer
    lists = {
        "built and not deployed": (_told(timeline, timeline.built_not_deployed), waiting),
        "running without a tag": (_told(timeline, timeline.running_without_tag), set[str]()),
        "merged and never built": (
            timeline.merged_never_built, {one for one in unbuilt if one in map(sha, since)}
        ),
    }  # fmt: skip
    for name, (answer, true) in lists.items():
        yield from _without_hint(name, answer)
        if answer == Nothing() and cell.way != "neither":
            yield f"{name}: none"
        if isinstance(answer, Found) and set(answer.value) != true:
            yield f"{name}: {', '.join(_word(cell, one) for one in answer.value) or 'nothing'}"
        if web.placed and not isinstance(answer, Found):
            yield f"{name}: not told"


def _told(timeline: Timeline, shas: tuple[str, ...]) -> Answer[tuple[str, ...]]:
    """A list as the page tells it: an empty one is unknown where a problem stands beside it."""
    return Unknown(timeline.problem) if timeline.problem and not shas else Found(shas)


def _of_tag(cell: Cell, sha_: str, tag: str, its: str) -> Iterator[str]:
    """A tag as it is told of a commit: the build's own, with the build's own content."""
    web = expected(cell, "web")
    if web.believed and sha_ == web.believed.sha and tag == cell.tag:
        return  # what the label says, which stays alone
    build = cell.line.of(sha_)
    moved = build is not None and build == cell.line.newest
    tags = (*cell.scheme.own(build), *(cell.scheme.moving(build) if moved else ())) if build else ()
    if tag not in tags:
        yield f":{tag} is of {_word(cell, sha_)}"
    elif build and its not in ("", digest(content(cell.scheme, build, tag))):
        yield f":{tag} of {_word(cell, sha_)} has the content of another"


def of_has(cell: Cell, ref: str, whole: str, has: Has) -> Iterator[str]:
    """Whether each container has a commit of the line; `ref` is how it was asked for."""
    if has.resolved == Nothing() or has.resolved.value_or((whole,)) != (whole,):
        yield f"{ref} is {has.resolved}"
    for live, rows in ((True, has.live), (False, has.not_live)):
        for row in rows:
            yield from _of_row(cell, ref, whole, row, live=live)
    for row in has.unknown_at:
        if expected(cell, row.container).told and cell.way != "neither":
            yield f"{ref} in {row.container}: not told"
        if not row.problem or not row.problem.hint:
            yield f"{ref} in {row.container}: unknown without a hint"
    if len((*has.live, *has.not_live, *has.unknown_at)) != 2 and whole:
        yield f"{ref}: a container is missing"


def _of_row(cell: Cell, ref: str, whole: str, row: Live, *, live: bool) -> Iterator[str]:
    may = expected(cell, row.container)
    # Where nothing but a label says what runs, `has` speaks of what the label says.
    builds = (may.build, *([may.believed] if may.believed else []))
    true = any(cell.line.contains(b, whole) for b in builds if b.sha in (row.sha, may.build.sha))
    by_label = may.believed is not None and row.sha == may.believed.sha
    judged = cell.line.contains(may.believed, whole) if may.believed and by_label else true
    if live != judged:
        yield f"{ref} in {row.container}: {'live' if live else 'not live'}"
    if row.reverted_by:
        yield f"{ref} in {row.container}: reverted"


def of_rollback(cell: Cell, plan: RollbackPlan) -> Iterator[str]:
    """The builds to go back to from `web`."""
    older = [build.sha for build in cell.line.older]
    offered = [one.sha for one in plan.candidates]
    if plan.problem is not None and not plan.problem.hint:
        yield "a plan that may lack builds, without a hint"
    if not set(offered) <= set(older):
        yield f"back to {', '.join(_word(cell, one) for one in offered if one not in older)}"
    told = expected(cell, "web").placed
    if (told or plan.problem is None) and offered != older:
        yield f"back only to {', '.join(_word(cell, one) for one in offered) or 'nothing'}"
    if told and plan.problem:
        yield f"there may be more: {plan.problem.message}"
    for one in plan.candidates:
        build = cell.line.of(one.sha)
        own = (
            [digest(content(cell.scheme, build, t)) for t in cell.scheme.own(build)]
            if build
            else []
        )
        if one.image != "registry" or one.digest not in own or one.digest not in one.change:
            yield f"back to {_word(cell, one.sha)} by {one.image} {one.change}"


def _newer(cell: Cell, build: Build) -> int:
    return cell.line.builds.index(build)


def _word(cell: Cell, sha_: str) -> str:
    words = {sha(word): word for word in cell.line.words}
    return words.get(sha_, sha_ or "nothing")


def _without_hint(name: str, answer: Answer[object]) -> Iterator[str]:
    if answer.problem and not answer.problem.hint:
        yield f"{name}: unknown without a hint"
