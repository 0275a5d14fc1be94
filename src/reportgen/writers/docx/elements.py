"""Elements of WordprocessingML, made as python-docx makes them.

python-docx has properties for what its users change and none for the rest (``w:snapToGrid``,
``w:tblCaption`` …); the rest is added here.  Elements are created inside their parent: a
loose one that is appended later costs lxml twice the time.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from docx.oxml.ns import nsmap
from lxml import etree

Element: TypeAlias = Any
"""An element of python-docx (``docx.oxml.xmlchemy.BaseOxmlElement``), which is not typed."""

W = f"{{{nsmap['w']}}}"
"""What the names of WordprocessingML's elements and attributes begin with in lxml."""
_SPACE = f"{{{nsmap['xml']}}}space"
_AMBIGUOUS = re.compile("[·—―‘’“”…‰′″℃→①-⑳×÷±°§]")
_PIECES = re.compile(r"[\n\t]|[^\n\t]+")
_BREAKS = {"\n": "br", "\t": "tab"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def add(parent: Element, name: str, /, **attributes: str | int) -> Element:
    """Return the element ``w:``*name*, new behind the children of *parent*.

    *attributes* are in the namespace ``w:`` too.
    """
    return etree.SubElement(
        parent, W + name, {W + key: str(value) for key, value in attributes.items()}
    )


def set_attributes(element: Element, /, **attributes: str | int) -> None:
    """Set *attributes* of the namespace ``w:``."""
    for name, value in attributes.items():
        element.set(W + name, str(value))


def clean(text: str) -> str:
    """Return *text* without the characters that XML 1.0 forbids, which lxml refuses."""
    return _FORBIDDEN.sub("", text)


def add_paragraph(parent: Element, style_id: str) -> tuple[Element, Element]:
    """Return a new ``w:p`` (ECMA-376 17.3.1.22) in the style *style_id*, and its ``w:pPr``.

    The caller adds further properties in the order of CT_PPr.
    """
    paragraph = add(parent, "p")
    properties = add(paragraph, "pPr")
    add(properties, "pStyle", val=style_id)
    return paragraph, properties


def add_run(
    parent: Element,
    text: str,
    *,
    style: str = "",
    bold: bool = False,
    italic: bool = False,
    spacing: int | None = None,
    shade: str = "",
) -> None:
    """Append *text* as one ``w:r`` (17.3.2.25), in the character style with the id *style*.

    *spacing* is between characters, in twips; *shade* the colour behind them.  A run with
    marks that exist in Chinese and Western fonts (“ ” … — ·) says that they are Chinese
    (``w:hint``, 17.3.2.26), or Word takes the Western ones.
    """
    run = add(parent, "r")
    chinese = _AMBIGUOUS.search(text)
    if chinese or style or bold or italic or shade or spacing is not None:
        properties = add(run, "rPr")
        if style:
            add(properties, "rStyle", val=style)
        if chinese:
            add(properties, "rFonts", hint="eastAsia")
        for name in ("b", "bCs") * bold + ("i", "iCs") * italic:
            add(properties, name)
        if spacing is not None:
            add(properties, "spacing", val=spacing)
        add_shade(properties, shade)
    for piece in _PIECES.findall(clean(text)):
        if piece in _BREAKS:
            add(run, _BREAKS[piece])
        else:
            add_text(run, piece)


def add_text(run: Element, text: str, name: str = "t") -> None:
    """Append ``w:``*name* that holds *text*, the spaces at its ends kept."""
    element = add(run, name)
    element.text = text
    if text[0].isspace() or text[-1].isspace():
        element.set(_SPACE, "preserve")


def add_shade(properties: Element, colour: str) -> None:
    """Add ``w:shd`` (17.3.5) in *colour* (RRGGBB) unless it is empty."""
    if colour:
        add(properties, "shd", val="clear", color="auto", fill=colour)
