"""The tables of ``report.yaml``."""

from __future__ import annotations

import pytest

from reportgen.forms.grid import build_key_tree
from reportgen.model.report import Quantity
from reportgen.readers.tables import TableReader, gathered
from tests.builders import APPLICANTS, FORMS, at, codes, read_table, worded

SIX = [3, 1, 0, 0, 0, 2]


def requests(text: str, form: str = "2021") -> TableReader:
    return read_table(form, "申请", text)


def row(reader: TableReader, name: str) -> list[int | None]:
    cells = (reader.cells.get(at(f"申请/{name}/{column}")) for column in (*APPLICANTS, "总计"))
    return [int(cell.number) if cell and cell.number is not None else None for cell in cells]


def test_row_is_a_list_without_its_total() -> None:
    reader = requests("本年新收: [3, 1, 0, 0, 0, 2]")
    assert row(reader, "本年新收") == [*SIX, None]
    assert worded(reader.found) == []


def test_row_is_a_list_with_its_total() -> None:
    assert row(requests("本年新收: [3, 1, 0, 0, 0, 2, 6]"), "本年新收") == [*SIX, 6]


def test_row_of_totals_is_a_list_of_either_length() -> None:
    assert row(requests("总计: [3, 1, 0, 0, 0, 2]"), "总计") == [*SIX, None]
    assert row(requests("总计: [3, 1, 0, 0, 0, 2, 6]"), "总计") == [*SIX, 6]


def test_row_is_a_mapping_in_any_order() -> None:
    reader = requests("本年新收: {其他: 2, 自然人: 3}")
    assert row(reader, "本年新收") == [3, None, None, None, None, 2, None]


@pytest.mark.parametrize(
    "typed",
    [
        "3 1 0 0 0 2",
        "3\t1\t0\t0\t0\t2",
        "3, 1, 0, 0, 0, 2",
        "3、1、0、0、0、2",
        "3，1，0，0，0，2",
        '"3 1 0 0 0 2"',
        "|\n  3 1 0\n  0 0 2",
        ">-\n  3 1 0\n  0 0 2",
    ],
)
def test_row_pasted_as_text_is_taken_apart(typed: str) -> None:
    reader = requests(f"本年新收: {typed}")
    assert row(reader, "本年新收") == [*SIX, None]
    assert worded(reader.found) == []


def test_pasted_number_points_at_itself() -> None:
    span = requests("本年新收: 3 1 0 0 0 27").cells[at("申请/本年新收/其他")].span
    assert span is not None
    assert (span.text, span.column) == ("27", 17)


def test_pasted_row_may_hold_its_total() -> None:
    for typed in ("3 1 0 0 0 2 6", "'3\t1\t0\t0\t0\t2\t6'", "3、1、0、0、0、2、6"):
        assert row(requests(f"本年新收: {typed}"), "本年新收") == [*SIX, 6]


@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_blank_between_tabs_is_a_cell_left_blank(quote: str) -> None:
    reader = requests(f"本年新收: {quote}3\t\t0\t0\t0\t2\t5{quote}")
    assert row(reader, "本年新收") == [3, None, 0, 0, 0, 2, 5]
    span = reader.cells[at("申请/本年新收/其他")].span
    assert span is not None
    assert span.text == "2"


@pytest.mark.parametrize(
    "typed",
    ["3 | 1 | 0 | 0 | 0 | 2", "3|1|0|0|0|2", "3｜1｜0｜0｜0｜2", "'| 3 | 1 | 0 | 0 | 0 | 2 |'"],
)
def test_bars_of_a_web_page_part_the_cells_of_a_pasted_row(typed: str) -> None:
    reader = requests(f"本年新收: {typed}")
    assert worded(reader.found) == []
    assert row(reader, "本年新收") == [*SIX, None]
    span = reader.cells[at("申请/本年新收/其他")].span
    assert span is not None
    assert span.text == "2"


def test_blank_between_bars_is_a_cell_left_blank() -> None:
    reader = requests("本年新收: 3 | | 0 | 0 | 0 | 2 | 5")
    assert row(reader, "本年新收") == [3, None, 0, 0, 0, 2, 5]


