"""``new``: a report folder ready to be filled in, every number at 0."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from reportgen.api import Checked, check_folder, shipped_library
from reportgen.forms import Form, GridCell, Library, TableGrid, parse_quantity, plain_number
from reportgen.model import Quantity
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.readers import DATA_FILE, NARRATIVE_FILE, WORKBOOK_FILE
from reportgen.writers.form_workbook import fill_workbook

LONGEST_MAPPING = 4
_BATCH = """\
@echo off
chcp 65001 >nul
cd /d "%~dp0"
where reportgen >nul 2>nul
if errorlevel 1 (py -m reportgen build .) else (reportgen build .)
echo.
pause
"""
_SHELL = """\
#!/bin/sh
cd "$(dirname "$0")" || exit 2
if command -v reportgen >/dev/null 2>&1; then
  reportgen build .
else
  python3 -m reportgen build .
fi
printf '按回车键关闭…'
read -r _
"""


class Created(Struct, frozen=True):
    """The files of a new folder, and what was taken over from last year."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


def create_folder(
    folder: Path, organ: str, year: int, previous: Path | None, *, excel: bool = False
) -> Created:
    """Scaffold *folder* for the report of *organ* for *year*; *previous* is last year's folder.

    With *excel* the tables are a workbook to be filled in, not part of ``report.yaml``.
    Raises EnvironmentProblem when the folder holds anything already, no form is in
    force for *year*, or *previous* cannot be read.
    """
    if not organ:
        raise EnvironmentProblem("--organ 不能为空", "写单位全称，如 --organ 某市某局")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "，里面有文件" if folder.is_dir() else "，是一个文件"
        raise EnvironmentProblem(f"{folder} 已经存在{what}", "换一个目录名；不会覆盖已有的文件")
    form = _form_for(year, shipped_library())
    last = _read_previous(previous) if previous else None
    carried = _carry_over(form, last) if last else {}
    link = os.path.relpath(previous, folder) if previous else ""
    lines = [
        *_head_lines(organ, year, form, _contact(last), Path(link).as_posix() if link else ""),
        *(_workbook_lines() if excel else _tables_lines(form, carried)),
    ]
    texts = {
        DATA_FILE: "\n".join(lines) + "\n",
        NARRATIVE_FILE: form.starter,
        "生成.bat": _BATCH.replace("\n", "\r\n"),
        "生成.sh": _SHELL,
    }
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    if excel:
        files[WORKBOOK_FILE] = fill_workbook(form, _starting_cells(form, carried))
    return Created(_write(folder, files), tuple(_notes(previous, last, carried)))


def _form_for(year: int, library: Library) -> Form:
    forms = [form for folder in library.report_kinds().values() for form in library.forms(folder)]
    fitting = [form for form in forms if form.in_force(year)]
    if not fitting:
        known = "；".join(f"{form.id} 版式：{form.years}" for form in forms)
        raise EnvironmentProblem(f"{year} 年度没有可用的版式", known)
    return max(fitting, key=lambda form: form.first_year)


def _read_previous(folder: Path) -> Checked:
    if not folder.is_dir():
        raise EnvironmentProblem(
            f"没有找到上年的报告目录 {folder}", "--from 填报告目录的路径；本版本还不能读取成品文件"
        )
    checked = check_folder(folder)
    if checked.report is None:
        raise EnvironmentProblem(f"读不出上年的报告 {folder}", f"先运行 reportgen check {folder}")
    return checked


def _contact(last: Checked | None) -> Mapping[str, str]:
    return last.report.contact if last and last.report else {}


def _carry_over(form: Form, last: Checked) -> dict[str, str]:
    """Return this year's cells that follow from last year's, as they are typed.

    A cell takes the sum of the cells that stand in the same column of the rows it
    takes over; where last year's form has none of them, nothing is carried.
    """
    if last.report is None:
        return {}
    known = last.report.cells
    carried = {}
    for to, rows in form.carry_over.items():
        for name in form.value_cells:
            if name != to and not name.startswith(f"{to}/"):
                continue
            names = [row + name[len(to) :] for row in rows]
            if all(source in known for source in names):
                carried[name] = plain_number(sum(known[source].amount for source in names))
    return carried


