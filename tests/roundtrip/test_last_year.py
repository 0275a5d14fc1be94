"""Last year's report as a file of any kind: carry-over, contacts and growth come from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.api import Checked, check_folder
from reportgen.problems import EnvironmentProblem
from reportgen.workflows.new import create_folder
from tests.builders import at
from tests.visual.samples import SAMPLES, build_sample

SAMPLE = "yunxi-market-2024"
CARRIED = at("申请/结转下年度/总计")
TEXT = """\
# 一、总体情况

新收申请同比{{ 同比(申请.本年新收.总计, 上年.申请.本年新收.总计) }}。
"""


def last_year(folder: Path, kind: str) -> Path:
    """Return the sample as a file of *kind* in *folder*."""
    path = folder / f"年报.{kind}"
    path.write_bytes(build_sample(SAMPLE, kind))
    return path


def this_year(folder: Path, previous: str, text: str = TEXT) -> Checked:
    """Return what a report of the year after, without a number, is checked to."""
    folder.mkdir()
    head = f"单位: 云溪市市场监督管理局\n年度: 2025\n缺省: 0\n上年: {previous}\n"
    (folder / "report.yaml").write_text(head, encoding="utf-8")
    (folder / "正文.md").write_text(text, encoding="utf-8")
    return check_folder(folder)


@pytest.mark.parametrize("kind", ["html", "docx", "pdf", "json"])
def test_last_year_may_be_a_file_of_any_kind(kind: str, tmp_path: Path) -> None:
    last_year(tmp_path, kind)
    read = this_year(tmp_path / "今年", f"../年报.{kind}").report
    as_folder = this_year(tmp_path / "今年二", str(SAMPLES / SAMPLE)).report
    assert read is not None
    assert as_folder is not None
    assert read.previous is not None
    assert as_folder.previous is not None
    assert {n: q.amount for n, q in read.previous.cells.items()} == {
        n: q.amount for n, q in as_folder.previous.cells.items()
    }
    assert read.narrative == as_folder.narrative


@pytest.mark.parametrize("kind", ["html", "docx", "pdf", "json"])
def test_a_new_folder_takes_over_from_a_file(kind: str, tmp_path: Path) -> None:
    path = last_year(tmp_path, kind)
    made = create_folder(tmp_path / "新", "云溪市市场监督管理局", 2025, path)
    folder = create_folder(tmp_path / "旧", "云溪市市场监督管理局", 2025, SAMPLES / SAMPLE)
    assert any("沿用上年的数：申请/上年结转" in note for note in made.notes)
    texts = [
        (item.files[0].read_text(encoding="utf-8"), item.files[0].parent.name)
        for item in (made, folder)
    ]
    rows = [[line for line in text.split("\n") if "上年结转" in line] for text, _ in texts]
    assert rows[0] == rows[1]
    assert f'上年: "../年报.{kind}"' in texts[0][0]
    if kind != "json":  # which has no contact
        assert any("联系方式取自" in note for note in made.notes)


def test_what_is_wrong_with_the_file_is_a_warning_with_its_place(tmp_path: Path) -> None:
    page = build_sample(SAMPLE, "html").decode()
    name = f'data-cell="{CARRIED}">'
    assert page.count(name) == 1
    start = page.index(name) + len(name)
    damaged = page[:start] + "十九" + page[page.index("<", start) :]
    (tmp_path / "年报.html").write_text(damaged, encoding="utf-8")
    text = TEXT.replace("本年新收.总计) }}", "结转下年度.总计) }}")
    checked = this_year(tmp_path / "今年", "../年报.html", text)
    (unread,) = [item for item in checked.diagnostics if item.slug == "number-unreadable"]
    assert unread.severity.value == "warning"
    assert unread.span is not None
    assert "年报.html 表2第" in unread.span.place
    assert [item.slug for item in checked.diagnostics if item.code == "N202"] == ["undefined-name"]
    made = create_folder(tmp_path / "新", "云溪市市场监督管理局", 2025, tmp_path / "年报.html")
    assert any("没有读出" in note or "有错误" in note for note in made.notes)


def test_a_file_without_a_report_is_said(tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text("关于放假的通知\n", encoding="utf-8")
    checked = this_year(tmp_path / "今年", "../通知.txt", "# 一、总体情况\n\n无。\n")
    (item,) = [item for item in checked.diagnostics if item.code == "I113"]
    assert item.message == "上年报告“../通知.txt”读不出来：没有认出年度报告"
    with pytest.raises(EnvironmentProblem, match="读不出上年的报告"):
        create_folder(tmp_path / "新", "某局", 2025, tmp_path / "通知.txt")


def test_the_data_of_a_folder_stands_for_the_folder(tmp_path: Path) -> None:
    checked = this_year(tmp_path / "今年", str(SAMPLES / SAMPLE / "report.yaml"))
    assert checked.report is not None
    assert checked.report.previous is not None
    assert checked.report.previous.year == 2024
