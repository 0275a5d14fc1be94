"""Tables of random balanced reports, and ways in which tables come torn out of other programs.

Each way says which rows of the form it touched; the cells of all other rows must still be read.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from html import escape
from itertools import takewhile, zip_longest

from msgspec import Struct, field

from reportgen.forms import UNITS, Form, ValueKind, complete_cells, show_quantity
from reportgen.model import CellPath, Quantity
from reportgen.published import Published, recognise
from reportgen.published.found import Finder, FoundFile, RawCell, RawTable
from reportgen.styles import CellRole
from tests.builders import FORMS
from tests.unit.published.blocks import file_of, p, table


class Row(Struct):
    """A row on its way to a file: the texts of its cells, and the form's rows it shows, if any."""

    texts: list[str]
    shows: tuple[str, ...] = ()
    spans: list[tuple[int, int]] = field(default_factory=list)


class Torn(Struct):
    """The tables of a report, torn; ``touched`` are the rows (``申请/本年新收``) that were."""

    tables: list[list[Row]]
    touched: set[str] = field(default_factory=set)


def balanced(form: Form, chance: random.Random) -> Mapping[CellPath, Quantity]:
    """Return numbers for every cell of *form* that agree with its identities of totals."""
    cells: dict[CellPath, Quantity] = {}
    for name, cell in form.value_cells.items():
        if name in form.totals:
            continue
        number = chance.choice((0, 0, 0, 1, 2, 3, chance.randrange(10), chance.randrange(3000)))
        if cell.type.kind == ValueKind.MONEY:
            cells[name] = Quantity(Decimal(number) / 4, "")
        else:
            cells[name] = Quantity(number, "")
    return complete_cells(form, cells, zero_missing=False)


def tables_of(form: Form, cells: Mapping[CellPath, Quantity]) -> Torn:
    """Return the official tables of *form* with *cells* filled in."""
    tables = []
    for grid in form.tables.values():
        rows = []
        for row in grid.rows:
            made = Row([])
            for cell in row:
                is_value = cell.role == CellRole.VALUE
                text = show_quantity(cells[cell.path], cell.type) if is_value else cell.label
                made.texts.append(text)
                made.spans.append((cell.row_span, cell.column_span))
                if is_value and row_of(cell.path) not in made.shows:
                    made.shows += (row_of(cell.path),)
            rows.append(made)
        tables.append(rows)
    return Torn(tables)


def row_of(path: CellPath) -> str:
    """Return the row that the cell *path* stands in."""
    return path.row


def found(torn: Torn) -> FoundFile:
    """Return *torn* as a reader of files finds it."""
    finder = Finder("年报")
    for rows in torn.tables:
        finder.add(RawTable([[RawCell(text) for text in row.texts] for row in rows]))
    return finder.finished()


def as_page(torn: Torn, chance: random.Random) -> bytes:
    """Return *torn* as a page, its spans as they were, left out or wrong."""
    lines = ["<!doctype html><meta charset=utf-8><title>年报</title><body>"]
    for rows in torn.tables:
        honest = chance.random() < 0.5
        lines.append("<table>")
        for row in rows:
            spans = row.spans if honest and len(row.spans) == len(row.texts) else []
            cells = []
            for n, text in enumerate(row.texts):
                down, across = spans[n] if spans else (1, chance.choice((1, 1, 1, 1, 2)))
                cells.append(f'<td rowspan="{down}" colspan="{across}"><p>{escape(text)}</p></td>')
            lines.append(f"<tr>{''.join(cells)}</tr>")
        lines.append("</table><p>　</p>")
    return "\n".join(lines).encode()


def as_text(torn: Torn) -> bytes:
    """Return *torn* as a browser copies it: cells parted by tabs."""
    tables = ("\n".join("\t".join(row.texts) for row in rows) for rows in torn.tables)
    return "\n\n".join(tables).encode()


def _some(torn: Torn, chance: random.Random) -> tuple[list[Row], int]:
    rows = chance.choice([rows for rows in torn.tables if rows])
    return rows, chance.randrange(len(rows))


