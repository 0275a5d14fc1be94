"""Grids: spans resolved once.

Keys as a clerk types them.
"""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.forms.form_files import TableFile, resolve_grid
from reportgen.forms.grid import (
    GridCell,
    TableGrid,
    TemplateError,
    ValueKind,
    ValueType,
    nearest_key,
    normalise_key,
)
from reportgen.shapes import ShapeError
from reportgen.styles import CellRole
from tests.builders import shaped

SMALL: dict[str, Any] = {
    "key": "表",
    "title": "小表",
    "widths": [1, 1, 2],
    "header_rows": 2,
    "columns": ["甲", "乙"],
    "groups": {"人": ["甲", "乙"]},
    "rows": [
        [{"label": "项目", "row_span": 2}, {"label": "数", "column_span": 2}],
        ["甲", "乙"],
        ["一行", {"values": "一行"}],
        ["二行", {"values": "组/二行", "types": {"乙": {"kind": "money", "unit": "元"}}}],
    ],
}


def grid_of(data: dict[str, Any]) -> TableGrid:
    return resolve_grid(shaped(data, TableFile), "t.yaml")


def with_rows(*rows: list[Any], **changes: Any) -> dict[str, Any]:
    return {**SMALL, "header_rows": 0, "rows": list(rows), **changes}


def test_spans_push_later_cells_aside() -> None:
    grid = grid_of(SMALL)
    places = [(cell.label or cell.path, cell.row, cell.column) for cell in grid.cells()]
    assert places == [
        ("项目", 0, 0),
        ("数", 0, 1),
        ("甲", 1, 1),
        ("乙", 1, 2),
        ("一行", 2, 0),
        ("表/一行/甲", 2, 1),
        ("表/一行/乙", 2, 2),
        ("二行", 3, 0),
        ("表/组/二行/甲", 3, 1),
        ("表/组/二行/乙", 3, 2),
    ]


def test_every_position_is_covered_once() -> None:
    grid = grid_of(SMALL)
    assert grid.cell_at(1, 0) is grid.cell_at(0, 0)
    assert grid.cell_at(0, 2) is grid.cell_at(0, 1)
    assert all(grid.cell_at(row, column) for row in range(4) for column in range(3))
    assert grid.cell_at(4, 0) is None
    assert grid.cell_at(0, 3) is None


def test_roles_follow_from_the_place_and_may_be_stated() -> None:
    grid = grid_of(SMALL)
    assert [cell.role for cell in grid.rows[0]] == ["header", "header"]
    assert [cell.role for cell in grid.rows[2]] == ["stub", "value", "value"]
    stated = grid_of(with_rows([{"label": "题", "column_span": 3, "role": "caption"}]))
    assert stated.rows[0][0].role == "caption"


def test_style_is_the_cells_own_then_the_tables_then_the_roles() -> None:
    rows = with_rows(["甲", {"label": "乙", "style": "own"}, "丙"], styles={"stub": "table"})
    assert [cell.style for cell in grid_of(rows).cells()] == ["table", "own", "table"]
    assert grid_of(with_rows(["甲", "乙", "丙"])).cells()[0].style == "cell_stub"


def test_value_cells_have_a_path_and_a_type() -> None:
    cells = grid_of(SMALL).value_cells()
    assert cells[-1].path == "表/组/二行/乙"
    assert cells[-1].keys == ("表", "组", "二行", "乙")
    assert cells[-1].type == ValueType(ValueKind.MONEY, "元")
    assert cells[0].type == ValueType()


def test_values_may_name_their_own_columns_and_spans() -> None:
    rows = with_rows(["行", {"values": "行", "columns": ["丙"], "column_span": 2}])
    (cell,) = grid_of(rows).value_cells()
    assert (cell.path, cell.column, cell.column_span) == ("表/行/丙", 1, 2)
    wide = with_rows(["行", {"values": "行", "columns": ["丙"], "spans": {"丙": 2}}])
    assert grid_of(wide).value_cells()[0].column_span == 2


def test_widths_become_shares() -> None:
    grid = grid_of(SMALL)
    assert grid.widths == (0.25, 0.25, 0.5)
    assert grid.column_count == 3


def test_title_is_the_key_when_there_is_none() -> None:
    assert grid_of(with_rows(["甲", "乙", "丙"], title="小表")).title == "小表"
    nameless = {key: value for key, value in SMALL.items() if key != "title"}
    assert grid_of(nameless).title == "表"


def test_groups_are_kept() -> None:
    assert grid_of(SMALL).groups == {"人": ("甲", "乙")}


