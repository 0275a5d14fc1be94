"""The font table and the theme."""

from __future__ import annotations

from tests.unit.writers.docx.docx_sample import FACES, brief, build, everything, part

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def test_the_table_lists_each_font_once_with_its_substitutes() -> None:
    fonts = [brief(font) for font in part(build(everything()), "word/fontTable.xml")]
    assert sorted(fonts) == sorted(
        f"font{{name={face.docx}}}/(altName{{val={face.docx}_GBK,SimSun}},"
        "panose1{val=02010609030101010101},charset{val=86},family{val=modern},pitch{val=fixed})"
        for face in FACES.values()
    )


def test_the_theme_offers_the_fonts_of_the_body() -> None:
    theme = part(build(everything()), "word/theme/theme1.xml")
    fonts = [brief(font) for kind in ("majorFont", "minorFont") for font in theme.iter(A + kind)]
    inner = "a:latin{typeface=Times New Roman},a:ea{typeface=仿宋_GB2312},a:cs{typeface=}"
    assert fonts == [f"a:majorFont/({inner})", f"a:minorFont/({inner})"]