def _with_values(torn: Torn, chance: random.Random) -> tuple[list[Row], int]:
    choices = [(rows, i) for rows in torn.tables for i, row in enumerate(rows) if row.shows]
    return chance.choice(choices)


def drop_row(torn: Torn, chance: random.Random) -> None:
    """Leave out a row."""
    rows, i = _some(torn, chance)
    _touch(torn, rows[i])
    del rows[i]


def double_row(torn: Torn, chance: random.Random) -> None:
    """Write a row twice, the second time with another number."""
    rows, i = _with_values(torn, chance)
    texts = list(rows[i].texts)
    if chance.random() < 0.5:
        texts[-1] = str(chance.randrange(100))
    rows.insert(i + 1, Row(texts))
    _touch(torn, rows[i])


def misspell_label(torn: Torn, chance: random.Random) -> None:
    """Change, drop or add a character of a label."""
    rows, i = _some(torn, chance)
    row = rows[i]
    at = next((n for n, text in reversed(list(enumerate(row.texts))) if _is_label(text)), None)
    if at is None:
        return
    text = row.texts[at]
    place = chance.randrange(len(text))
    new = chance.choice(("", "某", text[place] + "的"))
    row.texts[at] = text[:place] + new + text[place + 1 :]
    for other in rows if not row.shows else [row]:
        _touch(torn, other)


def run_together(torn: Torn, chance: random.Random) -> None:
    """Write the numbers of a row in one cell, or two of them."""
    rows, i = _with_values(torn, chance)
    row = rows[i]
    first = next(n for n, text in enumerate(row.texts) if not _is_label(text))
    if chance.random() < 0.5:
        row.texts[first:] = ["".join(row.texts[first:])]
    elif len(row.texts) - first > 1:
        at = chance.randrange(first, len(row.texts) - 1)
        row.texts[at : at + 2] = [row.texts[at] + row.texts[at + 1]]
    _touch(torn, row)


def spell_number(torn: Torn, chance: random.Random) -> None:
    """Write a number in words."""
    rows, i = _with_values(torn, chance)
    row = rows[i]
    row.texts[chance.choice([n for n, t in enumerate(row.texts) if not _is_label(t)])] = "十九"
    _touch(torn, row)


def swap_columns(torn: Torn, chance: random.Random) -> None:
    """Swap two columns of the applicants, heads and numbers alike."""
    rows = next(rows for rows in torn.tables if any("自然人" in row.texts for row in rows))
    heads = next(row for row in rows if "科研机构" in row.texts)
    a, b = chance.sample(range(len(heads.texts)), 2)
    heads.texts[a], heads.texts[b] = heads.texts[b], heads.texts[a]
    for row in rows:
        if row.shows and sum(not _is_label(text) for text in row.texts) == len(heads.texts) + 2:
            base = len(row.texts) - 6
            row.texts[base + a], row.texts[base + b] = row.texts[base + b], row.texts[base + a]


def swap_values(torn: Torn, chance: random.Random) -> None:
    """Drop a number of a row, so that those behind it move up."""
    rows, i = _with_values(torn, chance)
    row = rows[i]
    places = [n for n, text in enumerate(row.texts) if not _is_label(text)]
    del row.texts[chance.choice(places)]
    _touch(torn, row)


def blank_cells(torn: Torn, chance: random.Random) -> None:
    """Fill the places under merged cells with blanks, as spreadsheets do."""
    rows = chance.choice(torn.tables)
    for row in rows:
        labels = sum(_is_label(text) for text in row.texts)
        row.texts[0:0] = [""] * chance.randrange(3) if labels else []


def title_row(torn: Torn, chance: random.Random) -> None:
    """Put a title above a table."""
    chance.choice(torn.tables).insert(0, Row(["某市某局政府信息公开情况统计表（2024年）"]))


def add_row(torn: Torn, chance: random.Random) -> None:
    """Put in a row that no form has."""
    rows, i = _with_values(torn, chance)
    count = len(rows[i].texts)
    rows.insert(i, Row(["其中：依法转办的", *[str(chance.randrange(5)) for _ in range(count - 1)]]))


