"""Inline content: runs, forced line breaks and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from msgspec import Struct
from msgspec.structs import replace

from reportgen.text import Run
from reportgen.writers.docx.markup import attribute, text
from reportgen.writers.docx.notes import Notes, shade_xml
from reportgen.writers.docx.relations import Relations
from reportgen.writers.docx.styles import LINK_STYLE

_AMBIGUOUS = re.compile("[·—―‘’“”…‰′″℃→①-⑳×÷±°§]")
_PIECES = re.compile(r"[\n\t]|[^\n\t]+")
_BREAKS = {"\n": "<w:br/>", "\t": "<w:tab/>"}


class Spacing(Struct, frozen=True):
    """The distance between characters, in twips, from one place in a paragraph to another."""

    start: int
    end: int
    value: int


def runs_xml(
    runs: tuple[Run, ...],
    relations: Relations,
    spacings: Sequence[Spacing] = (),
    notes: Notes | None = None,
) -> str:
    """Return *runs* as ``w:r`` and ``w:hyperlink`` (ECMA-376 17.3.2, 17.16.22).

    *spacings* set some stretches of the text wider or closer than the style does; *notes*
    mark what a draft's findings point at.
    """
    parts = list(_divide(runs, spacings)) if spacings else [(run, None) for run in runs]
    if notes is None:
        return "".join(_run_or_link_xml(run, relations, value) for run, value in parts)
    pieces = []
    before: tuple[int, ...] = ()
    for (run, value), following in zip_longest(parts, parts[1:]):
        after = following[0].notes if following else ()
        pieces.append(notes.start(number for number in run.notes if number not in before))
        pieces.append(_run_or_link_xml(run, relations, value, notes.shade(run.notes)))
        pieces.append(notes.end([number for number in run.notes if number not in after]))
        before = run.notes
    return "".join(pieces)


def _divide(runs: tuple[Run, ...], spacings: Sequence[Spacing]) -> Iterator[tuple[Run, int | None]]:
    """Yield *runs*, divided where a spacing begins or ends, with the spacing of each part."""
    bounds = sorted({place for spacing in spacings for place in (spacing.start, spacing.end)})
    offset = 0
    for run in runs:
        inner = [bound - offset for bound in bounds if 0 < bound - offset < len(run.text)]
        for start, end in pairwise([0, *inner, len(run.text)]):
            place = offset + start
            value = next((s.value for s in spacings if s.start <= place < s.end), None)
            yield replace(run, text=run.text[start:end]), value
        offset += len(run.text)


def text_xml(value: str, *, style: str = "", properties: str = "") -> str:
    """Return one run of plain text in the character style with id *style*.

    *properties* are further ``w:rPr`` children.  A run with marks that exist
    in Chinese and Western fonts (“ ” … — ·) says that they are Chinese
    (``w:hint``, 17.3.2.26), or Word takes the Western ones.
    """
    inner = (
        (f'<w:rStyle w:val="{style}"/>' if style else "")
        + ('<w:rFonts w:hint="eastAsia"/>' if _AMBIGUOUS.search(value) else "")
        + properties
    )
    content = "".join(
        _BREAKS.get(piece) or f'<w:t xml:space="preserve">{text(piece)}</w:t>'
        for piece in _PIECES.findall(value)
    )
    return f"<w:r><w:rPr>{inner}</w:rPr>{content}</w:r>" if inner else f"<w:r>{content}</w:r>"


def _run_or_link_xml(run: Run, relations: Relations, spacing: int | None, shade: str = "") -> str:
    emphasis = (
        ("<w:b/><w:bCs/>" if run.bold else "")
        + ("<w:i/><w:iCs/>" if run.italic else "")
        + ("" if spacing is None else f'<w:spacing w:val="{spacing}"/>')
        + shade_xml(shade)
    )
    if not run.link:
        return text_xml(run.text, properties=emphasis)
    inner = text_xml(run.text, style=LINK_STYLE, properties=emphasis)
    if run.link.startswith("#"):
        return f'<w:hyperlink w:anchor="{bookmark_name(run.link[1:])}">{inner}</w:hyperlink>'
    return f'<w:hyperlink r:id="{relations.link(run.link)}">{inner}</w:hyperlink>'


def bookmark_name(anchor: str) -> str:
    """Return *anchor* as a hidden bookmark's name: letters, digits, ``_``, at most 40."""
    return attribute("_" + re.sub(r"\W", "_", anchor)[:39])
