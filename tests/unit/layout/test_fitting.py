"""Tests of fitting tables to the page: no number is broken, labels keep their words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import pytest
from msgspec.structs import replace

from reportgen.document.blocks import compose_table
from reportgen.document.nodes import Document, Heading, Table
from reportgen.fonts import load_fonts
from reportgen.layout.fitting import (
    MOST_COLUMNS,
    SIZES,
    break_titles,
    find_wide_tables,
    fit_tables,
)
from reportgen.layout.tables import MeasuredTable, measure_table
from reportgen.model import Quantity
from reportgen.styles import CellRole
from reportgen.text import Run
from tests.builders import FORMS, paginate, report
from tests.unit.layout import squares
from tests.unit.layout.squares import (
    PAGE,
    SHEET,
    cell,
    heading,
    make_document,
    paragraph,
    table,
)

FONTS = load_fonts()
HEADS = [f"{month}月" for month in range(1, 13)]
TWELVE = ["123456789", "-5", "/", "12.6", "95.00%", "+11", "1,234,567", "", "0", "7", "88", "999"]


def authored(*rows: Sequence[str], landscape: bool = False) -> Table:
    """Return a table as an author writes it, its first row the head."""
    made = [
        [
            replace(
                cell(number, column, text, "value" if number else "header"),
                style="cell_text_right" if number else "cell_text",
            )
            for column, text in enumerate(row)
        ]
        for number, row in enumerate(rows)
    ]
    return replace(table(made, 1, 1), widths=(), landscape=landscape)


def official(*numbers: str) -> Table:
    """Return one row of *numbers* in columns of equal widths that the form prescribes."""
    return table([[cell(0, column, text) for column, text in enumerate(numbers)]], len(numbers))


def official_table(form: str, key: str, number: str) -> Document:
    """Return a document with a heading and one table of *form*, *number* in every cell."""
    grid = FORMS[form].tables[key]
    values = {each.path: Quantity(int(number), number) for each in grid.value_cells()}
    made = compose_table(grid, report(form, values), FORMS[form].sheet.table)
    document = make_document(heading("三、收到和处理政府信息公开申请情况"), made)
    return replace(document, sheet=FORMS[form].sheet)


def fitted(made: Table) -> tuple[Table, Document]:
    document = fit_tables(make_document(made), FONTS)
    (found,) = document.blocks
    assert isinstance(found, Table)
    return found, document


def measured(made: Table) -> MeasuredTable:
    found, document = fitted(made)
    sheet = document.sheet.turned() if made.landscape else document.sheet
    return measure_table(found, sheet, FONTS)


def lines_of(made: Table) -> dict[str, list[str]]:
    """Return the lines of each text of *made*."""
    return {
        each.node.text: [line.text for line in each.lines]
        for each in measured(made).cells
        if each.node.text
    }


def sizes_of(made: Table) -> set[float]:
    return {each.style.size for each in measured(made).cells}


def findings(made: Table) -> list[str]:
    found = find_wide_tables(make_document(made), FONTS)
    return [finding.wording or "portrait" for finding in found]


def test_the_widths_of_an_authors_columns_fill_the_page() -> None:
    found, _ = fitted(authored(("甲", "乙"), ("字" * 10, "字" * 5)))
    assert sum(found.widths) == pytest.approx(1)
    assert 1.5 < found.widths[0] / found.widths[1] < 2


def test_equal_columns_are_equally_wide() -> None:
    assert fitted(authored(("", ""), ("", "")))[0].widths == pytest.approx((0.5, 0.5))


def test_one_very_long_cell_leaves_the_others_whole() -> None:
    made = authored(("事项", "件数"), ("字" * 500, "1286"))
    assert lines_of(made)["1286"] == ["1286"]
    assert sizes_of(made) == {SHEET["cell_text"].size}


def test_no_number_in_twelve_columns_is_broken() -> None:
    made = authored(("单位", *HEADS), ("示例街道办事处", *TWELVE))
    lines = lines_of(made)
    assert all(lines[number] == [number] for number in TWELVE if number)
    assert len(lines["示例街道办事处"]) <= 2
    assert all(lines[head] == [head] for head in HEADS)
    assert findings(made) == []


def test_all_cells_of_a_table_have_one_size() -> None:
    assert len(sizes_of(authored(("单位", *HEADS), ("示例街道办事处", *TWELVE)))) == 1


def test_smaller_type_is_a_style_of_the_sheet() -> None:
    found, document = fitted(authored(("单位", *HEADS), ("示例街道办事处", *TWELVE)))
    names = {each.style for each in chain.from_iterable(found.rows)}
    assert not names & SHEET.styles.keys()
    assert {document.sheet[name].size for name in names} <= set(SIZES)
    assert len({document.sheet[name].label for name in names}) == len(names)


def test_a_label_column_is_not_starved_by_longer_texts() -> None:
    heads = ("单位", *(f"第{number}项指标数量" for number in range(1, 12)))
    texts = ("示例街道1", *("公回息政关开回政结政关" for _ in range(11)))
    lines = lines_of(authored(heads, texts, landscape=True))
    assert lines["示例街道1"] == ["示例", "街道1"]
    assert all(len(lines[head]) == 2 for head in heads[1:])
    assert all(len(line) > 1 for line in chain.from_iterable(lines.values()))


def test_labels_of_rows_take_one_line_if_there_is_room() -> None:
    heads = ("单位", *(f"第{number}项工作数量" for number in range(1, 9)))
    texts = ("青禾街道1", "公示", "栏目更新", "抽检结果通报", *("政策解读" for _ in range(5)))
    lines = lines_of(authored(heads, texts))
    assert lines["青禾街道1"] == ["青禾街道1"]


@pytest.mark.parametrize("count", range(2, 24))
def test_numbers_stay_whole_in_any_number_of_columns(count: int) -> None:
    made = authored([f"第{n}项" for n in range(count)], [str(10_007 * n)[:5] for n in range(count)])
    lines = lines_of(made)
    if not findings(made):
        assert all(len(found) == 1 for text, found in lines.items() if text.isdigit())
    else:
        assert count > 18


@pytest.mark.parametrize("landscape", [False, True])
def test_a_table_that_fits_at_no_readable_size_is_a_finding(landscape: bool) -> None:
    made = authored([f"栏{n}" for n in range(70)], ["1"] * 70, landscape=landscape)
    assert findings(made) == ["landscape" if landscape else "portrait"]


def test_a_table_with_more_columns_than_word_knows_is_a_finding() -> None:
    columns = ["1"] * MOST_COLUMNS
    assert findings(authored(columns, columns, landscape=True)) == []
    assert findings(authored([*columns, "1"], [*columns, "1"], landscape=True)) == ["landscape"]


def test_five_digits_fit_the_fifteen_columns_at_the_size_of_the_others() -> None:
    made = official("12196", *["0"] * 14)
    assert sizes_of(made) == {SHEET["cell_value"].size}
    assert lines_of(made)["12196"] == ["12196"]


def test_a_longer_number_makes_all_numbers_of_an_official_table_smaller() -> None:
    made = official("1219612", *["0"] * 14)
    (size,) = sizes_of(made)
    assert SIZES[-1] <= size < SHEET["cell_value"].size
    assert lines_of(made)["1219612"] == ["1219612"]


def test_only_the_numbers_of_an_official_table_are_made_smaller() -> None:
    made = official("1219612", *["0"] * 14)
    made = replace(made, rows=((*made.rows[0][:-1], cell(0, 14, "不详")),))
    assert sizes_of(made) == {SIZES[-1], SHEET["cell_value"].size}


def test_a_number_that_no_cell_holds_is_a_finding_with_the_number() -> None:
    made = official("123456789012", *["0"] * 14)
    (found,) = find_wide_tables(make_document(made), FONTS)
    assert (found.wording, found.values["数"]) == ("number", "123456789012")


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_the_table_of_requests_takes_one_page_with_its_heading(form: str) -> None:
    document = official_table(form, "requests", "1286")
    assert len(paginate(document, FONTS).pages) == 1


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize(("key", "number"), [("requests", "104683"), ("disputes", "12196")])
def test_the_longest_usual_numbers_keep_the_size_of_the_form(
    form: str, key: str, number: str
) -> None:
    document = fit_tables(official_table(form, key, number), FONTS)
    assert document.sheet.styles.keys() == FORMS[form].sheet.styles.keys()


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_the_labels_of_the_official_tables_are_not_torn(form: str) -> None:
    document = fit_tables(official_table(form, "requests", "0"), FONTS)
    made = next(block for block in document.blocks if isinstance(block, Table))
    lines = {
        each.node.text: [line.text for line in each.lines]
        for each in measure_table(made, document.sheet, FONTS).cells
    }
    for label in ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "自然人"):
        assert lines[label] == [label]
    assert lines["三、本年度办理结果"][0] == "三、"
    assert lines["（三）不予公开"] == ["（三）", "不予公开"]


def test_a_table_of_labels_alone_is_left_as_it_is() -> None:
    made = table([[cell(0, 0, "项目", "header"), cell(0, 1, "数量", "header")]], 2)
    assert fitted(made)[0] == made
    assert made.rows[0][0].role == CellRole.HEADER


TAIL = "政府信息公开工作年度报告"
ROOM = int(PAGE.text_width // SHEET["title"].pitch)
"""How many characters a line of the title holds."""


def broken(*runs: Run, at: tuple[int, ...]) -> list[str]:
    title = replace(heading("", 0), runs=runs, breaks=at)
    (found,) = break_titles(make_document(title), squares.FONTS).blocks
    assert isinstance(found, Heading)
    return [run.text for run in found.runs]


@pytest.mark.parametrize("spare", [0, 1])
def test_a_title_that_fits_one_line_is_left_on_it(spare: int) -> None:
    text = "题" * (ROOM - spare)
    assert broken(Run(text), at=(2,)) == [text]


def test_a_longer_title_is_broken_where_it_may_be() -> None:
    head = "甲" * (ROOM + 1 - len(TAIL))
    assert broken(Run(head + TAIL), at=(len(head),)) == [head, "\n", TAIL]


def test_a_longer_title_that_names_no_place_is_left_to_the_lines() -> None:
    text = "题" * (ROOM + 1)
    assert broken(Run(text), at=()) == [text]


def test_as_few_lines_as_possible_and_the_best_place_among_them() -> None:
    county, office = "甲" * (ROOM - 5), "乙" * 5
    end = len(county + office)
    assert broken(Run(county + office + TAIL), at=(end, len(county))) == [
        county + office,
        "\n",
        TAIL,
    ]
    longer = "丙" * 3 + county
    text = longer + office + TAIL
    assert broken(Run(text), at=(end + 3, len(longer))) == [longer, "\n", office + TAIL]


def test_of_two_ways_the_one_without_a_short_line_in_the_middle_is_taken() -> None:
    parts = "甲" * (ROOM - 5), "乙" * 5, "丙" * (len(TAIL) - 3), TAIL
    places = [len("".join(parts[:count])) for count in (3, 1, 2)]
    lines = broken(Run("".join(parts)), at=tuple(places))[0::2]
    assert lines == [parts[0], parts[1] + parts[2], TAIL]


def test_a_stretch_wider_than_a_line_is_broken_as_any_text() -> None:
    """Every break is in the document, so that no output breaks the title by itself."""
    wide = "甲" * (ROOM + 3)
    lines = broken(Run(wide + TAIL), at=(len(wide),))[0::2]
    assert "".join(lines) == wide + TAIL
    assert lines[-1] == TAIL
    assert all(len(line) <= ROOM for line in lines)


def test_a_name_of_many_parts_is_broken_in_no_time() -> None:
    text = "甲乙、" * 60 + TAIL
    lines = broken(Run(text), at=(len(text) - len(TAIL), *range(3, 180, 3)))[0::2]
    assert "".join(lines) == text
    assert all(len(line) <= ROOM for line in lines)


def test_runs_keep_their_looks_when_the_break_falls_between_or_within_them() -> None:
    head, tail = Run("甲" * (ROOM - 1), bold=True), Run("乙丙", notes=(1,))
    assert broken(head, tail, at=(ROOM - 1,)) == [head.text, "\n", "乙丙"]
    title = replace(heading("", 0), runs=(head, tail), breaks=(ROOM,))
    (found,) = break_titles(make_document(title), squares.FONTS).blocks
    assert isinstance(found, Heading)
    assert found.runs == (head, replace(tail, text="乙"), Run("\n"), replace(tail, text="丙"))


def test_the_places_of_a_broken_title_are_kept_for_narrower_screens() -> None:
    text = "甲" * (ROOM - 1) + "乙丙"
    title = replace(heading("", 0), runs=(Run(text),), breaks=(ROOM, 2, ROOM - 1))
    (found,) = break_titles(make_document(title), squares.FONTS).blocks
    assert isinstance(found, Heading)
    assert found.text == "甲" * (ROOM - 1) + "乙\n丙"
    assert [found.text[place:] for place in found.breaks] == [
        "丙",
        found.text[2:],
        "乙\n丙",
    ]


def test_nothing_else_of_a_document_changes() -> None:
    document = make_document(heading("一、总体情况"), paragraph("甲" * 100))
    assert break_titles(document, squares.FONTS).blocks == document.blocks