def halve(torn: Torn, chance: random.Random) -> None:
    """Part a table in two; sometimes the heads are repeated."""
    at = chance.randrange(len(torn.tables))
    rows = torn.tables[at]
    cut = chance.randrange(len(rows))
    heads = []
    if chance.random() < 0.5:
        heads = [Row(list(row.texts)) for row in rows[:cut] if not row.shows][:3]
    torn.tables[at : at + 1] = [rows[:cut], heads + rows[cut:]]


def one_table(torn: Torn, chance: random.Random) -> None:
    """Write all tables as one."""
    torn.tables[:] = [[row for rows in torn.tables for row in rows]]


def without_numbering(torn: Torn, chance: random.Random) -> None:
    """Leave out the numbering of the labels."""
    import re

    for rows in torn.tables:
        for row in rows:
            row.texts[:] = [
                re.sub(r"^(?:[一二三四]、|（[一二三四五六七八]）|\d\.)", "", text)
                if _is_label(text)
                else text
                for text in row.texts
            ]


def repeat_merged(torn: Torn, chance: random.Random) -> None:
    """Write the label of a group into each of its rows, as unmerged cells have it."""
    group = ""
    for rows in torn.tables:
        for row in rows:
            labels = [text for text in row.texts if _is_label(text)]
            if len(labels) > 1 and row.shows:
                group = labels[-2]
            elif group and len(labels) == 1 and row.shows and re_numbered(labels[0]):
                row.texts.insert(0, group)


def re_numbered(label: str) -> bool:
    """Return whether *label* is an item of a group."""
    return label[:1].isdigit()


def drop_heads(torn: Torn, chance: random.Random) -> None:
    """Leave out a row of heads."""
    choices = [(rows, i) for rows in torn.tables for i, row in enumerate(rows) if not row.shows]
    if choices:
        rows, i = chance.choice(choices)
        del rows[i]
        for row in rows:
            _touch(torn, row)


def other_unit(torn: Torn, chance: random.Random) -> None:
    """Write an amount in another unit, which the head, the label or the cell says, or nothing."""
    rows, i = _head_of_money(torn, chance)
    at = next(n for n, text in enumerate(rows[i].texts) if "金额" in text)
    head, row = rows[i], rows[i + 1]
    if not torn.touched.isdisjoint(row.shows):  # its unit is not what it was
        return
    _touch(torn, row)
    was = "元" if row.texts[-1].endswith("元") else "万元"
    unit = chance.choice(list(UNITS))
    amount = Decimal(row.texts[-1].removesuffix("元")) * UNITS[was] / UNITS[unit]
    row.texts[-1] = f"{amount.normalize():f}"
    head.texts[at] = head.texts[at].partition("（")[0]
    stated = chance.choice(("（单位：{}）", "({})", "/{}", " {}")).format(unit)
    where = chance.choice(("head", "label", "cell", ""))
    if where == "head":
        head.texts[at] += stated
    elif where == "label":
        row.texts[0] += stated
    elif where == "cell":
        row.texts[-1] += unit
    else:  # nobody could tell
        row.texts[-1] = f"{(amount * UNITS[unit] / UNITS[was]).normalize():f}"


def note_unit(torn: Torn, chance: random.Random) -> None:
    """Put a note about the unit above the table with an amount."""
    rows, i = _head_of_money(torn, chance)
    unit = chance.choice(("元", "万元", "件、万元", "件"))
    rows.insert(chance.choice((0, i)), Row([f"单位：{unit}"]))
    for row in rows:
        if any("收费" in text or "采购" in text for text in row.texts):
            _touch(torn, row)


def _head_of_money(torn: Torn, chance: random.Random) -> tuple[list[Row], int]:
    choices = [
        (rows, i)
        for rows in torn.tables
        for i, row in enumerate(rows[:-1])
        if any("金额" in text for text in row.texts) and rows[i + 1].shows and not row.shows
    ]
    return chance.choice(choices)


