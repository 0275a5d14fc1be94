"""The report of one unit among many: read, checked, and reduced to what a summary needs.

Thousands of these are held at once and sent between processes, so they contain no texts and no
positions, and only the gravest findings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct, field

from reportgen.api import check_source
from reportgen.checks import TEMPLATE_RULES
from reportgen.diagnostics import Diagnostic, Severity, count_severities
from reportgen.findings_text import show_finding
from reportgen.forms import Form, Number, canonical_data, complete_cells, shipped_library
from reportgen.model import CellPath, Quantity, Report
from reportgen.readers import hash_file, hash_inputs, own_output, shipped_hash
from reportgen.text import one_line
from reportgen.units.workers import attempt

MOST_TOLD = 20
"""The findings about one unit that are kept; a report has rarely more than five."""
_NAMING = ("单位", "标题")


class Told(Struct, frozen=True):
    """A finding as text, with its place relative to the unit's folder."""

    severity: Severity
    code: str
    message: str
    place: str = ""
    hint: str = ""
    slug: str = ""
    reply: str = ""
    """What the unit should do; empty if the hint says it."""

    def __str__(self) -> str:
        return f"[{self.code}] {self.message}" if self.code else self.message


class UnitFinding(Struct, frozen=True):
    """A finding about a unit as a whole, such as that its report is missing."""

    name: str
    """The path of the unit's folder or file, or its name in the roll."""
    organ: str
    """The name of the organ; empty if it is not known."""
    told: Told

    @property
    def line(self) -> str:
        """The finding on one line, with its severity and its unit."""
        told = self.told
        about = f"{self.name}：" if self.name not in told.message else ""
        return " ".join(f"{told.severity.label}[{told.code}] {about}{told.message}".split())


def lines_of(found: Iterable[UnitFinding]) -> list[str]:
    """Return *found* as lines, and what to do below the first finding that has this hint."""
    lines: list[str] = []
    hints: set[str] = set()
    for item in found:
        lines.append(item.line)
        if item.told.hint and item.told.hint not in hints:
            hints.add(item.told.hint)
            lines.append(f"  处理：{item.told.hint}")
    return lines


def template_lines(units: Iterable[tuple[str, Tally]], where: str, most: int) -> list[str]:
    """Return a line for each unit, by name, whose folder brings templates; at most *most*.

    *where* is the file in which all that they change is listed.
    """
    bringing = [(name, found.templates) for name, found in units if found.templates]
    lines = []
    for name, (first, *others) in bringing[:most]:
        line = f"{first.severity.label}[{first.code}] {name}：{one_line(first.message)}"
        lines.append(f"{line}；另改动 {len(others)} 处，见 {where}" if others else line)
    if bringing[most:]:
        lines.append(f"…… 另有 {len(bringing) - most} 个单位自带模板，见 {where}")
    return lines


class Tally(Struct, frozen=True):
    """The findings about a report, in numbers, and the gravest as text."""

    errors: int = 0
    warnings: int = 0
    told: tuple[Told, ...] = ()
    """The errors and then the warnings, at most ``MOST_TOLD``."""
    templates: tuple[Told, ...] = ()
    """What is to be said of templates that the folder brings, whatever its severity; at most
    ``MOST_TOLD``."""

    @property
    def all(self) -> tuple[Told, ...]:
        """``told``, then what is only in ``templates``."""
        return (*self.told, *(item for item in self.templates if item not in self.told))

    @property
    def first(self) -> str:
        """The first finding of the worst severity; empty if there are only hints or none."""
        return str(self.told[0]) if self.told else ""

    @property
    def place(self) -> str:
        """The place of that finding."""
        return self.told[0].place if self.told else ""

    @property
    def untold(self) -> int:
        """The number of errors and warnings that are not in ``all``."""
        return self.errors + self.warnings - len(self.graver)

    @property
    def graver(self) -> tuple[Told, ...]:
        """The errors and warnings in ``all``."""
        return tuple(item for item in self.all if item.severity is not Severity.HINT)


class Head(Struct, frozen=True):
    """What a report says about itself, and its key figures."""

    organ: str
    year: int | None
    """None if the report does not say it."""
    kind: str
    """类型, such as 汇总."""
    form: str
    """The form, as the names of its folders below ``templates``: ``disclosure/2021``."""
    figures: Mapping[str, Number | None] = field(default_factory=dict)
    """The numbers in the columns of the summary; None for one that could not be read."""
    digest: str = ""
    """A hash of numbers and text without the organ's name; empty if all numbers are 0."""


def tally(found: Sequence[Diagnostic], folder: Path) -> Tally:
    """Return *found* in numbers, and as text with places relative to *folder*."""
    counts = count_severities(found)
    told: list[Told] = []
    for severity in (Severity.ERROR, Severity.WARNING):
        for item in found:
            if item.severity is severity and len(told) < MOST_TOLD:
                told.append(tell(item, folder))
    of_templates = (item for item in found if item.slug in TEMPLATE_RULES)
    templates = tuple(tell(item, folder) for item in islice(of_templates, MOST_TOLD))
    return Tally(counts[Severity.ERROR], counts[Severity.WARNING], tuple(told), templates)


def tell(item: Diagnostic, folder: Path) -> Told:
    """Return *item* as text, with its place relative to *folder*."""
    shown = show_finding(item, folder)
    return Told(item.severity, item.code, shown.message, shown.place, shown.hint, item.slug)


