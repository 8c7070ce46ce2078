"""Names as people write them: image references, revisions, repositories. Pure, never trusting."""

from whatsrunning.names.image import DOCKER_HUB as DOCKER_HUB
from whatsrunning.names.image import Reference as Reference
from whatsrunning.names.image import follows_latest as follows_latest
from whatsrunning.names.image import is_image_id as is_image_id
from whatsrunning.names.image import names_registry as names_registry
from whatsrunning.names.image import reference as reference
from whatsrunning.names.repository import ghcr_name as ghcr_name
from whatsrunning.names.repository import in_path as in_path
from whatsrunning.names.repository import is_owner_name as is_owner_name
from whatsrunning.names.repository import is_part as is_part
from whatsrunning.names.repository import owner_name as owner_name
from whatsrunning.names.repository import same_owner as same_owner
from whatsrunning.names.repository import same_repository as same_repository
from whatsrunning.names.revision import is_referrer as is_referrer
from whatsrunning.names.revision import is_whole as is_whole
from whatsrunning.names.revision import revision as revision
from whatsrunning.names.revision import tag_revision as tag_revision
from whatsrunning.names.revision import tag_revisions as tag_revisions
from whatsrunning.names.revision import version as version
from whatsrunning.names.revision import version_order as version_order
