"""Adapters: each speaks to one outside part and raises only SourceError (DESIGN section 3)."""
