"""The units to be added up: found in folders, and their findings together with those of the sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Finding, Severity
from reportgen.files import resolved
from reportgen.forms import Library
from reportgen.problems import EnvironmentProblem
from reportgen.readers import survey_folder
from reportgen.units.aggregate import Aggregate, build_aggregate
from reportgen.units.reading import Told, UnitFinding, UnitJob, UnitReport, UnitResult
from reportgen.units.roll import Roll
from reportgen.units.senders import PREFERRED, with_organs, without_repeats
from reportgen.units.standing import Remark, left_out_remarks, shown_name


class Sources(Struct, frozen=True):
    """The reports to be added up, before they are read."""

    units: tuple[UnitJob, ...]
    left_out: tuple[Remark, ...]
    """What is to be said of folders without a report."""
    loose: frozenset[str]
    """The names of the files that may be something else than a report."""

    def jobs(self, known: Mapping[str, UnitResult]) -> list[UnitJob]:
        """Return what is to be done when the results *known* are at hand."""
        return [
            replace(unit, known=known[unit.name].inputs) if unit.name in known else unit
            for unit in self.units
        ]


def find_sources(
    sources: Sequence[Path],
    skipped: Sequence[Path],
    *,
    trust_templates: bool = False,
    key: bytes = b"",
) -> Sources:
    """Return the reports in *sources*: report folders, finished files, and folders with both.

    The paths *skipped* are not looked at, nor what a batch made there for the user with *key*.
    Raises EnvironmentProblem if one of *sources* does not exist or if there is nothing in them.
    """
    units: dict[str, UnitJob] = {}
    left_out: list[Remark] = []
    loose: set[str] = set()
    for source in sources:
        home = resolved(source)
        if not home.exists():
            raise EnvironmentProblem(f"没有找到 {source}", "检查路径是否写对")
        prefix = f"{home.name}/" if len(sources) > 1 and home.is_dir() else ""
        found = survey_folder(home, skipped, key) if home.is_dir() else None
        for path in found.reports if found else (home,):
            _add(units, prefix, path, home)
        if found:
            for item in found.finished:
                name = _add(units, prefix, item.path, home)
                loose |= {name} if item.loose else set()
            for remark in left_out_remarks(found.left_out, home):
                left_out.append(replace(remark, name=prefix + remark.name))
    if not units and not left_out:
        raise EnvironmentProblem(
            "来源里没有报告", "来源是各单位的报告目录或成品文件，或放着它们的目录"
        )
    jobs = [replace(unit, trust_templates=trust_templates) for unit in units.values()]
    return Sources(tuple(jobs), tuple(left_out), frozenset(loose))


def _add(units: dict[str, UnitJob], prefix: str, path: Path, home: Path) -> str:
    """Add the report *path* below *home* to *units*, once; return its name."""
    name = prefix + shown_name(path, home)
    number = 1
    while name in units and units[name].path != path:  # of two sources with one name
        number += 1
        name = f"{prefix}{shown_name(path, home)}（{number}）"
    units[name] = UnitJob(name, path)
    return name


def sum_up(
    units: Sequence[UnitReport],
    found: Sources,
    library: Library,
    *,
    organ: str = "",
    year: int | None = None,
    roll: Roll | None = None,
    only_clean: bool = False,
) -> Aggregate:
    """Return the sum of *units*, which were read from *found*; see :func:`build_aggregate`."""
    ordered = sorted(units, key=lambda unit: unit.name)
    named, supposed = with_organs(ordered, found.loose, roll)
    kept, repeats = without_repeats(named)
    repeated = {remark.name for remark in repeats}
    read = {str(Path(unit.name).parent) for unit in kept if unit.head}
    remarks = [*found.left_out, *repeats]
    remarks += [remark for remark in supposed if remark.name not in repeated]
    judged = []
    for unit in kept:
        is_file = Path(unit.name).suffix.lower() in PREFERRED
        if unit.head or not is_file:
            judged.append(unit)
        elif unit.name in found.loose:
            values = {"目录": unit.name}
            finding = Finding("organ-left-out", None, values, wording="no-report")
            remarks.append(Remark(unit.name, "", finding))
        elif str(Path(unit.name).parent) not in read:  # else it lies beside the unit's report
            judged.append(unit)
    folders = [remark.name for remark in remarks]
    total = build_aggregate(
        judged,
        library,
        organ=organ,
        year=year,
        roll=roll,
        only_clean=only_clean,
        folders=folders,
    )
    remarks.sort(key=lambda remark: remark.name)
    return replace(total, remarks=(*remarks, *total.remarks))


def soften_loose(remarks: Sequence[UnitFinding], found: Sources) -> list[UnitFinding]:
    """Return *remarks* with what is said of loose files that are no reports as warnings."""
    return [
        replace(item, told=replace(item.told, severity=Severity.WARNING))
        if item.name in found.loose and item.told.slug == "organ-left-out"
        else item
        for item in remarks
    ]


def has_problems(total: Aggregate, remarks: Sequence[UnitFinding]) -> bool:
    """Return whether a report has errors, is missing, twice or left out, or a sum is short."""
    grave = any(item.told.severity is Severity.ERROR for item in remarks)
    return grave or any(unit.findings.errors for unit in total.units)


def findings_of(total: Aggregate, remarks: Sequence[UnitFinding]) -> list[dict[str, object]]:
    """Return *remarks* and the findings about the reports themselves, for ``--format json``."""
    return [_finding(*item) for item in _all_findings(total, remarks)]


def _all_findings(
    total: Aggregate, remarks: Sequence[UnitFinding]
) -> Iterator[tuple[str, str, Told]]:
    for item in remarks:
        yield item.organ, item.name, item.told
    for unit in total.units:
        for told in unit.findings.all:
            yield unit.head.organ if unit.head else "", unit.name, told


def _finding(organ: str, name: str, told: Told) -> dict[str, object]:
    return {
        "unit": organ or name,
        "source": name,
        "code": told.code or None,
        "slug": told.slug or None,
        "severity": told.severity.value,
        "message": told.message,
        "place": told.place or None,
        "hint": told.hint,
    }
