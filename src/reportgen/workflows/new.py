"""``new``: a report folder ready to be filled in, every number 0.

The text files of the folder are made from the templates ``starter.yaml.j2`` and ``starter.md.j2``.
These are looked up like every template: a folder's own, the form's, that of the kind of report,
the shipped one.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from reportgen.api import Checked, check_folder
from reportgen.checks import is_same_organ
from reportgen.diagnostics import first_error, has_errors
from reportgen.files import new_place, remove_leftovers, write_whole
from reportgen.finished import ReadBack, read_published
from reportgen.forms import (
    Edition,
    Form,
    GridCell,
    Library,
    Number,
    TableGrid,
    nearest_key,
    shipped_library,
    show_quantity,
)
from reportgen.launchers import EXECUTABLE, launcher_files
from reportgen.located import yaml_scalar
from reportgen.model import CellPath, Quantity
from reportgen.problems import EnvironmentProblem, system_reason, typed_path
from reportgen.readers import DATA_FILE, NARRATIVE_FILE, WORKBOOK_FILE
from reportgen.text import one_line
from reportgen.writers.form_workbook import fill_workbook

OWN_FOLDERS = frozenset({"templates", "fonts"})
"""What a report folder may hold before it is scaffolded."""


class Created(Struct, frozen=True):
    """The files of a new folder, and what was taken over from last year."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


def create_folder(
    folder: Path,
    organ: str,
    year: int,
    previous: Path | None,
    *,
    excel: bool = False,
    report: str = "",
) -> Created:
    """Scaffold *folder* for the report of *organ* for *year*.

    *previous* is last year's report folder, or a finished file of it.
    With *excel* the tables are a workbook to be filled in, not part of ``report.yaml``.
    *report* is the official name of the kind of report, the usual one when empty.  The folder
    may hold templates and fonts already, which are used; nothing in it is replaced.
    Raises EnvironmentProblem when it holds anything else, there is no such kind of report, no
    form is in force for *year*, or *previous* cannot be read.
    """
    if not organ:
        raise EnvironmentProblem("--organ 不能为空", "写单位全称，如 --organ 某市某局")
    check_is_free(folder)
    library = shipped_library().for_folder(folder)
    form = _form_for(library, report, year)
    last = read_previous(previous, form) if previous else None
    carried = _carry_over(form, last) if last and _year(last) == year - 1 else {}
    scaffold = Scaffold(
        organ=organ,
        year=year,
        report="" if not report or report == library.default_kind() else report,
        contact={key: contact_of(last).get(key, "") for key in form.contact_keys},
        previous=Path(os.path.relpath(previous, folder)).as_posix() if previous else "",
        cells={path: Quantity(n) for path, n in carried.items() if path not in form.totals},
        workbook=WORKBOOK_FILE if excel else "",
    )
    texts = {
        DATA_FILE: data_text(scaffold, form, library),
        NARRATIVE_FILE: form.starter or narrative_text(form, library),
    }
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    if excel:
        files[WORKBOOK_FILE] = fill_workbook(form, _starting_cells(form, carried))
    notes = [*template_notes(folder, library), *_differences(previous, last, organ, year)]
    if previous and last and last.report:
        notes.extend(_notes(previous, last, form, carried))
    return Created(write_folder(folder, files), tuple(notes))


def template_notes(folder: Path, library: Library) -> Iterator[str]:
    """Yield that the new report in *folder* follows templates that lie there, if it does."""
    if library.roots[0].is_dir():
        place = library.roots[0]
        check = f"reportgen check {typed_path(folder)}"
        yield f"用了 {place} 里的模板；与程序所用的有什么不同，见 {check}"


def _year(last: Checked | ReadBack) -> int:
    return last.report.year if last.report else 0


