"""Which reports a batch builds, and what it says about its units besides their own findings.

It tells the folders that were left out, the units of the roll that are missing, and reports
that do not fit the others: two of one organ, another year, a copy of another organ's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reportgen.batch.unit import Outcome, Unit
from reportgen.diagnostics import Finding, Severity
from reportgen.files import refusal, refuse_way_out, resolved
from reportgen.finished import read_published
from reportgen.forms import shipped_library
from reportgen.problems import EnvironmentProblem
from reportgen.readers import (
    DATA_FILE,
    OUTPUT_FOLDER,
    FinishedFile,
    Survey,
    listed,
    survey_folder,
)
from reportgen.units import (
    Handed,
    Remark,
    Roll,
    UnitFinding,
    common_year,
    compare_units,
    left_out_remarks,
    shown_name,
    word_remarks,
)

MOST_OPENED = 50
"""The files outside of units' folders that are opened to see whether they are reports."""
_LEFT_OUT = ("organ-left-out", "organ-missing")


class Plan(Struct, frozen=True):
    """The work of a batch."""

    home: Path
    """The folder with all reports."""
    units: tuple[Unit, ...]
    """The reports to build."""
    survey: Survey
    """Everything below the folder, also what is not built."""


def plan_batch(
    root: Path,
    out: Path | None,
    formats: Sequence[str],
    *,
    draft: bool,
    trust_templates: bool = False,
    key: bytes = b"",
    skipped: Sequence[Path] = (),
) -> Plan:
    """Return the reports below *root* and what else lies there.

    They are to be written to subfolders of *out*, or to their own ``output`` if *out* is None.
    *key* is the key that authenticates the record of each build.  The files and folders *skipped*
    are not looked at.  Raises EnvironmentProblem if there is nothing at all, or if an output
    folder is a report folder.
    """
    if not root.is_dir():
        if reason := refusal(root):
            raise EnvironmentProblem(f"{root} 不能当作总目录：{reason}", "检查路径是否写对")
        raise EnvironmentProblem(f"没有找到目录 {root}", "检查路径是否写对")
    home = resolved(root)
    out = resolved(out) if out else None
    found = survey_folder(home, (*skipped, *((out,) if out else ())), key)
    units = []
    for folder in found.reports:
        target = out / folder.relative_to(home) if out else folder / OUTPUT_FOLDER
        if out:
            refuse_way_out(target, out, "输出目录")
        units.append(
            Unit(
                shown_name(folder, home),
                folder,
                target,
                tuple(formats),
                draft,
                trust_templates,
                key,
            )
        )
    if not (units or found.finished or found.left_out):
        raise EnvironmentProblem(f"{root} 下没有报告目录", f"报告目录里要有 {DATA_FILE}")
    if mixed := next((unit for unit in units if (unit.out / DATA_FILE).exists()), None):
        raise EnvironmentProblem(f"输出目录 {mixed.out} 是报告目录", "用 -o 另选一个目录")
    return Plan(home, tuple(units), found)


def remarks_about(plan: Plan, outcomes: Sequence[Outcome], roll: Roll | None) -> list[UnitFinding]:
    """Return the remarks about the units of *plan*, of which *outcomes* are known.

    Nothing is summed up here, so what only a sum would suffer from is a warning.
    """
    ordered = sorted(outcomes, key=lambda outcome: outcome.name)
    handed = [Handed(item.name, item.head) for item in ordered if item.head]
    left_out = left_out_remarks(plan.survey.left_out, plan.home)
    finished = _finished_remarks(plan.survey.finished, plan.home)
    remarks = sorted([*left_out, *finished], key=lambda remark: remark.name)
    unread = [item.name for item in ordered if not item.head]
    standing = compare_units(
        handed,
        roll,
        year=common_year(item.head for item in handed),
        folders=[*unread, *(remark.name for remark in remarks)],
    )
    found = word_remarks([*remarks, *standing.remarks], shipped_library())
    return [item if is_left_out(item) else _softened(item) for item in found]


def is_left_out(item: UnitFinding) -> bool:
    """Return whether *item* says that a unit has no report among those built."""
    return item.told.slug in _LEFT_OUT


def _softened(item: UnitFinding) -> UnitFinding:
    return replace(item, told=replace(item.told, severity=Severity.WARNING))


def _finished_remarks(files: Sequence[FinishedFile], home: Path) -> Iterator[Remark]:
    """Yield a remark for each folder of finished *files*, and for each loose one with a report."""
    of_units = (item for item in files if not item.loose)
    for folder, group in groupby(of_units, key=lambda item: item.path.parent):
        names = listed([item.path.name for item in group])
        yield _left_out(shown_name(folder, home), "only-finished", {"文件": names})
    loose = [item for item in files if item.loose]
    if rest := loose[MOST_OPENED:]:
        name = shown_name(rest[0].path, home)
        yield _left_out(name, "unopened", {"个数": len(rest)})
    for item in loose[:MOST_OPENED]:
        try:
            report = read_published(item.path).report
        except EnvironmentProblem:  # it is no report, and nobody was told that it would be read
            continue
        if report:
            year = "" if report.undated else f" {report.year} 年"
            values = {"单位": report.organ or "某单位", "年度": year}
            yield _left_out(shown_name(item.path, home), "finished", values)


def _left_out(name: str, wording: str, values: Mapping[str, object]) -> Remark:
    finding = Finding("organ-left-out", None, {"目录": name, **values}, wording=wording)
    return Remark(name, "", finding)
