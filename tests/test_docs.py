"""What README, help and code say of one another is the same."""

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests import golden_files, man, screens
from tests.config.settings import settings
from tests.program import ROOT, whatsrunning
from tests.render.json.schema import schema
from whatsrunning.cli.commands import PROGRAM, program
from whatsrunning.cli.help_topics.topics import TOPICS, text_of
from whatsrunning.errors import Exit

README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SAMPLE = re.compile(r"(<!-- output of: whatsrunning (.*?) -->\n```\w*\n)(.*?)(```)", re.DOTALL)
SAMPLES = [
    command.partition(" | jq ")[0]
    for page in PAGES
    for _, command, _, _ in SAMPLE.findall(page.read_text(encoding="utf-8"))
]
"""The command lines of the samples."""

FINDINGS = {
    "critical": """contradicted-label built-outside-ci ci-red raced-then-red unhealthy crash-looping
        nothing-running""",
    "warning": """deployed-before-ci-finished no-ci-run not-on-default-branch split-revisions
        reverted fix-waiting differs never-pushed dirty-build
        update-paused rolled-back replicas-missing re-creation""",
    "info": """latest-moved label-only running-without-tag local-image-gone clock-skew
        stale-clone
        update-running""",
}
"""By hand: a code or a severity is a promise to those who filter by it."""

NAME_OF_VARIABLE = re.compile(
    r"(?:DOCKER|GH|GITHUB|WHATSRUNNING|XDG|NO|CLICOLOR|FORCE|SUDO|REQUESTS|CURL|SSL|SSH|GIT|LC"
    r"|HTTPS?|ALL)(?:_[A-Z]+)+|COLUMNS|PAGER|TERM|HOME|CLICOLOR|LESS|LANG|USER|EDITOR"
)
SET_FOR_OTHERS = {
    "GH_PROMPT_DISABLED", "GIT_NO_LAZY_FETCH", "GIT_OPTIONAL_LOCKS", "GIT_TERMINAL_PROMPT",
    "LESS",
}  # fmt: skip
"""Names in the code that it does not read: they are set for gh, git and the pager."""
READ_BY_LIBRARIES = {"HTTPS_PROXY", "LC_CTYPE", "LANG"}
"""By requests, and by Python for the encoding of its streams."""


