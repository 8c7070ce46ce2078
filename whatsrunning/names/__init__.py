"""Names as people write them: image references, revisions, repositories. Pure, never trusting."""

from whatsrunning.names.image import DOCKER_HUB, Reference, is_image_id, names_registry, reference
from whatsrunning.names.repository import (
    OWNER_NAME,
    ghcr_name,
    in_path,
    owner_name,
    same_repository,
)
from whatsrunning.names.revision import ParsedRevision, is_whole, revision, tag_revision

__all__ = [
    "DOCKER_HUB",
    "OWNER_NAME",
    "ParsedRevision",
    "Reference",
    "ghcr_name",
    "in_path",
    "is_image_id",
    "is_whole",
    "names_registry",
    "owner_name",
    "reference",
    "revision",
    "same_repository",
    "tag_revision",
]  # fmt: skip
