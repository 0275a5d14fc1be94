"""``aggregate``: the reports of many units checked, listed and added up."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.console import (
    FINE,
    PROBLEMS,
    fail,
    own_key,
    print_done,
    progress_bar,
    shown_path,
)
from reportgen.problems import EnvironmentProblem

if TYPE_CHECKING:
    from reportgen.forms import Library
    from reportgen.units import Aggregate, Sources, UnitFinding, UnitReport
    from reportgen.workflows import Created

MOST_SHOWN = 30


@click.command(
    cls=Command,
    help="汇总：核对各单位的报告，三张表相加，列出问题。",
    epilog="reportgen aggregate 各单位 --organ 某县 -o 某县-2025 --roll 名册.xlsx\n"
    "reportgen aggregate 各单位 乡镇 --organ 某县 -o 某县-2025 --from 某县-2024",
)
@click.argument("sources", metavar="来源 …", nargs=-1, required=True, type=take.Folder())
@click.option("--organ", metavar="单位", required=True, help="汇总报告的单位，如 某县人民政府")
@click.option(
    "--year",
    metavar="年度",
    type=take.WholeNumber(least=1, most=9999),
    help="报告年度，默认为多数单位的年度",
)
@take.roll
@click.option(
    "-o", "--out", metavar="目录", required=True, type=take.Folder(), help="汇总报告的目录"
)
@click.option(
    "--from", "previous", metavar="上年", type=take.Folder(), help="上年的汇总，沿用正文，核对结转"
)
@click.option("--only-clean", is_flag=True, help="有错误的报告不计入（默认计入，并列出）")
@click.option(
    "--jobs", metavar="份数", type=take.WholeNumber(1), help="同时读几份，默认为处理器核数"
)
@take.trust_templates
@take.cluster
@take.machine
def aggregate(
    sources: tuple[Path, ...],
    organ: str,
    year: int | None,
    roll: Path | None,
    out: Path,
    previous: Path | None,
    only_clean: bool,
    jobs: int | None,
    trust_templates: bool,
    cluster: str | None,
    style: str,
) -> int:
    """Add up the reports of many units."""
    from reportgen.forms import shipped_library
    from reportgen.units import JOURNAL_FILE, find_sources, read_roll, sum_up
    from reportgen.workflows import check_sum_folder

    if not organ.strip():
        raise EnvironmentProblem("--organ 不能为空", "写单位全称，如 --organ 某县人民政府")
    if previous and not previous.exists():
        raise EnvironmentProblem(f"没有找到上年的报告 {previous}", "检查路径是否写对")
    again = check_sum_folder(out, JOURNAL_FILE)
    names = read_roll(roll) if roll else None
    skipped = [path.absolute() for path in (out, roll, previous) if path]
    found = find_sources(sources, skipped, trust_templates=trust_templates)
    units = _read_units(found, out, jobs, cluster)
    if units is None:
        return fail("已中断", "再运行一次同样的命令，会从这里接着做")
    library = shipped_library()
    total = sum_up(units, found, library, year=year, roll=names, only_clean=only_clean)
    place = _SumFolder(out, organ.strip(), previous, again)
    made, remarks = _write(total, found, library.for_folder(out), place)
    return _tell(total, made, remarks, out, is_json=style == "json")


def _read_units(
    found: Sources, out: Path, jobs: int | None, cluster: str | None
) -> list[UnitReport] | None:
    """Return the reports of *found*, read by worker processes; None if the user interrupted it.

    What is known from an earlier run, by the journal in *out*, is not read again.
    """
    from reportgen.units import Journal, Progress, lost_unit, merge, read_unit, working_on

    journal = Journal(out.resolve(), own_key())
    known = journal.read()
    todo = found.jobs(known)
    results, started = [], time.monotonic()
    progress = Progress(len(todo), started)
    with (
        working_on(todo, read_unit, lost_unit, processes=jobs, cluster=cluster) as read,
        progress_bar(max(1, len(todo))) as step,
    ):
        for result in read:
            journal.add(result)
            results.append(merge(result, known))
            report = results[-1].report
            progress.note(bool(report and report.findings.errors), time.monotonic())
            step(progress.text())
    if len(results) < len(todo):
        journal.close()
        return None
    journal.rewrite(results)
    return [result.report for result in results if result.report]


class _SumFolder(NamedTuple):
    """The report of the sum: its folder and organ, last year's, whether it is made again."""

    out: Path
    organ: str
    previous: Path | None
    again: bool


