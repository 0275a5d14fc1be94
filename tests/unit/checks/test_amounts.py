"""Numbers that were left out, or typed without the unit they are printed with."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.checks.amounts import check_defaults, check_units
from reportgen.readers.folder import Reading, read_folder
from tests.builders import LIBRARY, SECTION_TITLES

ALL = ("主动公开", "申请", "复议诉讼")


def read(folder: Path, year: int, *lines: str) -> Reading:
    text = "\n".join(("单位: 某局", f"年度: {year}", *lines)) + "\n"
    (folder / "report.yaml").write_text(text, encoding="utf-8")
    narrative = "\n\n".join(f"# {title}\n\n已公开。" for title in SECTION_TITLES)
    (folder / "正文.md").write_text(narrative, encoding="utf-8")
    return read_folder(folder, LIBRARY)


def left_out(reading: Reading) -> list[tuple[str, ...]]:
    assert reading.report is not None
    assert reading.form is not None
    return [item.cells for item in check_defaults(reading.report, reading.form)]


def asked(reading: Reading) -> list[str]:
    assert reading.report is not None
    assert reading.form is not None
    return [item.message for item in check_units(reading.report, reading.form)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("缺省: 0",), [ALL]),
        (("缺省: 0", "申请: {本年新收: [0, 0, 0, 0, 0, 0]}"), [("主动公开", "复议诉讼")]),
        (("缺省: 0", "申请: {}", "主动公开: {}", "复议诉讼: {}"), []),
        ((), []),
    ],
    ids=["nothing", "a row of zeros", "empty tables", "an error without 缺省"],
)
def test_tables_that_count_as_zero_are_told_from_zeros(
    tmp_path: Path, lines: tuple[str, ...], expected: list[tuple[str, ...]]
) -> None:
    assert left_out(read(tmp_path, 2024, *lines)) == expected


@pytest.mark.parametrize("typed", ["52.15", "160.5964", "9999", "3892431.125", "１２"])
def test_amount_without_unit_that_may_be_in_another_is_asked_about(
    tmp_path: Path, typed: str
) -> None:
    table = f"主动公开: {{政府集中采购: {{采购项目数量: 6, 采购总金额: {typed}}}}}"
    (message,) = asked(read(tmp_path, 2020, "缺省: 0", table))
    assert f"写的是 {typed}，没有写单位" in message


@pytest.mark.parametrize(
    "typed", ["52.15元", "160.5964万元", "3892431", "3892431.12", "0", "0.5亿元", "/", "六项"]
)
def test_amount_with_its_unit_or_clearly_in_the_usual_one_is_fine(
    tmp_path: Path, typed: str
) -> None:
    table = f"主动公开: {{政府集中采购: {{采购项目数量: 6, 采购总金额: {typed}}}}}"
    assert asked(read(tmp_path, 2020, "缺省: 0", table)) == []


def test_amount_whose_unit_the_head_carries_needs_none(tmp_path: Path) -> None:
    table = "主动公开: {行政事业性收费: {本年收费金额: 12.6449}}"
    assert asked(read(tmp_path, 2024, "缺省: 0", table)) == []
