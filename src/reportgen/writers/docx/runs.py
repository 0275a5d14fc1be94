"""Inline content: runs, forced line breaks and links."""

from __future__ import annotations

import re

from reportgen.inline import Run
from reportgen.writers.docx.markup import attribute, text
from reportgen.writers.docx.relations import Relations
from reportgen.writers.docx.styles import LINK_STYLE

_AMBIGUOUS = re.compile("[·—―‘’“”…‰′″℃→①-⑳×÷±°§]")


def runs_xml(runs: tuple[Run, ...], relations: Relations) -> str:
    """Return *runs* as ``w:r`` and ``w:hyperlink`` (ECMA-376 17.3.2, 17.16.22)."""
    return "".join(_run_or_link_xml(run, relations) for run in runs)


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
    return f"<w:r>{f'<w:rPr>{inner}</w:rPr>' if inner else ''}{_content_xml(value)}</w:r>"


def _content_xml(value: str) -> str:
    pieces = re.split(r"([\n\t])", value)
    marks = {"\n": "<w:br/>", "\t": "<w:tab/>"}
    return "".join(
        marks.get(piece) or f'<w:t xml:space="preserve">{text(piece)}</w:t>'
        for piece in pieces
        if piece
    )


def _run_or_link_xml(run: Run, relations: Relations) -> str:
    emphasis = ("<w:b/><w:bCs/>" if run.bold else "") + ("<w:i/><w:iCs/>" if run.italic else "")
    if not run.link:
        return text_xml(run.text, properties=emphasis)
    inner = text_xml(run.text, style=LINK_STYLE, properties=emphasis)
    if run.link.startswith("#"):
        return f'<w:hyperlink w:anchor="{bookmark_name(run.link[1:])}">{inner}</w:hyperlink>'
    return f'<w:hyperlink r:id="{relations.link(run.link)}">{inner}</w:hyperlink>'


def bookmark_name(anchor: str) -> str:
    """Return *anchor* as a hidden bookmark's name: letters, digits, ``_``, at most 40."""
    return attribute("_" + re.sub(r"\W", "_", anchor)[:39])
