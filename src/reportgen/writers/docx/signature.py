"""落款: the organ's name and the date, without a seal (GB/T 9704-2012 clause 7.3.5.2)."""

from __future__ import annotations

from unicodedata import east_asian_width

from reportgen.document.nodes import Paragraph, Signature
from reportgen.writers.docx.context import Context
from reportgen.writers.docx.geometry import indent_xml
from reportgen.writers.docx.markup import paragraph_xml

DATE_SHIFT = 2.0
"""The date begins this many 字 to the right of the organ's first character."""


def signature_xml(signature: Signature, context: Context) -> str:
    """Return the two paragraphs, one blank line above them, never parted."""
    base = context.style(signature.organ.style).right_indent
    organ, date = right_indents(signature.organ.text, signature.date.text, base)
    blank = f'<w:spacing w:before="{context.geometry.line}"/>'
    return _line_xml(signature.organ, organ, context, "<w:keepNext/>", blank) + _line_xml(
        signature.date, date, context, "", ""
    )


def right_indents(organ: str, date: str, base: float) -> tuple[float, float]:
    """Return the right indents of *organ* and *date* in 字.

    The organ keeps *base* and the date begins two 字 further right than it; a
    date longer than the organ's name keeps *base* and moves the organ left.
    """
    organ_width, date_width = width_of(organ), width_of(date)
    if date_width > organ_width:
        return base + DATE_SHIFT + date_width - organ_width, base
    return base, max(base - DATE_SHIFT + organ_width - date_width, 0.0)


def width_of(text: str) -> float:
    """Return the width of *text* in 字: a Han character is 1, a digit or Latin letter ½."""
    return sum(1.0 if east_asian_width(char) in "WFA" else 0.5 for char in text)


def _line_xml(line: Paragraph, right: float, context: Context, keep: str, spacing: str) -> str:
    indent = indent_xml(context.style(line.style), right=right) or '<w:ind w:right="0"/>'
    extra = f'{keep}{spacing}{indent}<w:jc w:val="right"/>'
    return paragraph_xml(context.style_id(line.style), context.runs(line.style, line.runs), extra)
