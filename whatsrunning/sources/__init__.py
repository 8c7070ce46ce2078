"""Adapters: each speaks to one outside part; what they promise stands in interface.py."""

import logging

# What libraries log quotes servers, unsanitised, and would land on stderr for want of a handler.
logging.getLogger().addHandler(logging.NullHandler())
