"""Tests of ``reportgen.pictures``."""
