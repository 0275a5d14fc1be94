"""A finished file → the report in it.

Which form it follows is told from the labels of its tables, never from the year.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from reportgen.forms import Form, complete_cells
from reportgen.model import Report
from reportgen.published.found import FoundFile
from reportgen.published.sections import ReadText, read_text_of
from reportgen.published.tables import ReadTables, best_form

ENOUGH = 0.5
"""The share of a form's rows that a file must have to hold its tables."""


class Published(Struct, frozen=True):
    """A report read back from a finished file."""

    report: Report
    form: Form
    tables: ReadTables
    text: ReadText


def recognise(found: FoundFile, forms: Sequence[Form], year: int | None = None) -> Published | None:
    """Return the report that *found* holds, None when the tables of none of *forms* are in it.

    *year* is the year meant where the file does not say.
    """
    tables = next(best_form(list(found.tables), forms), None)
    if tables is None or tables.share < ENOUGH:
        return None
    text = read_text_of(found, tables.form, tables.used)
    report = Report(
        organ=text.head.organ,
        year=text.head.year or year or tables.form.first_year,
        title=text.head.title,
        kind=next(iter(tables.form.kinds), ""),
        form=tables.form.id,
        date=text.head.date,
        cells=complete_cells(tables.form, tables.cells, zero_missing=False),
        narrative=text.narrative,
        narrative_path=found.path,
    )
    return Published(report, tables.form, tables, text)
