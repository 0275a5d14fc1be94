"""Tests of ``reportgen.spreadsheets``."""
