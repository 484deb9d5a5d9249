"""Drafting a `source.yml` from a file: what can be told by looking at it."""
