"""`docker whatsrunning`: what the Docker CLI hands on, and the same answer through the real one."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.socket_engine import REPLY, Start, write_context
from tests.end_to_end.test_hosts_tls import _on_a_port as on_a_port
from tests.program import clean_environment, whatsrunning
from tests.world.certificates import new_authority
from tests.world.everything import World
from whatsrunning import __version__
from whatsrunning.cli.docker_plugin import own_words

SCRIPT = """#!{python}
import sys
from whatsrunning.cli.entry import docker_plugin
sys.exit(docker_plugin())
"""


NAMED = "-H unix:///x ps"


@pytest.mark.parametrize(
    ("words", "own", "others"),
    [
        ("whatsrunning", "", {}),
        ("whatsrunning ps -c prod", "ps -c prod", {}),
        ("--context prod whatsrunning ps", "-c prod ps", {}),
        ("--context=prod whatsrunning", "-c prod", {}),
        ("-cprod whatsrunning", "-c prod", {}),
        ("-c=prod whatsrunning", "-c prod", {}),
        ("-Dc prod whatsrunning ps", "-c prod ps", {}),
        ("-c whatsrunning whatsrunning show whatsrunning", "-c whatsrunning show whatsrunning", {}),
        ("-c a --context b whatsrunning", "-c b", {}),
        ("-H unix:///x -D whatsrunning ps", NAMED, {}),
        ("--host=unix:///x --debug whatsrunning ps", NAMED, {}),
        ("-l debug --log-level=info whatsrunning ps", "ps", {}),
        ("--config /d whatsrunning ps", "ps", {"config": "/d"}),
        ("--config=/d whatsrunning ps --config f.toml", "ps --config f.toml", {"config": "/d"}),
        ("--tls whatsrunning ps", "ps", {"tls": "true"}),
        ("--tlsverify -H unix:///x whatsrunning ps", NAMED, {"tlsverify": "true"}),
        ("--tlsverify=false whatsrunning ps", "ps", {"tlsverify": "false"}),
        (
            "--tlscacert /c/ca --tlskey=/c/key --tlscert /d/cert whatsrunning ps",
            "ps",
            {"tlscacert": "/c/ca", "tlscert": "/d/cert", "tlskey": "/c/key"},
        ),
        ("help whatsrunning", "--help", {}),
        ("--config /d help whatsrunning ps", "ps --help", {"config": "/d"}),
        ("--help whatsrunning", "--help", {}),
        ("ps -o json", "ps -o json", {}),
        ("help exit-codes", "help exit-codes", {}),
        ("show whatsrunning", "show whatsrunning", {}),
    ],
)
def test_the_docker_options_before_our_name(words: str, own: str, others: dict[str, str]) -> None:
    assert own_words(words.split()) == (own.split(), others)


NEVER_AT_REST = "crash-loop"
"""The container of the world that is started again and again while it is looked at."""

README_LINE = 'ln -s "$(command -v docker-whatsrunning)" ~/.docker/cli-plugins/'
"""What README tells to type."""


def _docker_clis() -> list[str]:
    """Every Docker CLI on PATH: the one that tests/run installs, and what else is there."""
    folders = os.environ["PATH"].split(os.pathsep)
    programs = [Path(folder, "docker") for folder in folders if Path(folder, "docker").is_file()]
    return list(dict.fromkeys(str(path.resolve()) for path in programs))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the plugin in it, installed as README says."""
    program = tmp_path / "bin" / "docker-whatsrunning"
    program.parent.mkdir()
    program.write_text(SCRIPT.format(python=sys.executable))
    program.chmod(0o755)
    (tmp_path / ".docker" / "cli-plugins").mkdir(parents=True)
    env = {"HOME": str(tmp_path), "PATH": f"{program.parent}:/usr/bin:/bin"}
    subprocess.run(["/bin/sh", "-c", README_LINE], env=env, check=True, timeout=60)
    return tmp_path


