"""Tests of ``reportgen.fonts``."""