def test_gaps_are_where_the_row_or_the_cell_stands() -> None:
    reader = requests(
        "本年新收:\n  部分公开: {自然人: 1, 其他: }\n结转下年度: {自然人: }".replace(
            "本年新收:\n  ", ""
        )
    )
    gaps = dict(reader.gaps())
    assert gaps[at("申请/部分公开/商业企业")].text == "部分公开"
    assert gaps[at("申请/部分公开/其他")].text == "其他"
    assert gaps[at("申请/结转下年度/自然人")].text == "自然人"
    assert at("申请/部分公开/自然人") not in gaps
    assert at("申请/本年新收/自然人") not in gaps


def test_strokes_of_a_row_are_one_finding() -> None:
    reader = requests("本年新收: [/, /, 0, 0, 0, —]\n上年结转: [/, 0, 0, 0, 0, 0]")
    rows, one = worded(gathered(reader.found))
    assert rows.message == "“申请/本年新收”一行有 3 格填的是“/”“—”，按 0 计"
    assert [cell.split("/")[-1] for cell in rows.cells] == ["自然人", "商业企业", "其他"]
    assert one.message == "“申请/上年结转/自然人”填的是“/”，按 0 计"


def test_comma_in_a_pasted_row_separates_unless_something_else_does() -> None:
    assert row(requests("本年新收: 1,200 3 0 0 0 0"), "本年新收")[:3] == [1200, 3, 0]
    assert row(requests("本年新收: 3,1,0,0,0,200"), "本年新收")[5] == 200


def test_pasted_row_with_escapes_points_at_the_whole() -> None:
    reader = requests('本年新收: "3\\t1\\t0\\t0\\t0\\t2"')
    assert row(reader, "本年新收") == [*SIX, None]
    span = reader.cells[at("申请/本年新收/其他")].span
    assert span is not None
    assert span.text.startswith('"3')


def test_row_of_one_cell_takes_a_bare_number() -> None:
    reader = read_table("2021", "主动公开", "行政许可: 3307\n行政处罚: [17]\n行政强制: '1,234'")
    assert worded(reader.found) == []
    numbers = [cell.number for cell in reader.cells.values()]
    assert numbers == [3307, 17, 1234]


def test_groups_are_read_level_by_level() -> None:
    reader = requests(
        "不予公开:\n  属于国家秘密: [1, 0, 0, 0, 0, 0]\n  属于行政查询事项: {其他: 2}"
    )
    assert reader.cells[at("申请/不予公开/属于国家秘密/自然人")].number == 1
    assert reader.cells[at("申请/不予公开/属于行政查询事项/其他")].number == 2


def test_value_keeps_what_was_typed_and_where() -> None:
    cell = requests('本年新收:\n  自然人: "１,２３４"').cells[at("申请/本年新收/自然人")]
    assert (cell.number, cell.text) == (1234, "１,２３４")
    assert cell.span is not None
    assert (cell.span.line, cell.span.column) == (2, 8)


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_official_labels_are_names_of_their_keys(form: str) -> None:
    for grid in FORMS[form].tables.values():
        tree = build_key_tree(grid)
        assert [cell.path for cell in tree.leaves] == [c.path for c in grid.value_cells()]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("一、本年新收政府信息公开申请数量: {自然人: 1}", "本年新收/自然人"),
        ("四、结转下年度继续办理: {自然人: 1}", "结转下年度/自然人"),
        ("（七）总计: {自然人: 1}", "总计/自然人"),
        (
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形）: {自然人: 1}",
            "部分公开/自然人",
        ),
        (
            '(三) 不予公开: {"3.危及\\"三安全一稳定\\"": {商业 企业: 1}}',
            "不予公开/危及“三安全一稳定”/商业企业",
        ),
        (
            "（六）其他处理:\n"
            "  1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请: {总计: 1}",
            "其他处理/申请人无正当理由逾期不补正/总计",
        ),
    ],
)
def test_row_may_be_named_as_in_the_official_table(text: str, name: str) -> None:
    reader = requests(text)
    assert worded(reader.found) == []
    assert reader.cells == {f"申请/{name}": Quantity(1)}


def test_column_may_be_named_as_in_the_official_table() -> None:
    reader = read_table("2021", "主动公开", "行政事业性收费: {本年收费金额(单位:万元): 1.5}")
    assert list(reader.cells) == ["主动公开/行政事业性收费/本年收费金额"]


