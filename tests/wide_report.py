"""A report folder with landscape tables: one of the author, and one of the form."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SAMPLE = ROOT / "samples" / "rare-characters-2024"
_FORM_TABLE = Path("templates/disclosure/2021/tables/requests.yaml")
_TOWNS = ("城东街道", "城西街道", "高新技术产业开发区", "云溪经济开发区", "堃山镇", "喆溪镇")
_MONTHS = [f"{month}月" for month in "一二三四五六七八九十"] + ["十一月", "十二月"]
LINK = "https://www.example.gov.cn/"


def write_wide_report(folder: Path) -> Path:
    """Write the rare characters' report with a table of 14 columns into *folder*; return it.

    It takes two pages, the first of which is even.  The table of section three is landscape by
    a file in the folder's own ``templates``.
    """
    shutil.copytree(_SAMPLE, folder)
    text = folder / "正文.md"
    section, mark, rest = text.read_text("utf-8").partition("# 二、")
    heading = "## （六）各街道、乡镇主动公开政府信息情况"
    table = "\n".join(_table(rows=20))
    text.write_text(f"{section}{heading}\n\n{table}\n\n{mark}{rest}", "utf-8")
    own = folder / _FORM_TABLE
    own.parent.mkdir(parents=True)
    shipped = (ROOT / _FORM_TABLE).read_text("utf-8")
    own.write_text(f"landscape: true\n{shipped}", "utf-8")
    return folder


def _table(rows: int) -> list[str]:
    """Return the lines of a table: towns, twelve months and a sum that is a link."""
    lines = [f"| 街道、乡镇 | {' | '.join(_MONTHS)} | 合计 |", "| --- |" + " ---: |" * 13]
    for row in range(rows):
        counts = [(row * 37 + month * 91) % 400 for month in range(12)]
        town = _TOWNS[row % len(_TOWNS)]
        lines.append(f"| {town} | {' | '.join(map(str, counts))} | [{sum(counts)}]({LINK}) |")
    return [*lines, "{横排}"]
