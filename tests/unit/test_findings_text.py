"""Tests of rendering findings, by the whole output of each renderer."""

from __future__ import annotations

import json
from pathlib import Path

from reportgen.diagnostics import (
    Diagnostic,
    Label,
    Severity,
    choose,
    count_severities,
    has_errors,
    sort_diagnostics,
)
from reportgen.findings_text import (
    render_full,
    render_json,
    render_short,
    show_finding,
    summary_line,
)
from reportgen.model import CellPath
from reportgen.problems import EnvironmentProblem
from reportgen.source import Sheet, SheetSpan
from reportgen.text import display_width
from tests.builders import source, span_of

TABLE = """\
申请:
  本年新收:   [118, 6, 0, 0, 0, 0]
  上年结转:   [4, 0, 0, 0, 0, 0]

  总计:       [119, 6, 0, 0, 0, 0]
  结转下年度: [5, 0, 0, 0, 0, 0]
"""


def finding(text: str = TABLE, part: str = "5", **changes: object) -> Diagnostic:
    values: dict[str, object] = {
        "code": "T303",
        "slug": "requests-balance",
        "severity": Severity.ERROR,
        "message": "自然人一列不平",
        "span": span_of(text, part),
    }
    return Diagnostic(**{**values, **changes})  # type: ignore[arg-type]


def test_full_text_shows_every_place_both_sides_and_what_to_do() -> None:
    text = render_full(
        [
            finding(
                label="结转 5",
                labels=(
                    Label(span_of(TABLE, "118"), "新收 118"),
                    Label(span_of(TABLE, "4"), "上年 4"),
                    Label(span_of(TABLE, "119"), "总计 119"),
                ),
                expected="122",
                actual="124",
                hint="先核对结转下年度",
                basis="表中印明的勾稽关系",
            )
        ]
    )
    assert (
        text
        == """\
错误[T303] 自然人一列不平
 --> report.yaml:6:11
  |
2 |   本年新收:   [118, 6, 0, 0, 0, 0]
  |                --- 新收 118
3 |   上年结转:   [4, 0, 0, 0, 0, 0]
  |                - 上年 4
…
5 |   总计:       [119, 6, 0, 0, 0, 0]
  |                --- 总计 119
6 |   结转下年度: [5, 0, 0, 0, 0, 0]
  |                ^ 结转 5
  = 应为：122；实为：124
  = 处理：先核对结转下年度
  = 依据：表中印明的勾稽关系"""
    )


def test_carets_align_under_wide_characters() -> None:
    text = "全年共收到申请 126 件，ＡＢ同比。"
    excerpt, caret = render_full([finding(text, "同比")]).split("\n")[3:5]
    assert excerpt == "1 | 全年共收到申请 126 件，ＡＢ同比。"
    assert caret == "  | " + " " * display_width("全年共收到申请 126 件，ＡＢ") + "^^^^"


def test_two_marks_on_one_line_share_its_excerpt() -> None:
    found = finding(
        "甲: [1, 2]", "2", label="后", labels=(Label(span_of("甲: [1, 2]", "1"), "前"),)
    )
    assert (
        render_full([found])
        == """\
错误[T303] 自然人一列不平
 --> report.yaml:1:8
  |
1 | 甲: [1, 2]
  |      - 前
  |         ^ 后"""
    )


def test_two_marks_far_apart_on_a_long_line_have_an_excerpt_each() -> None:
    text = "甲" + "文" * 100 + "乙" + "文" * 100
    found = finding(text, "乙", labels=(Label(span_of(text, "甲"), "始"),))
    lines = render_full([found]).split("\n")[3:]
    assert lines[0] == "1 | 甲" + "文" * 59
    assert lines[1] == "  | -- 始"
    assert lines[2] == "1 | " + "文" * 30 + "乙" + "文" * 29
    assert lines[3] == "  | " + " " * 60 + "^^"


def test_gutter_is_as_wide_as_the_highest_line_number() -> None:
    text = "\n" * 8 + "甲\n乙"
    found = finding(text, "甲", labels=(Label(span_of(text, "乙"), "此处"),))
    assert render_full([found]).split("\n")[2:] == [
        "   |",
        " 9 | 甲",
        "   | ^^",
        "10 | 乙",
        "   | -- 此处",
    ]


