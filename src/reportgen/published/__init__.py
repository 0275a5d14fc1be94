"""Finished files read back.

A file and the known forms come in; the report in it goes out, its tables recognised by their
official labels, with a finding about everything that was guessed, is missing or was left over.
"""

from __future__ import annotations

from reportgen.published.found import (
    REVISIONS,
    AttachedSources,
    BesideKind,
    BesideText,
    FoundFile,
    FoundParagraph,
    FoundPicture,
    FoundTable,
)
from reportgen.published.recognition import Published, recognise, why_unrecognised
from reportgen.published.sheets import read_lists
from reportgen.published.sources import (
    MAX_BYTES,
    FileRole,
    UnknownKindError,
    put_together,
    read_bytes,
    read_file,
    role_of,
)
from reportgen.published.word import WordText, read_word_text

__all__ = [
    "MAX_BYTES",
    "REVISIONS",
    "AttachedSources",
    "BesideKind",
    "BesideText",
    "FileRole",
    "FoundFile",
    "FoundParagraph",
    "FoundPicture",
    "FoundTable",
    "Published",
    "UnknownKindError",
    "WordText",
    "put_together",
    "read_bytes",
    "read_file",
    "read_lists",
    "read_word_text",
    "recognise",
    "role_of",
    "why_unrecognised",
]
