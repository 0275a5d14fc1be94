"""``aggregate``: the reports of many units read, compared, added up, and written as one folder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from reportgen.api import check_folder
from reportgen.diagnostics import Severity
from reportgen.files import resolved, writer_of
from reportgen.forms import Library, shipped_library
from reportgen.outputs import RESULT_SUFFIXES, write_files
from reportgen.problems import EnvironmentProblem
from reportgen.readers import SUM_FILE
from reportgen.units import (
    JOURNAL_FILE,
    Aggregate,
    Journal,
    Sources,
    UnitFinding,
    UnitJob,
    UnitReport,
    UnitResult,
    find_sources,
    findings_of,
    has_problems,
    merge,
    read_roll,
    read_unit,
    soften_loose,
    sum_quantities,
    sum_up,
    sum_workbook,
    tell,
    word_remarks,
)
from reportgen.workflows.new import open_previous
from reportgen.workflows.summing import check_sum_folder, write_sum_folder

Read: TypeAlias = Callable[[Sequence[UnitJob]], Iterable[UnitResult]]
"""Reads the reports of jobs and yields each result, in any order; fewer if it was stopped."""


class Aggregated(Struct, frozen=True):
    """The sum over many reports, as it was written."""

    folder: Path
    """The report folder of the sum."""
    files: tuple[Path, ...]
    """The files written to it, the workbook of all units last."""
    notes: tuple[str, ...]
    """What was taken over or kept, in words."""
    total: Aggregate
    """The reports, those that were added up, and the sums."""
    remarks: tuple[UnitFinding, ...]
    """What is to be said of the units besides the findings about their own reports."""

    @property
    def has_problems(self) -> bool:
        """Whether a report has errors, is missing, twice or left out, or a sum is blank."""
        return has_problems(self.total, self.remarks)

    def findings(self) -> list[dict[str, object]]:
        """Return the remarks and the findings about each report, as values for JSON."""
        return findings_of(self.total, self.remarks)


def aggregate_sources(
    sources: Iterable[str | Path],
    folder: str | Path,
    *,
    organ: str,
    year: int | None = None,
    roll: str | Path | None = None,
    previous: str | Path | None = None,
    only_clean: bool = False,
    trust_templates: bool = False,
    key: bytes = b"",
    read: Read | None = None,
) -> Aggregated:
    """Add up the reports in *sources* and write the report *folder* of *organ* with the sums.

    Sources are report folders, finished files, and folders with many of both.  The *year* is by
    default that of most reports.  *roll* is the list of the units that must report, *previous*
    last year's report of *organ*.  Reports with errors are left out if *only_clean*.  What own
    templates weaken is an error unless *trust_templates*.  With a *key* that only the user has, a
    report that has not changed since an earlier run, finished or not, is not read again.  *read*
    reads them, by default one after another.

    An earlier sum in *folder* is made again, and the text people wrote there is kept.  Raises
    EnvironmentProblem if something given cannot be used, if nothing can be added up, or if *read*
    was stopped; then no new folder is left behind, unless the next run goes on from it.
    """
    out, last = Path(folder), Path(previous) if previous else None
    if not organ.strip():
        raise EnvironmentProblem("--organ 不能为空", "写单位全称，如 --organ 某县人民政府")
    if year is not None:
        _check_year(year, shipped_library())
    if last:
        open_previous(last)  # before thousands of reports are read in vain
    again = check_sum_folder(out, JOURNAL_FILE)
    names = read_roll(Path(roll)) if roll else None
    skipped = [Path(path).absolute() for path in (out, roll, last) if path]
    found = find_sources([*map(Path, sources)], skipped, trust_templates=trust_templates, key=key)
    units = _read_units(found, Journal(resolved(out), key), read)
    with _nothing_left_in(out):
        total = sum_up(
            units,
            found,
            shipped_library(),
            organ=organ,
            year=year,
            roll=names,
            only_clean=only_clean,
        )
        return _write(total, found, out, organ.strip(), last, again=again)


def _check_year(year: int, library: Library) -> None:
    """Raise EnvironmentProblem unless a form of some kind of report is in force in *year*."""
    editions = [item for kind in library.report_kinds().values() for item in library.editions(kind)]
    if not any(edition.in_force(year) for edition in editions):
        known = "；".join(f"{edition.id} 版式：{edition.years}" for edition in editions)
        raise EnvironmentProblem(f"{year} 年度没有可用的版式", f"--year 写四位数的年度；{known}")


@contextlib.contextmanager
def _nothing_left_in(folder: Path) -> Iterator[None]:
    """Remove *folder* if the context fails and there is nothing but the journal in it."""
    try:
        yield
    except EnvironmentProblem:
        with contextlib.suppress(OSError):
            if all(path.name == JOURNAL_FILE for path in folder.iterdir()):
                (folder / JOURNAL_FILE).unlink(missing_ok=True)
                folder.rmdir()
        raise


def _read_units(found: Sources, journal: Journal, read: Read | None) -> list[UnitReport]:
    """Return the reports of *found*; those that *journal* knows are not read again."""
    known = journal.read()
    todo = found.jobs(known)
    results = []
    try:
        for result in read(todo) if read else map(read_unit, todo):
            journal.add(result)
            results.append(merge(result, known))
    finally:
        journal.close()
    if len(results) < len(todo):
        raise EnvironmentProblem("已中断", "再运行一次同样的命令，会从这里接着做")
    journal.rewrite(results)
    return [result.report for result in results if result.report]


def _write(
    total: Aggregate, found: Sources, folder: Path, organ: str, last: Path | None, *, again: bool
) -> Aggregated:
    """Write the report and the workbook of *total* to *folder*."""
    library = shipped_library().for_folder(folder)
    numbers = sum_quantities(total)
    made = write_sum_folder(
        folder, organ, total.year, total.form, numbers, last, library, again=again
    )
    remarks = soften_loose(word_remarks(total.remarks, shipped_library()), found)
    about_sum = list(_about_the_sum(total, folder, organ))
    data = sum_workbook(total, remarks, f"{organ}{total.year}年汇总明细", about_sum)
    (written,) = write_files(folder, {SUM_FILE: writer_of(data)}, editable=RESULT_SUFFIXES)
    notes = made.notes
    if total.roll and total.roll.note:
        notes = (*notes, total.roll.note)
    if written.backup:
        notes = (*notes, f"原来的 {SUM_FILE} 被手工改过，另存为 {written.backup.name}")
    return Aggregated(folder, (*made.files, written.path), notes, total, (*remarks, *about_sum))


def _about_the_sum(total: Aggregate, folder: Path, organ: str) -> Iterator[UnitFinding]:
    """Yield what the check finds about the numbers of the sum, such as last year's carry-over.

    Templates that the folder of the sum or last year's brings are told too.  A cell that has no
    sum was told already.
    """
    lost = {path for path, cell in total.cells.items() if cell.unread}
    checked = check_folder(folder)
    for item in checked.diagnostics:
        is_number = item.cells and not lost.intersection(item.cells)
        if item in checked.own_templates or (is_number and item.severity is not Severity.HINT):
            yield UnitFinding(folder.name, organ, tell(item, folder))