def test_caret_stays_on_the_line_it_begins() -> None:
    assert render_full([finding("甲乙\n丙", "乙\n丙")]).split("\n")[3:] == ["1 | 甲乙", "  |   ^^"]


def test_control_characters_never_reach_the_terminal() -> None:
    lines = render_full([finding("甲\x1b[31m乙", "乙")]).split("\n")
    assert lines[3:] == ["1 | 甲 [31m乙", "  |        ^^"]


def test_message_with_a_line_end_stays_one_line() -> None:
    found = finding(span=None, message="没有“甲\n\x1b[31m乙”这一项")
    assert render_full([found]) == "错误[T303] 没有“甲  [31m乙”这一项"
    assert render_short([found]) == "error[T303] 没有“甲  [31m乙”这一项"


def test_tab_takes_one_cell_in_excerpt_and_caret_alike() -> None:
    assert render_full([finding("\t甲", "甲")]).split("\n")[3:] == ["1 |  甲", "  |  ^^"]


def test_place_at_the_end_of_the_text_has_a_caret() -> None:
    found = finding(span=source("甲\n").span(2, 2))
    assert render_full([found]).split("\n")[1:] == [" --> report.yaml:2:1", "  |", "2 |", "  | ^"]


def test_label_in_another_file_is_named_below() -> None:
    found = finding("甲", "甲", labels=(Label(span_of("乙", "乙", "正文.md"), "正文中的数"),))
    assert render_full([found]).split("\n")[-1] == "  = 另见 正文.md:1:1：正文中的数"


def test_one_known_side_is_shown_alone() -> None:
    assert render_full([finding("甲", "甲", actual="部份公开")]).split("\n")[-1] == (
        "  = 实为：部份公开"
    )


def test_finding_about_a_whole_file_names_it() -> None:
    found = finding(span=None, file="正文.md")
    assert render_full([found]) == "错误[T303] 自然人一列不平\n --> 正文.md"
    assert render_short([found]) == "正文.md: error[T303] 自然人一列不平"


def test_finding_about_nothing_in_particular_is_its_message() -> None:
    assert render_full([finding(span=None)]) == "错误[T303] 自然人一列不平"
    assert render_short([finding(span=None)]) == "error[T303] 自然人一列不平"


def test_colour_marks_only_the_head() -> None:
    text = render_full([finding(span=None, severity=Severity.WARNING)], colour=True)
    assert text == "\x1b[1;33m警告[T303]\x1b[0m 自然人一列不平"


def test_findings_are_separated_by_a_blank_line() -> None:
    assert render_full([finding(span=None), finding(span=None)]).count("\n\n") == 1


def test_short_text_is_one_line_per_finding_for_editors() -> None:
    found = [finding(), finding(severity=Severity.HINT)]
    assert render_short(found) == (
        "report.yaml:6:11: error[T303] 自然人一列不平\nreport.yaml:6:11: hint[T303] 自然人一列不平"
    )


def test_json_has_the_keys_of_the_contract() -> None:
    found = finding(
        cells=("申请/总计/自然人",), expected="122", actual="124", hint="核对", basis="表"
    )
    (shown,) = json.loads(render_json([found]))
    assert shown.pop("cell") is None  # an addition: the place in a workbook
    assert list(shown.items()) == list(
        {
            "code": "T303",
            "slug": "requests-balance",
            "severity": "error",
            "message": "自然人一列不平",
            "file": "report.yaml",
            "line": 6,
            "column": 11,
            "cells": ["申请/总计/自然人"],
            "expected": "122",
            "actual": "124",
            "hint": "核对",
            "basis": "表",
        }.items()
    )


def test_json_has_null_where_there_is_no_place() -> None:
    (found,) = json.loads(render_json([finding(span=None)]))
    assert (found["file"], found["line"], found["column"]) == (None, None, None)


def test_json_keeps_chinese_readable_and_no_findings_are_an_empty_list() -> None:
    assert "自然人" in render_json([finding()])
    assert json.loads(render_json([])) == []


def test_json_names_cells_by_their_paths() -> None:
    cell = CellPath(("申请", "本年新收", "总计"))
    (found,) = json.loads(render_json([finding(cells=(cell,))]))
    assert found["cells"] == ["申请/本年新收/总计"]


def test_findings_are_sorted_by_file_and_place_and_told_once() -> None:
    first, second = finding(TABLE, "118"), finding(TABLE, "5")
    elsewhere = finding("文", "文", span=span_of("文", "文", "正文.md"))
    assert sort_diagnostics([elsewhere, second, first, second]) == [first, second, elsewhere]