def _differences(
    previous: Path | None, last: Checked | ReadBack | None, organ: str, year: int
) -> Iterator[str]:
    """Yield the ways in which *last* is not the report of *organ* for the year before *year*."""
    if last is None or last.report is None:
        return
    if _year(last) != year - 1:
        yield (
            f"注意：{previous} 是 {_year(last)} 年度的报告，不是 {year - 1} 年度的，"
            "没有沿用其中的数；填错的，改 report.yaml 的“上年”"
        )
    if not is_same_organ(organ, last.report.organ):
        yield (
            f"注意：{previous} 是“{last.report.organ}”的报告，不是“{organ}”的，"
            "沿用的联系方式和数请核对；填错的，改 report.yaml 的“上年”"
        )


def check_is_free(folder: Path) -> None:
    """Raise unless *folder* is new, or holds nothing but what goes before the shipped files."""
    if folder.is_dir():
        if all(entry.name in OWN_FOLDERS for entry in folder.iterdir()):
            return
        what = "，里面有文件"
    elif folder.exists():
        what = "，是一个文件"
    else:
        return
    raise EnvironmentProblem(f"{folder} 已经存在{what}", "换一个目录名；不会覆盖已有的文件")


def _form_for(library: Library, report: str, year: int) -> Form:
    """Return the newest form of the kind *report*, or of the usual kind, in force in *year*."""
    kinds = library.report_kinds()
    folder = kinds.get(report or library.default_kind())
    if folder is None:
        near = nearest_key(report, kinds)
        hint = f"是否应为“{near}”？" if near else f"可用的报告：{'、'.join(kinds)}"
        raise EnvironmentProblem(f"没有“{report}”这种报告", hint)
    forms = library.editions(folder)
    fitting = [form for form in forms if form.in_force(year)]
    if not fitting:
        known = "；".join(f"{form.id} 版式：{form.years}" for form in forms)
        raise EnvironmentProblem(f"{year} 年度没有可用的版式", known)
    newest = max(fitting, key=lambda form: form.first_year)
    return library.load(newest.report, newest.id)


def read_previous(path: Path, form: Form) -> Checked | ReadBack:
    """Return last year's report in *path*, which must be of the same kind as *form*.

    Raises EnvironmentProblem if it is not, or if it cannot be read.
    """
    last = open_previous(path)
    if last.form and last.form.report != form.report:
        raise EnvironmentProblem(f"{path} 是另一种报告", "--from 填同一种报告的上年的目录或文件")
    return last


def open_previous(path: Path) -> Checked | ReadBack:
    """Return the report in *path*; it has a form.

    Raises EnvironmentProblem if it cannot be read.
    """
    if not path.exists():
        raise EnvironmentProblem(
            f"没有找到上年的报告 {path}", "--from 填上年的报告目录、成品文件或保存的网页的路径"
        )
    last = check_folder(path) if path.is_dir() else read_published(path)
    if last.report is None or last.form is None:
        message = f"读不出上年的报告 {path}{first_error(last.diagnostics)}"
        raise EnvironmentProblem(message, f"先运行 reportgen check {typed_path(path)}")
    return last


def contact_of(last: Checked | ReadBack | None) -> Mapping[str, str]:
    """Return how to reach the organ of *last*, as far as it says so."""
    return last.report.contact if last and last.report else {}


def _carry_over(form: Form, last: Checked | ReadBack) -> dict[CellPath, Number]:
    """Return this year's numbers that follow from last year's.

    A cell takes the sum of the cells that stand in the same column of the rows it
    takes over; where last year's form has none of them, or one of them could not be read,
    nothing is carried.
    """
    if last.report is None:
        return {}
    known = {name: cell for name, cell in last.report.cells.items() if not cell.invalid}
    return {
        path: sum(known[source].amount for source in sources)
        for path, sources in _carried_cells(form)
        if all(source in known for source in sources)
    }


def _carried_cells(form: Form) -> Iterator[tuple[CellPath, list[CellPath]]]:
    """Yield each cell that takes over last year's, and the cells it takes over."""
    for to, rows in form.carry_over.items():
        here = CellPath.parse(to)
        for path in filter(lambda path: path.is_within(here), form.value_cells):
            yield path, [path.moved(here, CellPath.parse(row)) for row in rows]


