"""Tests of the page with both sides beside each other."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from reportgen import check_folder, shipped_library
from reportgen.compare import diff_page, diff_sources, verify_files, verify_page
from reportgen.compare.page import render_page
from reportgen.problems import EnvironmentProblem
from tests.builders import DATA, FORMS
from tests.roundtrip.edits import (
    change_figure,
    change_number,
    edited,
    replace_picture,
    track_change,
)

FOLDER = Path(__file__).parents[3] / "samples" / "rare-characters-2024"


@pytest.fixture(scope="module")
def page() -> str:
    (data,) = check_folder(FOLDER).build(formats=["docx"]).files.values()
    for way in (change_number, change_figure):
        data, _ = edited(data, way, FORMS["2021"], random.Random(1))
    return verify_page(verify_files([data], FOLDER), shipped_library())


def test_every_difference_is_listed_and_marked(page: str) -> None:
    assert page.count('<li id="l1-') == page.count('class="mark" id="f1-') == 2
    assert page.count("<ins>") == page.count("<del>") == 2


def test_pictures_and_tracked_changes_are_marked_where_they_stand() -> None:
    folder = FOLDER.parent / "yunxi-market-2024"
    (data,) = check_folder(folder).build(formats=["docx"]).files.values()
    for way in (replace_picture, track_change):
        data, _ = edited(data, way, FORMS["2021"], random.Random(4))
    (one,) = verify_files([data], folder)
    page = verify_page([one], shipped_library())
    assert 'class="elsewhere"' not in page
    orders = [item.document.place.order for item in one.differences if item.document.place]
    assert len(orders) == len(one.differences) == 3
    assert orders == sorted(orders)
    lines = page.split("<tr class=")[2:]
    marked = [line for line in lines if 'class="mark"' in line]
    assert sorted(line.count('class="mark"') for line in marked) == [1, 2]
    assert sum("图片：" in line for line in marked) == 1


def test_the_page_runs_and_loads_nothing(page: str) -> None:
    assert "default-src 'none'" in page
    assert not {"<script", "<link", "<img", "url("} & set(page.split())


def test_texts_are_escaped() -> None:
    data = {"title": "<b>", "folder": "", "files": []}
    page = render_page("verify.html.j2", FORMS["2021"], shipped_library(), data)
    assert "&lt;b&gt;：" in page


def test_a_page_without_its_template_is_an_incomplete_installation() -> None:
    with pytest.raises(EnvironmentProblem, match=r"缺少模板 没有\.j2"):
        render_page("没有.j2", FORMS["2021"], shipped_library(), {})


def test_a_diff_has_a_table_for_each_official_one_and_bars_for_its_counts() -> None:
    found = diff_sources(DATA / "pingtan-2019.tables.html", DATA / "pingtan-2024.tables.html")
    page = diff_page(found, shipped_library(), top=4)
    assert page.count('<table class="numbers">') == 4
    assert page.count("<svg ") == 3
    assert "本年收费金额（万元）" in page
    assert 'class="bar-name" x="310" y="122">行政许可/本年处理决定数量<' in page
    assert page.count('class="bar-a"') == page.count('class="bar-b"')
