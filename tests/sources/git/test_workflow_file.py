"""What a workflow says of pushes: anybody's YAML."""

import random
from collections.abc import Mapping

import pytest

from tests.sources.git.clones import CI
from whatsrunning.facts.git import WorkflowFilter
from whatsrunning.sources.git.errors import CannotTell
from whatsrunning.sources.git.workflow_file import on_push

ALL = WorkflowFilter("ci.yml", "ci.yml", ("a",))


TEXTS: Mapping[str, WorkflowFilter | None] = {
    "on: push": ALL,
    "'on': push": ALL,
    "on: [pull_request, push]": ALL,
    "on:\n  push:\n  pull_request:\n": ALL,
    "on: {push: ~, workflow_dispatch: {}}": ALL,
    "on: {push: {branches: main, paths-ignore: ['**.md', 1.0]}}": WorkflowFilter(
        "ci.yml", "ci.yml", ("a",), branches=("main",), paths_ignore=("**.md", "1.0")
    ),
    "on: {push: {tags: ['v*'], branches-ignore: [x]}}": WorkflowFilter(
        "ci.yml", "ci.yml", ("a",), branches_ignore=("x",)
    ),
    "on: {push: {paths: &p [a], branches: *p}}": WorkflowFilter(
        "ci.yml", "ci.yml", ("a",), branches=("a",), paths=("a",)
    ),
    "on: {push: {branches: 'null', paths: null}}": WorkflowFilter(
        "ci.yml", "ci.yml", ("a",), branches=("null",)
    ),
    "on: {push: {tags: ['v*'], paths: [a]}}": None,
    "on: {push: {tags-ignore: ['v*']}}": None,
    "on: pull_request": None,
    "on: {schedule: [{cron: '0 3 * * *'}], pull_request: {paths: [a]}}": None,
    "on:": None,
    "true: push": None,
}


@pytest.mark.parametrize("text", TEXTS)
def test_the_words_on_pushes(text: str) -> None:
    assert on_push("ci.yml", f"{text}\njobs: {{a: {{}}}}\n".encode()) == TEXTS[text]


BAD: Mapping[str, bytes] = {
    "nothing": b"",
    "a word": b"a",
    "a list": b"[]",
    "no jobs": b"on: push",
    "jobs in a list": b"on: push\njobs: [a]",
    "filters in a list": b"on: {push: [a]}\njobs: {}",
    "filters in an empty list": b"on: {push: []}\njobs: {}",
    "paths both ways": b"on: {push: {paths: [a], paths-ignore: [b]}}\njobs: {}",
    "branches both ways": b"on: {push: {branches: [a], branches-ignore: [b]}}\njobs: {}",
    "a key twice": b"on: push\non: push\njobs: {}",
    "a key that is none": b"on: push\njobs: {~: {}}",
    "two documents": b"on: [push]\n---\njobs: {}",
    "a filter in a mapping": b"on: {push: {paths: {a: b}}}\njobs: {}",
    "a list in a list": b"on: {push: {paths: [[a]]}}\njobs: {}",
    "a list in itself": b"on: &a [*a]\njobs: {}",
    "a list as a key": b"? [on]\n: push",
    "no such character": b'on: "\\UFFFFFFFF"',
    "no such version": b"%YAML 9.9\n---\non: push",
    "UTF-16": b"\xff\xfea\0",
    "no encoding": b"\xffon: push",
    "a zero byte": b"\0",
    "lists without end": b"[" * 20_000,
    "mappings without end": b"{a: " * 20_000,
    "items without end": b"- " * 50_000,
    "an object": b"!!python/object/apply:os.system [exit]",
    "no such anchor": b"on: push\njobs: *a",
    "a number without end": b"%YAML " + b"9" * 5000,
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_workflow(name: str) -> None:
    with pytest.raises(CannotTell):
        on_push("ci.yml", BAD[name])


def test_no_text_makes_a_traceback() -> None:
    dice = random.Random(7)
    signs = b"{}[]:,-?!&*#|>%@\"'\\\0\t\n \xff\xc3x9"
    read = 0
    for _ in range(400):
        text = bytearray(CI.encode())
        for _ in range(dice.randrange(1, 4)):
            text[dice.randrange(len(text))] = dice.choice(signs)
        try:
            workflow = on_push("ci.yml", bytes(text))
            read += workflow is None or workflow.path == "ci.yml"
        except CannotTell:
            continue
    assert 0 < read < 400
