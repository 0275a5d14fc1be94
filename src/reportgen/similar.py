"""The word that a mistyped one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def most_similar(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the word of *known* most like *word*; None when none is, by *cutoff* of 1."""
    import difflib  # most reports have no word mistyped

    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=cutoff)), None)
