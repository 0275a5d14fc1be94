"""Tests of ``reportgen.preview``."""
