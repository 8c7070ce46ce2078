"""Commits, pull requests, builds and states in words that a tired person understands."""

from collections.abc import Sequence

from whatsrunning.facts.answers import Answer
from whatsrunning.report.container import Built, Container, PullRequest, Revision, Version
from whatsrunning.text import one_line, short
from whatsrunning.view.blocks import Line, join, text
from whatsrunning.view.footnotes import Footnotes

_PULLS = 5
_VERSION = 24  # characters: a tag may have 128


def sha(value: str, url: str = "") -> Line:
    """A SHA as tables show it: 12 characters, linked; `no revision` if it is empty."""
    return text(short(value), "sha", url) if value else text("no revision", "warn")


def revision(found: Revision, url: str, version: Answer[Version]) -> Line:
    """The SHA, and the version that people call it by, where there is one."""
    known = version.value_or(None)
    return join([sha(found.sha, url), version_word(known.text) if known else ()], " ")


def version_word(version: str) -> Line:
    """A version as tables show it beside a SHA; empty for none."""
    return text(one_line(version, _VERSION), "dim")


def first_of(lines: Sequence[Line], most: int, between: str = ", ") -> Line:
    """The first few of many, and how many more."""
    more = [text(f"{len(lines) - most} more")] if len(lines) > most else []
    return join([*lines[:most], *more], between)


def counted(count: int, noun: str) -> str:
    """`1 build`, `2 builds`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def built_word(built: Built) -> Line:
    """How the running build stands against the newest one."""
    if built.position == "behind" and built.builds_behind is not None:
        return text(f"{built.builds_behind} behind", "warn")
    return text(built.position, "good" if built.position == "current" else "warn")


def built_sentence(built: Built) -> Line:
    """The same, with how many builds and commits."""
    if built.position in ("current", "not-built"):
        return built_word(built)
    counts = ((built.builds_behind, "build"), (built.commits_behind, "commit"))
    by = ", ".join(counted(count, noun) for count, noun in counts if count is not None)
    behind = "" if built.position == "behind" else ", behind"
    return text(built.position + (f"{behind} by {by}" if by else ", how far is not known"), "warn")


def pull(request: PullRequest) -> Line:
    """A pull request: its number, linked, and its title."""
    number = text(f"#{request.number}", "strong", request.url)
    return join([number, text(request.title)], " ") if request.title else number


def pulls(answer: Answer[tuple[PullRequest, ...]], marks: Footnotes, most: int = _PULLS) -> Line:
    """Pull requests, or `no pull request` (somebody looked), or `unknown`."""
    if requests := answer.value_or(()):
        more = [text(f"and {len(requests) - most} more")] if len(requests) > most else []
        return join([*map(pull, requests[:most]), *more])
    missing = marks.absent(answer, "no pull request")
    return join([text("pull request"), missing], " ") if answer.problem else missing


def state(container: Container) -> Line:
    """State and health in one: what is wrong reads without colour."""
    if container.state == "running":
        return _health(container.health)
    if container.state == "restarting":
        count = f" \u00d7{container.restart_count}" if container.restart_count else ""
        return text(f"RESTARTING{count}", "bad")
    killed = " (out of memory)" if container.oom_killed else ""
    code = "" if container.exit_code is None else f" {container.exit_code}"
    bad = container.exit_code or container.oom_killed or container.state == "dead"
    return text(f"{container.state}{code}{killed}", "bad" if bad else "dim")


def _health(health: str) -> Line:
    match health:
        case "healthy":
            return text("healthy", "good")
        case "unhealthy":
            return text("UNHEALTHY", "bad")
        case "starting":
            return text("starting", "warn")
        case "unknown":
            return text("health unknown", "warn")
    return text("running")
