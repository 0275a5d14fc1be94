"""Tests of ``reportgen.writers.ofd``."""