def merge_labels(torn: Torn, chance: random.Random) -> None:
    """Write the labels of a row into one cell."""
    rows, i = _with_values(torn, chance)
    texts = rows[i].texts
    count = sum(_is_label(text) for text in texts)
    if count > 1:
        texts[:count] = ["".join(texts[:count])]
        _touch(torn, rows[i])


def split_label(torn: Torn, chance: random.Random) -> None:
    """Break a label of a head into two rows, or one of a row into two cells."""
    rows, i = _some(torn, chance)
    row = rows[i]
    at = next((n for n, text in enumerate(row.texts) if len(text) > 3 and _is_label(text)), None)
    if at is None:
        return
    text, cut = row.texts[at], len(row.texts[at]) // 2
    if row.shows:
        row.texts[at : at + 1] = [text[:cut], text[cut:]]
        _touch(torn, row)
        return
    row.texts[at] = text[:cut]
    rows.insert(i + 1, Row([text[cut:] if n == at else "" for n in range(len(row.texts))]))
    for other in rows:
        _touch(torn, other)


def merge_heads(torn: Torn, chance: random.Random) -> None:
    """Write two rows of heads as one."""
    choices = [
        (rows, i)
        for rows in torn.tables
        for i, row in enumerate(rows[:-1])
        if not row.shows and not rows[i + 1].shows
    ]
    rows, i = chance.choice(choices)
    rows[i].texts.extend(rows.pop(i + 1).texts)
    for row in rows:
        _touch(torn, row)


def dress_numbers(torn: Torn, chance: random.Random) -> None:
    """Write numbers as people do: full-width, with separators, strokes or nothing for 0."""
    rows, _ = _with_values(torn, chance)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for row in rows:
        for n, text in enumerate(row.texts):
            if not text.isdigit():
                continue
            ways = [text, text.translate(wide), f" {text}\u3000", f"{int(text):,}"]
            row.texts[n] = chance.choice(ways if text != "0" else [*ways, "/", "—", ""])


def dress_labels(torn: Torn, chance: random.Random) -> None:
    """Write labels with blanks, half-width brackets and other quotes."""
    ways = [("（", "("), ("）", ")"), ("“", '"'), ("”", '"'), ("、", "、 "), ("其他", "其它")]
    for rows in torn.tables:
        for row in rows:
            for n, text in enumerate(row.texts):
                if _is_label(text) and chance.random() < 0.3:
                    row.texts[n] = text.replace(*chance.choice(ways))


def add_column(torn: Torn, chance: random.Random) -> None:
    """Put in a column: numbers of rows on the left, or last year's or remarks on the right."""
    rows, _ = _with_values(torn, chance)
    kind = chance.choice(("序号", "上年", "备注"))
    for number, row in enumerate(rows):
        text = str(number) if row.shows else kind
        if kind == "序号":
            row.texts.insert(0, text)
        else:
            row.texts.append(text if kind == "上年" or not row.shows else "")
            _touch(torn, row)


def drop_column(torn: Torn, chance: random.Random) -> None:
    """Leave out the last column of a table, heads and numbers alike."""
    rows, _ = _with_values(torn, chance)
    for row in rows:
        if len(row.texts) > 1:
            del row.texts[-1]
            _touch(torn, row)


def swap_rows(torn: Torn, chance: random.Random) -> None:
    """Write two neighbouring rows in the other order."""
    rows, i = _with_values(torn, chance)
    if i + 1 < len(rows) and rows[i + 1].shows:
        rows[i], rows[i + 1] = rows[i + 1], rows[i]
        _touch(torn, rows[i])
        _touch(torn, rows[i + 1])


def add_last_year(torn: Torn, chance: random.Random) -> None:
    """Put last year's tables behind this year's."""
    for rows in list(torn.tables):
        other = [Row([_other(text, chance) for text in row.texts]) for row in rows]
        torn.tables.append(other)


def _other(text: str, chance: random.Random) -> str:
    return str(chance.randrange(50)) if text.isdigit() else text


