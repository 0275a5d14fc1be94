"""Tests of ``reportgen.doctree``."""
