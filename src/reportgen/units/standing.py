"""How many reports stand to each other and to the roll: missing, twice, of another year, copied."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Finding
from reportgen.forms import Library, normalise_key, plain_number
from reportgen.model import CellPath
from reportgen.readers import LeftOut, is_copy
from reportgen.units.reading import Head, UnitFinding, UnitNumber, Unread, tell
from reportgen.units.roll import Matcher, Roll, bare_name, without_suffix

_TWICE = {
    (True, False): "equal",
    (True, True): "equal-copy",
    (False, False): "different",
    (False, True): "different-copy",
}
"""How a second report is told: by whether its numbers are those of the first, and its name is."""
_FEWEST_NUMBERS = 10
"""So many numbers other than 0 are the same in two reports only if one is a copy."""
MOST_CELLS = 3
"""The cells that a finding names."""


class Handed(Struct, frozen=True):
    """A report that was handed in."""

    name: str
    """The path of its folder or file, as it is shown."""
    head: Head
    numbers: tuple[UnitNumber, ...] = ()
    """Its numbers; empty if they are not compared."""
    is_supposed: bool = False
    """Whether it names no organ, and that of ``head`` is supposed."""


class Remark(Struct, frozen=True):
    """A finding about a unit among the others."""

    name: str
    """The path of the report's folder or file, or the name in the roll if there is none."""
    organ: str
    finding: Finding


class Standing(Struct, frozen=True):
    """How the reports stand to each other and to the roll."""

    remarks: tuple[Remark, ...]
    """In the order of the reports; then the units of the roll that are missing."""
    left_out: frozenset[str]
    """The names of the reports that a sum must not contain."""
    organs: Mapping[str, str]
    """The name of each report → the name of its unit in the roll, or of its organ without one."""


def left_out_remarks(left_out: Iterable[LeftOut], home: Path) -> Iterator[Remark]:
    """Yield what is to be said of the folders and files below *home* that were *left_out*."""
    for item in left_out:
        name = shown_name(item.path, home)
        values = {"目录": name, "文件": item.file, "原因": item.reason}
        yield Remark(name, "", Finding("organ-left-out", None, values, wording=item.wording))


def shown_name(path: Path, home: Path) -> str:
    """Return the name of a folder or file in or below *home*: its path from there, as text.

    Archives that were made in Windows are often unpacked with names in GBK, which are no text
    elsewhere.
    """
    name = home.name if path == home else path.relative_to(home).as_posix()
    data = name.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def word_remarks(remarks: Iterable[Remark], library: Library) -> list[UnitFinding]:
    """Return *remarks* in the words of the rules of *library*."""
    found = list(remarks)
    rules = library.rulebook() if found else None
    return [
        UnitFinding(
            item.name,
            item.organ,
            replace(tell(rules.word(item.finding), Path()), reply=rules.reply_to(item.finding)),
        )
        for item in found
        if rules
    ]


def common_year(heads: Iterable[Head]) -> int | None:
    """Return the year of more than half of the reports; None if there is none."""
    years = [head.year for head in heads if head.year]
    year, count = Counter(years).most_common(1)[0] if years else (0, 0)
    return year if count * 2 > len(years) else None


def organs_of(handed: Iterable[Handed], roll: Roll | None) -> dict[str, str]:
    """Return the organ of each report by its name, called as in the *roll* if it is there."""
    matcher = Matcher(roll.names if roll else ())
    return {item.name: matcher.find(item.head.organ) or item.head.organ for item in handed}


def compare_units(
    handed: Sequence[Handed],
    roll: Roll | None = None,
    *,
    year: int | None = None,
    forms: Mapping[str, str] | None = None,
    sums: Collection[str] = (),
    folders: Iterable[str] = (),
    for_sum: bool = False,
    cells: Sequence[CellPath] = (),
) -> Standing:
    """Return how the reports *handed* in stand to each other and to *roll*.

    Reports of another year than *year* and of another form than the first of *forms* (names by
    id) are told.  *sums* are the names of reports that are the sum of others here; of these nothing
    else is told.  A unit of the roll is not missing if one of *folders*, told otherwise, has its
    name.  Reports that a sum must not contain are left out, and if it is *for_sum* the findings
    say so.  The numbers of those that are compared are those of *cells*.
    """
    comparison = _UnitComparison(handed, roll, year, forms or {}, for_sum=for_sum, cells=cells)
    comparison.judge(sums)
    comparison.find_repeated()
    comparison.find_copies()
    return comparison.result(folders)


