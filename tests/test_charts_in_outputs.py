"""Tests of charts in the outputs: the numbers drawn are those of the tables, in every format."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pdfplumber
import pytest
from PIL import Image

from reportgen import read_published
from reportgen.api import build_folder, check_folder
from reportgen.charts import Chart
from reportgen.compare import verify_files
from reportgen.compare.pull import pull_changes
from reportgen.model import NarrativeChart

BASE = Path(__file__).parent / "errors" / "base"
KINDS = ("docx", "pdf", "html")
CHARTS = """
```图表
类型: 柱形
数据: [申请.本年新收, 申请.予以公开]
标题: 图1 收到和公开
单位: 件
```

```图表
类型: 堆叠
数据: [申请.本年新收, 申请.上年结转]
标题: 图2 要办理的申请
```

各类申请人见图3、图4。

```图表
类型: 折线
数据: [申请.本年新收, 申请.予以公开]
标题: 图3 各类申请人
```

```图表
类型: 饼图
数据: [申请.本年新收.总计, 申请.上年结转.总计, 复议诉讼.行政复议.总计]
标题: 图4 饼图
```

```图表
二维码: https://www.qinghe.example/zwgk/
标题: 扫码查看
```
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report folder with a chart of each kind and a QR code."""
    made = tmp_path_factory.mktemp("charts") / "report"
    shutil.copytree(BASE, made)
    narrative = made / "正文.md"
    first, rest = narrative.read_text(encoding="utf-8").split("\n# 二", 1)
    narrative.write_text(f"{first}\n{CHARTS}\n# 二{rest}", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def files(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the files made of the folder, by format."""
    out = tmp_path_factory.mktemp("out")
    built = build_folder(folder, out, formats=KINDS)
    assert built.diagnostics == ()
    return {item.path.suffix[1:]: item.path for item in built.written}


def charts_of(folder: Path) -> list[Chart]:
    """Return the charts of the report in *folder*."""
    report = check_folder(folder).report
    assert report is not None
    blocks = [block for section in report.narrative.sections for block in section.blocks]
    found = [block.what for block in blocks if isinstance(block, NarrativeChart)]
    return [what for what in found if isinstance(what, Chart)]


def numbers_of(folder: Path) -> Counter[str]:
    """Return every number that a chart of *folder* shows, as the tables print it."""
    charts = charts_of(folder)
    assert len(charts) == 4
    return Counter(
        point.text for chart in charts for series in chart.series for point in series.points
    )


def test_charts_show_the_numbers_of_the_tables(folder: Path) -> None:
    report = check_folder(folder).report
    assert report is not None
    row, _ = charts_of(folder)[0].series
    columns = charts_of(folder)[0].names
    cells = [report.cells[f"申请/本年新收/{column}"] for column in columns]  # type: ignore[index]
    assert [point.number for point in row.points] == [cell.number for cell in cells]


def test_every_number_is_text_in_the_pdf(folder: Path, files: dict[str, Path]) -> None:
    with pdfplumber.open(files["pdf"]) as document:
        figures = " ".join(
            word["text"]
            for page in document.pages
            for word in page.filter(lambda item: item.get("tag") == "Figure").extract_words()
        )
    assert not numbers_of(folder) - Counter(re.findall(r"\d+", figures))
    assert "法律服务" in figures


def test_every_number_is_text_of_the_web_page(folder: Path, files: dict[str, Path]) -> None:
    page = files["html"].read_text(encoding="utf-8")
    labels = re.findall(r"<text [^>]*>([^<]*)</text>", page)
    assert not numbers_of(folder) - Counter(re.findall(r"\d+", " ".join(labels)))
    assert page.count('<svg class="s-cell_value"') == 5
    for words in (
        "柱形图（单位：件）。本年新收：自然人 3",
        "二维码，扫描后打开 https://www.qinghe",
    ):
        assert f"<title>{words}" in page


def test_the_docx_has_a_picture_in_words_for_each_chart(files: dict[str, Path]) -> None:
    document = docx.Document(str(files["docx"]))
    alts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(alts) == 5
    assert alts[0].startswith("柱形图（单位：件）。本年新收：自然人 3，商业企业 1，")
    parts = [part for part in document.part.package.iter_parts() if "image" in part.content_type]
    for part in parts:
        with Image.open(BytesIO(part.blob)) as image:
            assert image.format == "PNG"
            assert image.width > 300


