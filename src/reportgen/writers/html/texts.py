"""Text as HTML: superscripts, numbers kept whole, the places where a line may be broken.

Browsers differ in where they divide an address: Chromium never behind a slash, and one too long for
the line at any character.  So the places are written as ``wbr`` elements, as in the PDF.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterable
from itertools import pairwise

from reportgen.characters import has_scripts, split_scripts
from reportgen.sandbox import markup
from reportgen.writing_systems import Writing

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LONG_WORD = re.compile(r"[!-~]{16,}")
"""A Western word that would leave gaps of half a character and more before it."""
_KEPT = re.compile(
    rf"(?P<word>{LONG_WORD.pattern}(?![～—·]))"
    r"|(?<![-\w])[0-9]{1,9}(?:-[0-9]{1,9}){1,2}(?![-\w])|[－−＋][0-9]{1,9}|\S[～—·]{1,2}"
    r"|[０-９]{1,9}(?:[．，：／－][０-９]{1,9}){0,2}[％‰]?",
    re.ASCII,
)
"""A long word; a telephone number or a range; a sign with its number; a mark that begins no line,
with what is before it; a number of full-width digits."""
_IN_WORD = re.compile(
    r"(?P<joint>(?<=[/?&_@=])(?<!:/)(?<!//)(?=[A-Za-z0-9%#~])|(?<=\.)(?=[A-Za-z_])"
    r"|(?<=-)(?=[A-Za-z])|(?<=[A-Za-z]-)(?=[0-9])|(?<=[0-9A-F])(?=%[2-7C-F]))"
    r"|(?<![%0-9])(?:[0-9]{1,9}(?:[-.,][0-9]{1,9}){1,2}(?![-\w])|[0-9]{2,20})",
    re.ASCII,
)
"""A place where a long word may be divided (behind a sign of an address, before an encoded
character), and a number in it, which stays whole as far as it fits on the line of a phone."""


def clean(text: str, escaped: bool) -> str:
    """Return *text* without characters that are invalid in HTML.

    In a style sheet (not *escaped*), ``<`` is removed as well, so that it cannot end the element.
    """
    kept = _UNPRINTABLE.sub("", text)
    return kept if escaped else kept.replace("<", "")


def scripts(text: str, number: str) -> str:
    """Return *text* as HTML, its superscripts and subscripts as ``sup`` and ``sub`` elements.

    Numbers with hyphens and signs, ——, ～ and ·, at which a browser would break a line, are kept
    whole by an element with the attribute *number*, and so are numbers in a long word, such as an
    address; where it may be divided, it has ``wbr`` elements.
    """
    if not (has_scripts(text) or _KEPT.search(text)):
        return text

    def kept(match: re.Match[str]) -> str:
        return f"<span{number}>{html.escape(match[0])}</span>"

    def in_word(match: re.Match[str]) -> str:
        return kept(match) if match["joint"] is None else "<wbr>"

    def piece(match: re.Match[str]) -> str:
        word = match["word"]
        return _replaced(_IN_WORD, word, in_word) if word else kept(match)

    parts = (
        f"<{level}>{html.escape(part)}</{level}>" if level else _replaced(_KEPT, part, piece)
        for part, level in split_scripts(clean(text, escaped=True))
    )
    return markup("".join(parts))


def _replaced(pattern: re.Pattern[str], text: str, element: Callable[[re.Match[str]], str]) -> str:
    """Return *text* as HTML, with what *pattern* finds in it as *element* returns it."""
    found, end = [], 0
    for match in pattern.finditer(text):
        found += [html.escape(text[end : match.start()]), element(match)]
        end = match.end()
    return "".join([*found, html.escape(text[end:])])


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