class _UnitComparison:
    """Compares reports; each that a sum must not contain is left out for one reason."""

    def __init__(
        self,
        handed: Sequence[Handed],
        roll: Roll | None,
        year: int | None,
        forms: Mapping[str, str],
        *,
        for_sum: bool,
        cells: Sequence[CellPath],
    ) -> None:
        self._handed = handed
        self._roll = roll
        self._year = year
        self._forms = forms
        self._for_sum = for_sum
        self._cells = cells
        self._matcher = Matcher(roll.names if roll else ())
        self._remarks: dict[str, list[Remark]] = defaultdict(list)
        self._left_out: set[str] = set()
        self._organs = organs_of(handed, roll)

    def result(self, folders: Iterable[str]) -> Standing:
        """Return everything found; a unit named by one of *folders* is not missing."""
        found = [remark for item in self._handed for remark in self._remarks[item.name]]
        there = {*self._organs.values(), *map(self._matcher.find, map(bare_name, folders))}
        missing = (
            Remark(name, name, Finding("organ-missing", None, {"单位": name}))
            for name in (self._roll.names if self._roll else ())
            if name not in there
        )
        return Standing((*found, *missing), frozenset(self._left_out), self._organs)

    def judge(self, sums: Collection[str]) -> None:
        """Find what is wrong with each report by itself; *sums* are those of other reports."""
        for item in self._handed:
            if self._has_other_year(item) or self._has_other_form(item):
                continue
            if item.name in sums:
                self._left_out.add(item.name)
            elif self._roll:
                self._judge_organ(item)

    def _has_other_year(self, item: Handed) -> bool:
        year = item.head.year
        values = {"年": year, "年度": self._year, "别的": "多数单位"}
        if year is None and self._for_sum and not item.is_supposed:
            self._leave_out(item, "organ-of-other-year", values, "none")
        elif year and self._year and year != self._year:
            self._leave_out(item, "organ-of-other-year", values, "left-out")
        else:
            return False
        return True

    def _has_other_form(self, item: Handed) -> bool:
        official = next(iter(self._forms), item.head.form)
        if item.head.form == official:
            return False
        name = self._forms.get(item.head.form, "别种报告的表")
        values = {"年度": self._year, "表": name, "应": self._forms[official]}
        self._leave_out(item, "organ-of-other-form", values)
        return True

    def _judge_organ(self, item: Handed) -> None:
        """Find whether the organ of *item* is on the roll, and the one its folder is named by."""
        organ = item.head.organ
        if self._matcher.find(organ):
            named = next(filter(None, map(self._matcher.find, _names_above(item.name))), None)
            if named and named != self._organs[item.name]:
                values = {"目录": item.name, "单位": organ}
                self._say(item, "organ-not-on-roll", values, "folder")
            return
        near = self._matcher.nearest(organ)
        values = {"单位": organ, "相近": near or ""}
        usual, summed = ("near", "left-out-near") if near else ("", "left-out")
        self._leave_out(item, "organ-not-on-roll", values, summed, usual)

    def find_repeated(self) -> None:
        """Find the organs with several reports; the one that counts is no copy by its name."""
        groups: dict[tuple[str, int | None], list[Handed]] = defaultdict(list)
        for item in self._handed:
            if item.head.organ and item.name not in self._left_out:
                organ = normalise_key(self._organs[item.name])
                year = self._year if item.is_supposed else item.head.year
                groups[organ, item.head.year or year].append(item)
        for group in groups.values():
            first, *others = sorted(
                group,
                key=lambda item: (
                    item.is_supposed,
                    _is_copied(item, group),
                    not _is_named_by(item),
                    item.name,
                ),
            )
            for other in others:
                values = {
                    "单位": other.head.organ,
                    "一": first.name,
                    "二": other.name,
                    "各格": self._differing(first, other),
                }
                copied = _is_copied(other, group)
                summed = _TWICE[first.numbers == other.numbers, copied]
                self._leave_out(other, "organ-twice", values, summed, "copy" if copied else "")

    def _differing(self, first: Handed, other: Handed) -> str:
        """Return the cells whose numbers differ, the first few with both numbers."""
        pairs = zip(self._cells, first.numbers, other.numbers, strict=False)  # or not compared
        found = [f"“{path}”{_shown(one)}、{_shown(two)}" for path, one, two in pairs if one != two]
        more = f"等 {len(found)} 格" if len(found) > MOST_CELLS else ""
        return "；".join(found[:MOST_CELLS]) + more

    def find_copies(self) -> None:
        """Find the reports that are those of another organ under a new name."""
        known: dict[object, Handed] = {}
        for item in self._handed:
            if item.name in self._left_out:
                continue
            by_numbers = item.numbers if is_telling(item.numbers) else ""
            for key, wording in ((item.head.digest, ""), (by_numbers, "numbers")):
                first = known.setdefault(key, item) if key else item
                one, other = first.head.organ, item.head.organ
                if normalise_key(one) != normalise_key(other):
                    values = {"另一": one, "目录": first.name}
                    self._say(item, "organ-copied", values, wording)
                    break

    def _leave_out(
        self,
        item: Handed,
        slug: str,
        values: Mapping[str, object],
        summed: str = "",
        usual: str = "",
    ) -> None:
        """Leave *item* out: told in the wording *summed* for a sum, else in the *usual* one."""
        self._say(item, slug, values, summed if self._for_sum else usual)
        self._left_out.add(item.name)

    def _say(
        self, item: Handed, slug: str, values: Mapping[str, object], wording: str = ""
    ) -> None:
        finding = Finding(slug, None, values, wording=wording)
        self._remarks[item.name].append(Remark(item.name, item.head.organ, finding))


def _shown(number: UnitNumber) -> str:
    """Return *number* as it is told: what could not be read as it stands there."""
    if number is None:
        return "空白"
    return number.text or "空白" if isinstance(number, Unread) else plain_number(number)


def is_telling(numbers: Sequence[UnitNumber]) -> bool:
    """Return whether *numbers* are so many that two reports do not have the same by chance."""
    some = sum(bool(number) for number in numbers if not isinstance(number, Unread))
    return some >= _FEWEST_NUMBERS


def _names_above(path: str) -> Iterator[str]:
    """Yield the names that *path* consists of, the last first."""
    yield bare_name(path)
    yield from reversed(PurePosixPath(path).parts[:-1])


def _is_named_by(item: Handed) -> bool:
    """Return whether the folder or file of *item* has its organ's name, or the end of it."""
    return normalise_key(item.head.organ).endswith(normalise_key(bare_name(item.name)))


def _is_copied(item: Handed, group: Sequence[Handed]) -> bool:
    """Return whether *item* is named as a copy of another of *group*: 甲局 - 副本, 甲局(2)."""
    name, *others = (
        Path(without_suffix(PurePosixPath(one.name).name))
        for one in (item, *(other for other in group if other is not item))
    )
    return any(len(name.name) > len(other.name) and is_copy(name, other) for other in others)
