"""Tests of ``reportgen.compare``."""
