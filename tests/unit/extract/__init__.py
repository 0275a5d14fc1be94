"""Tests of ``reportgen.extract``."""
