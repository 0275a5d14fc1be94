"""The results as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rounds import GROWTH, PDF, READ

Table = dict[str, Any]
INTRODUCTION = """\
# Results of `make bench`

One report: about 2,400 characters, three tables, 14 PNG screenshots of 1280×720 (three RGBA).
Every case in turn, {rounds} rounds after a warm-up; medians, ratios pair by pair within a round.
`reportgen` reads, checks, lays out and writes with everything that is on by default (tags,
PDF/A-3a, justification); the peers draw the same blocks, already read and numbered.
A cold `reportgen` finds in the user's cache what its last run on the same report left (the
parsed form, the pictures without their alpha channel, the font subsets); with an empty cache it
finds nothing; edited, its text has a character that it did not have in that run.
Growth is measured with an empty cache, a batch in one process without any.

{machine}
"""
PARTS = {"text": 2400, "tables": 1, "pictures": 14}
UNITS = {
    "text": "per 2,400 characters",
    "tables": "per set of three tables",
    "pictures": "per picture",
}


def render(results: Table) -> str:
    """Return the page of *results*."""
    parts = [
        INTRODUCTION.format(rounds=results["rounds"], machine=_machine(results["machine"])),
        "## One report, a cold process\n",
        *_cold(results["cold"]),
        "\n## A batch in one process, fresh pictures in each report\n",
        *_warm(results["warm"]),
        "",
        *_batch(results["batch"], results["machine"]["cores"]),
        "\n## A finished file read back and checked, in one process\n",
        *_reading(results["reading"]),
        "\n## How the cost grows (CPU seconds of a cold process, peak MiB in brackets)\n",
        *_growth(results["growth"]),
    ]
    return "\n".join(parts) + "\n"


def _machine(machine: Table) -> str:
    return (
        f"{machine['date']}; {machine['cores']} cores ({machine['cpu']}), {machine['system']}, "
        f"Python {machine['python']}; {machine['versions']}. "
        f"Load average {machine['load_before']} before, {machine['load_after']} after, "
        "the benchmark's own process included."
    )


def _cold(table: Table) -> Iterator[str]:
    yield "| case | wall s | CPU s | peak MiB | bytes | pages | wall × | CPU × | memory × | of |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    for name, row in table.items():
        yield (
            f"| {name} | {row['wall']:.2f} | {row['cpu']:.2f} | {row['peak_mib']:.0f} "
            f"| {row['bytes']:,} | {row['pages'] or ''} | {row['wall_ratio']:.2f} "
            f"| {row['cpu_ratio']:.2f} | {row['peak_ratio']:.2f} | {row['base']} |"
        )


def _warm(table: Table) -> Iterator[str]:
    yield "| case | first s | then s a report | CPU s | per CPU second | times the base | base |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for name, row in table.items():
        yield (
            f"| {name} | {row['first']:.2f} | {row['wall']:.3f} | {row['cpu']:.3f} "
            f"| {row['per_cpu_second']:.1f} | {row['times_base']:.1f} | {row['base']} |"
        )


def _batch(row: Table, cores: int) -> Iterator[str]:
    yield (
        f"`reportgen batch` of {row['reports']} folders, PDF and DOCX, {cores} processes: "
        f"{row['wall']:.1f} s, {row['reports'] / row['wall']:.1f} reports a second, "
        f"{row['cpu']:.1f} CPU s, largest process {row['peak_mib']:.0f} MiB; "
        f"again with nothing to do: {row['again_wall']:.1f} s."
    )


def _reading(row: Table) -> Iterator[str]:
    yield "| file | CPU ms a file | files a minute and core |"
    yield "| --- | ---: | ---: |"
    for kind, cost in row.items():
        yield f"| {kind} | {cost:.0f} | {60_000 / cost:,.0f} |"


def _growth(table: Table) -> Iterator[str]:
    names = list(next(iter(table.values())))
    yield f"| what | {' | '.join(names)} |"
    yield f"| --- |{' ---: |' * len(names)}"
    for what, factors in GROWTH.items():
        for factor in map(str, factors):
            cells = (table[what][name][factor] for name in names)
            shown = " | ".join(f"{one['cpu']:.2f} ({one['peak_mib']:.0f})" for one in cells)
            yield f"| {what} ×{factor} | {shown} |"
        slopes = " | ".join(f"{slope(table[what][name], what):.1f} ms" for name in names)
        yield f"| *{UNITS[what]}* | {slopes} |"


def slope(row: Table, what: str) -> float:
    """Return the CPU milliseconds that one more of *what* costs."""
    most = GROWTH[what][-1]
    added = (most - 1) * (PARTS["pictures"] if what == "pictures" else 1)
    return 1000 * float(row[str(most)]["cpu"] - row["1"]["cpu"]) / added


def targets(results: Table) -> Iterator[str]:
    """Yield each aim of the project, what was measured, and whether it is met."""
    cold, warm, grown = results["cold"], results["warm"], results["growth"]
    pictures = grown["pictures"]["reportgen pdf"]
    flat = pictures["10"]["peak_mib"] / pictures["1"]["peak_mib"]
    ours, typst = PDF[0], "typst"
    aims = [
        ("cold PDF, wall of Typst's", cold["reportgen pdf"]["wall_ratio"], 0.9, True),
        ("cold DOCX, wall of docxtpl's", cold["reportgen docx"]["wall_ratio"], 0.9, True),
        ("cold PDF + DOCX, wall of Typst's", cold["reportgen docx+pdf"]["wall_ratio"], 1.2, True),
        ("cold PDF, memory of Typst's", cold["reportgen pdf"]["peak_ratio"], 0.45, True),
        ("memory at 140 pictures of that at 14", flat, 1.25, True),
        ("warm PDF, times Typst", warm["reportgen pdf"]["times_base"], 2, False),
        ("warm DOCX, times docxtpl", warm["reportgen docx"]["times_base"], 3, False),
        ("warm PDF + DOCX per core second", warm["reportgen docx+pdf"]["per_cpu_second"], 6, False),
    ]
    aims += [
        (
            f"growth {UNITS[what]}, of Typst's",
            slope(grown[what][ours], what) / slope(grown[what][typst], what),
            1 if what == "pictures" else 1.2,
            True,
        )
        for what in GROWTH
    ]
    read = results["reading"]
    aims += [(f"reading back {kind}, CPU ms", read[kind], aim, True) for kind, aim in READ.items()]
    for name, measured, aim, at_most in aims:
        met = measured <= aim if at_most else measured >= aim
        sign = "≤" if at_most else "≥"
        yield f"| {name} | {measured:.2f} | {sign} {aim:g} | {'yes' if met else '**no**'} |"