def footnote(torn: Torn, chance: random.Random) -> None:
    """Put the sign of a footnote behind a number."""
    rows, i = _with_values(torn, chance)
    at = [n for n, text in enumerate(rows[i].texts) if not _is_label(text)]
    n = chance.choice(at)
    rows[i].texts[n] += chance.choice(("①", "[1]", "*", "件", "（注）"))
    _touch(torn, rows[i])


def count_things(torn: Torn, chance: random.Random) -> None:
    """Write counts with the word for what is counted, or with decimals, as programs do."""
    rows, _ = _with_values(torn, chance)
    for row in rows:
        for n, text in enumerate(row.texts):
            if text.isdigit() and chance.random() < 0.7:
                row.texts[n] = chance.choice(("{}件", "{} 件", "{}（件）", "{}份", "{}.0", "{}.00"))
                row.texts[n] = row.texts[n].format(text)


def name_nothing(torn: Torn, chance: random.Random) -> None:
    """Write a sign or a word in place of each 0."""
    rows, _ = _with_values(torn, chance)
    ways = ("－", "/", "无", "--", "×", "〇", "零", "O", "N/A")
    for row in rows:
        if row.shows and "0" in row.texts:
            row.texts[:] = [chance.choice(ways) if text == "0" else text for text in row.texts]
            _touch(torn, row)


def add_to_numbers(torn: Torn, chance: random.Random) -> None:
    """Write more than the number into the cells of a row: last year's, a range, a share."""
    rows, i = _with_values(torn, chance)
    ways = (
        "{}（上年3）",
        "{}/7",
        "约{}",
        "{}%",
        "{}～9",
        "{}万",
        "{}.5",
        "{}人次",
        "其中{}",
        "第{}",
    )
    row = rows[i]
    row.texts[:] = [
        text if _is_label(text) else chance.choice((*ways, "{}")).format(text) for text in row.texts
    ]
    _touch(torn, row)


def number_into_label(torn: Torn, chance: random.Random) -> None:
    """Write the first number of a row, or all of them, into the cell of its label."""
    rows, i = _with_values(torn, chance)
    row = rows[i]
    first = next(n for n, text in enumerate(row.texts) if not _is_label(text))
    end = chance.choice((first + 1, len(row.texts)))
    mark = chance.choice((" ", "：", ""))
    row.texts[first - 1 : end] = [mark.join(row.texts[first - 1 : end])] if first else []
    _touch(torn, row)


def merge_rows(torn: Torn, chance: random.Random) -> None:
    """Write two rows as one, their texts below each other in each cell."""
    rows, i = _with_values(torn, chance)
    upper, lower = rows[i], rows[i + 1]
    if lower.shows and len(upper.texts) == len(lower.texts):
        mark = chance.choice(("\n", " ", ""))
        upper.texts[:] = map(mark.join, zip(upper.texts, lower.texts, strict=True))
        del rows[i + 1]
        _touch(torn, upper)
        _touch(torn, lower)


def repeat_heads(torn: Torn, chance: random.Random) -> None:
    """Repeat the heads in the middle of a table, as the pages of a document do."""
    rows, i = _with_values(torn, chance)
    heads = [Row(list(row.texts)) for row in takewhile(lambda row: not row.shows, rows)]
    mark = chance.choice(("续表", "（续上表）", "— 3 —", "第 3 页 共 6 页", ""))
    rows[i:i] = [Row([mark]), *heads] if mark else heads


def lower_heads(torn: Torn, chance: random.Random) -> None:
    """Move the heads of a table below some of its rows."""
    rows = chance.choice(torn.tables)
    heads = list(takewhile(lambda row: not row.shows, rows))
    place = chance.randrange(1, len(rows) - len(heads) + 1)
    body = rows[len(heads) :]
    rows[:] = [*body[:place], *heads, *body[place:]]
    for row in body:
        _touch(torn, row)


_APPLICANTS = 7
"""The columns of the table of applicants, the total included."""


