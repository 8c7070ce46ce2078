"""Tests of the pages, before they are any format."""