def head_of(report: Report, form: Form) -> Head:
    """Return what *report*, which follows *form*, says about itself."""
    return Head(
        organ=report.organ,
        year=None if report.undated else report.year or None,
        kind=report.kind,
        form=f"{form.report}/{form.id}",
        figures={name: _sum(report, cells) for name, cells in form.figures.items()},
        digest=_digest(report, form),
    )


def _sum(report: Report, cells: Sequence[str]) -> Number | None:
    """Return the sum of *cells*; None if one of them is missing or could not be read."""
    found = [report.cells.get(CellPath.parse(cell)) for cell in cells]
    total: Number = 0
    for quantity in found:
        if quantity is None or quantity.invalid:
            return None
        total += quantity.amount
    return total


def _digest(report: Report, form: Form) -> str:
    """Return the hash of the numbers and the text, the same for copies under another name.

    Small offices rightly have nothing but zeros, and often one text that was given to all.
    """
    if not any(quantity.amount for quantity in report.cells.values()):
        return ""
    data = {key: item for key, item in canonical_data(report, form).items() if key not in _NAMING}
    text = msgspec.json.encode(data).decode()
    return hashlib.sha256(text.replace(report.organ or "\0", "").encode()).hexdigest()


class Unread(Struct, frozen=True):
    """What stands in a cell in which no number could be read; empty if nothing does."""

    text: str


UnitNumber: TypeAlias = Number | Unread | None
"""A number of a unit; None if the unit states that there is none (``/`` or a blank)."""


class UnitReport(Struct, frozen=True):
    """The report of a unit with its numbers."""

    name: str
    """The path of its folder or file, as it is shown."""
    head: Head | None = None
    """None if it could not be read."""
    numbers: tuple[UnitNumber, ...] = ()
    """The numbers in the order of the cells of its official form; totals are those of the parts.

    So whoever adds up the parts and whoever adds up the totals get the same sum.
    """
    findings: Tally = Tally()
    stated: Mapping[int, Number] = field(default_factory=dict)
    """The totals that the report states otherwise, by their place in ``numbers``."""
    is_supposed: bool = False
    """Whether the report names no organ, and that of ``head`` is supposed."""


class UnitJob(Struct, frozen=True):
    """A report to read."""

    name: str
    path: Path
    trust_templates: bool = False
    known: str = ""
    """The hash of the inputs for which the result is known; empty if it is not."""


class UnitResult(Struct, frozen=True):
    """The result of a job."""

    name: str
    inputs: str
    """The hash of everything that the report depends on; empty if it cannot be computed."""
    report: UnitReport | None
    """None if the inputs are those for which the result is known."""


def read_unit(job: UnitJob) -> UnitResult:
    """Read and check the report of *job*; what goes wrong is a finding of its report."""
    return attempt(job, _read, lost_unit)


def lost_unit(job: UnitJob, message: str) -> UnitResult:
    """Return the result of a *job* that could not be done, without paths of this machine."""
    told = Told(Severity.ERROR, "", message.replace(str(job.path), job.name))
    return UnitResult(job.name, "", UnitReport(job.name, findings=Tally(1, 0, (told,))))


def _read(job: UnitJob) -> UnitResult:
    is_folder = job.path.is_dir()
    if is_folder:
        options = ("aggregate", f"trust={job.trust_templates}")
        inputs = hash_inputs(job.path, own_output(job.path), options)
    else:
        digest = hash_file(job.path)
        inputs = f"{shipped_hash()}{digest}" if digest else ""
    if inputs and inputs == job.known:
        return UnitResult(job.name, inputs, None)
    found = check_source(job.path, own_templates="trust" if job.trust_templates else "refuse")
    findings = tally(found.diagnostics, job.path if is_folder else job.path.parent)
    if found.report is None or found.form is None:
        return UnitResult(job.name, inputs, UnitReport(job.name, findings=findings))
    head, form = head_of(found.report, found.form), _official(found.form)
    numbers = _numbers(found.report, form)
    stated = dict(_stated(found.report, form, numbers))
    return UnitResult(job.name, inputs, UnitReport(job.name, head, numbers, findings, stated))


def _official(form: Form) -> Form:
    """Return the shipped form that *form*, maybe a folder's own, stands for; itself if none is."""
    library = shipped_library()
    known = form.id in library.form_ids(form.report)
    return library.load(form.report, form.id) if known else form


def _numbers(report: Report, form: Form) -> tuple[UnitNumber, ...]:
    """Return the numbers of *report*, totals computed from their parts; blank ones stay blank."""
    typed = {path: cell for path, cell in report.cells.items() if path not in form.totals}
    full = complete_cells(form, typed, zero_missing=False)
    for path in form.totals:
        stated, computed = report.cells.get(path), full.get(path)
        is_blank = stated and not stated.invalid and stated.number is None
        if stated and is_blank and computed and not (computed.invalid or computed.amount):
            full[path] = stated
    return tuple(_number(full.get(path)) for path in form.value_cells)


def _stated(
    report: Report, form: Form, numbers: Sequence[UnitNumber]
) -> Iterator[tuple[int, Number]]:
    """Yield the totals that *report* states and that are not in *numbers*, with their places."""
    for place, (path, number) in enumerate(zip(form.value_cells, numbers, strict=True)):
        cell = report.cells.get(path) if path in form.totals else None
        if cell and not cell.invalid and cell.number not in (None, number):
            yield place, cell.amount


def _number(quantity: Quantity | None) -> UnitNumber:
    if quantity is None or quantity.invalid:
        return Unread(quantity.text if quantity else "")
    return quantity.number
