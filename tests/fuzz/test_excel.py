"""Any bytes as 数据.xlsx give findings, never an exception."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.findings_text import render_full, render_json, render_short
from reportgen.readers.workbook import read_tables, read_workbook
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, quantities, zeros

SOUND = fill_workbook(FORMS["2021"], quantities(zeros("2021")))
with zipfile.ZipFile(io.BytesIO(SOUND)) as _archive:
    PARTS = {name: _archive.read(name) for name in _archive.namelist()}
XML = [
    b'<c r="A1"><v>1</v></c>', b'<row r="5">', b"<v>nan</v>", b"<v>1e999</v>", b"<f>A1</f>",
    b' t="s"', b' t="d"', b' t="b"', b' t="e"', b' s="999"', b"-1", b"999999999999", b"\xff",
    b"&lt;", b"&x;", b"<", b"", "表三".encode(), b"</sheetData>", b'r="ZZZZ1"', b'r=""',
]  # fmt: skip


def check(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "数据.xlsx")
        path.write_bytes(data)
        workbook, found = read_workbook(path)
    assert (workbook is None) == any(item.slug == "workbook-unreadable" for item in found)
    for form in FORMS.values():
        tables = read_tables(workbook, form) if workbook else None
        findings = form.rulebook.word_all([*found, *(tables.found if tables else ())])
        assert all(item.hint and item.message and item.path for item in findings)
        render_full(findings), render_short(findings), render_json(findings)


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    check(data)


@given(st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x05\x06"]),
       st.binary(max_size=300))  # fmt: skip
def test_any_bytes_behind_a_known_head(head: bytes, data: bytes) -> None:
    check(head + data)


@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), max_size=8))
@settings(max_examples=60)
def test_damaged_bytes_of_a_sound_workbook(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SOUND)
    for place, value in changes:
        data[place] = value
    check(bytes(data))


@given(st.integers(0, len(SOUND)))
@settings(max_examples=40)
def test_sound_workbook_cut_short(length: int) -> None:
    check(SOUND[:length])


@st.composite
def damaged_parts(draw: st.DrawFn) -> bytes:
    """Draw a sound archive in which one part is missing or has its XML changed."""
    parts = dict(PARTS)
    name = draw(st.sampled_from(sorted(parts)))
    text = parts.pop(name)
    if draw(st.integers(0, 4)):
        for _ in range(draw(st.integers(1, 4))):
            start = draw(st.integers(0, len(text)))
            stop = start + draw(st.integers(0, 30))
            text = text[:start] + draw(st.sampled_from(XML)) + text[stop:]
        parts[name] = text
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@given(damaged_parts())
@settings(max_examples=150)
def test_damaged_parts_of_a_sound_workbook(data: bytes) -> None:
    check(data)


_values = st.one_of(
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
    st.sampled_from(["=1/0", "#REF!", "#N/A", "=", "总计", "自然人", "1.属于国家秘密", "/"]),
)


@given(st.dictionaries(st.tuples(st.integers(1, 40), st.integers(1, 14)), _values, max_size=40))
@settings(max_examples=25)
def test_any_values_anywhere(values: dict[tuple[int, int], object]) -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(SOUND))
    for sheet in book.worksheets:
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        for (row, column), value in values.items():
            sheet.cell(row, column).value = value  # type: ignore[assignment]
    stream = io.BytesIO()
    book.save(stream)
    check(stream.getvalue())
