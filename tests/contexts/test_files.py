"""The Docker CLI's files, as the Docker CLI itself writes them."""

import os
import subprocess
from pathlib import Path

from tests.contexts.asking import options
from tests.world.certificates import new_authority
from whatsrunning.config.options import Flags
from whatsrunning.contexts.endpoint import Endpoint, Tls
from whatsrunning.contexts.resolve import ResolvedContext, engines_of


def test_contexts_that_the_docker_cli_wrote(tmp_path: Path) -> None:
    authority = new_authority(tmp_path / "certs")
    client = authority.issue("client", client=True)
    ca = f",ca={authority.certificate}"
    mutual = f"{ca},cert={client.certificate},key={client.key}"
    files = [path.read_text() for path in (authority.certificate, client.certificate, client.key)]
    wanted = {
        "plain": ("host=tcp://127.0.0.1:1", (False, [])),
        "authority": (f"host=tcp://127.0.0.1:1{ca}", (False, files[:1])),
        "mutual": (f"host=tcp://127.0.0.1:1{mutual}", (False, files)),
        "skip": (f"host=tcp://127.0.0.1:1{mutual},skip-tls-verify=true", (True, files)),
        "remote": ("host=ssh://me@127.0.0.1:22", (False, [])),
    }
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    for name, (described, _) in wanted.items():
        command = ["/usr/bin/docker", "context", "create", name, "--docker", described]
        subprocess.run(command, env=env, check=True, capture_output=True, timeout=60)
    contexts = engines_of(options(tmp_path, Flags(all_contexts=True)), tmp_path / "root")
    expected = {name: read for name, (_, read) in wanted.items()}
    assert {context.name: _tls(context) for context in contexts} == expected


def _tls(context: ResolvedContext) -> tuple[bool, list[str]]:
    assert isinstance(context.endpoint, Endpoint)
    tls = context.endpoint.tls or Tls()
    return tls.skip_verify, [Path(p).read_text() for p in (tls.ca, tls.cert, tls.key) if p]