def test_counts_and_closing_line() -> None:
    found = [finding(), finding(severity=Severity.WARNING), finding(severity=Severity.WARNING)]
    assert count_severities(found) == {Severity.ERROR: 1, Severity.WARNING: 2, Severity.HINT: 0}
    assert summary_line(found) == "共发现 1 个错误、2 个警告。"
    assert summary_line([]) == "检查通过，未发现问题。"


def test_an_error_keeps_a_report_from_being_filed_and_a_warning_if_strict() -> None:
    error, warning, hint = (finding(severity=severity) for severity in Severity)
    assert has_errors([hint, error])
    assert not has_errors([hint, warning])
    assert has_errors([hint, warning], strict=True)
    assert not has_errors([hint], strict=True)


def test_findings_are_chosen_by_the_code_or_the_slug_of_their_rule() -> None:
    sum_, row = finding(code="T301", slug="row-total"), finding(code="T302", slug="column-total")
    assert choose([sum_, row]) == [sum_, row]
    assert choose([sum_, row], only={"T302"}) == [row]
    assert choose([sum_, row], only={"row-total"}) == [sum_]
    assert choose([sum_, row], skip={"T301"}) == [row]
    assert choose([sum_, row], only={"T301"}, skip={"row-total"}) == []


def test_environment_problem_carries_what_to_do() -> None:
    problem = EnvironmentProblem("磁盘已满", "清理磁盘")
    assert (str(problem), problem.hint) == ("磁盘已满", "清理磁盘")


SHEET = Sheet("某局/数据.xlsx", "表三", 2)


def test_place_in_a_workbook_shows_the_cells_with_their_texts() -> None:
    labels = (
        Label(SheetSpan(SHEET, 5, 4, "118"), "新收 118"),
        Label(SheetSpan(Sheet("某局/数据.xlsx", "表四", 3), 5, 1, "7"), "别的表"),
    )
    found = finding(span=SheetSpan(SHEET, 30, 4, "12件"), label="结转", labels=labels)
    assert (
        render_full([found])
        == """\
错误[T303] 自然人一列不平
 --> 某局/数据.xlsx 表三!D30
    |
 D5 | 118
    | --- 新收 118
D30 | 12件
    | ^^^^ 结转
  = 另见 某局/数据.xlsx 表四!A5：别的表"""
    )


def test_place_in_a_workbook_is_named_in_short_text_and_json() -> None:
    found = finding(span=SheetSpan(SHEET, 12, 28, "x" * 100))
    assert render_short([found]) == "某局/数据.xlsx:表三!AB12: error[T303] 自然人一列不平"
    (item,) = json.loads(render_json([found]))
    place = (item["file"], item["line"], item["column"], item["cell"])
    assert place == ("某局/数据.xlsx", 12, 28, "表三!AB12")
    assert all(len(line) <= 70 for line in render_full([found]).split("\n"))


def test_findings_of_a_workbook_come_in_the_order_of_sheets_rows_and_columns() -> None:
    def at(sheet: int, line: int, column: int) -> Diagnostic:
        return finding(span=SheetSpan(Sheet("a.xlsx", f"表{9 - sheet}", sheet), line, column))

    order = [at(1, 9, 9), at(2, 3, 2), at(2, 3, 12), at(2, 10, 1)]
    assert sort_diagnostics(reversed(order)) == order


def test_a_finding_shown_elsewhere_has_its_place_seen_from_the_report_folder(
    tmp_path: Path,
) -> None:
    span = span_of(TABLE, "5", str(tmp_path / "report.yaml"))
    item = finding(span=span, expected="6", actual="5", hint="核对", basis="条例")
    shown = show_finding(item, tmp_path, number=3)
    assert (shown.place, shown.label, shown.number) == ("report.yaml:6:11", "错误", 3)
    assert shown.sides == "应为：6；实为：5"
    assert shown.notes == ("应为：6；实为：5", "处理：核对", "依据：条例")


def test_a_place_outside_the_folder_keeps_the_end_of_its_path(tmp_path: Path) -> None:
    item = finding(span=span_of(TABLE, "5", str(tmp_path / "上年" / "report.yaml")))
    assert show_finding(item, tmp_path / "今年").place.startswith("上年/report.yaml:")
