"""The engine that reads sentences stating numbers, by the grammar of the form.

Text → tokens (:mod:`.tokens`) → parts with one number each (:mod:`.parts`) → what the words
of a part say (:mod:`.words`) → statements about cells, compared with them (:mod:`.readings`).
The package contains no words: they are in ``sentences.yaml``.
"""

from __future__ import annotations

from reportgen.checks.sentences.parts import SentencePart, split_parts
from reportgen.checks.sentences.readings import Reader, StatedNumber
from reportgen.checks.sentences.tokens import (
    COMMA,
    COUNT,
    JOIN,
    OPEN,
    OTHER,
    RATE,
    SEMICOLON,
    Token,
    radicals,
    tokenise,
)
from reportgen.checks.sentences.words import Speaker

__all__ = [
    "COMMA",
    "COUNT",
    "JOIN",
    "OPEN",
    "OTHER",
    "RATE",
    "SEMICOLON",
    "Reader",
    "SentencePart",
    "Speaker",
    "StatedNumber",
    "Token",
    "radicals",
    "split_parts",
    "tokenise",
]
