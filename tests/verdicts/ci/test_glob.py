"""GitHub's filter patterns, and those that a hostile repository would write."""

import time
from collections.abc import Mapping, Sequence

import pytest

from whatsrunning.verdicts.ci.glob import matches, selects

# GitHub's own examples ("filter pattern cheat sheet"), and what they leave out.
PATTERNS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "*": (("README.md", "server.rb"), ("docs/README.md",)),
    "*.jsx?": (("page.js", "page.jsx"), ("page.jsxx", "js/page.js")),
    "**": (("all/the/files.md", "a"), ()),
    "*.js": (("app.js", "index.js"), ("src/app.js", "app.jsx")),
    "**.js": (("index.js", "js/index.js", "src/js/app.js"), ("index.ts",)),
    "docs/*": (("docs/README.md", "docs/file.txt"), ("docs/a/b.md", "a/docs/b.md", "docs")),
    "docs/**": (("docs/README.md", "docs/mona/octocat.txt"), ("docs2/a", "a/docs/b", "docs")),
    "docs/**/*.md": (
        ("docs/README.md", "docs/mona/hello-world.md", "docs/a/markdown/file.md"),
        ("docs/a.txt", "README.md", "docsa.md"),
    ),
    "**/docs/**": (
        ("docs/hello.md", "/docs/hello.md", "dir/docs/my-file.txt", "space/docs/plan/space.doc"),
        ("dir/documents/a", "adocs/b"),
    ),
    "**/README.md": (("README.md", "js/README.md"), ("js/MY-README.md", "README.mdx")),
    "**/*src/**": (("a/src/app.js", "my-src/code/js/app.js"), ("source/app.js", "src")),
    "**/*-post.md": (("my-post.md", "path/their-post.md"), ("post.md", "my-post.md.bak")),
    "**/migrate-*.sql": (
        ("migrate-10909.sql", "db/migrate-v1.0.sql", "db/sept/migrate-v1.sql"),
        ("db/migrate-a/b.sql", "db/migration.sql"),
    ),
    "v[12].[0-9]+.[0-9]+": (("v1.10.1", "v2.0.0"), ("v3.0.0", "v1..1", "v1.x.1")),
    "releases/**-alpha": (("releases/alpha-alpha", "releases/a/b-alpha"), ("releases/beta",)),
    "[CB]at": (("Cat", "Bat"), ("cat", "at", "CBat")),
    "[a-]b[]": (("ab[]", "-b[]"), ("bb[]",)),
    r"\*.md\?": (("*.md?",), ("a.md", "*.md")),
    "src": (("src",), ("src/a", "Src", "")),
    "a**/b": (("a/b", "ax/y/b"), ("ab",)),
    "**a+": (("a", "x/aaa"), ("ab",)),
    "x?**/a": (("x/a", "b/a", "xy/a"), ("a", "xa")),
    "**/+a": (("/a", "b//a"), ("a",)),
    "[b-a]": (("b", "-", "a"), ("c", "b-a")),
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern(pattern: str) -> None:
    yes, no = PATTERNS[pattern]
    assert [name for name in (*yes, *no) if matches(pattern, name)] == list(yes)


@pytest.mark.parametrize(
    ("patterns", "selected"),
    [
        (("*.md", "!README.md"), ["hello.md"]),
        (("*.md", "!README.md", "README*"), ["hello.md", "README.md", "README.doc"]),
        (("!README.md", "*.md"), ["hello.md", "README.md"]),
        (("!README.md",), []),
        ((), []),
    ],
    ids=["taken away", "and taken again", "taken away too early", "nothing but taken away", "none"],
)
def test_the_last_pattern_that_matches_decides(
    patterns: Sequence[str], selected: list[str]
) -> None:
    files = ("hello.md", "README.md", "README.doc", "docs/hello.md")
    assert [file for file in files if selects(patterns, file)] == selected


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("**a" * 60 + "b", "a" * 900),
        ("a?" * 300 + "b", "a" * 300),
        ("a?[ab]?" * 200 + "c", "ab" * 200),
        ("*a" * 300, "a" * 900 + "/"),
        ("**/" * 300 + "a", "a/" * 300 + "b"),
        ("[ab]+" * 200 + "c", "ab" * 400),
        ("[" * 1000, "[" * 900),
    ],
    ids=["stars", "maybes", "sets", "single stars", "folders", "repeats", "open brackets"],
)
def test_no_pattern_keeps_us_busy(pattern: str, name: str) -> None:
    """A backtracking matcher would sit over these for years."""
    begun = time.process_time()
    assert not matches(pattern, name)
    assert time.process_time() - begun < 10
