"""Composition: options, sources, gather, verdicts, view, exit code (DESIGN section 3)."""
