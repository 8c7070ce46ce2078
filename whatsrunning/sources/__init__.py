"""Adapters: each speaks to one outside part and raises only SourceError (DESIGN section 3)."""

import logging

# What libraries log quotes servers, unsanitised, and would land on stderr for want of a handler.
logging.getLogger().addHandler(logging.NullHandler())