def test_form_of_2019_has_its_own_rows() -> None:
    reader = requests("其他处理: [1, 0, 0, 0, 0, 0]", "2019")
    assert reader.cells[at("申请/其他处理/自然人")].number == 1
    table = read_table("2019", "主动公开", "行政许可: [12, +3, 308]\n政府集中采购: [3, 186500元]")
    assert worded(table.found) == []
    assert table.cells[at("主动公开/行政许可/本年增/减")].text == "+3"


def test_unknown_key_names_the_nearest_and_is_read_as_it() -> None:
    reader = requests("部份公开: [1, 0, 0, 0, 0, 0]")
    (found,) = worded(reader.found)
    assert (found.code, found.expected, found.actual) == ("I103", "部分公开", "部份公开")
    assert "“申请”下" in found.message
    assert reader.cells[at("申请/部分公开/自然人")].number == 1


def test_misspelt_key_never_replaces_the_right_one() -> None:
    reader = requests("部份公开: [1, 0, 0, 0, 0, 0]\n部分公开: [2, 0, 0, 0, 0, 0]")
    assert codes(worded(reader.found)) == ["I103"]
    assert reader.cells[at("申请/部分公开/自然人")].number == 2


def test_key_like_no_other_lists_what_there_is() -> None:
    (found,) = worded(read_table("2021", "复议诉讼", "天气: 晴").found)
    assert found.code == "I103"
    assert found.expected is None
    assert "行政复议、未经复议直接起诉、复议后起诉" in found.hint


def test_key_typed_twice_is_told_and_the_first_counts() -> None:
    reader = requests("本年新收: [1, 0, 0, 0, 0, 0]\n一、本年新收: [2, 0, 0, 0, 0, 0]")
    (found,) = worded(reader.found)
    assert found.code == "I102"
    assert "第 1 行" in found.message
    assert found.span is not None
    assert found.span.line == 2
    assert reader.cells[at("申请/本年新收/自然人")].number == 1


@pytest.mark.parametrize("items", ["[]", "[1]", "[1, 2, 3, 4, 5]", "[1, 2, 3, 4, 5, 6, 7, 8]"])
def test_row_of_another_length_is_one_finding(items: str) -> None:
    reader = requests(f"本年新收: {items}")
    if items == "[]":
        assert (reader.cells, worded(reader.found)) == ({}, [])
        return
    (found,) = worded(reader.found)
    assert (found.code, found.cells) == ("I108", ("申请/本年新收",))
    assert found.expected == "6 或 7 个数"
    assert all(cell.invalid for cell in reader.cells.values())
    assert len(reader.cells) == 7


def test_length_of_a_row_without_total_is_one_number() -> None:
    (found,) = worded(read_table("2021", "主动公开", "规章: [1]").found)
    assert found.expected == "3 个数"


@pytest.mark.parametrize(
    ("typed", "code", "slug"),
    [
        ("十九", "I105", "not-a-number"),
        ("-2", "I106", "negative-number"),
        ("1.5", "I105", "not-a-number"),
    ],
)
def test_unreadable_number_is_told_and_kept_as_typed(typed: str, code: str, slug: str) -> None:
    reader = requests(f"本年新收: {{自然人: {typed}}}")
    (found,) = worded(reader.found)
    assert (found.code, found.slug, found.cells) == (code, slug, ("申请/本年新收/自然人",))
    assert found.span is not None
    assert found.span.text == typed
    cell = reader.cells[at("申请/本年新收/自然人")]
    assert (cell.invalid, cell.text) == (True, typed)


@pytest.mark.parametrize("typed", ["/", '"-"', "—"])
def test_stroke_is_no_number_and_told(typed: str) -> None:
    reader = requests(f"本年新收: {{自然人: {typed}}}")
    assert codes(worded(reader.found)) == ["T104"]
    assert reader.cells[at("申请/本年新收/自然人")].number is None


@pytest.mark.parametrize("typed", ["", '""', "~", "{}", "[]"])
def test_blank_is_as_if_left_out(typed: str) -> None:
    reader = requests(f"本年新收: {typed}\n不予公开: {typed if typed != '[]' else ''}")
    assert (reader.cells, worded(reader.found)) == ({}, [])


def test_blank_in_a_list_is_as_if_left_out() -> None:
    reader = requests('本年新收: [3, "", ~, 0, 0, 2]')
    assert row(reader, "本年新收") == [3, None, None, 0, 0, 2, None]


