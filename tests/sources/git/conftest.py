"""The histories that the git tests share: made once, and only read."""

import pytest

from tests.world.bulk_history import make_bulk
from tests.world.history import History, make_history


@pytest.fixture(scope="package")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """The shop's, with a commit of each kind."""
    return make_history(tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="package")
def bulk(tmp_path_factory: pytest.TempPathFactory) -> History:
    """A long one."""
    return make_bulk(tmp_path_factory.mktemp("bulk"))
