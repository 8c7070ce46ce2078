"""A service is removed with all its containers: the next look misses it."""

import json
from pathlib import Path

import pytest

from tests.program import Result, whatsrunning
from tests.world.everything import World

NAME = "nightly-job"


class Gone:
    """`nightly-job` ran while somebody looked, and is removed now."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.state = world, folder / "state"
        self.config = folder / "config.toml"
        self.config.write_text(f'[services.{NAME}]\nrepo = "acme/shop"\n', encoding="utf-8")
        image = f"{world.fleet.yard.shop}:{world.history.named['built-5']}"
        docker = world.engine.docker
        docker(
            "run", "--detach", "--network", "none", "--stop-signal", "KILL", "--name", NAME,
            "--label", f"git.sha={world.history.named['built-5']}", image,
        )  # fmt: skip
        try:
            self.before = self.ask("ps", NAME, "-o", "json")
        finally:
            docker("rm", "--force", NAME)

    def ask(self, *words: str, configured: bool = False) -> Result:
        """One look with a journal of its own."""
        env = {**self.world.environment(), "XDG_STATE_HOME": str(self.state)}
        more = ("--config", str(self.config)) if configured else ()
        clone = ("-C", str(self.world.history.clone))
        home = self.world.folder / "home"
        return whatsrunning(*words, *more, *clone, "--timeout", "30", env=env, home=home)


@pytest.fixture(scope="module")
def gone(world: World, tmp_path_factory: pytest.TempPathFactory) -> Gone:
    return Gone(world, tmp_path_factory.mktemp("gone"))


@pytest.mark.parametrize(("configured", "severity"), [(True, "critical"), (False, "info")])
def test_the_next_look_misses_it(gone: Gone, configured: bool, severity: str) -> None:
    sha = gone.world.history.named["built-5"]
    assert [one["name"] for one in gone.before.json()["containers"]] == [NAME]
    result = gone.ask("ps", "-o", "json", configured=configured)
    [one] = result.json()["gone"]
    assert (one["service"], one["configured"], one["sha"]) == (NAME, configured, sha)
    [found] = (f for f in result.json()["findings"] if f["service"] == NAME)
    assert (found["code"], found["severity"]) == ("nothing-running", severity)
    assert found["message"].startswith(f"nothing is left of {NAME}, last seen ")


@pytest.mark.parametrize("words", [("ps", NAME), ("rollback-plan", NAME)])
def test_asked_for_by_name_it_is_told_too(gone: Gone, words: tuple[str, ...]) -> None:
    told = gone.ask(*words, configured=True)
    assert told.code == 0
    assert f"nothing is left of {NAME}" in told.stdout


def test_show_has_no_container_to_show(gone: Gone) -> None:
    shown = gone.ask("show", NAME)
    assert (shown.code, shown.stdout) == (2, "")
    assert f"no container of {NAME} is left" in shown.stderr


def test_a_check_misses_what_is_configured(gone: Gone) -> None:
    assert gone.ask("ps", NAME, "--check", configured=True).code == 1


def test_a_name_that_is_configured_wrongly_is_told(gone: Gone, tmp_path: Path) -> None:
    config = tmp_path / "typo.toml"
    config.write_text('[services.wbe]\nrepo = "acme/shop"\n', encoding="utf-8")
    told = json.loads(gone.ask("ps", "--config", str(config), "-o", "json").stdout)
    messages = [one["message"] for one in told["findings"] if one["code"] == "nothing-running"]
    assert "nothing here is called wbe, as the configuration says" in messages
