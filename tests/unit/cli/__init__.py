"""Tests of ``reportgen.cli``."""