def test_label_cell_has_no_name() -> None:
    assert GridCell(0, 0, 1, 1, CellRole.STUB, "s", "甲").path == ""


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (with_rows(["甲", "乙"]), "第 1 行第 3 列没有单元格"),
        (with_rows(["甲", "乙", "丙", "丁"]), "第 1 行单元格过多"),
        (with_rows(["甲", {"label": "乙", "column_span": 3}]), "越界"),
        (with_rows([{"label": "甲", "row_span": 2}, "乙", "丙"]), "越界"),
        (
            with_rows(
                ["甲", {"label": "乙", "row_span": 2}, "丙"], [{"label": "丁", "column_span": 2}]
            ),
            "重叠",
        ),
        (with_rows(["甲", {"values": "行"}], ["甲", {"values": "行"}]), "表/行/甲"),
        (with_rows(["甲", {"values": "行/甲"}], ["甲", {"values": "行"}]), "“表/行/甲”既是一格"),
        (with_rows(["甲", {"values": "行", "types": {"丙": {}}}]), "“行”一行没有“丙”这一列"),
    ],
)  # fmt: skip
def test_wrong_table_names_file_and_reason(data: dict[str, Any], says: str) -> None:
    with pytest.raises(TemplateError, match=says) as caught:
        grid_of(data)
    assert str(caught.value).startswith("t.yaml：")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (with_rows([{"label": "甲", "row_span": 0}, "甲", "乙", "丙"]), "row_span 应为 1 到 500"),
        (with_rows([{"label": "甲", "column_span": -1}, "乙"]), "column_span 应为 1 到 500 的整数"),
        (with_rows([{"row_span": 1}, "乙", "丙"]), "rows/第 1 项/第 1 项 应有 label 或 values"),
        (with_rows([{"label": "甲", "values": "甲"}]), "应有 label 或 values 中的一个"),
        (with_rows([{"label": "甲", "role": "value"}]), "role 应为 caption、header、stub 之一"),
        (with_rows([{"label": "甲\t乙"}]), "label 应为一行文字"),
        (with_rows("甲乙丙"), "rows/第 1 项 应为列表"),  # type: ignore[arg-type]
        (with_rows([["甲"], "乙", "丙"]), "应为“键: 值”的形式或一行文字"),
        (
            with_rows(["甲", {"values": "行", "types": {"甲": {"kind": "percent"}}}]),
            "types/甲/kind 应为 count、change、money 之一，写的是“percent”",
        ),
        ({**SMALL, "widths": [1, 1, 0]}, "widths/第 3 项 应为 0 到 100000 的数"),
        ({**SMALL, "widths": []}, "widths 应有 1 到 100 项"),
        ({**SMALL, "widths": "abc"}, "widths 应为列表"),
        ({**SMALL, "widths": ["宽", 1, 1]}, "写的是“宽”"),
        ({**SMALL, "widths": [float("inf"), 1, 1]}, "写的是“inf”"),
        ({**SMALL, "header_rows": "二"}, "header_rows 应为 0 到 100 的整数，写的是“二”"),
        ({**SMALL, "groups": ["甲"]}, "groups 应写成“键: 值”的形式"),
        ({**SMALL, "key": ""}, "key 应为不含 * @ { } 的名称"),
        ({**SMALL, "landscape": "是"}, "landscape 应为 true 或 false"),
        ({**SMALL, "header_row": 2}, "没有 header_row 这一项，是否应为 header_rows？"),
        ({"key": "表"}, "这个文件缺少 widths"),
    ],
)  # fmt: skip
def test_an_entry_of_another_shape_is_told(data: dict[str, Any], says: str) -> None:
    with pytest.raises(ShapeError) as caught:
        grid_of(data)
    assert says in str(caught.value)


def test_a_table_is_upright_unless_it_asks_for_landscape() -> None:
    assert not grid_of(SMALL).landscape
    assert grid_of({**SMALL, "landscape": True}).landscape


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("（一）予以公开", "予以公开"),
        ("(一)予以公开", "予以公开"),
        ("一、本年新收政府信息公开申请数量", "本年新收政府信息公开申请数量"),
        ("十二、某项", "某项"),
        ("1.属于国家秘密", "属于国家秘密"),
        ("１．属于国家秘密", "属于国家秘密"),
        ("1、属于国家秘密", "属于国家秘密"),
        ("（1）属于国家秘密", "属于国家秘密"),
        ("1）属于国家秘密", "属于国家秘密"),
        (" 商业 企业 ", "商业企业"),
        ("商业\u3000企业", "商业企业"),
        ("商业\n企业", "商业企业"),
        ("危及“三安全一稳定”", '危及"三安全一稳定"'),
        ("危及「三安全一稳定」", "危及‘三安全一稳定’"),
        ("本年收费金额（单位：万元）", "本年收费金额(单位:万元)"),
        ("本年增／减", "本年增/减"),
        ("２０２１", "2021"),
    ],
)
def test_width_blanks_quotes_and_numbering_do_not_matter(typed: str, known: str) -> None:
    assert normalise_key(typed) == normalise_key(known)


@pytest.mark.parametrize(
    ("one", "other"),
    [("结果维持", "结果纠正"), ("3.5倍", "5倍"), ("一般情况", "般情况"), ("其他", "其他处理")],
)
def test_different_keys_stay_different(one: str, other: str) -> None:
    assert normalise_key(one) != normalise_key(other)


def test_nearest_key_is_the_one_meant() -> None:
    known = ["予以公开", "部分公开", "不予公开", "联系方式"]
    assert nearest_key("部份公开", known) == "部分公开"
    assert nearest_key("联系方试", known) == "联系方式"


def test_no_key_is_near_to_something_else() -> None:
    assert nearest_key("天气预报", ["予以公开", "部分公开"]) is None
    assert nearest_key("", ["予以公开"]) is None
    assert nearest_key("予以公开", []) is None
