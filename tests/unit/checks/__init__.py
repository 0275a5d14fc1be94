"""Tests of ``reportgen.checks``."""
