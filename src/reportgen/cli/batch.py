"""``batch``: every report below a folder, with a progress bar and a summary."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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
    from reportgen.batch import Outcome


@click.command(
    cls=Command,
    help="批量生成：总目录下每个报告目录各做一份，未变动的跳过。",
    epilog="reportgen batch 全县2025\nreportgen batch 全县2025 -o 报送 --to pdf --jobs 2",
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
@click.option("--dask", "cluster", metavar="地址", help="交给 Dask 集群，如 tcp://主机:8786")
@take.machine
def batch(
    root: Path,
    out: Path | None,
    formats: tuple[str, ...],
    jobs: int | None,
    draft: bool,
    trust_templates: bool,
    cluster: str | None,
    style: str,
) -> int:
    """Build every report folder below a folder."""
    from reportgen.batch import AHEAD, find_units, interruptible, open_pool, run_batch, usable_cores

    units = find_units(
        root, out, formats, draft=draft, trust_templates=trust_templates, key=own_key()
    )
    shown = out or root
    home = shown.resolve()  # while reports are built the working folder is another
    jobs = min(jobs or usable_cores(), len(units))
    with interruptible() as stopped, open_pool(jobs, cluster) as pool:
        outcomes = run_batch(
            units, pool.executor, window=AHEAD * pool.workers, renew=pool.renew, stopped=stopped
        )
        started = time.monotonic()
        known = _follow(outcomes, len(units), started)
        seconds = time.monotonic() - started
        is_json = style == "json"
        return _conclude(known, len(units), seconds, home, shown, is_json=is_json)


def _follow(outcomes: Iterable[Outcome], total: int, started: float) -> list[Outcome]:
    """Show the progress of a batch of *total* reports and return the outcomes."""
    from reportgen.batch import Progress

    progress = Progress(total, started)
    known: list[Outcome] = []
    with progress_bar(total) as step:
        for outcome in outcomes:
            known.append(outcome)
            progress.note(outcome, time.monotonic())
            step(progress.text())
    for outcome in known:
        for backup in outcome.backups:
            echo(f"原文件被手工改过，已另存为 {backup}", err=True)
    return known


def _conclude(
    known: Sequence[Outcome], total: int, seconds: float, home: Path, shown: Path, *, is_json: bool
) -> int:
    """Print the summary of a batch of *total* reports and write it to *home*, typed as *shown*."""
    from reportgen.batch import summary_lines, summary_objects, write_summary
    from reportgen.findings_text import json_text

    lines = [json_text(summary_objects(known))] if is_json else summary_lines(known, total, seconds)
    try:
        paths = [shown / path.name for path in write_summary(home, known)]
    except EnvironmentProblem:
        echo("\n".join(lines))
        raise
    where = [] if is_json else [f"各报告的结果见 {'、'.join(map(str, paths))}"]
    print_done([*lines, *where], paths)
    if len(known) < total:
        return fail("已中断", "再运行一次同样的命令，会从这里接着做")
    return PROBLEMS if any(outcome.has_failed for outcome in known) else FINE
