"""``aggregate``: the reports of many units checked, listed and added up."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.console import (
    FINE,
    PROBLEMS,
    own_key,
    print_done,
    progress_bar,
)
from reportgen.problems import typed_path

if TYPE_CHECKING:
    from reportgen.units import Aggregate, UnitFinding, UnitJob, UnitResult
    from reportgen.workflows import Aggregated

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
    from reportgen.workflows import aggregate_sources

    made = aggregate_sources(
        sources,
        out,
        organ=organ,
        year=year,
        roll=roll,
        previous=previous,
        only_clean=only_clean,
        trust_templates=trust_templates,
        key=own_key(),
        read=partial(_read, processes=jobs, cluster=cluster),
    )
    return _tell(made, is_json=style == "json")


def _read(
    jobs: Sequence[UnitJob], *, processes: int | None, cluster: str | None
) -> Iterator[UnitResult]:
    """Yield the results of *jobs*, which worker processes read, and show the progress."""
    from reportgen.units import Progress, lost_unit, read_unit, working_on

    progress = Progress(len(jobs), time.monotonic())
    with (
        working_on(jobs, read_unit, lost_unit, processes=processes, cluster=cluster) as results,
        progress_bar(max(1, len(jobs))) as step,
    ):
        for result in results:
            yield result
            has_errors = bool(result.report and result.report.findings.errors)
            progress.note(has_errors, time.monotonic())
            step(progress.text())


def _tell(made: Aggregated, *, is_json: bool) -> int:
    """Print what was added up, written and found; return the exit code."""
    from reportgen.findings_text import json_text
    from reportgen.readers import SUM_FILE

    lines = [
        *_summary(made.total, made.remarks),
        f"已写好汇总报告的目录：{made.folder}",
        *(f"  {file}" for file in made.files),
        *(f"  · {note}" for note in made.notes),
        f"下一步：看 {SUM_FILE}，改好正文，再运行 reportgen check {typed_path(made.folder)}",
    ]
    shown = [json_text(made.findings())] if is_json else lines
    print_done(shown, [made.folder], data=is_json)
    return PROBLEMS if made.has_problems else FINE


def _summary(total: Aggregate, remarks: Sequence[UnitFinding]) -> list[str]:
    """Return the lines that say what was added up, and what is wrong."""
    from reportgen.diagnostics import Severity
    from reportgen.readers import SUM_FILE
    from reportgen.text import one_line
    from reportgen.units import lines_of, template_lines

    wrong = sum(bool(unit.findings.errors) for unit in total.units)
    parts = [f"计入 {len(total.included)} 份"]
    parts += [f"有错误的 {wrong} 份"] if wrong else []
    head = f"共读到 {len(total.units)} 份报告（{total.year} 年度，{total.form.name}）"
    lines = [f"{head}：{'，'.join(parts)}。"]
    unread = [unit for unit in total.units if unit.head is None]
    lines += [
        f"没有计入 {unit.name}：{one_line(unit.findings.first)}" for unit in unread[:MOST_SHOWN]
    ]
    if unread[MOST_SHOWN:]:
        lines.append(f"…… 另有 {len(unread) - MOST_SHOWN} 份没有计入，见 {SUM_FILE}")
    grave = [item for item in remarks if item.told.severity is not Severity.HINT]
    if grave:
        lines += ["", *lines_of(grave[:MOST_SHOWN])]
    if more := len(remarks) - len(grave[:MOST_SHOWN]):
        named = f"…… 其余 {more} 条" if grave else f"{more} 条提示"
        lines.append(f"{named}和各报告的问题见汇总明细")
    units = ((unit.name, unit.findings) for unit in total.units)
    brought = template_lines(units, SUM_FILE, MOST_SHOWN)
    lines += ["", *brought] if brought else []
    return [*lines, ""] if grave or more or brought else lines