def move_total(torn: Torn, chance: random.Random) -> None:
    """Move the column of totals of the applicants to the front, or leave it out."""
    rows = next(rows for rows in torn.tables if any("自然人" in row.texts for row in rows))
    is_kept = chance.random() < 0.5
    for row in rows:
        if not row.shows and "总计" in row.texts:
            row.texts.remove("总计")
            row.texts[0:0] = ["总计"] * is_kept
        elif sum(not _is_label(text) for text in row.texts) == _APPLICANTS:
            first = next(n for n, text in enumerate(row.texts) if not _is_label(text))
            row.texts[first:first] = [row.texts.pop()][:is_kept]
            _touch(torn, row)


def remark_row(torn: Torn, chance: random.Random) -> None:
    """Put a row with a remark at the end of a table, or in it."""
    rows = chance.choice(torn.tables)
    remarks = (
        ["注：其他处理中含转送 3 件"],
        ["备注", "3"],
        ["填表人：张三", "2025年1月15日", "审核人：李四"],
        ["", "1", "2", "3", "4", "5", "6", "7"],
    )
    rows.insert(
        chance.choice((len(rows), chance.randrange(len(rows)))), Row(chance.choice(remarks))
    )


def add_other_organ(torn: Torn, chance: random.Random) -> None:
    """Put the tables of another organ, or of last year, before this one's."""
    for rows in torn.tables:
        for row in rows:
            _touch(torn, row)
    other = [[Row([_other(t, chance) for t in row.texts]) for row in rows] for rows in torn.tables]
    torn.tables[0:0] = other


def add_columns_of_last_year(torn: Torn, chance: random.Random) -> None:
    """Put last year's number, or none, behind each number, with or without a head."""
    rows, _ = _with_values(torn, chance)
    heads = chance.choice((("", ""), ("（本年）", "（上年）"), ()))
    for row in rows:
        if row.shows:
            pairs = [
                (text,) if _is_label(text) else (text, _other(text, chance)) for text in row.texts
            ]
            row.texts[:] = [text for pair in pairs for text in pair]
            _touch(torn, row)
        elif heads:
            row.texts[:] = [text + mark for text in row.texts for mark in heads]


def lay_down(torn: Torn, chance: random.Random) -> None:
    """Write the rows of a table as columns."""
    at = chance.randrange(len(torn.tables))
    for row in [row for rows in torn.tables for row in rows]:
        _touch(torn, row)  # columns of numbers look like the row without a label
    columns = zip_longest(*(row.texts for row in torn.tables[at]), fillvalue="")
    torn.tables[at] = [Row(list(texts)) for texts in columns]


WAYS: tuple[Callable[[Torn, random.Random], None], ...] = (
    drop_row, double_row, misspell_label, spell_number, run_together, swap_columns, swap_values,
    blank_cells, title_row, add_row, halve, one_table, without_numbering, repeat_merged, drop_heads,
    other_unit, note_unit, merge_labels, split_label, merge_heads, dress_numbers, dress_labels,
    add_column, drop_column, swap_rows, add_last_year, footnote, count_things, name_nothing,
    add_to_numbers, number_into_label, merge_rows, repeat_heads, lower_heads, move_total,
    remark_row, add_other_organ, add_columns_of_last_year, lay_down,
)  # fmt: skip


def _touch(torn: Torn, row: Row) -> None:
    torn.touched.update(row.shows)


def _is_label(text: str) -> bool:
    return any(not (char.isascii() or char.isspace()) for char in text.rstrip("元十百千万亿"))


def with_tables(torn: Torn, *lines: str) -> FoundFile:
    """Return a file of *lines* and the tables *torn*."""
    tables = [table(*("|".join(row.texts) for row in rows)) for rows in torn.tables]
    return file_of(*(p(line) for line in lines), *tables)


def read(torn: Torn, *lines: str) -> Published:
    """Return the report in a file of *lines* and the tables *torn*."""
    report = recognise(with_tables(torn, *lines), list(FORMS.values()))
    assert report is not None
    return report
