"""Tests of many reports compared with each other and with the roll."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.diagnostics import Finding
from reportgen.model import CellPath
from reportgen.units.reading import Head, Unread
from reportgen.units.roll import Roll
from reportgen.units.standing import (
    Handed,
    Remark,
    Standing,
    common_year,
    compare_units,
    shown_name,
    word_remarks,
)
from tests.builders import LIBRARY

NAMES = ("清溪县财政局", "清溪县审计局", "清溪县民政局")


def head(organ: str, year: int | None = 2025, **changes: object) -> Head:
    settings = {"kind": "本机关", "form": "disclosure/2021", **changes}
    return Head(organ, year, **settings)  # type: ignore[arg-type]


def handed(**units: Head) -> list[Handed]:
    return [Handed(name, item) for name, item in units.items()]


def told(standing: Standing) -> list[tuple[str, str, str]]:
    return [(item.name, item.finding.slug, item.finding.wording) for item in standing.remarks]


@pytest.mark.parametrize("data", ["税务局".encode("gbk"), "税务局".encode()])
def test_a_folder_with_a_name_in_gbk_is_shown_as_text(data: bytes) -> None:
    name = data.decode("utf-8", "surrogateescape")
    assert shown_name(Path("/全县") / name, Path("/全县")) == "税务局"


def test_what_a_unit_should_do_is_another_matter_than_what_the_county_should() -> None:
    finding = Finding("organ-left-out", None, {"目录": "甲", "文件": "a.pdf"}, "only-finished")
    (told,) = word_remarks([Remark("甲", "", finding)], LIBRARY)
    assert "reportgen import" in told.told.hint
    assert "reportgen" not in told.told.reply


def test_reports_that_fit_are_not_remarked_on() -> None:
    units = handed(甲=head(NAMES[0]), 乙=head("清溪县　审计局"), 丙=head("民政局"))
    standing = compare_units(units, Roll(NAMES), year=2025, for_sum=True)
    assert told(standing) == []
    assert standing.left_out == frozenset()
    assert standing.organs == {"甲": NAMES[0], "乙": NAMES[1], "丙": NAMES[2]}


def test_a_unit_of_the_roll_without_report_is_missing_unless_it_is_told_otherwise() -> None:
    units = handed(甲=head(NAMES[0]))
    for folder in ("全县/民政局", "03民政局", "3. 民政局.zip", "3.民政局", "2025年度民政局"):
        standing = compare_units(units, Roll(NAMES), folders=[folder, "别的"])
        assert told(standing) == [(NAMES[1], "organ-missing", "")]


@pytest.mark.parametrize(
    ("organ", "wording"),
    [("清溪县财政局局", "left-out-near"), ("云溪市水务集团", "left-out")],
)
def test_a_unit_that_is_not_on_the_roll_is_left_out(organ: str, wording: str) -> None:
    units = handed(甲=head(organ))
    standing = compare_units(units, Roll(NAMES[:1]), for_sum=True)
    assert told(standing)[0] == ("甲", "organ-not-on-roll", wording)
    assert standing.left_out == {"甲"}


def test_a_folder_named_like_another_unit_is_told() -> None:
    units = [Handed("全县/审计局", head(NAMES[0])), Handed("全县/审计局.docx", head(NAMES[1]))]
    standing = compare_units(units, Roll(NAMES[:2]))
    assert told(standing) == [("全县/审计局", "organ-not-on-roll", "folder")]


def test_of_two_reports_of_one_organ_the_one_that_is_no_copy_counts() -> None:
    same = head(NAMES[0])
    units = [Handed("财政局 - 副本", same), Handed("财政局", same), Handed("财政局(2)", same)]
    standing = compare_units(units, for_sum=True)
    assert standing.left_out == {"财政局 - 副本", "财政局(2)"}
    assert {item.finding.wording for item in standing.remarks} == {"equal-copy"}
    assert told(compare_units(handed(甲=same, 乙=same))) == [("甲", "organ-twice", "")]


def test_of_two_reports_of_one_organ_the_numbers_that_differ_are_told() -> None:
    cells = [CellPath(("申请", "本年新收", column)) for column in "一二三四五"]
    first = Handed("甲", head(NAMES[0]), (1, 2, None, 4, 5))
    copy = Handed("甲 - 副本", head(NAMES[0]), (1, 3, 3, Unread("四"), Unread("")))
    standing = compare_units([first, copy], for_sum=True, cells=cells)
    (remark,) = word_remarks(standing.remarks, LIBRARY)
    assert remark.told.message.endswith(
        "两份依次是：“申请/本年新收/二”2、3；“申请/本年新收/三”空白、3；"
        "“申请/本年新收/四”4、四等 4 格"
    )


def test_two_years_of_one_organ_are_no_copies_of_each_other() -> None:
    units = handed(甲=head(NAMES[0]), 乙=head(NAMES[0], 2024))
    assert told(compare_units(units)) == []
    assert told(compare_units(units, year=2025)) == [("乙", "organ-of-other-year", "")]


def test_a_report_without_a_year_of_another_form_or_of_a_sum_is_left_out() -> None:
    units = handed(
        甲=head(NAMES[0]),
        乙=head(NAMES[1], None),
        丙=head(NAMES[2], form="disclosure/2019"),
        丁=head("某县", kind="汇总"),
    )
    forms = {"disclosure/2021": "2021年版", "disclosure/2019": "2019年版"}
    standing = compare_units(units, year=2025, forms=forms, sums=("丁",), for_sum=True)
    assert told(standing) == [
        ("乙", "organ-of-other-year", "none"),
        ("丙", "organ-of-other-form", ""),
    ]
    assert standing.left_out == {"乙", "丙", "丁"}


def test_a_copy_under_another_name_is_told() -> None:
    units = handed(甲=head(NAMES[0], digest="a"), 乙=head(NAMES[1], digest="a"), 丙=head(NAMES[2]))
    standing = compare_units(units, for_sum=True)
    assert told(standing) == [("乙", "organ-copied", "")]
    assert standing.left_out == frozenset()


def test_the_common_year_is_that_of_most_reports() -> None:
    assert common_year([head("甲"), head("乙"), head("丙", 2024)]) == 2025
    assert common_year([head("甲"), head("乙", 2024)]) is None
    assert common_year([]) is None
