"""What people call a revision, such as v1.2.3: beside the SHA, and never in its place."""

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.git import GitVersion
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Version
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of
from whatsrunning.verdicts.origin.inherited import own_labels
from whatsrunning.verdicts.origin.repository import clone_of

OCI_VERSION = "org.opencontainers.image.version"


def version_of(
    container: ListedContainer, repository: Answer[str], sha: Answer[str]
) -> Answer[Version]:
    """By the tag that it was made from, else the image's own label, else a tag of the clone."""
    if said := names.version(container.tag):
        return Found(Version(said, "tag"))
    # Base images set the label too, mostly without a revision beside it (Ubuntu's says 22.04).
    by_image = any(
        c.claimed_by in ("image-label", "oci-label") for c in claims_of(container).claims
    )
    said = names.version(container.image_labels.get(OCI_VERSION, ""))
    if said and by_image and own_labels(container) == Found(True):
        return Found(Version(said, "oci-version"))
    return sha.then(
        lambda whole: repository.then(lambda name: _in_git(container.case, name, whole))
    )


def _in_git(case: Case, repository: str, sha: str) -> Answer[Version]:
    tag = case.get(GitVersion(clone_of(case, repository), sha))
    if tag.problem and tag.problem.code == "no-clone":
        return Nothing()  # nobody else was to be asked
    return tag.then(lambda text: Found(Version(text, "git-describe")))