def _notes(
    previous: Path,
    last: Checked | ReadBack,
    form: Form,
    carried: Mapping[CellPath, Number],
) -> Iterator[str]:
    if last.report is None:
        return
    if any(last.report.contact.values()):
        yield f"联系方式取自 {previous}"
    else:
        yield f"{previous} 里没有找到联系方式"
    cells = last.report.cells
    unread = {
        source.row
        for path, sources in _carried_cells(form)
        for source in sources
        if path not in carried and source in cells and cells[source].invalid
    }
    rows = dict.fromkeys(path.row for path, number in carried.items() if number)
    if carried and (rows or not unread):
        yield f"沿用上年的数：{'、'.join(rows) if rows else '均为 0'}"
    if unread:
        yield f"没有读出上年的数，填的是 0，请对照上年的报告改：{'、'.join(sorted(unread))}"
    if isinstance(last, Checked) and last.own_templates:
        yield f"{previous} 自带模板，沿用的数请核对：reportgen check {typed_path(previous)}"
    if has_errors(last.diagnostics):
        yield f"上年的报告有错误，沿用的数请核对：reportgen check {typed_path(previous)}"
    elif any(item.cells for item in last.diagnostics):
        yield f"上年的数有要核对的：reportgen check {typed_path(previous)}"


def _starting_cells(form: Form, carried: Mapping[CellPath, Number]) -> dict[CellPath, Quantity]:
    """Return 0 for every number to be typed, or what is taken over from last year."""
    return {
        path: Quantity(carried.get(path, 0)) for path in form.value_cells if path not in form.totals
    }


def write_folder(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write *files*, by their paths in it, and the files to be double-clicked into *folder*.

    A new folder appears whole or not at all; in one that is there ``report.yaml`` comes last, so
    that it is no report folder until it is whole.
    Returns where *files* are.  Raises EnvironmentProblem when they cannot be written.
    """
    try:
        if folder.exists():
            _write_all(folder, {**files, **launcher_files()})
        else:
            folder.parent.mkdir(parents=True, exist_ok=True)
            remove_leftovers(folder.parent)
            with new_place(folder.parent) as place:
                _write_all(place / folder.name, {**files, **launcher_files()})
                (place / folder.name).rename(folder)
    except OSError as error:
        reason = system_reason(error)
        raise EnvironmentProblem(f"无法建立 {folder}：{reason}", "换一个目录再试") from error
    return tuple(folder / name for name in files)


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for name in sorted(files, key=DATA_FILE.__eq__):
        write_whole(folder / name, files[name], 0o755 if name.endswith(EXECUTABLE) else 0o644)


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
    kind: str = ""
    """类型; empty for the usual one."""
    attachments: tuple[str, ...] = ()
    """The names of 附件说明."""
    remark: str = ""
    """附注."""


def data_text(scaffold: Scaffold, form: Form, library: Library) -> str:
    """Return ``report.yaml``; EnvironmentProblem when its template is wrong."""
    names = {
        "内容": one_line(form.subject),
        "依据": one_line(form.basis),
        "报告": scaffold.report,
        "单位": scaffold.organ,
        "年度": scaffold.year or "",
        "标题": scaffold.title,
        "版式": scaffold.form,
        "成文日期": scaffold.date.isoformat() if scaffold.date else "",
        "类型": scaffold.kind or form.kinds[0],
        "附件": list(scaffold.attachments),
        "附注": scaffold.remark,
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
        {"标题": one_line(spec.title), "表": spec.table or "", "要有文字": spec.text_required}
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


def _table(grid: TableGrid, form: Form, cells: Cells) -> dict[str, object]:
    typed = [c for c in grid.value_cells() if c.path not in form.totals or c.path in cells]
    rows = list(_rows(typed, cells))
    return {"标题": one_line(grid.title), "键": grid.key, "各行": rows}


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
