"""Tests of ``reportgen.writers``."""