@pytest.mark.parametrize("typed", ["[1, 2]", "五件", "3"])
def test_group_without_its_rows_is_one_finding(typed: str) -> None:
    reader = requests(f"不予公开: {typed}")
    assert codes(worded(reader.found)) == ["I104"]
    assert "不予公开" in worded(reader.found)[0].message
    assert all(cell.invalid for cell in reader.cells.values())
    assert len(reader.cells) == 8 * 7


@pytest.mark.parametrize("typed", ["[1]", "{甲: 1}"])
def test_number_that_is_a_list_is_one_finding(typed: str) -> None:
    reader = requests(f"本年新收: {{自然人: {typed}}}")
    (found,) = worded(reader.found)
    assert (found.code, found.cells) == ("I104", ("申请/本年新收/自然人",))


def test_every_problem_is_told_and_the_rest_is_read() -> None:
    reader = requests(
        "本年新收: [三, 1, 0, 0, 0, 0]\n上年结转: [1]\n部份公开: {自然人: 1}\n予以公开: {自然人: 4}"
    )
    assert sorted(codes(worded(reader.found))) == ["I103", "I105", "I108"]
    assert reader.cells[at("申请/本年新收/商业企业")].number == 1
    assert reader.cells[at("申请/予以公开/自然人")].number == 4


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("本年新收: [27， 8， 1]", "I108", "逗号要用半角"),
        ("本年新收: [27 8, 1, 0, 0, 0, 36]", "I108", "写成“27, 8”"),
        ("本年新收: 【27，8，1，0，0，0】", "I104", "括号和逗号都用半角"),
        ("本年新收: [1,042, 8, 1, 0, 0, 0, 7]", "I108", "不要用逗号分节"),
    ],
)
def test_marks_of_the_wrong_kind_are_named(typed: str, code: str, says: str) -> None:
    (found,) = worded(requests(typed).found)
    assert (found.code, says in found.hint) == (code, True)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("行政许可: {本年处理决定数量: 18,642}", "后半截"),
        ("行政许可: {本年处理决定数量：12}", "写成“本年处理决定数量: …”"),
        ("行政许可: {本年处理决定数量:12}", "写成“本年处理决定数量: …”"),
    ],
)
def test_key_that_is_none_is_told_apart_from_a_typo(typed: str, says: str) -> None:
    (found,) = worded(read_table("2021", "主动公开", typed).found)
    assert found.code == "I103"
    assert says in found.hint
    assert found.expected is None


@pytest.mark.parametrize(
    ("typed", "row", "places"),
    [
        ("行政许可：{本年处理决定数量: 12}", "行政许可", ["行政许可：{本年处理决定数量"]),
        ("行政许可: {本年处理决定数量：12}", "行政许可", ["本年处理决定数量：12"]),
        ("规章: {本年制发件数 1, 本年废止件数=0}", "规章", ["本年制发件数 1", "本年废止件数=0"]),
        ("规章: {本年制发件数1, 本年废止件数: 0, 现行有效件数: 2}", "规章", ["本年制发件数1"]),
    ],
)
def test_number_run_together_with_its_name_is_not_missing_as_well(
    typed: str, row: str, places: list[str]
) -> None:
    reader = read_table("2021", "主动公开", typed)
    assert [(d.code, d.actual) for d in worded(reader.found)] == [("I103", p) for p in places]
    cells = {path: cell for path, cell in reader.cells.items() if path.row.column == row}
    assert sum(cell.invalid for cell in cells.values()) == len(places)
    assert all("写成“" in d.hint for d in worded(reader.found))


@pytest.mark.parametrize("typed", ["1,605,964", "1,605,964.00元", "1,605"])
def test_a_number_grouped_by_commas_in_braces_is_one_finding(typed: str) -> None:
    text = f"政府集中采购: {{采购项目数量: 6, 采购总金额: {typed}}}"
    reader = read_table("2019", "主动公开", text)
    (found,) = worded(reader.found)
    assert (found.code, found.span and found.span.text) == ("I103", "605")
    assert "不要用逗号分节" in found.hint
    assert reader.cells[at("主动公开/政府集中采购/采购总金额")].invalid
    assert reader.cells[at("主动公开/政府集中采购/采购项目数量")].number == 6