def _notes(
    previous: Path | None, last: Checked | None, carried: Mapping[str, str]
) -> Iterator[str]:
    if not last or not last.report:
        return
    yield f"联系方式取自 {previous}"
    rows = dict.fromkeys(name.rpartition("/")[0] for name, value in carried.items() if value != "0")
    yield f"沿用上年的数：{'、'.join(rows) if rows else '均为 0'}"
    if last.has_errors:
        yield "上年的报告有错误，沿用的数请核对"


def _starting_cells(form: Form, carried: Mapping[str, str]) -> dict[str, Quantity]:
    """Return 0 for every number to be typed, or what is taken over from last year."""
    return {
        name: Quantity(parse_quantity(carried.get(name, "0"), cell.type))
        for name, cell in form.value_cells.items()
        if name not in form.totals
    }


def _write(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    try:
        (folder / "images").mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        (folder / "生成.sh").chmod(0o755)
    except OSError as error:
        reason = system_reason(error)
        raise EnvironmentProblem(f"无法建立 {folder}：{reason}", "换一个目录再试") from error
    return tuple(folder / name for name in files)


def _head_lines(
    organ: str, year: int, form: Form, contact: Mapping[str, str], link: str
) -> list[str]:
    return [
        f"# {form.subject}的数据。井号后面是说明，不影响结果；改完运行 reportgen check 核对。",
        f"# 格式依据：{form.basis}",
        f"单位: {_scalar(organ)}",
        f"年度: {year}",
        f"类型: {form.kinds[0]}            # {' 或 '.join(form.kinds)}",
        f"# 成文日期: {year + 1}-01-20   # 去掉行首的 # 并改成实际日期，报告末尾就印落款",
        f"上年: {_scalar(link)}"
        if link
        else f"# 上年: ../{organ}-{year - 1}   # 上年的报告目录，用来引用上年的数",
        "联系方式:",
        *(f"  {key}: {_scalar(contact.get(key, ''))}" for key in form.contact_keys),
        "",
    ]


def _workbook_lines() -> list[str]:
    return [
        f"# 各表的数填在 {WORKBOOK_FILE} 里，不在这里重复填写。",
        f"# 若改在这里填写，先删去 {WORKBOOK_FILE}。",
    ]


def _tables_lines(form: Form, carried: Mapping[str, str]) -> Iterator[str]:
    for grid in form.tables.values():
        yield from _table_lines(grid, form, carried)


def _scalar(text: str) -> str:
    """Return *text* as a YAML scalar, quoted whenever that could matter."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _table_lines(grid: TableGrid, form: Form, carried: Mapping[str, str]) -> Iterator[str]:
    yield f"# 表：{grid.title}"
    yield f"{grid.key}:"
    typed = [cell for cell in grid.value_cells() if cell.name not in form.totals]
    group: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    for row in dict.fromkeys(cell.path[:-1] for cell in typed):
        cells = [cell for cell in typed if cell.path[:-1] == row]
        columns = tuple(cell.path[-1] for cell in cells)
        if row[1:-1] != group and row[1:-1]:
            yield f"  {row[1]}:"
        group = row[1:-1]
        indent = "  " * (len(row) - 1)
        if len(cells) > LONGEST_MAPPING and columns != order:
            order = columns
            yield f"{indent}# 每行依次为：{'、'.join(columns)}；总计由程序计算"
        yield f"{indent}{_key(row[-1])}: {_row_text(cells, carried)}{_unit_note(cells)}"
    yield ""


def _row_text(cells: list[GridCell], carried: Mapping[str, str]) -> str:
    values = [carried.get(cell.name, "0") for cell in cells]
    if len(cells) > LONGEST_MAPPING:
        return f"[{', '.join(values)}]"
    pairs = zip(cells, values, strict=True)
    return "{" + ", ".join(f"{_key(cell.path[-1])}: {value}" for cell, value in pairs) + "}"


def _unit_note(cells: list[GridCell]) -> str:
    units = dict.fromkeys(cell.type.unit for cell in cells if cell.type.unit)
    return f"   # 金额单位：{'、'.join(str(unit) for unit in units)}" if units else ""


def _key(key: str) -> str:
    return f"'{key}'" if any(char in key for char in "/:#{}[],&*!|>'\"%@`") else key
