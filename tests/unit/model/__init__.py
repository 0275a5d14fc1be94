"""Tests of ``reportgen.model``."""
