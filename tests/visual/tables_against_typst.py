"""Set two hard tables beside Typst, for the picture in docs/typesetting.md.

    python -m tests.visual.tables_against_typst      (needs the dependency group bench)

Draws ``docs/images/typesetting-tables.png``: ours at the left, Typst's at the right; above a
table of thirteen columns with long numbers, below one of nine columns with labels.  Typst gets
the type that our tables have and chooses the widths of its columns itself.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pdfplumber
from PIL import Image

from tests.visual.rendering import POINTS_PER_INCH, render_page, to_png
from tests.visual.samples import SAMPLES, build

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "images" / "typesetting-tables.png"
SAMPLE = "rare-characters-2024"
DPI = 110
GAP = 10
NUMBERS = (
    "街道|1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
    "青禾街道办事处|123456789|-5|/|12.6|95.00%|+11|1,234,567||0|7|88|999",
    "云溪街道办事处|18642|37|5|0|100.00%|-3|286|1286|12||0|4",
)
LABELS = (
    f"单位|{'|'.join(f'第{number}项工作数量' for number in range(1, 9))}",
    "青禾街道1|公示|栏目更新|抽检结果通报|会议|政策解读|申请|培训|信息审查",
    "云溪街道2|重点领域信息|会|公开|解读材料|回应|新媒体|执法公示|年报",
)
SIZE = 10.5
"""The size of type that our tables get."""
MARGIN = 6.0
"""What is shown around a table, in points."""
_SECTION = "# 一、总体情况\n\n"


def ours(rows: Sequence[str]) -> Image.Image:
    """Return the picture of *rows* as our table, in a sample report."""
    head, *others = [f"|{row}|" for row in rows]
    value = "---:|" if rows is NUMBERS else "---|"
    table = "\n".join([head, "|---|" + value * rows[0].count("|"), *others])
    with TemporaryDirectory() as folder:
        report = Path(shutil.copytree(SAMPLES / SAMPLE, Path(folder, SAMPLE)))
        path = report / "正文.md"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(_SECTION, f"{_SECTION}{table}\n\n"), encoding="utf-8")
        return _cut(build(report), rows)


def typst(rows: Sequence[str]) -> Image.Image:
    """Return the picture of *rows* as Typst sets them."""
    cells = ",".join(f"[{cell}]" for row in rows for cell in row.split("|"))
    values = "right" if rows is NUMBERS else "left"
    align = f"(x, y) => if y == 0 {{ center }} else if x > 0 {{ {values} }} else {{ left }}"
    source = (
        '#set page(paper: "a4", margin: (top: 37mm, left: 28mm, right: 26mm, bottom: 35mm))\n'
        '#set text(lang: "zh", region: "cn", font: ((name: "Liberation Serif", covers: '
        f'"latin-in-cjk"), "Noto Serif SC"), size: {SIZE}pt)\n'
        f"#table(columns: {rows[0].count('|') + 1}, stroke: 0.5pt, inset: 3pt, "
        f"align: {align}, {cells})\n"
    )
    compiled = importlib.import_module("typst").compile(
        source.encode(), font_paths=[str(ROOT / "fonts")], ignore_system_fonts=True
    )
    return _cut(compiled, rows)


def _cut(pdf: bytes, rows: Sequence[str]) -> Image.Image:
    """Return the table in *pdf* that has the head of *rows*."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        for page in document.pages:
            for table in page.find_tables():
                if len(table.rows[0].cells) == rows[0].count("|") + 1:
                    left, top, right, bottom = table.bbox
                    scale, number = DPI / POINTS_PER_INCH, page.page_number
                    box = (
                        (left - MARGIN) * scale,
                        (top - MARGIN) * scale,
                        (right + MARGIN) * scale,
                        (bottom + MARGIN) * scale,
                    )
                    return render_page(pdf, number, DPI).crop(box)
    raise ValueError("the table is not found")


def main() -> int:
    """Write the picture; return the exit status."""
    pairs = [(ours(rows), typst(rows)) for rows in (NUMBERS, LABELS)]
    width = max(one.width for pair in pairs for one in pair)
    heights = [max(one.height for one in pair) for pair in pairs]
    whole = Image.new("L", (2 * width + GAP, sum(heights) + GAP), 128)
    top = 0
    for pair, height in zip(pairs, heights, strict=True):
        for number, one in enumerate(pair):
            whole.paste(
                255, (number * (width + GAP), top, number * (width + GAP) + width, top + height)
            )
            whole.paste(one, (number * (width + GAP), top))
        top += height + GAP
    PICTURE.write_bytes(to_png(whole))
    sys.stdout.write(f"{PICTURE}: {PICTURE.stat().st_size // 1024} KiB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
