"""Tests of ``reportgen.template``."""
