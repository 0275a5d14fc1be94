"""Unit tests of ``reportgen.units``."""