def sample(command: str) -> str:
    """What a sample of a page must hold: plain output, or some keys of the JSON."""
    words, _, chosen = command.partition(" | jq ")
    printed = whatsrunning(*shlex.split(words), env={"COLUMNS": "110"})
    assert printed.code in (0, 1, 3), printed.stderr
    if not chosen:
        return printed.stdout
    path = re.fullmatch(r"'\.(\w+)\[(\d+)\] \| \{(.+)\}'", chosen)
    assert path, f"a filter that this test can read: {chosen}"
    held = json.loads(printed.stdout)[path[1]][int(path[2])]
    return json.dumps({key: held[key] for key in path[3].split(", ")}, indent=2) + "\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_sample_is_what_the_program_prints(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    printed = SAMPLE.sub(lambda part: f"{part[1]}{sample(part[2])}{part[4]}", text)
    if golden_files.updating and printed != text:
        page.write_text(printed, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == printed
    assert text.count("<!-- output of:") == len(SAMPLE.findall(text))


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 2
    assert any("json" in command for command in SAMPLES)


@pytest.mark.parametrize("name", screens.SCREENS)
def test_the_screens_are_what_the_program_prints(name: str) -> None:
    text = screens.printed(name)
    svg = screens.drawn(name, text)
    file = screens.FOLDER / f"{name}.svg"
    if golden_files.updating:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(svg, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == svg
    seen = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    assert screens.words(svg)[1:] == [line.rstrip() for line in seen]
    assert f"(docs/screens/{name}.svg)" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [command for command in SAMPLES if "json" in command])
def test_the_json_of_the_samples_is_of_the_schema(command: str) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    document = whatsrunning(*shlex.split(command)).json()
    assert [fault.message for fault in validator.iter_errors(document)] == []


def _options(command: Any) -> set[str]:
    options = [param for param in command.params if param.param_type_name == "option"]
    return {name for option in options for name in option.opts} | {"-h", "--help"}


def _code(text: str) -> Iterator[str]:
    """Inline code, and each line of the shell blocks."""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def _spoken(text: str) -> Iterator[list[str]]:
    """Words of ours in code: those after the program's name, or an option on its own."""
    for code in _code(text):
        for called in re.findall(rf"(?:^|[/ ]){PROGRAM}\b([^|&>;]*)", code):
            yield called.split()
        if code.startswith("-"):
            yield code.split()


def test_every_option_and_command_of_readme_exists() -> None:
    whole = program()
    known = {name for _, command in man.leaves(whole) for name in _options(command)}
    known |= _options(whole)
    commands = {path.split()[1] for path, _ in man.leaves(whole)}
    seen: set[str] = set()
    for words in _spoken(README.read_text(encoding="utf-8")):
        options = {word.partition("=")[0] for word in words if re.match(r"--?[A-Za-z]", word)}
        assert options <= known, words
        named = next((word for word in words if re.fullmatch(r"[a-z][a-z-]+", word)), "ps")
        assert named in commands or options, words
        seen |= options
    assert {"-c", "-C", "-R", "-H", "-o", "--save", "--check", "--all-contexts"} <= seen


def test_readme_has_every_command_in_its_table() -> None:
    rows = re.findall(r"^\| (`.+?) \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {
        " ".join(re.findall(r"\b[a-z][a-z-]+\b", code))
        for row in rows
        for code in re.findall(r"`([^`]+)`", row)
    } - {PROGRAM}
    paths = {path.removeprefix(f"{PROGRAM} ") for path, _ in man.leaves(program())}
    assert shown == paths


def test_readmes_second_command_is_what_ci_runs() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert [block.count("\n") for block in blocks] == [1, 1]
    assert blocks[1].strip() == "tests/run"
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert ci[-1] == f"exec {blocks[1].strip()}"


def test_exit_codes_are_told_alike() -> None:
    codes = {int(code) for code in Exit}
    assert codes == {0, 1, 2, 3, 4, 70, 130}
    printed = re.findall(r"^  (\d+) ", text_of("exit-codes"), re.MULTILINE)
    assert [int(code) for code in printed] == sorted(codes)
    (line,) = re.findall(r"Exit codes: (.*?)\n\n", README.read_text(encoding="utf-8"), re.DOTALL)
    assert {int(code) for code in re.findall(r"`(\d+)`", line)} == codes


def test_findings_are_the_promised_ones() -> None:
    printed = re.findall(
        r"^  ([a-z-]+) +(critical|warning|info) ", text_of("findings"), re.MULTILINE
    )
    promised = {code: severity for severity, codes in FINDINGS.items() for code in codes.split()}
    assert dict(printed) == promised
    assert len(printed) == len(promised)


def test_the_environment_is_told_as_it_is_read() -> None:
    read: set[str] = set()
    for file in (ROOT / "whatsrunning").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                read |= {node.value} if NAME_OF_VARIABLE.fullmatch(node.value) else set()
    assert read >= SET_FOR_OTHERS
    printed = set(NAME_OF_VARIABLE.findall(text_of("environment")))
    assert printed == read - SET_FOR_OTHERS | READ_BY_LIBRARIES


def test_the_configuration_of_the_topic_is_read_and_whole() -> None:
    _, _, example = text_of("config").partition("unknown setting is an error.\n")
    table = tomllib.loads(example)
    named = {"services", "images", "repos", "registries"}
    printed = {key for key, value in table.items() if not isinstance(value, dict)}
    for group, entries in table.items():
        if isinstance(entries, dict):
            printed |= {
                f"{group}.NAME.{key}" if group in named else f"{group}.{key}"
                for entry in (entries.values() if group in named else [entries])
                for key in entry
            }
    assert printed == settings()


def test_the_example_configuration_works(tmp_path: Path) -> None:
    _, _, example = text_of("config").partition("unknown setting is an error.\n")
    file = tmp_path / "whatsrunning.toml"
    file.write_text(example)
    shown = whatsrunning("config", "show", "--config", str(file), home=tmp_path)
    assert (shown.code, shown.stderr) == (0, "")
    assert "services.web.repo" in shown.stdout


def test_help_lists_the_topics_that_readme_names() -> None:
    readme = README.read_text(encoding="utf-8")
    assert [topic for topic in TOPICS if topic not in readme] == []