def test_every_number_is_text_in_the_ofd(folder: Path, tmp_path: Path) -> None:
    (written,) = build_folder(folder, tmp_path, formats=("ofd",)).written
    with ZipFile(written.path) as package:
        pages = [package.read(name).decode() for name in package.namelist() if "/Pages/" in name]
    codes = re.findall(r"<[^>]*TextCode[^>]*>([^<]*)<", "".join(pages))
    assert not numbers_of(folder) - Counter(re.findall(r"\d+", " ".join(codes)))


def test_captions_of_codes_are_links(files: dict[str, Path]) -> None:
    page = files["html"].read_text(encoding="utf-8")
    assert '<a href="https://www.qinghe.example/zwgk/">扫码查看</a>' in page
    with pdfplumber.open(files["pdf"]) as document:
        links = [link["uri"] for page in document.pages for link in page.hyperlinks]
    assert "https://www.qinghe.example/zwgk/" in links


def test_the_same_charts_give_the_same_bytes(
    folder: Path, files: dict[str, Path], tmp_path: Path
) -> None:
    build_folder(folder, tmp_path, formats=KINDS)
    for path in files.values():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_nobody_edited_verifies_clean(
    kind: str, folder: Path, files: dict[str, Path]
) -> None:
    (verified,) = verify_files([files[kind]], folder)
    assert verified.diagnostics == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_of_other_numbers_is_told_and_kept(
    kind: str, folder: Path, files: dict[str, Path], tmp_path: Path
) -> None:
    changed = tmp_path / "report"
    shutil.copytree(folder, changed)
    data = changed / "report.yaml"
    text = data.read_text(encoding="utf-8")
    assert "本年新收: [3, 1," in text
    swapped = text.replace("本年新收: [3, 1,", "本年新收: [2, 2,")
    data.write_text(swapped.replace("予以公开: [3, 1,", "予以公开: [2, 2,"), encoding="utf-8")
    before = (changed / "正文.md").read_bytes()
    (verified,) = verify_files([files[kind]], changed)
    told = [item for item in verified.diagnostics if item.code == "V107"]
    assert len(told) == 3, "the pie shows totals only"
    assert all("图表" in item.message for item in told)
    pull_changes(verified)
    assert (changed / "正文.md").read_bytes() == before
    (again,) = verify_files([files[kind]], changed)
    assert again.diagnostics == ()


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_charts_of_a_file_that_is_read_are_told_by_what_they_say(
    files: dict[str, Path], kind: str
) -> None:
    told = [item for item in read_published(files[kind]).diagnostics if item.code == "R206"]
    begins = ["柱形", "堆叠", "折线", "饼图", "二维码"]
    assert len(told) == len(begins)
    for item, begin in zip(told, begins, strict=True):
        assert item.message.startswith(f"文件里的“{begin}")
        assert "是画出来的" in item.message
        assert "浏览器" not in item.hint


def test_a_chart_in_a_draft_is_marked(folder: Path, tmp_path: Path) -> None:
    drafted = tmp_path / "report"
    shutil.copytree(folder, drafted)
    narrative = drafted / "正文.md"
    text = narrative.read_text(encoding="utf-8").replace("标题: 图2 要办理的申请\n", "")
    narrative.write_text(text, encoding="utf-8")
    checked = check_folder(drafted)
    assert [item.code for item in checked.diagnostics] == ["F406"]
    built = build_folder(drafted, tmp_path / "out", formats=("html",), draft=True)
    assert 'data-note="1"' in built.written[0].path.read_text(encoding="utf-8")


def test_a_draft_leaves_out_a_name_that_no_font_draws(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    shutil.copytree(BASE, folder)
    narrative = folder / "正文.md"
    typed = '```图表\n类型: 饼图\n标题: 图1\n数据: {"ئۇيغۇر": 申请.本年新收.总计}\n```'
    text = narrative.read_text(encoding="utf-8").replace("\n# 二", f"\n{typed}\n\n# 二", 1)
    narrative.write_text(text, encoding="utf-8")
    built = build_folder(folder, tmp_path / "out", formats=("docx", "pdf", "ofd"), draft=True)
    assert "G101" in {item.code for item in built.diagnostics}
    assert len(built.written) == 3
