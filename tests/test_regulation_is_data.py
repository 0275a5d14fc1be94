"""Tests that the regulation is data: Python repeats none of its words, a new form needs none."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from reportgen.checks import check_report
from reportgen.diagnostics import Diagnostic
from reportgen.document.compose import compose_document
from reportgen.document.nodes import Table
from reportgen.files import resource_folder
from reportgen.findings_text import render_short
from reportgen.readers.folder import Reading, read_folder
from tests.builders import FORMS, LIBRARY, SECTION_TITLES, errors
from tests.strategies import PROCEDURES, request_rows

SOURCE = Path(__file__).resolve().parent.parent / "src" / "reportgen"
SHORTEST_LABEL = 4  # 总计, 其他, 规章 are plain words as well
MODULES = sorted(SOURCE.rglob("*.py"))
NEW_ROW = "不予公开/新增事项"
NEXT_ROW = "  - [{label: （四）无法提供"
NARRATIVE = "\n\n".join(f"# {title}\n\n已公开。" for title in SECTION_TITLES)


@cache
def official_wording() -> frozenset[str]:
    """Return every label of the tables, with and without its number, and every section title."""
    found: set[str] = set()
    for form in FORMS.values():
        for section in form.sections:
            found |= {section.title, *section.aliases}
        for grid in form.tables.values():
            found |= {cell.label for cell in grid.cells()}
            found |= {key for cell in grid.value_cells() for key in cell.path}
    return frozenset(text for text in found if len(text) >= SHORTEST_LABEL)


def strings(module: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string of *module* that is no docstring."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    explained = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, explained) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, str):
            yield node.lineno, node.value


def test_there_is_wording_to_look_for() -> None:
    assert {"行政规范性文件", "结果维持", "总体情况", "1.属于国家秘密"} <= official_wording()
    assert len(MODULES) > 30


@pytest.mark.parametrize("module", MODULES, ids=[str(m.relative_to(SOURCE)) for m in MODULES])
def test_no_official_label_stands_in_python(module: Path) -> None:
    repeated = [
        f"{module.name}:{line} {label}"
        for line, text in strings(module)
        for label in official_wording()
        if label in text
    ]
    assert repeated == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a report folder with a form of its own: that of 2021 with one row more."""
    form = tmp_path / "templates" / "disclosure" / "2021-增项"
    shutil.copytree(resource_folder("templates") / "disclosure" / "2021", form)
    table = form / "tables" / "requests.yaml"
    text = table.read_text(encoding="utf-8")
    for old, new in (
        ("row_span: 22", "row_span: 23"),
        ("（三）不予公开, style: cell_stub_center, row_span: 8", "（三）不予公开, row_span: 9"),
        (NEXT_ROW, f"  - [9.新增事项, {{values: {NEW_ROW}}}]\n{NEXT_ROW}"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    table.write_text(text, encoding="utf-8")
    (tmp_path / "正文.md").write_text(NARRATIVE, encoding="utf-8")
    return tmp_path


def write_report(folder: Path, changes: dict[str, str] | None = None) -> None:
    """Write a report of zeros in the new form; *changes* gives rows another list."""
    lines = ["单位: 某市某局", "年度: 2024", "版式: 2021-增项", "缺省: 0", "主动公开:", "申请:"]
    groups: dict[str, list[str]] = {}
    for row in (*request_rows("2021"), NEW_ROW):
        group, _, name = row.rpartition("/")
        numbers = (changes or {}).get(row, "[0, 0, 0, 0, 0, 0]")
        groups.setdefault(group, []).append(f"{name}: {numbers}")
    for group, rows in groups.items():
        lines += [f"  {group}:"] if group else []
        lines += [f"    {row}" if group else f"  {row}" for row in rows]
    lines += ["复议诉讼:", *(f"  {name}: [0, 0, 0, 0]" for name in PROCEDURES)]
    (folder / "report.yaml").write_text("\n".join(lines), encoding="utf-8")


def check(reading: Reading) -> list[Diagnostic]:
    assert reading.report is not None
    assert reading.form is not None
    return [*reading.diagnostics, *check_report(reading.report, reading.form)]


def test_new_form_is_read_and_checked(folder: Path) -> None:
    write_report(folder)
    reading = read_folder(folder, LIBRARY)
    assert render_short(reading.diagnostics) == ""
    assert errors(check(reading)) == []
    assert reading.report is not None
    assert reading.report.form == "2021-增项"
    assert f"申请/{NEW_ROW}/自然人" in reading.report.cells


def test_new_row_counts_in_the_sum_of_its_column(folder: Path) -> None:
    write_report(
        folder,
        {
            NEW_ROW: "[2, 0, 0, 0, 0, 0]",
            "总计": "[1, 0, 0, 0, 0, 0]",
            "本年新收": "[1, 0, 0, 0, 0, 0]",
        },
    )
    found = check(read_folder(folder, LIBRARY))
    assert errors(found) == ["T302"]
    broken = next(item for item in found if item.code == "T302")
    assert f"申请/{NEW_ROW}/自然人" in broken.cells


def test_new_row_has_its_own_sum(folder: Path) -> None:
    write_report(folder, {NEW_ROW: "[0, 0, 0, 0, 0, 0, 5]"})
    assert "T301" in errors(check(read_folder(folder, LIBRARY)))


def test_new_row_is_composed_where_it_belongs(folder: Path) -> None:
    write_report(folder, {NEW_ROW: "[2, 0, 0, 0, 0, 0]", "本年新收": "[2, 0, 0, 0, 0, 0]"})
    reading = read_folder(folder, LIBRARY)
    assert reading.report is not None
    assert reading.form is not None
    document = compose_document(reading.report, reading.form)
    table = next(b for b in document.blocks if isinstance(b, Table) and b.name == "申请")
    rows = [[cell.text for cell in row] for row in table.rows]
    place = next(n for n, row in enumerate(rows) if row[0] == "9.新增事项")
    assert rows[place] == ["9.新增事项", "2", "0", "0", "0", "0", "0", "2"]
    assert rows[place - 1][0] == "8.属于行政查询事项"
    assert rows[place + 1][:2] == ["（四）无法提供", "1.本机关不掌握相关政府信息"]


def test_new_form_takes_the_shared_rules_with_it(folder: Path) -> None:
    write_report(folder)
    form = read_folder(folder, LIBRARY).form
    assert form is not None
    assert [rule.code for rule in form.rules] == [rule.code for rule in FORMS["2021"].rules]


def test_shipped_form_stays_the_automatic_one(folder: Path) -> None:
    write_report(folder)
    path = folder / "report.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("版式: 2021-增项\n", ""), "utf-8")
    reading = read_folder(folder, LIBRARY)
    assert reading.form is not None
    assert reading.form.id == "2021"
    assert [item.code for item in reading.diagnostics] == ["I103"]
