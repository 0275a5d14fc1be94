"""Matching of the Chinese keys a clerk types with the keys a form knows.

Full and half width, spaces, quote shapes and numbering (``一、`` ``（一）`` ``1.``)
do not matter (contract, section 1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from reportgen.text import most_similar

_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\(?\d+\)|\d+[.、](?!\d))"
)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟'‘’「」『』＂", '"'))


@lru_cache(maxsize=8192)
def normalise_key(text: str) -> str:
    """Return *text* in the form in which two keys are compared."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    folded = re.sub(r"\s+", "", folded)
    return _NUMBERING.sub("", folded)


def nearest_key(text: str, known: Iterable[str]) -> str | None:
    """Return the key of *known* most like *text*, or None when none is close."""
    by_form = {normalise_key(key): key for key in known}
    near = most_similar(normalise_key(text), by_form, cutoff=0.5)
    return by_form[near] if near else None
