"""The text files of a new folder, from the templates ``starter.yaml.j2`` and ``starter.md.j2``.

Both are looked up like every template: a report folder's own, one of the form, one of its
report, the shipped one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TypeAlias

from msgspec import Struct

from reportgen.forms import Edition, Form, GridCell, Library, TableGrid, show_quantity
from reportgen.located import yaml_scalar
from reportgen.model import CellPath, Quantity
from reportgen.problems import EnvironmentProblem

DATA_TEMPLATE = "starter.yaml.j2"
NARRATIVE_TEMPLATE = "starter.md.j2"
LONGEST_MAPPING = 4
"""A row of more numbers is a list, so that it can be typed from left to right."""

Cells: TypeAlias = Mapping[CellPath, Quantity]


class Scaffold(Struct, frozen=True):
    """What a new report begins with."""

    organ: str
    year: int | None
    """None where it is not known; the year is left blank then."""
    report: str
    """The official name of the kind of report; empty for the usual one."""
    contact: Mapping[str, str]
    previous: str
    """The path to last year's folder from the new one; may be empty."""
    cells: Mapping[CellPath, Quantity]
    """The numbers known: taken over from last year, or read from a finished report.

    Every other cell is 0; a total is left out unless it is among them.
    """
    workbook: str = ""
    """The name of the workbook that holds the tables; empty when they are in the text."""
    title: str = ""
    """The title, where it is not the form's."""
    form: str = ""
    """The identity of the form, where the year would choose another."""
    date: datetime.date | None = None
    """成文日期, where it is known."""


def data_text(scaffold: Scaffold, form: Form, library: Library) -> str:
    """Return ``report.yaml``; EnvironmentProblem when its template is wrong."""
    names = {
        "内容": _one_line(form.subject),
        "依据": _one_line(form.basis),
        "报告": scaffold.report,
        "单位": scaffold.organ,
        "年度": scaffold.year or "",
        "标题": scaffold.title,
        "版式": scaffold.form,
        "成文日期": scaffold.date.isoformat() if scaffold.date else "",
        "各类型": list(form.kinds),
        "上年": scaffold.previous,
        "联系方式": scaffold.contact,
        "工作簿": scaffold.workbook,
        "各表": [_table(grid, form, scaffold.cells) for grid in form.tables.values()],
    }
    return _rendered(DATA_TEMPLATE, form, library, names)


def narrative_text(form: Form, library: Library) -> str:
    """Return the narrative of a form without one of its own: its headings, and where to write."""
    sections = [
        {"标题": _one_line(spec.title), "表": spec.table or "", "要有文字": spec.text_required}
        for spec in form.sections
    ]
    return _rendered(NARRATIVE_TEMPLATE, form, library, {"各节": sections})


def _rendered(name: str, form: Edition, library: Library, names: Mapping[str, object]) -> str:
    from reportgen.sandbox import Evaluation, Sandbox, run_pieces  # Jinja2 only for a new folder

    files = partial(library.text, form)
    template = files(name)
    if template is None:
        raise EnvironmentProblem(f"安装不完整：缺少模板 {name}", "请重新安装 reportgen")
    environment = Sandbox({"yaml": _quoted}, {})
    return "".join(run_pieces(environment, template, names, Evaluation(files=files)))


def _quoted(text: object, quoted: bool = True) -> str:
    """yaml: *text* as YAML, in quotes unless they are not *quoted* and not needed."""
    return yaml_scalar(str(text), quoted=quoted)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _table(grid: TableGrid, form: Form, cells: Cells) -> dict[str, object]:
    typed = [c for c in grid.value_cells() if c.path not in form.totals or c.path in cells]
    rows = list(_rows(typed, cells))
    return {"标题": _one_line(grid.title), "键": grid.key, "各行": rows}


def _rows(typed: list[GridCell], known: Cells) -> Iterator[dict[str, object]]:
    """Yield the rows of a table; the columns are named where they differ from those above."""
    before: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    for row in dict.fromkeys(cell.keys[:-1] for cell in typed):
        cells = [cell for cell in typed if cell.keys[:-1] == row]
        columns = tuple(cell.path.column for cell in cells)
        as_list = len(cells) > LONGEST_MAPPING
        yield {
            "各组": list(_groups(row[1:-1], before)),
            "缩进": "  " * (len(row) - 1),
            "各列": list(columns) if as_list and columns != named else [],
            "成列": as_list,
            "键": row[-1],
            "各格": [{"键": cell.path.column, "数": _typed(cell, known)} for cell in cells],
            "各单位": list(dict.fromkeys(str(c.type.unit) for c in cells if c.type.unit)),
        }
        before, named = row[1:-1], columns if as_list else named


def _typed(cell: GridCell, known: Cells) -> str:
    """Return what an author types for *cell*: nothing is made of what could not be read."""
    quantity = known.get(cell.path, Quantity(0))
    if quantity.invalid:
        return "null"
    return "/" if quantity.number is None else show_quantity(quantity, cell.type)


def _groups(row: tuple[str, ...], before: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield the groups that begin with a row, outermost first."""
    for depth, key in enumerate(row):
        if row[: depth + 1] != before[: depth + 1]:
            yield {"缩进": "  " * (depth + 1), "键": key}
