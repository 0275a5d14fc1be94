"""Tests of ``reportgen.readers``."""
