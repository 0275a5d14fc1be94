"""Tests of what a batch gives back: finished files in one folder, and reply sheets."""

from __future__ import annotations

from pathlib import Path

import docx

from reportgen.batch.replies import collect_files, not_written, write_replies
from reportgen.batch.unit import Outcome, Status
from reportgen.diagnostics import Severity
from reportgen.units import Head, Tally, Told, UnitFinding


def outcome(name: str, organ: str, *told: Told, files: tuple[Path, ...] = ()) -> Outcome:
    errors = sum(item.severity is Severity.ERROR for item in told)
    findings = Tally(errors, len(told) - errors, told)
    head = Head(organ, 2024, "本机关", "a/1")
    return Outcome(name, Status.BUILT, findings, (), head, tuple(map(str, files)))


def make_file(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"{folder.name}/{name}", encoding="utf-8")
    return folder / name


def test_finished_files_are_collected_under_the_names_of_their_units(tmp_path: Path) -> None:
    files = [make_file(tmp_path / name, "报告.docx") for name in ("a", "b", "c", "d")]
    outcomes = [
        outcome("甲", "财政局", files=(files[0], make_file(tmp_path / "a", "报告.pdf"))),
        outcome("乙", "审计局", files=(files[1],)),
        outcome("乙(2)", "审计局", files=(files[2],)),
        outcome("丁", "../=1+1", files=(files[3],)),
        outcome("戊", "没有成品"),
    ]
    written = collect_files(outcomes, tmp_path / "汇集", tmp_path)
    assert {item.path.name: item.path.read_text(encoding="utf-8") for item in written} == {
        "财政局.docx": "a/报告.docx",
        "财政局.pdf": "a/报告.pdf",
        "审计局（乙）.docx": "b/报告.docx",
        "审计局（乙(2)）.docx": "c/报告.docx",
        "_=1+1.docx": "d/报告.docx",
    }


def test_files_of_an_earlier_run_beside_the_collected_ones_are_named(tmp_path: Path) -> None:
    one = outcome("甲", "财政局", files=(make_file(tmp_path / "a", "报告.docx"),))
    two = outcome("乙", "审计局", files=(make_file(tmp_path / "b", "报告.docx"),))
    folder = tmp_path / "汇集"
    assert not_written(folder, collect_files([one, two], folder, tmp_path)) == []
    assert not_written(folder, collect_files([one], folder, tmp_path)) == ["审计局.docx"]
    assert not_written(tmp_path / "没有", []) == []


def test_a_unit_with_something_to_correct_gets_a_sheet_in_plain_words(tmp_path: Path) -> None:
    wrong = Told(Severity.ERROR, "T301", "合计不对\x00", "report.yaml:8:20", "核对各项")
    odd = Told(Severity.WARNING, "N101", "数与上年差得多", "数据.xlsx 表三!F12")
    remarks = [
        UnitFinding("丙", "", Told(Severity.ERROR, "U101", "“丙”没有处理", slug="organ-left-out")),
        UnitFinding("丁", "丁", Told(Severity.ERROR, "U102", "没有报", slug="organ-missing")),
    ]
    outcomes = [outcome("甲", "财政局", wrong, odd), outcome("乙", "审计局")]
    written = write_replies(tmp_path, outcomes, remarks, tmp_path)
    assert [item.path.name for item in written] == ["财政局.docx", "丙.docx"]
    title, *text = [p.text for p in docx.Document(str(written[0].path)).paragraphs]
    assert title.startswith("2024年")
    assert text == [
        "财政局：",
        f"你单位报来的{title.removesuffix('核对回执')}有以下问题，请改正后重新报送：",
        "1．合计不对 （report.yaml 第 8 行）。核对各项。",
        "还有以下各处请核对，有误的一并改正：",
        "1．数与上年差得多（数据.xlsx 表三!F12）。",
    ]


def test_the_sheets_of_an_organ_that_sent_two_reports_say_which_one_is_wrong(
    tmp_path: Path,
) -> None:
    wrong = Told(Severity.ERROR, "T301", "合计不对", "report.yaml:8:20")
    outcomes = [outcome(name, "财政局", wrong) for name in ("甲", "甲 - 副本")]
    written = write_replies(tmp_path, outcomes, [], tmp_path)
    lines = [docx.Document(str(item.path)).paragraphs[2].text for item in written]
    assert [line.partition("报告")[2] for line in lines] == [
        "不止一份，其中“甲”有以下问题，请改正后重新报送：",
        "不止一份，其中“甲 - 副本”有以下问题，请改正后重新报送：",
    ]


def test_a_sheet_tells_the_unit_what_it_should_do_and_not_who_collects(tmp_path: Path) -> None:
    told = Told(Severity.ERROR, "U101", "是成品文件", hint="用 reportgen import", reply="报送目录")
    (written,) = write_replies(tmp_path, [], [UnitFinding("丙", "", told)], tmp_path)
    text = docx.Document(str(written.path)).paragraphs[-1].text
    assert text == "1．是成品文件。报送目录。"


def test_sheets_of_an_earlier_run_are_removed_unless_somebody_changed_them(tmp_path: Path) -> None:
    wrong = Told(Severity.ERROR, "T301", "合计不对")
    units = [outcome(name, name, wrong) for name in ("财政局", "审计局", "民政局")]
    write_replies(tmp_path, units, [], tmp_path, b"key")
    sheets = tmp_path / "回执"
    (sheets / "审计局.docx").write_bytes(b"noted")
    write_replies(tmp_path, units[2:], [], tmp_path, b"another")
    assert len([*sheets.glob("*.docx")]) == 3  # somebody else wrote the others
    write_replies(tmp_path, units[2:], [], tmp_path, b"key")
    assert sorted(path.name for path in sheets.glob("*.docx")) == ["审计局.docx", "民政局.docx"]


def test_equal_findings_give_equal_sheets(tmp_path: Path) -> None:
    wrong = outcome("甲", "财政局", Told(Severity.ERROR, "T301", "合计不对"))
    first = [
        item.path.read_bytes() for item in write_replies(tmp_path / "一", [wrong], [], tmp_path)
    ]
    assert [
        i.path.read_bytes() for i in write_replies(tmp_path / "二", [wrong], [], tmp_path)
    ] == first
