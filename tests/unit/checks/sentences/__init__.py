"""Mirrors ``reportgen.checks.sentences``."""
