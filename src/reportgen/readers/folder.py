"""A report folder (报告目录) → :class:`Report`, with every problem found on the way.

The reader goes on after a problem as far as it can, so that one run reports
them all; the report is None only when there is nothing to go on with.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, replace
from pathlib import Path

from reportgen.diagnostics import Diagnostic, Severity, has_errors
from reportgen.located import Mapping, Node, parse_yaml
from reportgen.model.narrative import Narrative, Screenshot
from reportgen.model.report import Report
from reportgen.model.tables import Quantity
from reportgen.readers import settings
from reportgen.readers.files import read_source
from reportgen.readers.narrative import read_narrative
from reportgen.readers.screenshots import read_screenshots
from reportgen.readers.tables import TableReader
from reportgen.source import SourceFile
from reportgen.template.context import report_context
from reportgen.template.engine import render_template
from reportgen.template.form import Form, Library
from reportgen.template.totals import complete_cells

DATA_FILE = "report.yaml"
NARRATIVE_FILE = "正文.md"
WORKBOOK_FILE = "数据.xlsx"


@dataclass(frozen=True, slots=True)
class Reading:
    """The outcome of reading a folder."""

    report: Report | None
    form: Form | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[SourceFile, ...] = ()


def read_folder(folder: Path, library: Library, *, follow_previous: bool = True) -> Reading:
    """Return the report in *folder*.

    Forms come from the folder's own ``templates/`` first, then from *library*.
    With *follow_previous* last year's folder (上年) is read too.  Raises
    EnvironmentProblem when a template is broken.
    """
    source, found = read_source(folder / DATA_FILE)
    if source is None:
        return Reading(None, None, tuple(found))
    root, syntax = parse_yaml(source)
    if root is None and not syntax:
        syntax = [_empty(source)]
    if not isinstance(root, Mapping):
        return Reading(None, None, tuple(syntax or [_empty(source)]), (source,))
    own = Library((folder / "templates", *library.roots))
    return _FolderReader(folder, own, source, root).read(follow_previous)


def _empty(source: SourceFile) -> Diagnostic:
    return Diagnostic(
        "I104",
        "wrong-type",
        Severity.ERROR,
        f"{DATA_FILE} 里没有“键: 值”形式的内容",
        source.span(0, 0),
        hint="参照样例填写，或用 reportgen new 生成",
    )


class _FolderReader:
    """Reads one folder; findings gather in ``found``."""

    def __init__(self, folder: Path, library: Library, source: SourceFile, root: Mapping) -> None:
        self._folder = folder
        self._library = library
        self._source = source
        self._root = root
        self._sources = [source]
        self.found: list[Diagnostic] = []

    def read(self, follow_previous: bool) -> Reading:
        """Return the reading of the folder this reader was made for."""
        form = self._form()
        if form is None:
            return Reading(None, None, tuple(self.found), tuple(self._sources))
        tables = [grid.key for grid in form.tables.values()]
        entries = settings.read_entries(self._root, (*settings.KEYS, *tables))
        report = self._report(entries, form, follow_previous)
        for key in ("单位", "年度"):
            if key not in entries.nodes or not entries.text(key):
                self._missing_key(key)
        self.found.extend(entries.diagnostics)
        return Reading(report, form, tuple(dict.fromkeys(self.found)), tuple(self._sources))

    def _form(self) -> Form | None:
        """Return the form to read with; findings about the choice are recorded."""
        entries = settings.read_entries(self._root, settings.KEYS)
        entries.diagnostics.clear()  # unknown keys are judged once the form's tables are known
        year = settings.read_year(entries)
        entries.diagnostics.clear()
        choice = settings.choose_form(entries, self._library, year)
        self.found.extend(entries.diagnostics)
        if choice is None:
            return None
        if choice.wrong:
            self.found.append(choice.wrong)
        return min(choice.candidates, key=self._misfits)

    def _misfits(self, form: Form) -> int:
        """Return how many problems the tables have when read with *form*."""
        nodes = {key.text: node for key, node in self._root.items}
        return len(_read_tables(nodes, form).diagnostics)

    def _report(self, entries: settings.Entries, form: Form, follow_previous: bool) -> Report:
        year = settings.read_year(entries) or form.first_year
        previous = self._previous(entries) if follow_previous else None
        base = Report(
            organ=entries.text("单位"),
            year=year,
            title="",
            kind=settings.read_choice(entries, "类型", form.kinds),
            form=form.id,
            contact=settings.read_contact(entries, form),
            date=self._date(entries, year),
            cells=self._cells(entries, form),
            previous=previous.report if previous else None,
            folder=self._folder,
            spans=entries.spans,
        )
        context = report_context(base, form, previous.form if previous else None)
        title = entries.text("标题") or render_template("title", form.title, context).strip()
        narrative = self._narrative(entries, {**context, "标题": title})
        pictures = self._screenshots(narrative)
        return replace(base, title=title, narrative=narrative, screenshots=pictures)

    def _cells(self, entries: settings.Entries, form: Form) -> ReadOnly[str, Quantity]:
        reader = _read_tables(entries.nodes, form)
        self.found.extend(reader.diagnostics)
        self._workbook(any(grid.key in entries.nodes for grid in form.tables.values()))
        choices = (settings.MISSING_IS_ERROR, settings.MISSING_IS_ZERO)
        zero = settings.read_choice(entries, "缺省", choices) == settings.MISSING_IS_ZERO
        return complete_cells(form, reader.cells, zero_missing=zero)

    def _workbook(self, has_tables: bool) -> None:
        path = self._folder / WORKBOOK_FILE
        if path.exists():
            self.found.append(
                Diagnostic(
                    "I111",
                    "workbook-unsupported",
                    Severity.WARNING if has_tables else Severity.ERROR,
                    f"本版本还不能读取 {WORKBOOK_FILE}",
                    hint=f"把三张表的数填在 {DATA_FILE} 中",
                    file=str(path),
                )
            )

    def _date(self, entries: settings.Entries, year: int) -> datetime.date | None:
        date = settings.read_date(entries)
        if date and date <= datetime.date(year, 12, 31):
            self.found.append(
                Diagnostic(
                    "S104",
                    "date-before-year-end",
                    Severity.WARNING,
                    f"成文日期 {date.isoformat()} 早于 {year} 年度的统计截止日",
                    entries.span("成文日期"),
                    hint=f"年度报告在 {year} 年 12 月 31 日之后形成，请核对年份",
                )
            )
        return date

    def _narrative(self, entries: settings.Entries, context: ReadOnly[str, object]) -> Narrative:
        name = entries.text("正文") or NARRATIVE_FILE
        path = self._folder / name
        if not _is_inside(path, self._folder):
            entries.error(
                "I112", "path-outside", f"正文“{name}”在报告目录之外", "正文", "移到报告目录内"
            )
            return Narrative()
        source, found = read_source(path)
        self.found.extend(found)
        if source is None:
            return Narrative()
        self._sources.append(source)
        narrative, problems = read_narrative(source, context)
        self.found.extend(problems)
        return narrative

    def _screenshots(self, narrative: Narrative) -> ReadOnly[str, Screenshot]:
        pictures, found = read_screenshots(narrative, self._folder)
        self.found.extend(found)
        return pictures

    def _previous(self, entries: settings.Entries) -> Reading | None:
        name = entries.text("上年")
        if not name:
            return None
        path = self._folder / name
        if not _is_folder(path):
            reason = "本版本只能读取报告目录，不能读取" if _is_file(path) else "没有找到"
            hint = "填上年报告目录的路径，如 ../某局-2023"
            entries.error("I113", "previous-unreadable", f"{reason}上年报告“{name}”", "上年", hint)
            return None
        reading = read_folder(path, self._library, follow_previous=False)
        if reading.report is None or has_errors(reading.diagnostics):
            self.found.append(
                Diagnostic(
                    "I114",
                    "previous-has-errors",
                    Severity.WARNING,
                    f"上年报告“{name}”有错误，引用的上年数据可能不完整",
                    entries.span("上年"),
                    hint=f"先运行 reportgen check {path}",
                )
            )
        return reading

    def _missing_key(self, key: str) -> None:
        self.found.append(
            Diagnostic(
                "I115",
                "missing-key",
                Severity.ERROR,
                f"report.yaml 中没有填“{key}”",
                self._source.span(0, 0),
                hint=f"加上一行“{key}: …”",
            )
        )


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # no path at all, or a circle of links
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long for the system
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _read_tables(nodes: ReadOnly[str, Node], form: Form) -> TableReader:
    """Return a reader that has read every table of *form* found among *nodes*."""
    reader = TableReader(form)
    for grid in form.tables.values():
        if grid.key in nodes:
            reader.read(grid, nodes[grid.key])
    return reader
