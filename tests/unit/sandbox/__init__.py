"""Tests of ``reportgen.sandbox``."""
