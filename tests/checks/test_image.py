"""Checks of the image."""

from dataclasses import replace

from tests.checks.cases import (
    NO_COMMIT,
    UNNAMED,
    Cases,
    but,
    check_found,
    check_missed,
    each,
    image,
    proof,
    untagged,
)
from tests.reports.parts import NEW, STRAY
from whatsrunning.facts.answers import Nothing, Unknown
from whatsrunning.report.container import Claim, Container

FINDS: Cases = {
    "contradicted-label": {
        "the digest is of another build": [proof("contradicted", claim=STRAY, matching_shas=(NEW,))]
    },
    "built-outside-ci": {"the registry knows neither": [proof("denied")]},
    "differs": {"the tag was pushed again": [proof("differs")]},
    "never-pushed": {
        "the image has no digest": [image(untagged("label-only"), digests=())],
        "nobody has the commit": [but(commit=Nothing())],
        "GitHub has no such commit": [but(commit=Unknown(NO_COMMIT))],
    },
    "dirty-build": {
        "the label says so": [but(claims=(Claim(NEW, "image-label", "git.sha", dirty=True),))]
    },
    "running-without-tag": {
        "the tag is gone": [untagged("label-only")],
        "another tag has what runs, none its commit": [untagged("verified")],
    },
    "label-only": {"the image has no registry": [image(proof("label-only"), **UNNAMED)]},
    "local-image-gone": {"the image was removed": [image(gone=True)]},
}
MISSES: Cases = {
    "contradicted-label": {
        "other content under the tag": [proof("differs")],
        "nobody could look": [proof("unknown")],
    },
    "built-outside-ci": {
        "only the tag is missing": [proof("label-only")],
        "nobody could look": [proof("unknown")],
    },
    "differs": {"the same content": [proof("verified")]},
    "never-pushed": {
        "the image has a digest": [untagged("label-only")],
        "a tag that nobody could read may be its": [image(proof("label-only"), digests=())],
        "the commit could not be looked up": [but(commit=Unknown(replace(NO_COMMIT, code="x")))],
    },
    "dirty-build": {"nothing claims anything": [but(claims=())]},
    "running-without-tag": {
        "it never had one": [image(untagged("label-only"), digests=())],
        "a tag that nobody could read may be its": [proof("label-only")],
        "the registry never saw it": [proof("denied")],
    },
    "label-only": {
        "the registry has no tag": [untagged("label-only")],
        "there is no label": [proof("unlabelled")],
    },
    "local-image-gone": {"the image has no digest": [image(digests=())]},
}


@each(FINDS)
def test_found(code: str, containers: list[Container]) -> None:
    check_found(code, containers)


@each(MISSES)
def test_near_misses(code: str, containers: list[Container]) -> None:
    check_missed(code, containers)
