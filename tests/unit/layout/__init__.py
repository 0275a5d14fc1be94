"""Tests of ``reportgen.layout``."""