def _docker(
    cli: str, home: Path, *words: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [cli, *words],
        env=clean_environment(home) | dict(env or {}),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_its_metadata(home: Path) -> None:
    plugin = home / ".docker" / "cli-plugins" / "docker-whatsrunning"
    metadata = json.loads(_docker(str(plugin), home, "docker-cli-plugin-metadata").stdout)
    assert (metadata["SchemaVersion"], metadata["Vendor"]) == ("0.1.0", "whatsrunning")
    assert metadata["Version"] == __version__
    for cli in _docker_clis():
        listed = _docker(cli, home, "info", "--format", "{{json .ClientInfo.Plugins}}").stdout
        plugins = {plugin["Name"]: plugin for plugin in json.loads(listed)}
        assert {key: plugins["whatsrunning"][key] for key in metadata} == metadata
        assert metadata["ShortDescription"] in _docker(cli, home, "--help").stdout
        helped = _docker(cli, home, "help", "whatsrunning", "show")
        assert (helped.returncode, "NAME" in helped.stdout) == (0, True)


def test_usage_and_exit_codes_come_through(home: Path) -> None:
    [cli, *_] = _docker_clis()
    unknown = _docker(cli, home, "whatsrunning", "show")
    assert unknown.returncode == 2
    assert "missing argument 'NAME'" in unknown.stderr
    nobody = _docker(cli, home, "-H", "unix:///dev/null/none.sock", "whatsrunning", "ps")
    assert nobody.returncode == 4


def _same(world: World, home: Path, through: Sequence[str], direct: Sequence[str]) -> Any:
    """What both ways print, but for the instant; asserts that it is the same."""
    env = {**world.environment(), "DOCKER_CONFIG": str(home / ".docker")}
    del env["DOCKER_HOST"]
    last = ("-C", str(world.history.clone), "--timeout", "30", "-o", "json")
    result = whatsrunning(
        *direct, *last, env={**env, "XDG_STATE_HOME": str(home / "a")}, home=home, timeout=120
    )
    assert result.code == 0, result.stderr
    expected = _timeless(result.json())
    del env["DOCKER_CONFIG"]
    for number, cli in enumerate(_docker_clis()):
        state = {"XDG_STATE_HOME": str(home / f"b{number}")}
        done = _docker(cli, home, *through, *last, env={**env, **state})
        assert (done.returncode, done.stderr) == (0, "")
        assert list(_differences(_timeless(json.loads(done.stdout)), expected)) == []
    return expected


def _differences(one: Any, other: Any, at: str = "") -> Iterator[str]:
    """Where two documents differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _differences(one[key], other[key], f"{at}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from _differences(*pair, f"{at}[{number}]")
    elif one != other:
        yield f"{at}: {one!r} / {other!r}"


def _timeless(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what depends on the instant of the look."""
    assert document.pop("taken_at")
    for engine in document["engines"]:
        engine.pop("clock_skew_s")
    document["containers"] = [c for c in document["containers"] if c["name"] != NEVER_AT_REST]
    document["findings"] = [f for f in document["findings"] if f["container"] != NEVER_AT_REST]
    for finding in document["findings"]:
        finding["message"] = re.sub(r"\d+ \w+ ago", "AGO", finding["message"])
    return document


def test_the_real_docker_tells_the_same(world: World, home: Path) -> None:
    write_context(home, "fleet", f"unix://{world.gates.engine.address}")
    other = home / "other"
    shutil.copytree(home / ".docker", other, symlinks=True)
    document = _same(world, home, ("-c", "fleet", "whatsrunning", "ps"), ("ps", "-c", "fleet"))
    names = {container["name"] for container in document["containers"]}
    assert names == set(world.fleet.truths) - {NEVER_AT_REST}
    assert document["complete"]
    shown = ("--log-level", "error", "--config", str(other), "--context=fleet", "whatsrunning")
    _same(world, home, (*shown, "show", "rebuilt"), ("show", "rebuilt", "-c", "fleet"))
    host = f"unix://{world.gates.engine.address}"
    _same(world, home, ("-H", host, "whatsrunning"), ("-H", host))


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of an engine that wants a client's certificate; the files to give, by option."""
    authority = new_authority(tmp_path / "ca")
    server, client = authority.issue("server"), authority.issue("me", client=True)
    ca = str(authority.certificate)
    own = (f"--tlscacert={ca}", f"--tlscert={server.certificate}", f"--tlskey={server.key}")
    engine, port = on_a_port(tmp_path / "engine", "--tlsverify", *own)
    files = {"ca": ca, "cert": str(client.certificate), "key": str(client.key)}
    yield f"tcp://127.0.0.1:{port}", files
    engine.stop()


def test_its_tls_options_are_ours(home: Path, secured: tuple[str, dict[str, str]]) -> None:
    url, files = secured
    given = [f"--tls{'cacert' if kind == 'ca' else kind}={path}" for kind, path in files.items()]
    described = ",".join([f"host={url}", *(f"{kind}={path}" for kind, path in files.items())])
    [cli, *_] = _docker_clis()
    _docker(cli, home, "context", "create", "secure", "--docker", described)
    direct = whatsrunning("ps", "-c", "secure", "-o", "json", home=home).json()
    [engine] = direct["engines"]
    assert engine["status"] == "ok"
    for each in _docker_clis():
        for switch in ("--tlsverify", "--tlsverify=false", "--tls"):
            words = ("-H", url, switch, *given, "whatsrunning", "ps", "-o", "json")
            done = _docker(each, home, *words)
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)["engines"][0]["id"] == engine["id"]
        without = _docker(each, home, "-H", url, "whatsrunning", "ps")
        assert without.returncode == 4


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("__complete whatsrunning rollb", ["rollback-plan", ":4"]),
        ("__complete whatsrunning -c prod show lo", ["lone", ":4"]),
        ("__completeNoDesc -c prod show we", ["web", ":4"]),
        ("__completeNoDesc show ", [":4"]),
        ("__complete whatsrunning replay ", [":0"]),
    ],
)
def test_candidates_for_the_docker_cli(
    home: Path, engine: Start, line: str, printed: list[str]
) -> None:
    write_context(home, "prod", f"unix://{engine(REPLY)}")
    nowhere = {"DOCKER_HOST": "unix:///dev/null/none"}
    plugin = str(home / ".docker" / "cli-plugins" / "docker-whatsrunning")
    done = _docker(plugin, home, *line.split(" "), env=nowhere)
    assert done.stdout.splitlines() == printed


def test_the_context_that_the_docker_cli_keeps_to_itself(home: Path, engine: Start) -> None:
    """It completes by `docker __complete -c prod whatsrunning show`, and hands on only the end."""
    write_context(home, "prod", f"unix://{engine(REPLY)}")
    plugin = home / ".docker" / "cli-plugins" / "docker-whatsrunning"
    (home / "__complete").write_text(f"{plugin} __complete whatsrunning show shop-; true\n")
    done = subprocess.run(
        ["docker", "__complete", "-c", "prod", "whatsrunning", "show", "shop-"],
        executable="/bin/sh", cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env={**clean_environment(home), "DOCKER_HOST": "unix:///dev/null/none"}, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["shop-web-1", "shop-web-2", ":4"]
