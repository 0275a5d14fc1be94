"""Which Word style a style of the sheet becomes: its id and its name.

Roles that Word knows (heading, title, caption, header …) take Word's built-in
style, written by its English name, which Word shows in the user's language;
the navigation pane and the table of contents work from these.  Every other
style is a custom one named by its label.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from reportgen.styles import Style, StyleSheet

BODY, CAPTION, PAGE_NUMBER = "body", "caption", "page_number"
STAMP, WATERMARK = "stamp", "watermark"

_BUILT_IN = {
    BODY: ("BodyText", "Body Text"),
    "list": ("List", "List"),
    CAPTION: ("Caption", "caption"),
    PAGE_NUMBER: ("Footer", "footer"),
    STAMP: ("Header", "header"),
}


class WordName(Struct, frozen=True):
    """A style's ``w:styleId`` and ``w:name`` (ECMA-376 17.7.4.9, 17.7.4.17)."""

    id: str
    name: str
    built_in: bool


def word_names(sheet: StyleSheet) -> Mapping[str, WordName]:
    """Return the Word style of every style of *sheet*; ids and names are unique."""
    found: dict[str, WordName] = {}
    taken: set[str] = set()
    for name, style in sheet.styles.items():
        word = _built_in(name, style)
        if word is None or word.name in taken:
            word = _custom(name, style, taken)
        taken.add(word.name)
        found[name] = word
    return found


def _custom(name: str, style: Style, taken: set[str]) -> WordName:
    label = f"{style.label} {name}" if style.label in taken else style.label
    return WordName("Report" + name.title().replace("_", ""), label, built_in=False)


def _built_in(name: str, style: Style) -> WordName | None:
    if style.outline_level == 0:
        return WordName("Title", "Title", built_in=True)
    if style.outline_level:
        level = style.outline_level
        return WordName(f"Heading{level}", f"heading {level}", built_in=True)
    if name in _BUILT_IN:
        return WordName(*_BUILT_IN[name], built_in=True)
    return None
