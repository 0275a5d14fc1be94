"""Text as HTML: superscripts, numbers kept whole, the places where a line may be broken."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable
from itertools import pairwise

from reportgen.characters import has_scripts, split_scripts
from reportgen.sandbox import markup
from reportgen.writing_systems import Writing

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WHOLE = re.compile(
    r"(?<![-\w])[0-9]{1,9}(?:-[0-9]{1,9}){1,2}(?![-\w])|[－−＋][0-9]{1,9}|[^\s;][～—]{1,2}",
    re.ASCII,
)
"""A telephone number or a range; a sign with its number; a mark that begins no line, with what is
before it.  A reference such as ``&amp;`` stays whole."""


def clean(text: str, escaped: bool) -> str:
    """Return *text* without characters that are invalid in HTML.

    In a style sheet (not *escaped*), ``<`` is removed as well, so that it cannot end the element.
    """
    kept = _UNPRINTABLE.sub("", text)
    return kept if escaped else kept.replace("<", "")


def scripts(text: str, number: str) -> str:
    """Return *text* as HTML, its superscripts and subscripts as ``sup`` and ``sub`` elements.

    Numbers with hyphens and signs, —— and ～, at which a browser would break a line, are kept whole
    by an element with the attribute *number*.
    """
    if not (has_scripts(text) or _WHOLE.search(text)):
        return text
    parts = (
        f"<{level}>{html.escape(part)}</{level}>" if level else _unbroken(html.escape(part), number)
        for part, level in split_scripts(clean(text, escaped=True))
    )
    return markup("".join(parts))


def _unbroken(text: str, attribute: str) -> str:
    return _WHOLE.sub(rf"<span{attribute}>\g<0></span>", text)


def parts_of(
    parts: Iterable[Writing], start: int, breaks: Collection[int]
) -> list[dict[str, object]]:
    """Return *parts*, which begin at the offset *start*, divided at the offsets *breaks*."""
    found: list[dict[str, object]] = []
    for part in parts:
        end = start + len(part.text)
        cuts = [start, *sorted(place for place in breaks if start < place < end), end]
        for low, high in pairwise(cuts):
            text = part.text[low - start : high - start]
            found.append({"text": text, "lang": part.language, "may_break": low in breaks})
        start = end
    return found