def _write(
    total: Aggregate, found: Sources, library: Library, target: _SumFolder
) -> tuple[Created, list[UnitFinding]]:
    """Write the folder and the workbook of *total*; return what was written, and all remarks."""
    from reportgen.files import cannot_replace, write_whole
    from reportgen.readers import SUM_FILE
    from reportgen.units import soften_loose, sum_quantities, sum_workbook, word_remarks
    from reportgen.workflows import write_sum_folder

    out, organ, previous, again = target
    numbers = sum_quantities(total)
    made = write_sum_folder(
        out, organ, total.year, total.form, numbers, previous, library, again=again
    )
    remarks = soften_loose(word_remarks(total.remarks, library), found)
    remarks += _of_the_sum(total, library, target)
    path = out / SUM_FILE
    try:
        write_whole(path, sum_workbook(total, remarks, f"{organ}{total.year}年汇总明细"))
    except OSError as error:
        raise cannot_replace(path, error) from error
    return made, remarks


def _of_the_sum(total: Aggregate, library: Library, target: _SumFolder) -> list[UnitFinding]:
    """Return what the check finds about the numbers of the sum, such as last year's carry-over.

    A cell that has no sum was told already.
    """
    from reportgen.api import check_folder
    from reportgen.diagnostics import Severity
    from reportgen.units import UnitFinding, tell

    lost = {path for path, cell in total.cells.items() if cell.unread}
    return [
        UnitFinding(target.out.name, target.organ, tell(item, target.out))
        for item in check_folder(target.out, library).diagnostics
        if item.cells and not lost.intersection(item.cells) and item.severity is not Severity.HINT
    ]


def _tell(
    total: Aggregate,
    made: Created,
    remarks: Sequence[UnitFinding],
    out: Path,
    *,
    is_json: bool,
) -> int:
    """Print what was added up, written to *out* and found; return the exit code."""
    from reportgen.findings_text import json_text
    from reportgen.readers import SUM_FILE
    from reportgen.units import findings_of, has_problems

    lines = [
        *_summary(total, remarks),
        f"已写好汇总报告的目录：{out}",
        *(f"  {file}" for file in (*made.files, out / SUM_FILE)),
        *(f"  · {note}" for note in made.notes),
        f"下一步：看 {SUM_FILE}，改好正文，再运行 reportgen check {shown_path(out)}",
    ]
    print_done([json_text(findings_of(total, remarks))] if is_json else lines, [out])
    return PROBLEMS if has_problems(total, remarks) else FINE


def _summary(total: Aggregate, remarks: Sequence[UnitFinding]) -> list[str]:
    """Return the lines that say what was added up, and what is wrong."""
    from reportgen.diagnostics import Severity

    wrong = sum(bool(unit.findings.errors) for unit in total.units)
    parts = [f"计入 {len(total.included)} 份"]
    parts += [f"有错误的 {wrong} 份"] if wrong else []
    head = f"共读到 {len(total.units)} 份报告（{total.year} 年度，{total.form.name}）"
    lines = [f"{head}：{'，'.join(parts)}。"]
    grave = [item for item in remarks if item.told.severity is not Severity.HINT]
    if grave:
        lines += ["", *(item.line for item in grave[:MOST_SHOWN])]
    if more := len(remarks) - len(grave[:MOST_SHOWN]):
        lines.append(f"…… 其余 {more} 条和各报告的问题见汇总明细")
    return [*lines, ""] if grave or more else lines
