"""``theme1.xml`` (ECMA-376 14.2.7): the smallest whole theme.

Word offers its colours and fonts in the menus; no style of ours refers to it,
because a theme font would win over a font that is named.
"""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.styles import StyleSheet
from reportgen.writers.docx.fonts import LATIN, DocxFace
from reportgen.writers.docx.markup import attribute, part_xml
from reportgen.writers.docx.names import BODY

_COLOURS = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": "44546A",
    "lt2": "E7E6E6",
    "accent1": "C00000",
    "accent2": "4472C4",
    "accent3": "A5A5A5",
    "accent4": "FFC000",
    "accent5": "5B9BD5",
    "accent6": "70AD47",
    "hlink": "0563C1",
    "folHlink": "954F72",
}
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = f'<a:ln w="6350">{_FILL}</a:ln>'
_EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>"


def theme_xml(sheet: StyleSheet, faces: Mapping[str, DocxFace]) -> bytes:
    """Return a theme of plain fills and lines whose fonts are the body's."""
    latin, han = attribute(faces[LATIN].docx), attribute(faces[sheet[BODY].face].docx)
    fonts = f'<a:latin typeface="{latin}"/><a:ea typeface="{han}"/><a:cs typeface=""/>'
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS.items()
    )
    return part_xml(
        "a:theme",
        f'<a:themeElements><a:clrScheme name="公文">{colours}</a:clrScheme>'
        f'<a:fontScheme name="公文"><a:majorFont>{fonts}</a:majorFont>'
        f"<a:minorFont>{fonts}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="公文"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{_LINE * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{_EFFECT * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements>",
        "a",
        name="公文",
    )
