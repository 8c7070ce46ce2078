"""Which engine is asked, and what chose it: the Docker CLI's files and environment as tables."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contexts.asking import options
from whatsrunning.config.options import Flags
from whatsrunning.contexts.endpoint import Endpoint, Tls
from whatsrunning.contexts.resolve import engines_of
from whatsrunning.errors import Exit, Refused
from whatsrunning.facts.answers import Problem

HOSTS = {
    "prod": "ssh://deploy@prod.example:2222/run/docker.sock",
    "staging": "tcp://10.0.0.5:2375",
    "local": "unix:///run/other.sock",
}


def stored(home: Path, name: str, docker: object, content: str = "") -> Path:
    """A context as the Docker CLI stores it; returns the folder of its certificates."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = home / ".docker" / "contexts" / "meta" / digest
    meta.mkdir(parents=True)
    described = {"Name": name, "Metadata": {}, "Endpoints": {"docker": docker} if docker else {}}
    (meta / "meta.json").write_text(content or json.dumps(described))
    return home / ".docker" / "contexts" / "tls" / digest / "docker"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with three contexts and no config.json: `docker context create` writes none."""
    for name, host in HOSTS.items():
        stored(tmp_path, name, {"Host": host, "SkipTLSVerify": False})
    return tmp_path


def socket_at(root: Path, path: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).touch()


def chosen(
    home: Path, flags: Flags, env: Mapping[str, str] | None = None, configured: tuple[str, ...] = ()
) -> list[tuple[str, str, str]]:
    contexts = engines_of(options(home, flags, env, configured), home / "root")
    return [(context.name, context.address, context.chosen_by) for context in contexts]


def refused(
    home: Path, flags: Flags, env: Mapping[str, str] | None = None, configured: tuple[str, ...] = ()
) -> Refused:
    with pytest.raises(Refused) as caught:
        engines_of(options(home, flags, env, configured), home / "root")
    assert caught.value.exit == Exit.USAGE
    return caught.value


NAMED = {"DOCKER_HOST": "tcp://h:1", "DOCKER_CONTEXT": "staging"}
LISTED = "configured contexts"
LOCAL = Flags()
CONFIGURED = ("staging", "prod")


@pytest.mark.parametrize(
    ("flags", "env", "current", "expected"),
    [
        (Flags(contexts=("prod",)), NAMED, "local", [("prod", "-c prod")]),
        (Flags(("prod", "local", "prod")), {}, "", [("prod", "-c prod"), ("local", "-c local")]),
        (Flags(host="tcp://a:5"), NAMED, "local", [("tcp://a:5", "-H")]),
        (LOCAL, NAMED, "local", [("tcp://h:1", "DOCKER_HOST")]),
        (Flags(contexts=("default",)), NAMED, "local", [("tcp://h:1", "-c default")]),
        (LOCAL, {"DOCKER_CONTEXT": "staging"}, "local", [("staging", "DOCKER_CONTEXT")]),
        (LOCAL, {}, "local", [("local", "current context")]),
        (LOCAL, {}, "default", [("default", "default")]),
        (LOCAL, {}, "", [("default", "default")]),
        (LOCAL, {"DOCKER_HOST": "", "DOCKER_CONTEXT": ""}, "", [("default", "default")]),
    ],
    ids=[
        "-c", "-c twice", "-H", "DOCKER_HOST", "-c default with DOCKER_HOST", "DOCKER_CONTEXT",
        "the current context", "the default is current", "nothing", "variables that are empty",
    ],
)  # fmt: skip
def test_what_is_named_first_wins(
    home: Path, flags: Flags, env: Mapping[str, str], current: str, expected: list[tuple[str, str]]
) -> None:
    if current:
        (home / ".docker" / "config.json").write_text(json.dumps({"currentContext": current}))
    addresses = {**HOSTS, "default": f"unix://{home}/root/var/run/docker.sock"}
    wanted = [(n if n in addresses else "default", addresses.get(n, n), by) for n, by in expected]
    assert chosen(home, flags, env) == wanted


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"DOCKER_CONTEXT": "local"}, [("local", "DOCKER_CONTEXT")]),
        ({}, [("staging", LISTED), ("prod", LISTED)]),
    ],
    ids=["after DOCKER_CONTEXT", "before the current context"],
)
def test_the_configuration_lists_contexts(
    home: Path, env: Mapping[str, str], expected: list[tuple[str, str]]
) -> None:
    (home / ".docker" / "config.json").write_text(json.dumps({"currentContext": "local"}))
    wanted = [(name, HOSTS[name], chosen_by) for name, chosen_by in expected]
    assert chosen(home, Flags(), env, CONFIGURED) == wanted


def test_the_configuration_lists_a_context_that_is_not_there(home: Path) -> None:
    fault = refused(home, Flags(), {}, ("nosuch",))
    assert fault.code == "unknown-context"
    assert "configured contexts" in fault.message
    assert fault.hint == "known contexts: default, local, prod, staging"


@pytest.mark.parametrize(
    ("flags", "env", "config", "code", "says"),
    [
        (Flags(contexts=("prod", "nosuch")), {}, "", "unknown-context", "'nosuch' (-c nosuch)"),
        (LOCAL, {"DOCKER_CONTEXT": "nosuch"}, "", "unknown-context", "DOCKER_CONTEXT"),
        (LOCAL, {}, '{"currentContext": "nosuch"}', "unknown-context", "current context"),
        (Flags(contexts=("../prod",)), {}, "", "unknown-context", "'../prod'"),
        (Flags(contexts=("\x1b[2J",)), {}, "", "unknown-context", r"'\x1b[2J'"),
        (Flags(("prod",), host="tcp://a:1"), {}, "", "conflicting-options", "-H and -c"),
        (Flags(("prod",), True), {}, "", "conflicting-options", "-c and --all-contexts"),
        (Flags(host="carrier-pigeon://a"), {}, "", "bad-endpoint", "-H: the address must start"),
        (LOCAL, {"DOCKER_HOST": "tcp://a:port"}, "", "bad-endpoint", "DOCKER_HOST: the address"),
        (LOCAL, {}, '{"currentContext": ', "corrupt-file", "config.json is not JSON"),
        (LOCAL, {}, "[]", "corrupt-file", "config.json is no object"),
    ],
    ids=[
        "-c", "DOCKER_CONTEXT", "the current context", "a path for a name",
        "an escape sequence for a name", "-H and -c", "-c and --all-contexts",
        "an unknown scheme", "no port", "no JSON", "no object",
    ],
)  # fmt: skip
def test_usage_errors_name_the_thing(
    home: Path, flags: Flags, env: Mapping[str, str], config: str, *, code: str, says: str
) -> None:
    if config:
        (home / ".docker" / "config.json").write_text(config)
    fault = refused(home, flags, env)
    assert fault.code == code
    assert says in fault.message
    assert fault.hint
    if code == "unknown-context":
        assert fault.hint == "known contexts: default, local, prod, staging"


@pytest.mark.parametrize(
    "config",
    ['{"currentContext": ', '{"auths": {"x": "broken"}}'],
    ids=["no JSON", "a broken login"],
)
def test_a_broken_config_json_does_not_matter_to_what_is_named(home: Path, config: str) -> None:
    (home / ".docker" / "config.json").write_text(config)
    assert chosen(home, Flags(contexts=("prod",)))[0][1] == HOSTS["prod"]


@pytest.mark.parametrize(
    ("docker", "content", "code", "says"),
    [
        (None, "", "no-docker-endpoint", "the context has no Docker endpoint"),
        ({"Host": "npipe:////./pipe/docker_engine"}, "", "bad-endpoint", "a Windows pipe"),
        ({"Host": "ssh://-oProxyCommand=x"}, "", "bad-endpoint", "a host or a user that ssh"),
        ({"Host": 5}, "", "no-docker-endpoint", "no Docker endpoint"),
        ({"Host": "tcp://a:1"}, "{nonsense", "corrupt-file", "meta.json is not JSON"),
        ({"Host": "tcp://a:1"}, "[" * 100_000, "corrupt-file", "meta.json is not JSON"),
    ],
    ids=["no-endpoint", "npipe", "option", "number", "corrupt", "deep"],
)
def test_a_broken_context_is_a_row_and_the_others_work(
    home: Path, docker: object, content: str, code: str, says: str
) -> None:
    stored(home, "broken", docker, content)
    found = engines_of(options(home, Flags(contexts=("prod", "broken")), {}))
    assert str(found[0].endpoint) == HOSTS["prod"]
    problem = found[1].endpoint
    assert isinstance(problem, Problem)
    assert (problem.source, problem.subject, problem.code) == ("engine", "broken", code)
    assert says in problem.message
    everything = engines_of(options(home, Flags(all_contexts=True), {}), home / "root")
    good = [context.name for context in everything if isinstance(context.endpoint, Endpoint)]
    assert good == ["local", "prod", "staging"]
    assert [context for context in everything if context.endpoint not in (problem,)] != []
    assert len(everything) == 4


@pytest.mark.parametrize(
    "flags", [Flags(contexts=("default", "prod")), Flags(all_contexts=True)],
    ids=["named", "all"],
)  # fmt: skip
def test_an_address_that_cannot_be_read_is_a_row_among_several(home: Path, flags: Flags) -> None:
    contexts = engines_of(options(home, flags, {"DOCKER_HOST": "tcp://a:port"}), home / "root")
    problem = contexts[0].endpoint
    assert isinstance(problem, Problem)
    assert (problem.subject, problem.code) == ("DOCKER_HOST", "bad-endpoint")
    assert HOSTS["prod"] in [context.address for context in contexts]


def test_a_context_in_the_folder_of_another_is_not_trusted(home: Path) -> None:
    described = {"Name": "prod", "Endpoints": {"docker": {"Host": "tcp://evil:1"}}}
    stored(home, "impostor", None, json.dumps(described))
    assert chosen(home, Flags(contexts=("prod",)))[0][1] == HOSTS["prod"]
    assert refused(home, Flags(contexts=("impostor",))).code == "unknown-context"


def test_all_contexts_ask_the_local_engine_only_where_one_can_be(home: Path) -> None:
    flags = Flags(all_contexts=True)
    assert [name for name, _, _ in chosen(home, flags)] == ["local", "prod", "staging"]
    by_host = chosen(home, flags, {"DOCKER_HOST": "tcp://h:1"})
    assert by_host[0] == ("default", "tcp://h:1", "--all-contexts")
    socket_at(home / "root", "var/run/docker.sock")
    names = [name for name, _, _ in chosen(home, flags)]
    assert names == ["default", "local", "prod", "staging"]


def test_docker_config_moves_the_folder(home: Path, tmp_path: Path) -> None:
    empty = {"DOCKER_CONFIG": str(tmp_path / "elsewhere")}
    assert refused(home, Flags(contexts=("prod",)), empty).hint == "known contexts: default"
    moved = {"DOCKER_CONFIG": str(home / ".docker")}
    found = engines_of(options(tmp_path / "other-home", Flags(contexts=("prod",)), moved))
    assert found[0].address == HOSTS["prod"]


@pytest.mark.parametrize(
    ("sockets", "expected"),
    [
        (["run/podman/podman.sock"], "run/podman/podman.sock"),
        (["user/podman/podman.sock"], "user/podman/podman.sock"),
        (["run/podman/podman.sock", "user/podman/podman.sock"], "run/podman/podman.sock"),
        (["run/podman/podman.sock", "var/run/docker.sock"], "var/run/docker.sock"),
        ([], "var/run/docker.sock"),
    ],
    ids=[
        "the system's Podman",
        "the user's Podman",
        "both Podmans",
        "Podman and Docker",
        "neither",
    ],
)
def test_podman_only_where_no_docker_is(home: Path, sockets: list[str], expected: str) -> None:
    root = home / "root"
    for path in sockets:
        socket_at(root, path)
    env = {"XDG_RUNTIME_DIR": str(root / "user")}
    reason = "default: no Docker socket here, so Podman's" if "podman" in expected else "default"
    assert chosen(home, Flags(), env) == [("default", f"unix://{root / expected}", reason)]
    assert chosen(home, Flags(contexts=("prod",)), env)[0][1] == HOSTS["prod"]


def test_certificates_of_the_environment(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "certs"
    folder.mkdir()
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (folder / name).touch()
    given = {"DOCKER_HOST": "tcp://h:1", "DOCKER_CERT_PATH": str(folder)}
    files = Tls(f"{folder}/ca.pem", f"{folder}/cert.pem", f"{folder}/key.pem")

    def tls(**env: str) -> Tls | None:
        found = engines_of(options(home, Flags(), {**given, **env}))
        assert isinstance(found[0].endpoint, Endpoint)
        return found[0].endpoint.tls

    assert tls() is None
    assert tls(DOCKER_TLS_VERIFY="1") == files
    assert tls(DOCKER_TLS="1") == replace(files, skip_verify=True)
    home_authority = str(home / ".docker" / "ca.pem")
    assert tls(DOCKER_TLS_VERIFY="1", DOCKER_CERT_PATH="") == Tls(home_authority)
