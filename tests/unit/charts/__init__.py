"""Tests of ``reportgen.charts``."""
