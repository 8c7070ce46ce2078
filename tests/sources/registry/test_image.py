"""Labels as anybody may write them: bounded, texts alone, and whose word counts first."""

import json
from typing import Any

import pytest

from tests.world.artifacts import IMAGE_CONFIG, LAYER, SIGNATURE
from tests.world.images import OCI_INDEX, OCI_MANIFEST
from whatsrunning.sources.json_reader import MalformedReply
from whatsrunning.sources.registry import image
from whatsrunning.sources.registry.parse import Manifest, read_manifest

DIGEST = f"sha256:{'a' * 64}"


def _manifest(config: object = IMAGE_CONFIG, **more: Any) -> Manifest:
    document = {"config": {"digest": DIGEST, "mediaType": config}, **more}
    return read_manifest(json.dumps(document).encode(), OCI_MANIFEST)


def _labels(labels: object) -> dict[str, str]:
    return image.config_labels(json.dumps({"config": {"Labels": labels}}).encode())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param({"a": "x", "b": 7, "c": None, "d": ["x"]}, {"a": "x"}, id="no texts"),
        pytest.param({"a": "x" * 4096, "b": "x" * 4097}, {"a": "x" * 4096}, id="a long text"),
        pytest.param({"a": "x", "b" * 4097: "x"}, {"a": "x"}, id="a long key"),
        pytest.param({"a": "\x1b[2J\n"}, {"a": "\x1b[2J\n"}, id="cleaned where it is shown"),
        pytest.param({"a": "\udcff"}, {"a": "?"}, id="half a character"),
    ],
)
def test_a_label_is_a_text_of_some_length(written: object, read: dict[str, str]) -> None:
    assert _labels(written) == read


def test_no_more_than_200_labels_are_read() -> None:
    first = {f"first-{number}": "x" for number in range(150)}
    second = {f"second-{number}": "x" for number in range(150)}
    read = image.joined(first, second)
    assert list(read) == [*first, *second][:200]


def test_what_was_said_first_counts() -> None:
    assert image.joined({"a": "1"}, {"a": "2", "b": "2"}, {"b": "3", "c": "3"}) == {
        "a": "1",
        "b": "2",
        "c": "3",
    }


@pytest.mark.parametrize("annotations", [None, [], "x", {"a": 1}])
def test_annotations_of_another_kind_say_nothing(annotations: object) -> None:
    assert image.annotations(_manifest(annotations=annotations)) == {}


@pytest.mark.parametrize(
    ("config", "layers", "expected"),
    [
        pytest.param(IMAGE_CONFIG, [LAYER], True, id="an image"),
        pytest.param(IMAGE_CONFIG, None, True, id="no layers"),
        pytest.param(IMAGE_CONFIG, [LAYER, SIGNATURE], True, id="a layer and something else"),
        pytest.param(IMAGE_CONFIG, [SIGNATURE], False, id="no files"),
        pytest.param(None, [LAYER], True, id="a config of no type"),
        pytest.param("application/octet-stream", [LAYER], True, id="bytes"),
        pytest.param(7, [LAYER], True, id="a number for a type"),
        pytest.param("application/vnd.docker.plugin.v1+json", [LAYER], False, id="a plugin"),
    ],
)
def test_what_an_image_is(config: object, layers: list[str] | None, expected: bool) -> None:
    described = None if layers is None else [{"mediaType": kind} for kind in layers]
    assert image.is_image(_manifest(config, layers=described)) is expected


@pytest.mark.parametrize("layers", ["x", 7, {"a": 1}])
def test_layers_of_another_kind_are_refused(layers: object) -> None:
    with pytest.raises(MalformedReply):
        image.is_image(_manifest(layers=layers))


def test_an_index_inside_an_index_is_refused() -> None:
    index = read_manifest(json.dumps({"manifests": []}).encode(), OCI_INDEX)
    with pytest.raises(MalformedReply):
        image.is_image(index)
