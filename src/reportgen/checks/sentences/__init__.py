"""The engine that reads sentences stating numbers, by the grammar of the form.

Text → tokens (:mod:`.tokens`) → parts with one number each (:mod:`.parts`) → what the words
of a part say (:mod:`.words`) → statements about cells, compared with them (:mod:`.readings`).
No wording stands in this package: ``sentences.yaml`` has it.
"""

from __future__ import annotations

from reportgen.checks.sentences.parts import Part, split_parts
from reportgen.checks.sentences.readings import Reader, Reading
from reportgen.checks.sentences.tokens import Token, tokenise
from reportgen.checks.sentences.words import Speaker

__all__ = ["Part", "Reader", "Reading", "Speaker", "Token", "split_parts", "tokenise"]
