"""A number that was taken out of a finished file is missed, whatever the file's format."""

from __future__ import annotations

import io
import re

import docx

from reportgen.finished import read_published
from tests.visual.samples import build_sample

NAME, NUMBER = "yunxi-market-2024", "37"
"""A sample, and the number in its row 行政强制, which nothing else in the report repeats."""


def page_without_the_number() -> bytes:
    page = build_sample(NAME, "html").decode()
    blank, count = re.subn(f'(data-cell="主动公开/行政强制/[^>]*>){NUMBER}<', r"\1<", page)
    assert count == 1
    return blank.encode()


def docx_without_the_number() -> bytes:
    document = docx.Document(io.BytesIO(build_sample(NAME, "docx")))
    (row,) = [row for row in document.tables[0].rows if row.cells[0].text == "行政强制"]
    for run in (run for paragraph in row.cells[-1].paragraphs for run in paragraph.runs):
        run.text = ""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_blank_cell_of_a_finished_file_is_told() -> None:
    for data in (page_without_the_number(), docx_without_the_number()):
        read = read_published(data, check=True)
        assert "R119" in [item.code for item in read.diagnostics]
        assert read.report is not None
        (blank,) = [cell for path, cell in read.report.cells.items() if "行政强制" in path]
        assert blank.number is None
