"""Tests of ``reportgen.batch``."""
