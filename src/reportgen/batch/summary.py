"""The output of a batch: progress, the table of failures, the summary files."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from pathlib import Path

from reportgen.batch.unit import Outcome, Status
from reportgen.files import cannot_replace, remove_leftovers, write_whole
from reportgen.readers import SUMMARY_FILES
from reportgen.text import display_width
from reportgen.writers.xlsx import workbook_bytes

SHOWN_FAILURES = 30
MESSAGE_WIDTH = 60
_PACE_OVER = 50
_HEAD = ("单位目录", "结果", "错误", "警告", "第一个问题", "位置")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""Excel evaluates a cell that begins with one of these, full-width signs included."""


class Progress:
    """The progress of a batch of *total* reports; the rate is that of the last few dozen."""

    def __init__(self, total: int, now: float) -> None:
        self._total = total
        self._done = 0
        self._failed = 0
        self._times = deque([now], maxlen=_PACE_OVER + 1)

    def note(self, outcome: Outcome, now: float) -> None:
        """Count *outcome*, which was available at *now* (seconds on any clock)."""
        self._done += 1
        self._failed += outcome.has_failed
        self._times.append(now)

    def text(self) -> str:
        """Return the progress as text: counts, rate and remaining time."""
        parts = [f"{self._done}/{self._total}"]
        if self._failed:
            parts.append(f"失败 {self._failed}")
        seconds = self._times[-1] - self._times[0]
        if seconds > 0:
            rate = (len(self._times) - 1) / seconds
            parts.append(f"每秒 {rate:.1f} 份")
            parts.append(f"还需 {duration((self._total - self._done) / rate)}")
        return "  ".join(parts)


def duration(seconds: float) -> str:
    """Return *seconds* as text; from one hour on, without seconds."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} 秒"
    if whole < 3600:
        return f"{whole // 60} 分 {whole % 60} 秒"
    return f"{whole // 3600} 小时 {whole % 3600 // 60} 分"


def summary_lines(outcomes: Sequence[Outcome], total: int, seconds: float) -> list[str]:
    """Return the last lines of a batch of *total* reports: the counts, then the failures."""
    counts = Counter(outcome.status for outcome in outcomes)
    parts = [f"{status.value} {counts[status]}" for status in Status if counts[status]]
    if total > len(outcomes):
        parts.append(f"未处理 {total - len(outcomes)}")
    lines = [f"共 {total} 份报告：{'，'.join(parts)}；用时 {duration(seconds)}。"]
    failures = [outcome for outcome in outcomes if outcome.has_failed]
    if failures:
        lines += ["", *_failure_table(failures[:SHOWN_FAILURES])]
    if len(failures) > SHOWN_FAILURES:
        lines.append(f"…… 其余 {len(failures) - SHOWN_FAILURES} 份见 {SUMMARY_FILES[0]}")
    return lines


def summary_objects(outcomes: Iterable[Outcome]) -> list[dict[str, object]]:
    """Return what became of each report, by name, for ``--format json``."""
    return [
        {
            "name": outcome.name,
            "status": outcome.status.name.lower(),
            "errors": outcome.findings.errors,
            "warnings": outcome.findings.warnings,
            "first": outcome.findings.first or None,
            "place": outcome.findings.place or None,
            "backups": list(outcome.backups),
        }
        for outcome in sorted(outcomes, key=lambda outcome: outcome.name)
    ]


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
    flat = " ".join(text.split())
    return flat if len(flat) <= MESSAGE_WIDTH else flat[: MESSAGE_WIDTH - 1] + "…"


def write_summary(folder: Path, outcomes: Sequence[Outcome]) -> list[Path]:
    """Write the outcome of every report to ``汇总结果.csv`` and ``.xlsx`` in *folder*.

    Returns their paths.  Raises EnvironmentProblem if one cannot be written.
    """
    rows: list[Sequence[str | int]] = [_HEAD]
    for outcome in sorted(outcomes, key=lambda outcome: outcome.name):
        found = outcome.findings
        counts = (found.errors, found.warnings)
        rows.append((outcome.name, outcome.status.value, *counts, found.first, found.place))
    paths = [folder / name for name in SUMMARY_FILES]
    remove_leftovers(folder)
    for path, made in zip(paths, (_as_csv, summary_workbook), strict=True):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, made(rows))  # openpyxl makes temporary files of its own
        except OSError as error:
            raise cannot_replace(path, error) from error
    return paths


def _as_csv(rows: Iterable[Sequence[str | int]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _plain(cell: str | int) -> str | int:
    """Return *cell* changed so that a spreadsheet shows it instead of evaluating it."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


_SHEET = "汇总结果"
_MOST_CHARACTERS = 32_767  # the most characters of a cell (ECMA-376 Part 1, 18.3.1.4; Excel)
_WIDEST = 70
"""The largest column width, in Latin characters; longer texts are wrapped."""

_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML forbids, and carriage returns, which Excel would show as ``_x000D_``."""


def summary_workbook(rows: Sequence[Sequence[str | int]]) -> bytes:
    """Return a workbook with *rows*, the first of which is the head."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _SHEET
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(value, int):
                cell.value = value
                continue
            cell.value = _NO_TEXT.sub(" ", value)[:_MOST_CHARACTERS]
            cell.data_type = "s"  # openpyxl would make a text with = a formula
            cell.quotePrefix = True  # and so would Excel when the cell is edited
    for column, cells in enumerate(zip(*rows, strict=True), 1):
        width = max(display_width(str(value)) for value in cells) + 4  # for the filter button
        sheet.column_dimensions[get_column_letter(column)].width = min(width, _WIDEST)
        sheet.cell(1, column).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    return workbook_bytes(book, _SHEET)
