"""Whose report each file is, and which files are one report.

A unit often sends its report more than once: as a Word file and a PDF, with the workbook of its
three tables beside it, as a folder and a file.  A workbook rarely names the unit.  Both must be
known before anything is added up, or a unit counts twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from reportgen.diagnostics import Finding
from reportgen.forms import normalise_key
from reportgen.readers import is_copy
from reportgen.units.reading import UnitReport
from reportgen.units.roll import END_OF_PLACE, Matcher, Roll, bare_name
from reportgen.units.standing import Remark, is_telling

_PLACE = re.compile(f"{END_OF_PLACE}$")
"""What the name of a folder ends in that holds the units of a place."""
_ORGAN = re.compile(r"(?:[局委办府院厅处部会所站社校乡镇]|街道|中心|公司)$")
"""What a file is called that is named by an organ, and not by what it holds."""
PREFERRED = (
    ".docx", ".html", ".htm", ".mht", ".mhtml", ".xlsx", ".pdf", ".ofd", ".json",
    ".doc", ".wps", ".xls", ".et", ".txt", ".md",
)  # fmt: skip
"""Of one report in several formats the first of these is added up."""
_HAN = re.compile("[一-鿿]")


def with_organs(
    units: Sequence[UnitReport], loose: Collection[str], roll: Roll | None
) -> tuple[list[UnitReport], list[Remark]]:
    """Return *units*, those that name no organ with the one they seem to be of, and remarks.

    It is, in this order: that of the other reports of the same sender (a folder of its own, or
    a file or folder of the same name); the one among all reports and on the *roll* that the file
    or its folder is named by; the one with the same numbers; what the file or folder is called.
    *loose* are the names of files that lie beside those of other units.
    """
    organs = _Organs(units, loose, roll)
    settled, remarks = [], []
    for unit in units:
        if unit.head is None or unit.head.organ:
            settled.append(unit)
            continue
        organ, wording = organs.of(unit)
        settled.append(replace(unit, head=replace(unit.head, organ=organ), is_supposed=True))
        lacking = "单位" if unit.head.year else "单位和年度"
        values = {"单位": organ, "缺": lacking}
        finding = Finding("organ-unnamed", None, values, wording=wording)
        remarks.append(Remark(unit.name, organ, finding))
    return settled, remarks


class _Organs:
    """The organs that the reports which name one are of."""

    def __init__(
        self, units: Sequence[UnitReport], loose: Collection[str], roll: Roll | None
    ) -> None:
        self._loose = loose
        self._of_sender: dict[str, set[str]] = defaultdict(set)
        self._of_numbers: dict[object, str] = {}
        for unit in units:
            if unit.head and unit.head.organ:
                self._of_sender[self._sender(unit)].add(unit.head.organ)
                if is_telling(unit.numbers):
                    self._of_numbers.setdefault(unit.numbers, unit.head.organ)
        known = {organ for organs in self._of_sender.values() for organ in organs}
        self._known = sorted(known)
        self._roll = Matcher(roll.names if roll else ())

    def _sender(self, unit: UnitReport) -> str:
        """Return the folder of the sender of *unit*, or where it would be."""
        path = PurePosixPath(unit.name)
        is_own = _format(unit) and unit.name not in self._loose and path.parent.name
        if is_own and not _ORGAN.search(bare_name(unit.name)):
            return str(path.parent)
        return str(path.parent / bare_name(unit.name))

    def of(self, unit: UnitReport) -> tuple[str, str]:
        """Return the organ that *unit* seems to be of, and the wording that tells why."""
        sender = self._sender(unit)
        own = self._of_sender.get(sender, set())
        if len(own) == 1:
            return next(iter(own)), "beside"
        called = self._called(PurePosixPath(sender)) or unit.name
        for name in dict.fromkeys((bare_name(unit.name), called)):
            if organ := self._roll.find(name) or self._alone(name, PurePosixPath(sender)):
                return organ, ""
        if organ := self._of_numbers.get(unit.numbers, ""):
            return organ, "numbers"
        return called, ""

    def _alone(self, name: str, sender: PurePosixPath) -> str | None:
        """Return the only organ of the places of *sender* that *name* stands for."""
        places = list(map(normalise_key, _places(sender)))
        near = (o for o in self._known if all(place in normalise_key(o) for place in places))
        return Matcher(near).find(name)

    def _called(self, sender: PurePosixPath) -> str:
        """Return the name of *sender* behind that of its place; empty if it has no words."""
        name = bare_name(sender.name)
        if not _HAN.search(name):
            return ""
        place = next(_places(sender), "")
        return name if place in name else place + name


def _places(sender: PurePosixPath) -> Iterator[str]:
    """Yield the folders above *sender* that are called like places, the innermost first."""
    yield from (bare_name(part) for part in reversed(sender.parts[:-1]) if _PLACE.search(part))


def without_repeats(
    units: Iterable[UnitReport],
) -> tuple[list[UnitReport], list[Remark]]:
    """Return *units* without those that are another one in another format, and remarks on these.

    They have the same organ and the same numbers.  Of a folder and files the folder is kept, of
    files the one whose suffix comes first in ``PREFERRED``.  Two files of one format or two
    folders are not the same report: one of them is too much.
    """
    alike: dict[object, list[UnitReport]] = defaultdict(list)
    for unit in units:
        head = unit.head
        key = (normalise_key(head.organ), head.form, unit.numbers) if head else unit.name
        alike[key].append(unit)
    kept: list[UnitReport] = []
    remarks = []
    for group in alike.values():
        held: list[UnitReport] = []
        for unit in sorted(group, key=lambda unit: _rank(unit, group)):
            first = next((other for other in held if _is_repeat(unit, other)), None)
            if first is None or unit.head is None:
                held.append(unit)
                continue
            values = {"目录": unit.name, "一": first.name}
            finding = Finding("same-report", None, values)
            remarks.append(Remark(unit.name, unit.head.organ, finding))
        kept += held
    return sorted(kept, key=lambda unit: unit.name), remarks


def _is_repeat(unit: UnitReport, other: UnitReport) -> bool:
    """Return whether *unit* is *other* in another format; their organs and numbers are equal."""
    if unit.head is None or other.head is None or _format(unit) == _format(other):
        return False
    return unit.head.year in (None, other.head.year)


def _format(unit: UnitReport) -> str:
    """Return the suffix of the file of *unit*; empty if it is a folder."""
    suffix = PurePosixPath(unit.name).suffix.lower()
    return suffix if suffix in PREFERRED else ""


def _rank(unit: UnitReport, group: Sequence[UnitReport]) -> tuple[bool | int | str, ...]:
    """Return what *unit* is sorted by; the first of *group* is the one that counts."""
    path = Path(unit.name)
    copied = any(is_copy(path, Path(item.name)) for item in group if item.name != unit.name)
    is_undated = unit.head is not None and unit.head.year is None
    kind = PREFERRED.index(_format(unit)) + 1 if _format(unit) else 0
    return unit.is_supposed, is_undated, kind, copied, unit.name
