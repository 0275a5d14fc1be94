"""What who signs is shown beside the findings."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from reportgen.checks import compare_with_last_year
from reportgen.cli.signing import comparison_object, comparison_table, unchecked_line
from reportgen.model.report import Quantity, Report
from reportgen.text import display_width
from tests.builders import FORMS, at, quantities, report, zeros

FORM = FORMS["2021"]
LICENCES, CHARGES = "主动公开/行政许可/本年处理决定数量", "主动公开/行政事业性收费/本年收费金额"


def two_years() -> Report:
    before = quantities(zeros("2021"))
    before |= {at(LICENCES): Quantity(300), at(CHARGES): Quantity(Decimal("12.60"))}
    now = dict(before)
    now |= {
        at(LICENCES): Quantity(312),
        at(CHARGES): Quantity(Decimal("6.30")),
        at("申请/本年新收/总计"): Quantity(4),
        at("申请/上年结转/总计"): Quantity(None, "三", invalid=True),
    }
    last = report("2021", before, year=2023)
    return replace(report("2021", now, year=2024), previous=last)


def table(unchecked: tuple[str, ...] = ()) -> list[str]:
    about = two_years()
    cells = compare_with_last_year(about, FORM)
    return comparison_table(cells, about, [at(name) for name in unchecked]).split("\n")


def row(name: str, lines: list[str]) -> list[str]:
    (found,) = [line.split() for line in lines if line.split()[:1] == [name]]
    return found


def test_each_row_shows_both_years_the_change_and_the_rate() -> None:
    lines = table()
    assert lines[0].split() == ["2024年", "2023年", "增减", "增减率"]
    assert row("行政许可/本年处理决定数量", lines)[1:] == ["312", "300", "+12", "+4.00%"]
    assert row("行政事业性收费/本年收费金额", lines)[1:] == ["6.30", "12.60", "-6.30", "-50.00%"]
    assert row("行政处罚/本年处理决定数量", lines)[1:] == ["0", "0", "0", "—"]


def test_a_row_with_a_total_is_one_line_and_what_is_unknown_is_a_dash() -> None:
    lines = table()
    assert row("本年新收", lines)[1:] == ["4", "0", "+4", "—"]
    assert row("上年结转", lines)[1:] == ["—", "0", "—", "—"]
    assert not [line for line in lines if "自然人" in line]


def test_columns_stand_below_each_other() -> None:
    lines = [line for line in table() if line.startswith("  ") and line.split()[-1] == "—"]
    assert len({display_width(line) for line in lines}) == 1


def test_what_nothing_checks_is_marked_a_total_by_its_parts() -> None:
    lines = table((LICENCES, "复议诉讼/行政复议/结果维持"))
    marked = [line.split()[0] for line in lines if "※" in line]
    assert marked == ["行政许可/本年处理决定数量※", "行政复议※", "（※：没有别的数可以核对）"]


def test_the_object_has_every_cell_with_null_where_nothing_is_known() -> None:
    about = two_years()
    data = comparison_object(compare_with_last_year(about, FORM), about, [at(LICENCES)])
    cells = {item["cell"]: item for item in data["cells"]}  # type: ignore[attr-defined]
    assert (data["year"], data["last_year"], len(cells)) == (2024, 2023, len(FORM.value_cells))
    assert cells[LICENCES] == {
        "cell": LICENCES,
        "value": 312,
        "last_year": 300,
        "change": 12,
        "rate": 4.0,
        "checked": False,
    }
    assert cells["申请/上年结转/总计"]["value"] is None
    assert cells["申请/上年结转/总计"]["change"] is None
    assert cells["申请/本年新收/总计"]["rate"] is None


def test_the_line_names_tables_and_rows() -> None:
    cells = [at(LICENCES), at(CHARGES), at("复议诉讼/行政复议/结果维持")]
    assert unchecked_line(cells) == (
        "有 3 个数没有别的数可以核对，请逐个看一遍："
        "主动公开 2 个（行政许可、行政事业性收费）、复议诉讼 1 个（行政复议）。"
    )
    assert unchecked_line([]) == ""


def test_many_rows_are_cut_short() -> None:
    cells = [cell for cell in FORM.value_cells if cell.table == "申请"]
    assert unchecked_line(cells).endswith("等）。")
