"""Tests of ``reportgen.layout.text``."""
