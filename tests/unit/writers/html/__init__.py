"""Tests of ``reportgen.writers.html``."""
