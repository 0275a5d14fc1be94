"""Tests of ``reportgen.writers.pdf``."""
