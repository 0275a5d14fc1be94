"""Creation of WordprocessingML elements that the API of python-docx does not cover.

python-docx has no properties for elements such as ``w:snapToGrid`` or ``w:tblCaption``.
Elements are created inside their parent, because creating one first and appending it later takes
lxml twice as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from docx.oxml.ns import nsmap
from lxml import etree

from reportgen.characters import split_scripts
from reportgen.writing_systems import Writing, writings

Element: TypeAlias = Any
"""An element of python-docx (``docx.oxml.xmlchemy.BaseOxmlElement``), which has no types."""

W = f"{{{nsmap['w']}}}"
"""The prefix, in lxml, of the names of WordprocessingML's elements and attributes."""
_SPACE = f"{{{nsmap['xml']}}}space"
_AMBIGUOUS = re.compile("[·—―‘’“”…‰′″℃→①-⑳×÷±°§]")
_MISTAKEN = re.compile("(?P<chinese>[·×÷±°§]+|(?<=[!-~])[—―‘’“”…‰′″→]+)|(?P<western>[⅐-⅟]+)")
"""Characters for which LibreOffice takes the font of the other script, in spite of the hint: those
of Latin-1, and others that follow a Western character, are Chinese; fractions are Western."""
_PIECES = re.compile(r"[\n\t]|[^\n\t]+")
_BREAKS = {"\n": "br", "\t": "tab"}
_LEVELS = {"sup": "superscript", "sub": "subscript"}
_EAST_ASIAN = ("Hangul", "Yi")
"""Scripts that Word sets by the East Asian font, not by that for complex scripts."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def add(parent: Element, name: str, /, **attributes: str | int) -> Element:
    """Append a new element ``w:``*name* to *parent* and return it.

    *attributes* are in the namespace ``w:`` as well.
    """
    return etree.SubElement(
        parent, W + name, {W + key: str(value) for key, value in attributes.items()}
    )


def set_attributes(element: Element, /, **attributes: str | int) -> None:
    """Set *attributes* of the namespace ``w:``."""
    for name, value in attributes.items():
        element.set(W + name, str(value))


def clean(text: str) -> str:
    """Return *text* without the characters that XML 1.0 forbids and lxml rejects."""
    return _FORBIDDEN.sub("", text)


def add_paragraph(parent: Element, style_id: str) -> tuple[Element, Element]:
    """Append a ``w:p`` (ECMA-376 17.3.1.22) in the style *style_id*; return it and its ``w:pPr``.

    The caller adds further properties in the order required by CT_PPr.
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
    chinese: bool = False,
    shade: str = "",
    parts: Sequence[Writing] = (),
    fonts: Mapping[str, str] | None = None,
    faces: Mapping[str, str] | None = None,
) -> None:
    """Append *text* as ``w:r`` (17.3.2.25), in the character style with the id *style*.

    It is one element unless *text* has superscripts or subscripts, which are digits with
    ``w:vertAlign`` (17.3.2.42), or several writing systems.  *spacing* is the character spacing in
    twips, *chinese* whether letters and digits are in Chinese (``w:lang``, 17.3.2.20), *shade* the
    background colour, *parts* the text divided by writing system, *fonts* the font of each script.
    A run with characters that both Chinese and Western fonts have (“ ” … — ·) gets the hint that
    they are Chinese (``w:hint``, 17.3.2.26), because Word would use the Western font; where
    LibreOffice does nevertheless, that one is named for both; *faces* are the font for ``chinese``
    and that for ``western``.
    """
    for part, level, writing, script in _same(text, parts, divided=faces is not None):
        other = bool(writing.script or writing.turned)
        run = add(parent, "r")
        direct = style or bold or italic or shade or level or chinese or script or other
        if direct or spacing is not None or _AMBIGUOUS.search(part):
            properties = add(run, "rPr")
            if style:
                add(properties, "rStyle", val=style)
            if named := _fonts_of(part, script, writing, fonts or {}, faces or {}):
                add(properties, "rFonts", **named)
            for name in ("b", "bCs") * bold + ("i", "iCs") * italic:
                add(properties, name)
            if other and writing.script not in _EAST_ASIAN:
                add(properties, "spacing", val=0)  # letters that join must not be parted
            elif spacing is not None:
                add(properties, "spacing", val=spacing)
            add_shade(properties, shade)
            if level:
                add(properties, "vertAlign", val=_LEVELS[level])
            if other:
                _add_language(properties, writing)
            elif chinese:
                add(properties, "lang", val="zh-CN")
        _add_pieces(run, part)


def _same(
    text: str, parts: Sequence[Writing], *, divided: bool
) -> Iterator[tuple[str, str, Writing, str]]:
    """Yield *text* in parts that are one run each, with level, writing and mistaken script.

    Only if it is *divided* are characters told for which LibreOffice takes the other font.
    """
    for writing in parts or writings(text):
        for part, level in split_scripts(writing.text):
            for piece, script in _mistaken(part) if divided else [(part, "")]:
                yield piece, level, writing, script


def _mistaken(text: str) -> Iterator[tuple[str, str]]:
    """Yield *text* in parts, each with its script if LibreOffice mistakes it, or empty."""
    end = 0
    for match in _MISTAKEN.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], ""
        yield match[0], match.lastgroup or ""
        end = match.end()
    if end < len(text):
        yield text[end:], ""


def _fonts_of(
    part: str, script: str, writing: Writing, fonts: Mapping[str, str], faces: Mapping[str, str]
) -> dict[str, str]:
    """Return the attributes of ``w:rFonts`` of *part*; none if those of the style will do."""
    if script:
        hint = {"hint": "eastAsia"} if script == "chinese" else {}
        return hint | dict.fromkeys(("ascii", "eastAsia", "hAnsi"), faces[script])
    if writing.script or _AMBIGUOUS.search(part):
        return _font_of(writing, fonts)
    return {}


def _add_pieces(run: Element, text: str) -> None:
    """Append *text* to the ``w:r`` *run*, its tabs and line feeds as elements."""
    for piece in _PIECES.findall(clean(text)):
        if piece in _BREAKS:
            add(run, _BREAKS[piece])
        else:
            add_text(run, piece)


def _font_of(writing: Writing, fonts: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes of ``w:rFonts`` (17.3.2.26) for *writing*."""
    name = fonts.get(writing.script)
    if not writing.script or writing.script in _EAST_ASIAN:
        return {"hint": "eastAsia"} | ({"eastAsia": name} if name else {})
    return {"hint": "cs"} | (dict.fromkeys(("ascii", "hAnsi", "cs"), name) if name else {})


def _add_language(properties: Element, writing: Writing) -> None:
    """Append direction and language (17.3.2.30, 17.3.2.7, 17.3.2.20) of *writing*."""
    if writing.turned:
        add(properties, "rtl")
    if writing.script not in _EAST_ASIAN:
        add(properties, "cs")
    if writing.language:
        key = "eastAsia" if writing.script in _EAST_ASIAN else "bidi"
        add(properties, "lang", **{key: writing.language})


def add_text(run: Element, text: str, name: str = "t") -> None:
    """Append ``w:``*name* with the content *text*; leading and trailing spaces are preserved."""
    element = add(run, name)
    element.text = text
    if text[0].isspace() or text[-1].isspace():
        element.set(_SPACE, "preserve")


def add_shade(properties: Element, colour: str) -> None:
    """Append ``w:shd`` (17.3.5) with *colour* (RRGGBB), unless *colour* is empty."""
    if colour:
        add(properties, "shd", val="clear", color="auto", fill=colour)
