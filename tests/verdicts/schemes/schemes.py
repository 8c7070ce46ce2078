"""The tag schemes that people have, each as the tool that writes it documents it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.verdicts.schemes.builds import DATED, DIGITS, Build, Line, line

Naming = Literal["whole", "short", "nothing"]
"""What a build's own tag says of its commit: all of its SHA, the beginning, or nothing."""

ORDINARY = line()


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one build's own tags are written, the plainest first, and what else its workflow does.

    `moving` are the tags that every build takes over. `labelled`: the images carry the OCI labels
    that metadata-action writes.
    """

    name: str
    shown: str
    own: Callable[[Build], tuple[str, ...]]
    naming: Naming
    labelled: bool = False
    moving: Callable[[Build], tuple[str, ...]] = lambda _: ()
    line: Line = ORDINARY


def _latest(_: Build) -> tuple[str, ...]:
    return ("latest",)


def _main(_: Build) -> tuple[str, ...]:
    return ("main",)


def _released(build: Build) -> tuple[str, ...]:
    """`1` and `latest` move on with every release; a minor stays with the only one that it had."""
    return (build.version.partition(".")[0], "latest")


def _night(build: Build) -> tuple[str, ...]:
    """Nights of a year in which one date begins an older commit of the line."""
    return (f"2003110{build.number + 1}",)


SCHEMES = (
    # https://github.com/docker/metadata-action#typesha, #typeref and #annotations: labels too.
    Scheme(
        "metadata-action", "`sha-1a2b3c4`, `main`", lambda b: (f"sha-{b.sha[:7]}",),
        "short", labelled=True, moving=_main,
    ),
    Scheme("short", "`1a2b3c4`, `latest`", lambda b: (b.sha[:7],), "short", moving=_latest),
    # https://github.com/docker/metadata-action#prefix-and-suffix, with `prefix={{branch}}-`
    Scheme("branch-prefix", "`main-1a2b3c4`", lambda b: (f"main-{b.sha[:7]}",), "short", True),
    # https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context
    Scheme("whole", "`<whole SHA>`, `latest`", lambda b: (b.sha,), "whole", moving=_latest),
    # https://github.com/docker/metadata-action#typesha with `format=long`
    Scheme("sha-whole", "`sha-<whole SHA>`", lambda b: (f"sha-{b.sha}",), "whole", True),
    # https://fluxcd.io/flux/guides/sortable-image-tags/
    Scheme(
        "flux", "`main-1a2b3c4-1772616600`",
        lambda b: (f"main-{b.sha[:7]}-{b.at.timestamp():.0f}",), "short",
    ),
    # CI_COMMIT_REF_SLUG and CI_COMMIT_SHORT_SHA, eight digits:
    # https://docs.gitlab.com/ci/variables/predefined_variables/
    Scheme("gitlab-slug", "`main-1a2b3c4d`", lambda b: (f"main-{b.sha[:8]}",), "short"),
    Scheme("gitlab", "`1a2b3c4d`, `latest`", lambda b: (b.sha[:8],), "short", moving=_latest),
    # https://git-scm.com/docs/git-describe
    Scheme(
        "git-describe", "`v1.2.3-5-g1a2b3c4`",
        lambda b: (f"v1.2.3-{2 * b.number}-g{b.sha[:7]}",), "short",
    ),
    # https://github.com/docker/metadata-action#typesemver
    Scheme(
        "semver", "`v1.2.3`, `1.2`, `1`, `latest`, with OCI labels",
        lambda b: (f"v{b.version}", b.version.rpartition(".")[0]), "nothing", True, _released,
    ),
    Scheme(
        "semver-bare", "`v1.2.3`, `1.2`, `1`, `latest`, without labels",
        lambda b: (f"v{b.version}", b.version.rpartition(".")[0]), "nothing", False, _released,
    ),
    Scheme(
        "semver-sha", "`v1.2.3-1a2b3c4`", lambda b: (f"v{b.version}-{b.sha[:7]}",), "short"
    ),
    # github.run_number: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
    Scheme("run", "`1042`, `latest`", lambda b: (f"{b.run}",), "nothing", moving=_latest),
    Scheme("build-run", "`build-1042`", lambda b: (f"build-{b.run}",), "nothing"),
    Scheme("sha-run", "`1a2b3c4-1042`", lambda b: (f"{b.sha[:7]}-{b.run}",), "short"),
    # One image a platform, before a manifest list joins them:
    # https://docs.docker.com/reference/cli/docker/manifest/
    Scheme(
        "platforms", "`<whole SHA>-amd64`, `<whole SHA>-arm64`",
        lambda b: (f"{b.sha}-amd64", f"{b.sha}-arm64"), "whole",
    ),
    # https://github.com/docker/metadata-action#typeschedule with `pattern={{date 'YYYYMMDD'}}`
    Scheme(
        "date", "`20260304`, `latest`", lambda b: (f"{b.at:%Y%m%d}",), "nothing", moving=_latest
    ),
    Scheme("date-sha", "`20260304-1a2b3c4`", lambda b: (f"{b.at:%Y%m%d}-{b.sha[:7]}",), "short"),
    Scheme(
        "digits", "`9156521`, `latest`: digits alone", lambda b: (b.sha[:7],), "short",
        moving=_latest, line=line(DIGITS),
    ),
    Scheme(
        "like-a-date", "`20031105`, `latest`: a SHA that reads as a date", lambda b: (b.sha[:8],),
        "short", moving=_latest, line=line(DATED),
    ),
    Scheme(
        "date-like-a-sha", "`20031105`, `latest`: a date that begins a commit", _night, "nothing",
        moving=_latest, line=line(oldest=DATED),
    ),
)  # fmt: skip
