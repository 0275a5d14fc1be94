"""The measurements: every case once a round, in turn, so that a busy moment meets them all."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from statistics import median
from typing import Any

from common import HERE
from measure import (
    EDITED,
    EMPTY,
    FOLDERS,
    OUT,
    PYTHON,
    REPORTGEN,
    cold,
    edit,
    forget,
    pages_of,
    per_report,
    run,
    size_of,
    warm,
)

PDF = ("reportgen pdf", "typst", "weasyprint", "reportlab")
DOCX = ("reportgen docx", "docxtpl", "python_docx")
BOTH = ("reportgen docx+pdf",)
WARM = (*PDF, *DOCX, *BOTH)
FIRST = tuple(f"reportgen {kinds}{EMPTY}" for kinds in ("pdf", "docx", "docx+pdf"))
AFTER_AN_EDIT = f"reportgen pdf{EDITED}"
COLD = (*WARM, *FIRST, AFTER_AN_EDIT)
SLOW = frozenset({"weasyprint", "reportlab", "python_docx"})
BASE = {
    **dict.fromkeys(PDF, "typst"),
    **dict.fromkeys(DOCX, "docxtpl"),
    **dict.fromkeys(BOTH, "typst"),
    **dict(zip(FIRST, ("typst", "docxtpl", "typst"), strict=True)),
    AFTER_AN_EDIT: "typst",
}
GROWTH = {"text": (1, 10, 100), "tables": (1, 10, 100), "pictures": (1, 10)}
Table = dict[str, Any]


def say(text: str) -> None:
    """Tell how far the benchmark is."""
    print(text, file=sys.stderr, flush=True)


def cold_rounds(rounds: int, slow_rounds: int) -> Table:
    """Return each case's wall, CPU and peak per round, its output, and its ratio to its base."""
    runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in COLD}
    forget()
    for number in range(rounds + 1):
        say(f"cold processes, round {number} of {rounds}" + ("" if number else " (warm-up)"))
        turn = number % len(COLD)
        for name in (*COLD[turn:], *COLD[:turn]):
            if name in SLOW and number > slow_rounds:
                continue
            if name == AFTER_AN_EDIT:
                edit(number)
            found = run(cold(name), cached=not name.endswith(EMPTY))
            if number:
                runs[name].append((found.wall, found.cpu, found.peak))
    return {name: _cold_row(name, runs) for name in COLD}


def _cold_row(name: str, runs: dict[str, list[tuple[float, float, float]]]) -> Table:
    wall, cpu, peak = (list(column) for column in zip(*runs[name], strict=True))
    base = runs[BASE[name]]
    pairs = [list(pair) for pair in zip(runs[name], base, strict=False)]
    return {
        "wall": median(wall),
        "cpu": median(cpu),
        "peak_mib": median(peak),
        "walls": wall,
        "bytes": size_of(name),
        "pages": pages_of(name),
        "base": BASE[name],
        "wall_ratio": median(own[0] / other[0] for own, other in pairs),
        "cpu_ratio": median(own[1] / other[1] for own, other in pairs),
        "peak_ratio": median(own[2] / other[2] for own, other in pairs),
    }


def warm_rounds(rounds: int, reports: int, slow_reports: int) -> Table:
    """Return seconds per report in one process, the first report aside, and reports a second."""
    found: dict[str, Table] = {
        name: {"first": [], "wall": [], "cpu": [], "peak": []} for name in WARM
    }
    for number in range(rounds):
        for name in WARM:
            if name in SLOW and number:
                continue
            count = slow_reports if name in SLOW else reports
            say(f"warm batch of {count}: {name}, round {number + 1} of {rounds}")
            done = run(warm(name, count))
            times = per_report(done.printed)
            row = found[name]
            row["first"].append(times["wall"][0])
            row["wall"] += times["wall"][1:]
            row["cpu"] += times["cpu"][1:]
            row["peak"].append(done.peak)
    table = {
        name: {
            "first": median(row["first"]),
            "wall": median(row["wall"]),
            "cpu": median(row["cpu"]),
            "peak_mib": max(row["peak"]),
            "base": BASE[name],
        }
        for name, row in found.items()
    }
    for row in table.values():
        row["per_cpu_second"] = 1 / row["cpu"]
        row["times_base"] = table[row["base"]]["cpu"] / row["cpu"]
    return table


def batch_command(reports: int) -> Table:
    """Return what ``reportgen batch`` takes for *reports* folders, and for having nothing to do."""
    root = OUT.parent / "batch"
    shutil.rmtree(root, ignore_errors=True)
    for number in range(reports):
        folder = f"report-{number:03}"
        shutil.copytree(FOLDERS / folder, root / folder)
    say(f"reportgen batch of {reports}, then with nothing to do")
    first, again = (run([REPORTGEN, "batch", str(root)]) for _ in range(2))
    return {
        "reports": reports,
        "wall": first.wall,
        "cpu": first.cpu,
        "peak_mib": first.peak,
        "again_wall": again.wall,
    }


READ = {"html": 50, "docx": 150, "pdf": 1500}
"""What reading and checking a finished file may cost, in CPU milliseconds."""


def reading() -> dict[str, float]:
    """Return the CPU milliseconds that reading and checking a finished report costs, by kind."""
    out = OUT.parent / "finished"
    shutil.rmtree(out, ignore_errors=True)
    build = [REPORTGEN, "build", str(FOLDERS / "report-000"), "--to", ",".join(READ)]
    run([*build, "-o", str(out)])
    say("reading finished files")
    costs: dict[str, float] = json.loads(run([PYTHON, str(HERE / "reading.py"), str(out)]).printed)
    return costs


def growth(rounds: int, names: Sequence[str]) -> Table:
    """Return CPU seconds and peak memory of cold processes as each part of a report grows."""
    table: Table = {}
    for what, factors in GROWTH.items():
        for factor in factors:
            say(f"growth: {what} ×{factor}")
            for name in names:
                done = [run(_grown(name, what, factor)) for _ in range(rounds)]
                table.setdefault(what, {}).setdefault(name, {})[str(factor)] = {
                    "cpu": min(one.cpu for one in done),
                    "wall": min(one.wall for one in done),
                    "peak_mib": median(one.peak for one in done),
                }
    return table


def _grown(name: str, what: str, factor: int) -> list[str]:
    if what == "tables" and name.startswith("reportgen "):
        script, folder = str(HERE / "grow_tables.py"), str(FOLDERS / "report-000")
        return [PYTHON, script, folder, str(factor), str(OUT / "tables.pdf")]
    return cold(name, f"{what}-{factor:03}")
