"""Frozen data that every room shares; imports nothing of ours (DESIGN section 3)."""
