"""Numbers of headings and list items that the word processor counts (ECMA-376 17.9).

Whoever inserts a section there need not number the others anew.  The program has counted already,
and no output may print another number: one is left to the word processor only if that will come to
the same, and is typed otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import nsmap
from docx.oxml.parser import OxmlElement

from reportgen.document.nodes import Heading, ItemList
from reportgen.heading_numbers import ITEM_LEVEL, NUMBER_LOOKS, NumberLook, number_label
from reportgen.styles import Style, StyleSheet
from reportgen.writers.docx.elements import Element, add
from reportgen.writers.docx.fonts import DocxFace, relate
from reportgen.writers.docx.geometry import WordName, indents

_MOST_CHINESE = 99
"""The largest Chinese number that all word processors write alike."""
_MOST = 9999
_BULLET = "·"
_HEADING_LIST, _ITEM_LIST, _BULLET_LIST = 1, 2, 3
"""The ids of the definitions; the first and the last are also those of a list."""
_AFTER_NUMBER = (
    "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl"
)  # fmt: skip
"""The elements of a style's ``w:pPr`` that follow ``w:numPr``, of those written here."""


class AutoNumbers:
    """Defines the lists of a document, and tells which numbers they count.

    It must be asked about headings and lists in their order.
    """

    def __init__(
        self,
        word: WordDocument,
        sheet: StyleSheet,
        names: Mapping[str, WordName],
        faces: Mapping[str, DocxFace],
    ) -> None:
        self._root = OxmlElement("w:numbering", nsdecls={"w": nsmap["w"]})
        self._counts: dict[int, int] = {}
        self._lists = _BULLET_LIST
        relate(word, "numbering", CT.WML_NUMBERING, RT.NUMBERING, self._root)
        headings = _definition(self._root, _HEADING_LIST, "multilevel")
        styles = {style.style_id: style.element for style in word.styles}
        for level, look in NUMBER_LOOKS.items():
            style = sheet[f"heading{level}"]
            name = names[style.name].id
            _add_level(headings, level - 1, _number_format(look), look.text, style, name)
            _number_style(styles[name], level - 1)
        item = sheet["list"]
        look = NUMBER_LOOKS[ITEM_LEVEL]
        items = _definition(self._root, _ITEM_LIST, "singleLevel")
        _add_level(items, 0, _number_format(look), look.text, item)
        bullets = _definition(self._root, _BULLET_LIST, "singleLevel")
        bullet = _add_level(bullets, 0, "bullet", _BULLET, item)
        font = faces[item.face].docx
        fonts = dict.fromkeys(("ascii", "eastAsia", "hAnsi"), font)
        add(add(bullet, "rPr"), "rFonts", hint="eastAsia", **fonts)
        for number in (_HEADING_LIST, _BULLET_LIST):
            add(add(self._root, "num", numId=number), "abstractNumId", val=number)

    def add_heading(self, properties: Element, heading: Heading) -> int:
        """Let a heading be numbered, by its ``w:pPr``; return how many characters are counted.

        If these are none, its number has to be typed.
        """
        look = NUMBER_LOOKS.get(heading.level)
        if look is None:
            return 0
        expected = self._counts.get(heading.level, 0) + 1
        most = _MOST_CHINESE if look.is_chinese else _MOST
        # A word processor counts a level that was left out, so that its first number would be 2.
        leaves_out = heading.level > 1 and heading.level - 1 not in self._counts
        label = number_label(heading.level, expected)
        if leaves_out or expected > most or heading.label != label:
            add_item(properties, 0)
            return 0
        self._counts = {level: n for level, n in self._counts.items() if level < heading.level}
        self._counts[heading.level] = expected
        return len(heading.label)

    def list_of(self, items: ItemList) -> int:
        """Return the id of the list that counts *items*, 0 if their markers have to be typed."""
        markers = [item.marker for item in items.items]
        if all(marker == _BULLET for marker in markers):
            return _BULLET_LIST
        first = markers[0].rstrip(".")
        if not (first.isascii() and first.isdecimal()):
            return 0
        numbers = range(int(first), int(first) + len(markers))
        expected = [number_label(ITEM_LEVEL, number) for number in numbers]
        if numbers[-1] > _MOST or markers != expected:
            return 0
        self._lists += 1
        made = add(self._root, "num", numId=self._lists)
        add(made, "abstractNumId", val=_ITEM_LIST)
        add(add(made, "lvlOverride", ilvl=0), "startOverride", val=numbers[0])
        return self._lists


def add_item(properties: Element, number: int, level: int = 0) -> None:
    """Append the ``w:numPr`` (17.3.1.19) of the list *number*; 0 is none, against the style's."""
    found = add(properties, "numPr")
    add(found, "ilvl", val=level)
    add(found, "numId", val=number)


def _number_style(style: Element, level: int) -> None:
    """Let the paragraphs of a heading style be numbered."""
    properties = style.get_or_add_pPr()
    add_item(properties, _HEADING_LIST, level)
    properties.insert_element_before(properties[-1], *_AFTER_NUMBER)


def _definition(root: Element, number: int, kind: str) -> Element:
    """Append the definition (17.9.1) of a list."""
    found = add(root, "abstractNum", abstractNumId=number)
    add(found, "multiLevelType", val=kind)
    return found


def _number_format(look: NumberLook) -> str:
    """Return the ``w:numFmt`` (17.18.59) that counts as *look* does."""
    return "chineseCountingThousand" if look.is_chinese else "decimal"


def _add_level(
    definition: Element, level: int, format_: str, look: str, style: Style, style_id: str = ""
) -> Element:
    """Append a level (17.9.6) whose text follows the number, ``%`` in *look*, as if typed."""
    found = add(definition, "lvl", ilvl=level)
    add(found, "start", val=1)
    add(found, "numFmt", val=format_)
    if style_id:
        add(found, "pStyle", val=style_id)
    add(found, "suff", val="nothing")
    add(found, "lvlText", val=look.replace("%", f"%{level + 1}"))
    add(found, "lvlJc", val="left")
    sides = indents(style, left=style.indent, firstLine=style.first_line)
    add(add(found, "pPr"), "ind", **sides)
    return found
