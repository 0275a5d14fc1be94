"""``batch``: every report below a folder, with a progress bar and a summary."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from reportgen.cli import parameters as take
from reportgen.cli.commands import Command
from reportgen.cli.console import (
    FINE,
    PROBLEMS,
    echo,
    fail,
    own_key,
    print_done,
    progress_bar,
)
from reportgen.problems import EnvironmentProblem

if TYPE_CHECKING:
    from reportgen.batch import Outcome, Plan
    from reportgen.units import Roll, UnitFinding


@click.command(
    cls=Command,
    help="批量生成：总目录下每个报告目录各做一份，未变动的跳过。",
    epilog="reportgen batch 全县2025\nreportgen batch 全县2025 -o 报送 --to pdf --roll 名册.xlsx",
)
@click.argument("root", metavar="总目录", type=take.Folder())
@click.option(
    "-o", "--out", metavar="目录", type=take.Folder(), help="输出目录，默认各报告目录的 output"
)
@take.to
@click.option(
    "--jobs", metavar="份数", type=take.WholeNumber(1), help="同时做几份，默认为处理器核数"
)
@take.draft
@take.trust_templates
@take.roll
@click.option(
    "--collect", metavar="目录", type=take.Folder(), help="把成品文件收到一个目录，按单位命名"
)
@click.option("--replies", is_flag=True, help="给有问题的单位各写一份回执（回执/单位.docx）")
@take.cluster
@take.machine
def batch(
    root: Path,
    out: Path | None,
    formats: tuple[str, ...],
    jobs: int | None,
    draft: bool,
    trust_templates: bool,
    roll: Path | None,
    collect: Path | None,
    replies: bool,
    cluster: str | None,
    style: str,
) -> int:
    """Build every report folder below a folder."""
    from reportgen.batch import broken, build_unit, plan_batch
    from reportgen.files import refuse_way_out, resolved
    from reportgen.units import read_roll, working_on

    known_names = read_roll(roll) if roll else None
    if known_names and known_names.note:
        echo(known_names.note, err=True)
    for place in filter(None, (out, collect)):
        refuse_way_out(place, root, "总目录")
    key = own_key()
    plan = plan_batch(
        root,
        out,
        formats,
        draft=draft,
        trust_templates=trust_templates,
        key=key,
        skipped=[path.absolute() for path in (roll, collect) if path],
    )
    shown = out or root
    home = resolved(shown)  # while reports are built the working folder is another
    collected = resolved(collect) if collect else None
    targets = _Targets(plan.home, shown, home, collect, collected, replies, key)
    with working_on(plan.units, build_unit, broken, processes=jobs, cluster=cluster) as outcomes:
        started = time.monotonic()
        known = _follow(outcomes, len(plan.units), started)
        seconds = time.monotonic() - started
        return _conclude(plan, known, known_names, seconds, targets, is_json=style == "json")


class _Targets(NamedTuple):
    """Where a batch writes what is not beside the reports; each folder as typed, and in full."""

    source: Path
    """The folder of all reports."""
    shown: Path
    home: Path
    collect_shown: Path | None
    collect: Path | None
    replies: bool
    key: bytes
    """The user's key for the records of what is written."""


def _follow(outcomes: Iterable[Outcome], total: int, started: float) -> list[Outcome]:
    """Show the progress of a batch of *total* reports and return the outcomes."""
    from reportgen.units import Progress

    progress = Progress(total, started)
    known: list[Outcome] = []
    if not total:
        return known
    with progress_bar(total) as step:
        for outcome in outcomes:
            known.append(outcome)
            progress.note(outcome.has_failed, time.monotonic())
            step(progress.text())
    for outcome in known:
        for backup in outcome.backups:
            echo(f"原文件被手工改过，已另存为 {backup}", err=True)
    return known


def _conclude(
    plan: Plan,
    known: Sequence[Outcome],
    roll: Roll | None,
    seconds: float,
    place: _Targets,
    *,
    is_json: bool,
) -> int:
    """Print the summary of the batch *plan*, and write it and what else was asked for."""
    from reportgen.batch import remarks_about, summary_lines, summary_objects, write_summary
    from reportgen.findings_text import json_text

    total, is_whole = len(plan.units), len(known) == len(plan.units)
    remarks = remarks_about(plan, known, roll if is_whole else None)
    if is_json:
        lines = [json_text(summary_objects(known, remarks))]
    else:
        lines = summary_lines(known, total, seconds, remarks)
    try:
        written = write_summary(place.home, known, remarks)
        paths = [place.shown / item.path.name for item in written]
        others = _write_others(known, remarks, place, is_whole=is_whole)
    except EnvironmentProblem:
        echo("\n".join(lines), data=is_json)
        raise
    for item in written:
        if item.backup:
            echo(f"原文件被手工改过，已另存为 {place.shown / item.backup.name}", err=True)
    where = [f"各报告的结果见 {'、'.join(map(str, paths))}", *others]
    print_done([*lines, *([] if is_json else where)], paths, data=is_json)
    if not is_whole:
        return fail("已中断", "再运行一次同样的命令，会从这里接着做")
    return PROBLEMS if _has_problems(known, remarks) else FINE


def _has_problems(known: Iterable[Outcome], remarks: Iterable[UnitFinding]) -> bool:
    from reportgen.batch import is_left_out

    return any(outcome.has_failed for outcome in known) or any(map(is_left_out, remarks))


def _write_others(
    known: Sequence[Outcome],
    remarks: Sequence[UnitFinding],
    place: _Targets,
    *,
    is_whole: bool,
) -> list[str]:
    """Collect the finished files and write the reply sheets, if wanted; return a line for each.

    There are no sheets unless *is_whole*: all units are known.
    """
    from reportgen.batch import collect_files, not_written, write_replies
    from reportgen.readers import REPLIES_FOLDER

    lines = []
    if place.collect:
        written = collect_files(known, place.collect, place.source, place.key)
        lines.append(f"成品 {len(written)} 个收在 {place.collect_shown}")
        lines += _others_there(not_written(place.collect, written), place.collect_shown)
    if place.replies and is_whole:
        written = write_replies(place.home, known, remarks, place.source, place.key)
        lines.append(f"回执 {len(written)} 份写在 {place.shown / REPLIES_FOLDER}")
        others = not_written(place.home / REPLIES_FOLDER, written)
        lines += _others_there(others, place.shown / REPLIES_FOLDER)
    return lines


_MOST_OTHERS = 5


def _others_there(names: Sequence[str], shown: object) -> list[str]:
    """Return the line that warns of files in a folder that this run has not written."""
    if not names:
        return []
    listed = "、".join(names[:_MOST_OTHERS]) + ("等" if len(names) > _MOST_OTHERS else "")
    return [f"注意：{shown} 里还有 {len(names)} 个文件不是这次写的：{listed}；过时的请移走"]
