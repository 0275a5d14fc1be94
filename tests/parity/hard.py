"""A report of the lines that word processors are most likely to end elsewhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

NAME = "hard-lines"
SHIFTS = range(0, 27, 3)
TEXTS = (
    # a number or a word behind a mark, a quote or a bracket behind a number
    "在网站公开政策文件。2024年，通过《服务指南》（修订）12次、“一件事”5项，满意率达到98.5%，“就近办”覆盖全县。",
    # dashes, ellipses, the dots of names
    "持续深化“互联网＋政务服务”——让群众少跑腿，听取阿依夏木·买买提、卓玛·次仁等代表的意见……并逐条答复。",
    # addresses and long words
    "请登录https://www.example.gov.cn/zwgk/zfxxgknb/2024/index_20250131_4f2b9c0e7a.html?column=zfxxgk&lang=zh-CN"
    "查询，或发邮件至zhengfuxinxigongkai@mail.example.gov.cn，或搜索"
    "Internationalization、ISO/IEC/IEEE 29148:2018。",
    # superscripts, fractions, signs, ranges
    "绿化面积120m²、蓄水30m³，水温－5℃～38℃，CO₂排放下降⅓、SO₂下降½，9:00—12:00、14:00—17:00受理，PM2.5达标。",
)
"""Each text stands in the report once for each of SHIFTS, moved to the right by so many 字."""


def paragraphs() -> Iterator[str]:
    """Yield the paragraphs of the report."""
    for text in TEXTS:
        yield from ("示" * shift + text for shift in SHIFTS)


def make_folder(sample: Path, folder: Path) -> Path:
    """Copy *sample* to *folder*, with the hard lines under its first heading, and return it."""
    shutil.copytree(sample, folder, ignore=shutil.ignore_patterns("output"))
    path = folder / "正文.md"
    added = "\n\n".join(paragraphs())
    text = path.read_text(encoding="utf-8")
    made = re.sub(r"(?m)^# .*$", lambda found: f"{found[0]}\n\n{added}\n", text, count=1)
    path.write_text(made, encoding="utf-8")
    return folder
