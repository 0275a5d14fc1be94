"""Hypothesis strategies for reports whose tables balance, as numbers and as typed YAML.

The totals are computed here without the form's identities, so that the checks are tested
independently.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from hypothesis import strategies as st

from reportgen.forms.grid import GridCell
from tests.builders import APPLICANTS, FORMS

Numbers: TypeAlias = dict[str, int | Decimal]

RECEIVED, BROUGHT_FORWARD = "本年新收", "上年结转"
RESULT_TOTAL, CARRIED_FORWARD = "总计", "结转下年度"
COLUMNS = (*APPLICANTS, "总计")
OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结")
PROCEDURES = ("行政复议", "未经复议直接起诉", "复议后起诉")

_SMALL = st.integers(0, 30)
_COUNT = st.integers(0, 12_000_000)
_CHANGE = st.integers(-500, 500)
_MONEY = st.decimals(min_value=0, max_value=10**9, places=4)
_KINDS: dict[str, st.SearchStrategy[int | Decimal]] = {
    "count": _COUNT,
    "change": _CHANGE,
    "money": _MONEY,
}


def request_rows(form: str) -> tuple[str, ...]:
    """Return the rows of the requests table of *form*, in order."""
    paths = [path for path in FORMS[form].value_cells if path.table == "申请"]
    return tuple(dict.fromkeys(str(path.within_table.row) for path in paths))


def result_rows(form: str) -> tuple[str, ...]:
    """Return the rows of the single results: what adds up to （七）总计."""
    others = (RECEIVED, BROUGHT_FORWARD, RESULT_TOTAL, CARRIED_FORWARD)
    return tuple(row for row in request_rows(form) if row not in others)


@st.composite
def balanced_numbers(draw: st.DrawFn, form: str) -> Numbers:
    """Draw a number for every cell of *form*; every identity holds."""
    numbers: Numbers = {}
    for applicant in APPLICANTS:
        numbers |= _requests(draw, form, applicant)
    for row in request_rows(form):
        numbers[f"申请/{row}/总计"] = sum(numbers[f"申请/{row}/{name}"] for name in APPLICANTS)
    for procedure in PROCEDURES:
        results = {f"复议诉讼/{procedure}/{name}": draw(_SMALL) for name in OUTCOMES}
        numbers |= results
        numbers[f"复议诉讼/{procedure}/总计"] = sum(results.values())
    for name, cell in FORMS[form].value_cells.items():
        if name not in numbers:
            numbers[name] = draw(_KINDS[cell.type.kind])
    return {name: numbers[name] for name in FORMS[form].value_cells}


def _requests(draw: st.DrawFn, form: str, applicant: str) -> Numbers:
    """Return one applicant's column without its sums over applicants."""
    rows = result_rows(form)
    results = draw(st.lists(_SMALL, min_size=len(rows), max_size=len(rows)))
    carried = draw(_SMALL)
    received = draw(st.integers(0, sum(results) + carried))
    column = dict(zip(rows, results, strict=True)) | {
        RESULT_TOTAL: sum(results),
        CARRIED_FORWARD: carried,
        RECEIVED: received,
        BROUGHT_FORWARD: sum(results) + carried - received,
    }
    return {f"申请/{row}/{applicant}": number for row, number in column.items()}


@st.composite
def table_yaml(draw: st.DrawFn, form: str, numbers: Numbers) -> str:
    """Draw one of the ways in which a clerk types *numbers* as the tables of *form*.

    A row is a mapping or a list, a list with or without its total, numbers plain,
    quoted or full-width, keys short or as officially numbered.
    """
    lines: list[str] = []
    for grid in FORMS[form].tables.values():
        lines.append(f"{grid.key}:")
        shown: tuple[str, ...] = ()
        rows: dict[tuple[str, ...], list[GridCell]] = {}
        for cell in grid.value_cells():
            rows.setdefault(cell.keys[1:-1], []).append(cell)
        for row, cells in rows.items():
            if len(row) > 1 and row[:1] != shown:
                lines.append(f"  {_key(draw, row[0])}:")
            shown = row[:1] if len(row) > 1 else ()
            indent = "  " * len(row)
            lines.append(f"{indent}{_key(draw, row[-1])}: {_row(draw, cells, numbers)}")
    return "\n".join(lines) + "\n"


def _row(draw: st.DrawFn, cells: list[GridCell], numbers: Numbers) -> str:
    has_total = cells[-1].path.column == "总计"
    if has_total and draw(st.booleans()):
        cells = cells[:-1]
    texts = [_number(draw, numbers[cell.path], cell) for cell in cells]
    if draw(st.booleans()):
        return "[" + ", ".join(texts) + "]"
    keys = [_key(draw, cell.path.column) for cell in cells]
    return "{" + ", ".join(f"{key}: {text}" for key, text in zip(keys, texts, strict=True)) + "}"


def _number(draw: st.DrawFn, number: int | Decimal, cell: GridCell) -> str:
    plain = f"{number:f}" if isinstance(number, Decimal) else str(number)
    styles: list[Callable[[str], str]] = [str, _quoted, _full_width]
    if cell.type.kind == "change" and number > 0:
        styles.append("+{}".format)
    if cell.type.kind == "money":
        styles.append(("{}" + str(cell.type.unit)).format)
    return draw(st.sampled_from(styles))(plain)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _full_width(text: str) -> str:
    digits = {ord("0") + n: ord("０") + n for n in range(10)}
    return _quoted(text.translate({**digits, ord("."): "．", ord("-"): "－"}))


def _key(draw: st.DrawFn, key: str) -> str:
    return draw(st.sampled_from([key, f"（一）{key}", f"1.{key}", f'" {key}"']))


@st.composite
def balanced_yaml(draw: st.DrawFn, form: str) -> tuple[Numbers, str]:
    """Draw a balanced report of *form*: its numbers and a ``report.yaml`` that says them."""
    numbers = draw(balanced_numbers(form))
    year = draw(st.integers(2019, 2020) if form == "2019" else st.integers(2021, 2030))
    return numbers, f"单位: 某市某局\n年度: {year}\n" + draw(table_yaml(form, numbers))
