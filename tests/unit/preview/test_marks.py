"""Tests of where the pages of a draft show its findings and last year's numbers."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.files import NO_CACHE
from reportgen.preview import Preview, State, open_preview
from reportgen.preview.server import Board

SAMPLE = Path(__file__).parents[3] / "samples" / "yunxi-market-2024"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the sample with one number changed, and with a last year's report beside it."""
    for name in ("本年", "上年"):
        shutil.copytree(SAMPLE, tmp_path / name, ignore=shutil.ignore_patterns("output"))
    before = tmp_path / "上年" / "report.yaml"
    text = before.read_text(encoding="utf-8").replace("年度: 2024", "年度: 2023")
    text = text.replace("2025-01-20", "2024-01-20").replace("本年新收: [27,", "本年新收: [25,")
    before.write_text(text.replace("4, 0, 41]", "4, 0, 39]"), encoding="utf-8")
    now = tmp_path / "本年" / "report.yaml"
    text = now.read_text(encoding="utf-8").replace("本年新收: [27,", "本年新收: [29,")
    now.write_text(f"上年: ../上年\n{text}", encoding="utf-8")
    return tmp_path / "本年"


def preview_of(folder: Path) -> Preview:
    return Preview(folder, folder.parent / "草稿", cache=NO_CACHE, now=lambda: "12:00:00")


def test_findings_have_the_numbers_and_pages_of_their_marks(folder: Path) -> None:
    state = preview_of(folder).build()
    sums = next(item for item in state.findings if item.code == "T301")
    (mark,) = [item for item in state.marks if sums.number in item.numbers]
    tip = next(item for item in state.cells if item.text.startswith("申请/本年新收/总计："))
    assert mark.page == tip.page
    assert tip.x < mark.x < tip.x + tip.width  # the number stands in the corner of its cell
    assert tip.y < mark.y < tip.y + tip.height
    assert [item.severity.rank for item in state.findings] == sorted(
        item.severity.rank for item in state.findings
    )


def test_a_cell_says_last_year_s_number_and_the_rate(folder: Path) -> None:
    texts = [item.text for item in preview_of(folder).build().cells]
    assert "申请/本年新收/自然人：2023年 25，增加 4，同比 +16.00%" in texts
    assert "申请/本年新收/商业企业：2023年 8，没有增减" in texts
    assert len(texts) == len(set(texts)) == 200


def test_cells_do_not_overlap_and_lie_on_the_page(folder: Path) -> None:
    cells = preview_of(folder).build().cells
    for item in cells:
        assert 0 < item.x < item.x + item.width < 1
        assert 0 < item.y < item.y + item.height < 1
    boxes = {(item.page, round(item.x, 4), round(item.y, 4)) for item in cells}
    assert len(boxes) == len(cells)


def test_without_last_year_no_cell_says_anything(tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("output"))
    assert preview_of(folder).build().cells == ()


@pytest.fixture
def page(folder: Path, tmp_path: Path) -> Iterator[str]:
    """Yield the page as Chromium has it after the first draft has come."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with open_preview(preview_of(folder), 0) as (url, _):
        for attempt in range(12):  # Chromium may be done before the page has asked for the state
            dom = _dumped(CHROMIUM, url, tmp_path / str(attempt))
            if 'class="mark"' in dom:
                break
    yield dom


def _dumped(program: str, url: str, profile: Path) -> str:
    """Return what Chromium has made of the page *url* when it is loaded."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--timeout=10000"]
    command = [program, *options, f"--user-data-dir={profile}", "--dump-dom", url]
    return subprocess.run(command, capture_output=True, check=False, timeout=300).stdout.decode()


def test_in_the_browser_findings_lead_to_marks_and_marks_to_findings(page: str) -> None:
    links = re.findall(r'<a class="message" id="link-\d+" href="#(mark-\d+)"', page)
    marks = re.findall(r'<a class="mark" id="(mark-\d+)" href="#(finding-\d+)"', page)
    items = re.findall(r'<li class="\w+" id="(finding-\d+)"', page)
    assert links
    assert set(links) == {mark for mark, _ in marks}
    assert {finding for _, finding in marks} <= set(items)
    assert re.search(r'<span class="page">第 \d+ 页</span>', page)
    said = "申请/本年新收/自然人：2023年 25，增加 4，同比 +16.00%"
    assert f'title="{said}"' in page
    assert f'aria-label="{said}"' in page


def test_the_state_without_a_draft_has_no_marks() -> None:
    state = Board("报告").post(trouble="报告读不出来")
    assert isinstance(state, State)
    assert (state.marks, state.cells) == ((), ())


def test_last_year_s_number_is_told_where_its_form_called_the_cell_otherwise(
    folder: Path, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "上年")
    earlier = SAMPLE.with_name("fuyang-emergency-2020")
    shutil.copytree(earlier, tmp_path / "上年", ignore=shutil.ignore_patterns("output"))
    data = folder / "report.yaml"
    text = data.read_text(encoding="utf-8").replace("年度: 2024", "年度: 2021")
    data.write_text(text.replace("2025-01-20", "2022-01-20"), encoding="utf-8")
    texts = [item.text for item in preview_of(folder).build().cells]
    name = "主动公开/行政许可/本年处理决定数量"
    assert f"{name}：2020年 3307，增加 15335，同比 +463.71%" in texts
    assert texts.count("申请/其他处理/总计（3 行合计）：2020年 0，增加 2") == 3


def test_a_finding_about_several_places_names_the_others(folder: Path) -> None:
    data = folder / "report.yaml"
    text = data.read_text(encoding="utf-8").replace("上年: ../上年\n", "")
    data.write_text(text.replace("年度: 2024", "年度: 2022"), encoding="utf-8")
    found = next(item for item in preview_of(folder).build().findings if item.code == "S216")
    others = [note for note in found.notes if note.startswith("另见 正文.md:")]
    assert len(others) >= 3
    assert all(note.endswith("：写的是 2024 年") for note in others)
