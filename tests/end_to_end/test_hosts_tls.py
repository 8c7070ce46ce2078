"""Engines behind TLS, each form of a context, with and without REQUESTS_CA_BUNDLE set."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.contexts.asking import options
from tests.world.certificates import new_authority
from tests.world.engine import PATIENCE, EngineProcess, start_engine
from whatsrunning.config.options import Flags
from whatsrunning.contexts.endpoint import Endpoint, Tls
from whatsrunning.contexts.resolve import engines_of
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.engine.client import DockerEngine


@dataclass(frozen=True, slots=True)
class Secured:
    """Three engines on one machine, what each wants, and the files to give."""

    engines: dict[str, tuple[EngineProcess, int]]
    tls: dict[str, Tls | None]


def _on_a_port(folder: Path, *extra: str) -> tuple[EngineProcess, int]:
    """dockerd cannot be told to choose a port; below 30000 the kernel hands none out by itself."""
    for attempt in range(4):
        port = 20000 + int.from_bytes(os.urandom(2), "big") % 10000
        try:
            started = start_engine(folder, "--host", f"tcp://127.0.0.1:{port}", *extra)
        except AssertionError:
            if attempt == 3:
                raise
        else:
            return started, port
    raise AssertionError("not reached")


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """An engine that wants a client's certificate, one that shows only its own, one without TLS."""
    folder = tmp_path_factory.mktemp("tls")
    authority, other = new_authority(folder / "ca"), new_authority(folder / "other", "other")
    server = authority.issue("server")
    client, stranger = authority.issue("me", client=True), other.issue("stranger", client=True)
    ca, cert, key = (str(p) for p in (authority.certificate, client.certificate, client.key))
    mutual = Tls(ca, cert, key)
    own = (f"--tlscacert={ca}", f"--tlscert={server.certificate}", f"--tlskey={server.key}")
    forms = {"mutual": ("--tlsverify", *own), "server": ("--tls", "--tlsverify=false", *own)}
    engines: dict[str, tuple[EngineProcess, int]] = {}
    try:
        for name, options in {**forms, "plain": ()}.items():
            engines[name] = _on_a_port(folder / name, *options)
        yield Secured(
            engines,
            {
                "mutual": mutual,
                "authority": Tls(ca),
                "skip": replace(mutual, ca="", skip_verify=True),
                "skip-without-files": Tls(skip_verify=True),
                "other-authority": replace(mutual, ca=str(other.certificate)),
                "other-client": Tls(ca, str(stranger.certificate), str(stranger.key)),
                "system": Tls(),
                "missing": replace(mutual, key=f"{key}.not-there"),
                "none": None,
            },
        )
    finally:
        for started, _ in engines.values():
            started.stop()


CASES = [
    ("mutual", "mutual", ""),
    ("mutual", "skip", ""),
    ("mutual", "authority", "wants a client certificate"),
    ("mutual", "other-client", "wants a client certificate"),
    ("mutual", "other-authority", "unable to get local issuer certificate"),
    ("mutual", "missing", "cannot read"),
    ("mutual", "none", "speaks TLS only"),
    ("server", "authority", ""),
    ("server", "mutual", ""),
    ("server", "skip-without-files", ""),
    ("server", "system", "unable to get local issuer certificate"),
    ("plain", "none", ""),
    ("plain", "mutual", "wrong version number"),
]


@pytest.mark.parametrize("bundle", [False, True], ids=["no-bundle", "bundle"])
@pytest.mark.parametrize(("engine", "tls", "says"), CASES)
def test_each_form(
    secured: Secured, monkeypatch: pytest.MonkeyPatch, engine: str, tls: str, *, says: str,
    bundle: bool,
) -> None:  # fmt: skip
    if bundle:
        # The variables name an authority that never signed this, and beat the SDK's own setting.
        other = secured.tls["other-authority"]
        assert other is not None
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", other.ca)
        monkeypatch.setenv("CURL_CA_BUNDLE", other.ca)
    started, port = secured.engines[engine]
    ours = DockerEngine("prod", Endpoint("tcp", "127.0.0.1", port, tls=secured.tls[tls]))
    deadline = Deadline.after(PATIENCE)
    if not says:
        here = started.docker("info", "--format", "{{.ID}}")
        assert ours.info(deadline).id == here
        assert ours.containers(deadline) == ()
    else:
        with pytest.raises(SourceError) as caught:
            ours.info(deadline)
        assert caught.value.problem.code == "tls"
        assert says in caught.value.problem.message
        assert caught.value.problem.hint
    ours.close()


def test_the_whole_way_from_a_context(secured: Secured, tmp_path: Path) -> None:
    started, port = secured.engines["mutual"]
    files = secured.tls["mutual"]
    assert files is not None
    described = f"host=tcp://127.0.0.1:{port},ca={files.ca},cert={files.cert},key={files.key}"
    started.docker("context", "create", "secure", "--docker", described)
    env = {"DOCKER_CONFIG": started.environment()["DOCKER_CONFIG"]}
    found = engines_of(options(tmp_path, Flags(contexts=("secure",)), env))
    assert isinstance(found, tuple)
    assert isinstance(found[0].endpoint, Endpoint)
    ours = DockerEngine("secure", found[0].endpoint)
    assert ours.info(Deadline.after(PATIENCE)).id == started.docker("info", "--format", "{{.ID}}")
    ours.close()
