"""What a container's service is called, by its labels or by its name."""

from collections.abc import Mapping

import pytest

from whatsrunning.names.service import is_service, labelled_service, unversioned

SHA = "3aa388923ae7ba7b1f0e1d66d0e5ac1f0ab01234"


@pytest.mark.parametrize(
    ("labels", "service"),
    [
        pytest.param({"service": "shop", "role": "web"}, "shop-web", id="kamal 1"),
        pytest.param(
            {"service": "shop", "role": "web", "destination": ""}, "shop-web", id="kamal 2"
        ),
        pytest.param(
            {"service": "shop", "role": "web", "destination": "staging"}, "shop-web-staging",
            id="kamal with a destination",
        ),
        pytest.param({"service": "shop-db"}, "", id="an accessory of kamal, or anybody's label"),
        pytest.param({"service": "shop", "role": ""}, "", id="an empty role"),
        pytest.param({"role": "web"}, "", id="a role alone"),
        pytest.param(
            {"service": "shop", "role": "web", "com.docker.compose.service": "api"}, "api",
            id="Compose goes first",
        ),
        pytest.param({}, "", id="none"),
    ],
)  # fmt: skip
def test_the_service_that_labels_name(labels: Mapping[str, str], service: str) -> None:
    assert labelled_service(labels) == service


@pytest.mark.parametrize(
    ("name", "tag", "said", "service"),
    [
        pytest.param("web", "", (), "web", id="a plain name"),
        pytest.param("shop-web-v1.2.3", "v1.2.3", (), "shop-web", id="its own tag"),
        pytest.param("web_1.2", "1.2", (), "web", id="its own tag behind a line"),
        pytest.param("web-v1.2.4", "v1.2.3", (), "web-v1.2.4", id="another tag"),
        pytest.param("webv1", "v1", (), "webv1", id="the tag without a separator"),
        pytest.param("web-staging", "staging", (), "web-staging", id="a tag that is no version"),
        pytest.param(f"shop-web-{SHA}", "", (), "shop-web", id="a whole SHA"),
        pytest.param(f"shop-web-{SHA[:7]}", "", (SHA,), "shop-web", id="a short SHA, by a label"),
        pytest.param(f"web-{SHA}a", "", (SHA,), "web", id="begins with the label's"),
        pytest.param(f"web.{SHA[:9]}", f"sha-{SHA[:7]}", (), "web", id="a short SHA, by its tag"),
        pytest.param(
            f"web-{SHA[:7]}", "", (f"v1.2-3-g{SHA[:8]}",), "web", id="as git describe says it"
        ),
        pytest.param(f"web-{SHA[:7]}", "", (), f"web-{SHA[:7]}", id="a short SHA nobody says"),
        pytest.param(f"web-{SHA[:6]}", "", (SHA,), f"web-{SHA[:6]}", id="six digits"),
        pytest.param("web-20260304", "", (), "web", id="a date"),
        pytest.param("web-202603040500", "", (), "web", id="to the minute"),
        pytest.param("web-20260304050009", "", (), "web", id="to the second"),
        pytest.param("web-20261304", "", (), "web-20261304", id="a thirteenth month"),
        pytest.param("web-18990304", "", (), "web-18990304", id="before anything ran"),
        pytest.param("web-1772600400", "", (), "web", id="unix seconds"),
        pytest.param("web-1772600400123", "", (), "web", id="unix milliseconds"),
        pytest.param("web-9999999999", "", (), "web-9999999999", id="seconds of the year 2286"),
        pytest.param("xk4g8o0-235959123456", "", (), "xk4g8o0", id="Coolify"),
        pytest.param("web-999999123456", "", (), "web-999999123456", id="no time of day"),
        pytest.param("web-\u0662\u0660\u0662\u0660\u0660\u0661\u0660\u0661", "", (),
                     "web-\u0662\u0660\u0662\u0660\u0660\u0661\u0660\u0661", id="other digits"),
        pytest.param("web-1", "1", (), "web-1", id="a replica's number"),
        pytest.param("web-417", "417", (), "web", id="a run's number"),
        pytest.param("web-old", "", (), "web", id="set aside by hand"),
        pytest.param("web_old", "", (), "web", id="set aside, with a line"),
        pytest.param("household", "", (), "household", id="old inside a word"),
        pytest.param(f"web-v2-{SHA}_old-20260304", "v2", (), "web", id="all of it"),
        pytest.param("old", "", (), "old", id="never down to nothing"),
        pytest.param("v1", "v1", (), "v1", id="its tag for a name"),
        pytest.param("-old", "", (), "-old", id="nothing before it"),
        pytest.param(SHA, SHA, (SHA,), SHA, id="a SHA for a name"),
    ],
)  # fmt: skip
def test_a_name_without_its_version(
    name: str, tag: str, said: tuple[str, ...], service: str
) -> None:
    assert unversioned(name, tag, said) == service


@pytest.mark.parametrize(
    ("asked", "project", "service", "meant"),
    [
        ("app", "prod", "app", True),
        ("prod/app", "prod", "app", True),
        ("staging/app", "prod", "app", False),
        ("prod", "prod", "app", False),
        ("/app", "", "app", False),
    ],
)
def test_how_a_service_is_addressed(asked: str, project: str, service: str, meant: bool) -> None:
    assert is_service(asked, project, service) is meant
