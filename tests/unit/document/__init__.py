"""Tests of ``reportgen.document``."""
