"""``settings.xml``.

Word's own Chinese defaults, in schema order, and nothing that names a user, a
machine or a company.
"""

from __future__ import annotations

from reportgen.writers.docx.markup import attribute, part_xml

_COMPATIBILITY = {
    "compatibilityMode": 15,
    "overrideTableStyleFontSizeAndJustification": 1,
    "enableOpenTypeFeatures": 1,
    "doNotFlipMirrorIndents": 1,
    "differentiateMultirowTableHeaders": 1,
    "useWord2013TrackBottomHyphenation": 0,
}
_LINE_START_FORBIDDEN = (
    "!%),.:;>?]}¢¨°·ˇˉ―‖’”…—‰′″›℃∶、。〃〉》」』】〕〗〞！＂％＇），．：；？］｀｜｝～￠"
)
_LINE_END_FORBIDDEN = "$([{£¥‘“№〈《「『【〔〖〝＄（．［｛￡￥"


def settings_xml(language: str, *, embeds: bool = False) -> bytes:
    """Return ``settings.xml`` (ECMA-376 17.15), children in the order of CT_Settings.

    Odd and even pages differ in their footers; the marks that may not begin or end a
    line are named.  No program squeezes marks (17.15.1.18): not all can, and all should
    break the lines alike.  *embeds* says that fonts are embedded.
    """
    lang = attribute(language)
    fonts = "<w:embedTrueTypeFonts/><w:saveSubsetFonts/>" if embeds else ""
    return part_xml(
        "w:settings",
        f'<w:zoom w:percent="100"/>{fonts}'
        "<w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>"
        '<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        f'<w:noLineBreaksAfter w:lang="{lang}" w:val="{attribute(_LINE_END_FORBIDDEN)}"/>'
        f'<w:noLineBreaksBefore w:lang="{lang}" w:val="{attribute(_LINE_START_FORBIDDEN)}"/>'
        f'{_compat_xml()}<w:themeFontLang w:val="{lang}" w:eastAsia="{lang}"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>',
        "w",
    )


def _compat_xml() -> str:
    """Return ``w:compat`` (17.15.3): Word 2013 and later, East Asian layout rules."""
    flags = (
        "spaceForUL",
        "balanceSingleByteDoubleByteWidth",
        "doNotLeaveBackslashAlone",
        "ulTrailSpace",
        "doNotExpandShiftReturn",
        "useFELayout",
    )
    uri = "http://schemas.microsoft.com/office/word"
    settings = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="{uri}" w:val="{value}"/>'
        for name, value in _COMPATIBILITY.items()
    )
    return f"<w:compat>{''.join(f'<w:{flag}/>' for flag in flags)}{settings}</w:compat>"
