"""The roll (名册) of the units that must report, and their names.

It is a text, CSV, workbook or Word file with one name a line or row.  Names are compared
without regard to blanks and widths; a short name (财政局) stands for the only organ whose name
ends in it.  Columns before that of the names, such as 市 and 县区, are the levels above.  A cell
left blank there stands for the one above it, as in a workbook with merged cells; but not in a
text, which has none: there it says that the unit has no such level.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from reportgen.files import read_file, refusal
from reportgen.forms import normalise_key
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.readers import read_source
from reportgen.text import most_similar

if TYPE_CHECKING:
    from reportgen.published import FoundTable

MOST_NAMES = 50_000
_TEXTS = (".csv", ".txt", ".md")
_BOOKS = (".xlsx", ".xls", ".et")
_MOST_COLUMNS = 100
_MOST_SHOWN = 3
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
_NO_UNIT = re.compile(r"(?:[^。]{0,20}[小合总共]计(?:[（(:：\d].*)?|(?:备注|说明|注)[:：].*|备注)$")
"""What a row begins with that is a sum or a remark: ``甲县小计``, ``合计``, ``备注：``."""
_ORDER = re.compile(r"^[\d０-９]+(?:年度?)?[\s.．、_-]*")
"""The number before a name, as in ``03 财政局`` and ``2024年财政局``."""
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_HAN = re.compile("[一-鿿]{2}")
_FEWEST_LETTERS = 3
"""A shorter name does not stand for an organ whose name ends in it."""
END_OF_PLACE = "(?:[省市州盟县区旗镇乡]|街道)"
"""What the name of a place ends in that has units of its own, as a regular expression."""
Group: TypeAlias = tuple[str, ...]
"""The levels that a unit belongs to, the highest first, such as ``("某市", "某县")``."""


class Roll(Struct, frozen=True):
    """The units that must report."""

    names: tuple[str, ...]
    """Each name once, in the order of the file."""
    groups: Mapping[str, Group] = field(default_factory=dict)
    """The levels above each unit by its name; empty if the roll has none."""
    passed_over: tuple[str, ...] = ()
    """The texts of rows that are sums or remarks, and no units."""

    @property
    def note(self) -> str:
        """A sentence about the rows that were passed over; empty if there are none."""
        if not self.passed_over:
            return ""
        shown = "”“".join(self.passed_over[:_MOST_SHOWN])
        more = f"等 {len(self.passed_over)} 行" if len(self.passed_over) > _MOST_SHOWN else ""
        return f"名册里的“{shown}”{more}是小计、合计或备注，没有当作单位"


def read_roll(path: Path) -> Roll:
    """Return the names in the file *path*; EnvironmentProblem if it cannot be read or has none."""
    if reason := refusal(path):
        raise _unreadable(path, reason)
    if not path.is_file():
        raise EnvironmentProblem(f"没有找到名册 {path}", "检查路径是否写对")
    is_text = path.suffix.lower() in _TEXTS
    lists = [_rows_of_text(path)] if is_text else _lists_in_document(path)
    listed = _listed(lists, is_filled=not is_text)
    names, groups = _distinct(listed)
    if not names or len(names) > MOST_NAMES:
        message = f"{path} 里没有单位名称" if not names else f"{path} 里的名称超过 {MOST_NAMES} 个"
        raise EnvironmentProblem(message, "名册是一行一个单位的文本，或有“单位”一列的表格")
    texts = (text for rows in lists for row in rows for text in row)
    return Roll(names, groups, tuple(text.strip() for text in texts if _is_no_unit(text)))


_REASONS = {"too-large": "太长，不像名册"}


def _rows_of_text(path: Path) -> list[list[str]]:
    source, found = read_source(path)
    if source is None:
        raise _unreadable(path, _REASONS.get(found[0].wording, "不是文本"))
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


def _listed(
    lists: Sequence[Sequence[Sequence[str]]], *, is_filled: bool
) -> list[tuple[str, Group]]:
    """Return the names in *lists*, each with the names in the columns of levels.

    They are those below a head that calls them so, in every list that has one; without any, those
    of the longest list.
    """
    headed = [
        names for rows in lists if (names := _below_head(rows, is_filled=is_filled)) is not None
    ]
    if headed:
        return [item for names in headed for item in names]
    return max(([*_worded(rows)] for rows in lists), key=len, default=[])


def _below_head(
    rows: Sequence[Sequence[str]], *, is_filled: bool
) -> list[tuple[str, Group]] | None:
    """Return the names in the column of *rows* that a head calls so; None without a head."""
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if normalise_key(text) in _HEADS:
                levels = [at for at, head in enumerate(row) if normalise_key(head) in _LEVELS]
                return list(_column(rows[number + 1 :], column, levels, is_filled=is_filled))
    return None


def _worded(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, Group]]:
    """Yield the names in the column of *rows* that is most often the first with words."""
    worded = Counter(
        next((c for c, text in enumerate(row) if _HAN.search(text)), 0) for row in rows
    )
    if worded:
        yield from _column(rows, worded.most_common(1)[0][0])


def _column(
    rows: Iterable[Sequence[str]],
    column: int,
    levels: Sequence[int] = (),
    *,
    is_filled: bool = False,
) -> Iterator[tuple[str, Group]]:
    """Yield the names in *column* with those in the columns *levels*.

    A blank level is that of the row above if *is_filled*.  Rows of sums and remarks name no unit.
    """
    above = [""] * len(levels)
    for row in rows:
        if any(map(_is_no_unit, row[: column + 1])):
            continue
        if not is_filled:
            above = [""] * len(levels)
        for depth, text in enumerate(_cell(row, at) for at in levels):
            if text:
                above[depth:] = [text, *[""] * (len(levels) - depth - 1)]
        name = _cell(row, column)
        if _HAN.search(name):
            group = tuple(text for text in above if text and text not in _NO_LEVEL)
            yield _ORDER.sub("", name), group


def _is_no_unit(text: str) -> bool:
    """Return whether *text* is the first of a row that is a sum or a remark."""
    return bool(_NO_UNIT.match("".join(text.split())))


def _cell(row: Sequence[str], column: int) -> str:
    """Return the text of a cell without blanks around it; empty if *row* is too short."""
    return " ".join(row[column].split()) if column < len(row) else ""


class Matcher:
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


def bare_name(path: str) -> str:
    """Return the last name of *path*, without the suffix of a file and a number before it."""
    return _ORDER.sub("", without_suffix(PurePosixPath(path).name))


def without_suffix(name: str) -> str:
    """Return *name* without the suffix of a file; that of ``10.住建局`` is none."""
    return _SUFFIX.sub("", name)
