"""Tests of ``reportgen.writers.docx``."""
