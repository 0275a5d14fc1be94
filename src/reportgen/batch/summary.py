"""The output of a batch: what failed or was left out, the summary files."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import BinaryIO

from reportgen.batch.plan import is_left_out
from reportgen.batch.unit import Outcome, Status
from reportgen.characters import OBEYED
from reportgen.files import FileWriter
from reportgen.outputs import RESULT_SUFFIXES, Written, write_files
from reportgen.readers import SUMMARY_FILES
from reportgen.source import column_letters
from reportgen.text import display_width, one_line
from reportgen.units import Told, UnitFinding, duration, lines_of, template_lines
from reportgen.writers.workbooks import (
    ListSheet,
    Number,
    Shown,
    Value,
    column_width,
    head_cells,
    list_workbook,
)

SHOWN_FAILURES = 30
MESSAGE_WIDTH = 60
_BEFORE = ("单位目录", "结果", "单位", "年度")
_AFTER = ("错误", "警告", "第一个问题", "位置")
"""The columns of the summary before and behind those of the figures."""
_FINDINGS = ("单位目录", "单位", "级别", "编号", "问题", "位置", "处理")
_SHEETS = ("汇总结果", "问题")
_LEFT_OUT = "没有处理"
_TOO_MUCH = {
    "organ-twice": "重复 {} 份",
    "organ-of-other-year": "年度不同 {} 份",
    "organ-copied": "与别家相同 {} 份",
}
"""What a total should not hold: by the remark about such a report, how many there are."""
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|\t")
"""Excel evaluates a cell that begins with one of these, full-width signs included."""


def summary_lines(
    outcomes: Sequence[Outcome], total: int, seconds: float, remarks: Sequence[UnitFinding] = ()
) -> list[str]:
    """Return the last lines of a batch of *total* reports: counts, failures, then *remarks*."""
    counts = Counter(outcome.status for outcome in outcomes)
    parts = [f"{status.value} {counts[status]}" for status in Status if counts[status]]
    if total > len(outcomes):
        parts.append(f"未处理 {total - len(outcomes)}")
    left_out = sum(map(is_left_out, remarks))
    more = f"；另有 {left_out} 个单位{_LEFT_OUT}" if left_out else ""
    shown = f"：{'，'.join(parts)}" if parts else ""
    lines = [f"共 {total} 份报告{shown}{more}；用时 {duration(seconds)}。"]
    failures = [outcome for outcome in outcomes if outcome.has_failed]
    if failures:
        lines += ["", *_failure_table(failures[:SHOWN_FAILURES])]
    if len(failures) > SHOWN_FAILURES:
        lines.append(f"…… 其余 {len(failures) - SHOWN_FAILURES} 份见 {SUMMARY_FILES[0]}")
    if remarks:
        lines += ["", *lines_of(remarks[:SHOWN_FAILURES])]
    if len(remarks) > SHOWN_FAILURES:
        lines.append(f"…… 其余 {len(remarks) - SHOWN_FAILURES} 条见 {SUMMARY_FILES[0]}")
    ordered = sorted((outcome.name, outcome.findings) for outcome in outcomes)
    brought = template_lines(ordered, SUMMARY_FILES[1], SHOWN_FAILURES)
    return [*lines, "", *brought] if brought else lines


def summary_objects(
    outcomes: Iterable[Outcome], remarks: Sequence[UnitFinding] = ()
) -> list[dict[str, object]]:
    """Return what became of each report and each unit without one, by name, for JSON."""
    found = [_outcome_object(outcome, remarks) for outcome in outcomes]
    found += [
        {
            "name": item.name,
            "status": "left_out" if item.told.slug == "organ-left-out" else "missing",
            "errors": 1,
            "warnings": 0,
            "first": str(item.told),
            "place": None,
            "templates": [],
            "backups": [],
            "organ": item.organ or None,
            "year": None,
            "figures": {},
            "remarks": [],
        }
        for item in remarks
        if is_left_out(item)
    ]
    return sorted(found, key=lambda item: str(item["name"]))


def _outcome_object(outcome: Outcome, remarks: Iterable[UnitFinding]) -> dict[str, object]:
    head = outcome.head
    return {
        "name": outcome.name,
        "status": outcome.status.name.lower(),
        "errors": outcome.findings.errors,
        "warnings": outcome.findings.warnings,
        "first": outcome.findings.first or None,
        "place": outcome.findings.place or None,
        "templates": list(map(str, outcome.findings.templates)),
        "backups": list(outcome.backups),
        "organ": head.organ if head else None,
        "year": head.year if head else None,
        "figures": dict(head.figures) if head else {},
        "remarks": [
            str(item.told)
            for item in remarks
            if item.name == outcome.name and not is_left_out(item)
        ],
    }


def _failure_table(failures: Iterable[Outcome]) -> list[str]:
    rows = [("单位目录", "错误", "第一个错误")]
    rows += [(f.name, str(f.findings.errors), _cut(f.findings.first)) for f in failures]
    widths = [max(display_width(row[column]) for row in rows) for column in range(2)]
    lines = []
    for name, count, first in rows:
        gap = " " * (widths[0] - display_width(name))
        lead = " " * (widths[1] - display_width(count))
        lines.append(f"  {name}{gap}  {lead}{count}  {first}")
    return lines


def _cut(text: str) -> str:
    """Return *text* on one line, cut to ``MESSAGE_WIDTH`` characters."""
    flat = one_line(text)
    return flat if len(flat) <= MESSAGE_WIDTH else flat[: MESSAGE_WIDTH - 1] + "…"


class Summary:
    """The summary of a batch as a table: a row for each unit, and the totals of the figures."""

    def __init__(self, outcomes: Iterable[Outcome], remarks: Sequence[UnitFinding]) -> None:
        self._outcomes = sorted(outcomes, key=lambda outcome: outcome.name)
        self._remarks = remarks
        self._about: defaultdict[str, list[str]] = defaultdict(list)
        for item in remarks:
            if not is_left_out(item):
                self._about[item.name].append(str(item.told))
        heads = [outcome.head for outcome in self._outcomes if outcome.head]
        self.figures = tuple(dict.fromkeys(name for head in heads for name in head.figures))
        self.head = (*_BEFORE, *self.figures, *_AFTER)

    def rows(self) -> list[list[Value]]:
        """Return a row for each report, and for each unit without one."""
        rows = [*map(self._row, self._outcomes)]
        blank = [""] * len(self.figures)
        for item in filter(is_left_out, self._remarks):
            rows.append([item.name, _LEFT_OUT, item.organ, "", *blank, 1, 0, str(item.told), ""])
        return sorted(rows, key=lambda row: str(row[0]))

    def _row(self, outcome: Outcome) -> list[Value]:
        head, found = outcome.head, outcome.findings
        about = self._about.get(outcome.name, [])
        figures = [head.figures.get(name) if head else None for name in self.figures]
        return [
            outcome.name,
            outcome.status.value,
            head.organ if head else "",
            (head.year or "") if head else "",
            *("" if figure is None else figure for figure in figures),
            found.errors,
            found.warnings + len(about),
            found.first or next(iter(about), ""),
            found.place,
        ]

    def totals(self) -> list[Number]:
        """Return the totals of the figures, then of the errors and the warnings."""
        first = len(_BEFORE)
        columns = list(zip(*self.rows(), strict=True))[first : first + len(self.figures) + 2]
        columns = columns or [()] * (len(self.figures) + 2)
        return [sum(v for v in column if isinstance(v, int | Decimal)) for column in columns]

    def total_label(self) -> str:
        """Return the name of the row of totals, which says what it lacks and what is too much."""
        if not self.figures:
            return "合计"
        lacking = sum(
            "" in row[len(_BEFORE) : len(_BEFORE) + len(self.figures)] for row in self.rows()
        )
        counts = {"缺 {} 家": lacking}
        for slug, words in _TOO_MUCH.items():
            names = {item.name for item in self._remarks if item.told.slug == slug}
            counts[words] = len(names)
        told = [words.format(count) for words, count in counts.items() if count]
        return f"合计（{'，'.join(told)}）" if told else "合计"

    def findings(self) -> Iterator[list[Value]]:
        """Yield a row for each finding: the remarks first, then those of each report."""
        for item in self._remarks:
            yield _finding_row(item.name, item.organ, item.told)
        for outcome in self._outcomes:
            organ = outcome.head.organ if outcome.head else ""
            for told in outcome.findings.all:
                yield _finding_row(outcome.name, organ, told)
            if untold := outcome.findings.untold:
                yield [outcome.name, organ, "", "", f"另有 {untold} 条没有列出", "", ""]


def _finding_row(name: str, organ: str, told: Told) -> list[Value]:
    return [name, organ, told.severity.label, told.code, told.message, told.place, told.hint]


def write_summary(
    folder: Path, outcomes: Sequence[Outcome], remarks: Sequence[UnitFinding] = ()
) -> list[Written]:
    """Write the outcome of every report to ``汇总结果.csv`` and ``.xlsx`` in *folder*.

    One in which somebody has written remarks is kept under another name.  Raises
    EnvironmentProblem if one cannot be written.
    """
    summary = Summary(outcomes, remarks)
    made = dict(zip(SUMMARY_FILES, (_as_csv, _workbook), strict=True))
    files: dict[str, FileWriter] = {
        name: partial(_put, make, summary) for name, make in made.items()
    }
    return write_files(folder, files, editable=RESULT_SUFFIXES)


def _put(make: Callable[[Summary], bytes], summary: Summary, stream: BinaryIO) -> None:
    stream.write(make(summary))


def _as_csv(summary: Summary) -> bytes:
    text = io.StringIO(newline="")
    total = [summary.total_label(), "", "", "", *summary.totals(), "", ""]
    rows = [summary.head, *summary.rows(), total]
    csv.writer(text).writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _plain(cell: Value) -> Value:
    """Return *cell* changed so that a spreadsheet or a terminal shows it instead of obeying it."""
    if not isinstance(cell, str):
        return cell
    text = OBEYED.sub(" ", cell)
    return f"'{text}" if _FORMULA.match(text) else text


def _workbook(summary: Summary) -> bytes:
    """Return the workbook of *summary*: a sheet of the units, and one of their findings."""
    rows = summary.rows()

    def total(first: int, last: int) -> list[Value | Shown]:
        begin = len(_BEFORE) + 1
        letters = [column_letters(begin + number) for number in range(len(summary.figures) + 2)]
        sums = zip(letters, summary.totals(), strict=True)
        formulas = [Shown(f"=SUM({x}{first}:{x}{last})", True, number) for x, number in sums]
        return [summary.total_label(), "", "", "", *formulas, "", ""]

    units = ListSheet(
        _SHEETS[0],
        head_cells(summary.head),
        rows,
        title=_SHEETS[0],
        total=total,
        widths=_widths([summary.head, *rows]),
    )
    found = list(summary.findings())
    findings = ListSheet(
        _SHEETS[1],
        head_cells(_FINDINGS),
        found,
        title="各单位的问题",
        widths=_widths([_FINDINGS, *found]),
    )
    return list_workbook(_SHEETS[0], (units, findings))


def _widths(rows: Sequence[Sequence[Value]]) -> list[float]:
    return [column_width(map(str, column)) for column in zip(*rows, strict=True)]
