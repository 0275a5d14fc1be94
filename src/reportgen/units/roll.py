"""Many reports compared with each other and with the roll (名册) of the units that must report.

The roll is a text, CSV, workbook or Word file with one name a line or row.  Names are compared
without regard to blanks and widths; a short name (财政局) stands for the only organ whose name
ends in it.  Columns before that of the names, such as 市 and 县区, are the levels above; a cell
left blank there stands for the one above it, as in a workbook with merged cells.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from reportgen.diagnostics import Finding
from reportgen.files import read_file
from reportgen.forms import Library, normalise_key
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.readers import LeftOut, is_copy, read_source
from reportgen.text import most_similar
from reportgen.units.reading import Head, UnitFinding, tell

if TYPE_CHECKING:
    from reportgen.published import FoundTable

MOST_NAMES = 50_000
_TEXTS = (".csv", ".txt", ".md")
_BOOKS = (".xlsx", ".xls", ".et")
_MOST_COLUMNS = 100
_HEADS = frozenset({"单位", "单位名称", "单位全称", "机关", "机关名称", "部门", "名称", "填报单位"})
_LEVELS = frozenset(
    {
        "上级",
        "上级单位",
        "所属",
        "所属地区",
        "地区",
        "区划",
        "市",
        "市州",
        "地市",
        "设区市",
        "县",
        "区县",
    }
    | {
        "县区",
        "县市区",
        "县(市、区)",
        "县(区)",
        "区(县)",
        "市县",
        "主管部门",
        "主管单位",
        "乡镇",
        "街道",
    }
)
"""What the columns of the levels above the units are called."""
_NO_LEVEL = frozenset({"-", "—", "--", "——", "/", "无"})
_ORDER = re.compile(r"^[\d０-９]+(?:年度?)?[\s.．、_-]*")
"""The number before a name, as in ``03 财政局`` and ``2024年财政局``."""
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_HAN = re.compile("[一-鿿]{2}")
_FEWEST_LETTERS = 3
"""A shorter name does not stand for an organ whose name ends in it."""


Group: TypeAlias = tuple[str, ...]
"""The levels that a unit belongs to, the highest first, such as ``("某市", "某县")``."""


class Roll(Struct, frozen=True):
    """The units that must report."""

    names: tuple[str, ...]
    """Each name once, in the order of the file."""
    groups: Mapping[str, Group] = field(default_factory=dict)
    """The levels above each unit by its name; empty if the roll has none."""


class Handed(Struct, frozen=True):
    """A report that was handed in."""

    name: str
    """The path of its folder or file, as it is shown."""
    head: Head


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


def read_roll(path: Path) -> Roll:
    """Return the names in the file *path*; EnvironmentProblem if it cannot be read or has none."""
    if not path.is_file():
        raise EnvironmentProblem(f"没有找到名册 {path}", "检查路径是否写对")
    is_text = path.suffix.lower() in _TEXTS
    lists = [_rows_of_text(path)] if is_text else _lists_in_document(path)
    listed = _listed(lists)
    names, groups = _distinct(listed)
    if not names or len(names) > MOST_NAMES:
        message = f"{path} 里没有单位名称" if not names else f"{path} 里的名称超过 {MOST_NAMES} 个"
        raise EnvironmentProblem(message, "名册是一行一个单位的文本，或有“单位”一列的表格")
    return Roll(names, groups)


def _rows_of_text(path: Path) -> list[list[str]]:
    source, found = read_source(path)
    if source is None:
        wording = found[0].values.get("原因") or "不是文本" if found else "不是文本"
        raise _unreadable(path, str(wording))
    text = source.text.replace("\t", ",").replace("，", ",")
    try:
        return list(csv.reader(text.splitlines()))
    except csv.Error as error:
        raise _unreadable(path, "引号没有成对") from error


def _lists_in_document(path: Path) -> list[list[list[str]]]:
    """Return the rows of each sheet of a workbook, or of each table of a document, or its text."""
    from reportgen import published  # loads the readers of documents

    try:
        if path.suffix.lower() in _BOOKS:
            return published.read_lists(read_file(path, published.MAX_BYTES), str(path))
        found = published.read_file(path)
    except ValueError as error:
        raise _unreadable(path, str(error)) from error
    except OSError as error:
        raise _unreadable(path, system_reason(error)) from error
    paragraphs = (b for b in found.blocks if isinstance(b, published.FoundParagraph))
    return [*map(_rows_of_table, found.tables)] or [[[block.text] for block in paragraphs]]


def _rows_of_table(table: FoundTable) -> list[list[str]]:
    """Return the texts of *table* by row and column; of merged cells the first has the text."""
    texts: dict[tuple[int, int], str] = {}
    for at, row in enumerate(table.rows):
        column = 0
        for cell in row:
            while (at, column) in texts:
                column += 1
            for below in range(min(cell.row_span, len(table.rows) - at)):
                for beside in range(min(cell.column_span, _MOST_COLUMNS)):
                    texts[at + below, column + beside] = ""
            texts[at, column] = cell.text
    last = [max((c for r, c in texts if r == at), default=-1) for at in range(len(table.rows))]
    return [[texts.get((at, c), "") for c in range(last[at] + 1)] for at in range(len(last))]


def _unreadable(path: Path, reason: str) -> EnvironmentProblem:
    return EnvironmentProblem(f"名册 {path} 无法读取：{reason}", "检查路径和文件是否完好")


def _distinct(listed: Sequence[tuple[str, Group]]) -> tuple[tuple[str, ...], dict[str, Group]]:
    """Return the names that are *listed*, each once, and the groups of those that have one.

    A name that several groups have (财政局) has that of its group put before it.
    """
    homes: dict[str, set[Group]] = defaultdict(set)
    for name, group in listed:
        homes[name].add(group)
    groups = {
        name if len(homes[name]) == 1 or not group else group[-1] + name: group
        for name, group in listed
    }
    return tuple(groups), groups if any(groups.values()) else {}


def _listed(lists: Sequence[Sequence[Sequence[str]]]) -> list[tuple[str, Group]]:
    """Return the names in *lists*, each with the names in the columns of levels.

    They are those below a head that calls them so, in every list that has one; without any, those
    of the longest list.
    """
    headed = [names for rows in lists if (names := _below_head(rows)) is not None]
    if headed:
        return [item for names in headed for item in names]
    return max(([*_worded(rows)] for rows in lists), key=len, default=[])


def _below_head(rows: Sequence[Sequence[str]]) -> list[tuple[str, Group]] | None:
    """Return the names in the column of *rows* that a head calls so; None without a head."""
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if normalise_key(text) in _HEADS:
                levels = [at for at, head in enumerate(row) if normalise_key(head) in _LEVELS]
                return list(_column(rows[number + 1 :], column, levels))
    return None


def _worded(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, Group]]:
    """Yield the names in the column of *rows* that is most often the first with words."""
    worded = Counter(
        next((c for c, text in enumerate(row) if _HAN.search(text)), 0) for row in rows
    )
    if worded:
        yield from _column(rows, worded.most_common(1)[0][0])


def _column(
    rows: Iterable[Sequence[str]], column: int, levels: Sequence[int] = ()
) -> Iterator[tuple[str, Group]]:
    """Yield the names in *column* with those in the columns *levels*, blank ones as above."""
    above = [""] * len(levels)
    for row in rows:
        for depth, text in enumerate(_cell(row, at) for at in levels):
            if text:
                above[depth:] = [text, *[""] * (len(levels) - depth - 1)]
        name = _cell(row, column)
        if _HAN.search(name):
            group = tuple(text for text in above if text and text not in _NO_LEVEL)
            yield _ORDER.sub("", name), group


def _cell(row: Sequence[str], column: int) -> str:
    """Return the text of a cell without blanks around it; empty if *row* is too short."""
    return " ".join(row[column].split()) if column < len(row) else ""


class _Matcher:
    """Finds the unit of the roll that an organ is."""

    def __init__(self, names: Iterable[str]) -> None:
        self._exact = {normalise_key(name): name for name in names}

    def find(self, organ: str) -> str | None:
        """Return the name in the roll for *organ*; None if there is none or more than one."""
        key = normalise_key(organ)
        if key in self._exact:
            return self._exact[key]
        if len(key) < _FEWEST_LETTERS:
            return None
        near = [
            name
            for other, name in self._exact.items()
            if len(other) >= _FEWEST_LETTERS and (key.endswith(other) or other.endswith(key))
        ]
        return near[0] if len(near) == 1 else None

    def nearest(self, organ: str) -> str | None:
        """Return the name in the roll that is most like *organ*."""
        near = most_similar(normalise_key(organ), self._exact)
        return self._exact[near] if near else None


def left_out_remarks(left_out: Iterable[LeftOut], home: Path) -> Iterator[Remark]:
    """Yield what is to be said of the folders and files below *home* that were *left_out*."""
    for item in left_out:
        name = shown_name(item.path, home)
        values = {"目录": name, "文件": item.file, "原因": item.reason}
        yield Remark(name, "", Finding("organ-left-out", None, values, wording=item.wording))


def shown_name(path: Path, home: Path) -> str:
    """Return the name of a folder or file in or below *home*: its path from there."""
    return home.name if path == home else path.relative_to(home).as_posix()


def word_remarks(remarks: Iterable[Remark], library: Library) -> list[UnitFinding]:
    """Return *remarks* in the words of the rules of *library*."""
    found = list(remarks)
    rules = library.rulebook() if found else None
    return [
        UnitFinding(item.name, item.organ, tell(rules.word(item.finding), Path()))
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
    matcher = _Matcher(roll.names if roll else ())
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
) -> Standing:
    """Return how the reports *handed* in stand to each other and to *roll*.

    Reports of another year than *year* and of another form than the first of *forms* (names by
    id) are told.  *sums* are the names of reports that are the sum of others here; of these nothing
    else is told.  A unit of the roll is not missing if one of *folders*, told otherwise, has its
    name.  Reports that a sum must not contain are left out, and if it is *for_sum* the findings
    say so.
    """
    comparison = _UnitComparison(handed, roll, year, forms or {}, for_sum=for_sum)
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
    ) -> None:
        self._handed = handed
        self._roll = roll
        self._year = year
        self._forms = forms
        self._for_sum = for_sum
        self._matcher = _Matcher(roll.names if roll else ())
        self._remarks: dict[str, list[Remark]] = defaultdict(list)
        self._left_out: set[str] = set()
        self._organs = organs_of(handed, roll)

    def result(self, folders: Iterable[str]) -> Standing:
        """Return everything found; a unit named by one of *folders* is not missing."""
        found = [remark for item in self._handed for remark in self._remarks[item.name]]
        there = {*self._organs.values(), *map(self._matcher.find, map(_name_of, folders))}
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
        if year is None and self._for_sum:
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
                groups[organ, item.head.year].append(item)
        for group in groups.values():
            first, *others = sorted(
                group,
                key=lambda item: (_is_copied(item, group), not _is_named_by(item), item.name),
            )
            for other in others:
                values = {"单位": other.head.organ, "一": first.name, "二": other.name}
                copied = _is_copied(other, group)
                usual, summed = ("copy", "left-out-copy") if copied else ("", "left-out")
                self._leave_out(other, "organ-twice", values, summed, usual)

    def find_copies(self) -> None:
        """Find the reports that are those of another organ under a new name."""
        known: dict[str, Handed] = {}
        for item in self._handed:
            if item.head.digest and item.name not in self._left_out:
                first = known.setdefault(item.head.digest, item)
                one, other = first.head.organ, item.head.organ
                if normalise_key(one) != normalise_key(other):
                    values = {"单位": other, "另一": one, "目录": first.name}
                    self._say(item, "organ-copied", values)

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


def _name_of(path: str) -> str:
    """Return the last name of *path*, without the suffix of a file and a number before it."""
    return _ORDER.sub("", without_suffix(PurePosixPath(path).name))


def without_suffix(name: str) -> str:
    """Return *name* without the suffix of a file; that of ``10.住建局`` is none."""
    return _SUFFIX.sub("", name)


def _names_above(path: str) -> Iterator[str]:
    """Yield the names that *path* consists of, the last first."""
    yield _name_of(path)
    yield from reversed(PurePosixPath(path).parts[:-1])


def _is_named_by(item: Handed) -> bool:
    """Return whether the folder or file of *item* has its organ's name, or the end of it."""
    return normalise_key(item.head.organ).endswith(normalise_key(_name_of(item.name)))


def _is_copied(item: Handed, group: Sequence[Handed]) -> bool:
    """Return whether *item* is named as a copy of another of *group*: 甲局 - 副本, 甲局(2)."""
    name = Path(item.name).name
    return any(
        len(name) > len(Path(other.name).name) and is_copy(Path(name), Path(Path(other.name).name))
        for other in group
        if other is not item
    )
