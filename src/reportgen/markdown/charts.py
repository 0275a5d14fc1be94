"""A block ``图表`` of the narrative → a chart or a QR code, with everything wrong in it reported.

The block is YAML between fences::

    ```图表
    类型: 柱形
    数据: [上年.申请.本年新收, 申请.本年新收]
    标题: 图1 收到申请的情况
    ```

A QR code has ``二维码: https://…`` in place of 类型 and 数据.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, dropwhile, takewhile
from typing import ParamSpec, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from reportgen import located
from reportgen.charts import LIMITS, Chart, ChartKind, QrCode, Series
from reportgen.forms import nearest_key
from reportgen.markdown.block_text import TextReader
from reportgen.markdown.blocks import MarkdownBlock
from reportgen.markdown.chart_data import (
    ChartNumbers,
    Found,
    PathProblem,
    TableNumber,
    names_of,
    series_names,
)
from reportgen.model import NarrativeChart
from reportgen.source import SourceFile, Span
from reportgen.text import Run, one_line

P = ParamSpec("P")
T = TypeVar("T")
CHART = "图表"
_KIND, _DATA, _TITLE, _UNIT = "类型", "数据", "标题", "单位"
_TURNED, _WIDTH, _CODE = "行列互换", "宽", "二维码"
_CHART_KEYS = (_KIND, _DATA, _TITLE, _UNIT, _TURNED, _WIDTH)
_CODE_KEYS = (_CODE, _TITLE, _WIDTH)
_ADDRESS = re.compile(r"https?://[!#-;=?-Z\[\]_a-z~]{3,500}", re.IGNORECASE | re.ASCII)
"""Of the characters that RFC 3986 allows: all but blanks and ``"<>\\^`{|}``."""
_SCALE = re.compile(r"[十百千万亿]{0,4}元|^[十百千万亿]{1,4}|[%‰]")
"""What makes a number in a unit another number: units of money, multiples, shares."""
_SHARE = re.compile(r"(\d{1,3})(?:\.\d+)?%")
_SIDE = re.compile(r"(\d{1,3}(?:\.\d+)?)(?:毫米|mm|MM)")
_LEAST_SHARE = 45
_SIDES = (20.0, 60.0)
"""The least and the greatest side of a QR code in mm: a telephone reads one of 20 mm."""
_USUAL_SIDE = 28.0
_TRUTHS = {"是": True, "否": False, "true": True, "false": False}


def read_chart(
    block: MarkdownBlock, text: TextReader, numbers: ChartNumbers
) -> NarrativeChart | None:
    """Return what *block* says to draw; None if it cannot be drawn, which is reported."""
    return _ChartReader(block, text, numbers).read()


class _ChartTable(Struct):
    """The numbers of a chart: a row for each series, with a name for each column."""

    names: list[str]
    series: list[str]
    rows: list[list[TableNumber]]


class _Problem(Exception):  # noqa: N818 - caught where the chart is read
    """Ends the reading of a chart; what is wrong has been reported."""


class _ChartReader:
    """Reads one block."""

    def __init__(self, block: MarkdownBlock, text: TextReader, numbers: ChartNumbers) -> None:
        self._block = block
        self._text = text
        self._numbers = numbers
        self._source = SourceFile(text.rendered.source.path, block.text)
        self._is_lost = False

    def read(self) -> NarrativeChart | None:
        """Return the chart of the block."""
        if "{{" in self._data_typed:
            self._text.report("chart-data", self._whole, wording="braces")
            return None
        root, found = located.parse_yaml(self._source)
        for finding in found:
            span = finding.span
            place = self._place(span) if isinstance(span, Span) else None
            self._text.found.append(replace(finding, span=place))
        if found:
            return None
        if not isinstance(root, located.Mapping):
            self._text.report("chart-syntax", self._whole, wording="no-keys")
            return None
        entries = self._entries(root)
        read = self._read_code if _CODE in entries else self._read_chart
        return read(entries)

    def _attempt(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what *step* reads; None if it cannot, so that the others are judged, too."""
        try:
            return step(*args, **kwargs)
        except _Problem:
            self._is_lost = True
            return None

    @property
    def _data_typed(self) -> str:
        """The lines of 数据 as they were typed, before their placeholders became numbers."""
        lines = dropwhile(lambda line: not line.startswith(_DATA), self._typed.splitlines())
        others = tuple(key for key in _CHART_KEYS if key != _DATA)
        return "\n".join(takewhile(lambda line: not line.startswith(others), lines))

    @property
    def _whole(self) -> Span:
        return self._text.span(self._block, 0, max(1, len(self._block.text.rstrip("\n"))))

    def _place(self, span: Span) -> Span:
        return self._text.span(self._block, span.start, max(span.end, span.start + 1))

    def _fail(self, slug: str, span: Span, wording: str, **values: object) -> _Problem:
        self._miss(slug, span, wording, **values)
        return _Problem()

    def _miss(self, slug: str, span: Span, wording: str, **values: object) -> None:
        """Report what keeps the chart from being drawn, and go on."""
        self._text.report(slug, self._place(span), values, wording=wording)
        self._is_lost = True

    def _lack(self, key: str) -> _Problem:
        """Report that *key* was not given, unless another key may be meant as it."""
        if not self._is_lost:
            self._text.report("chart-syntax", self._whole, {"名称": key}, wording="lacking")
        return _Problem()

    def _entries(self, root: located.Mapping) -> dict[str, located.Node]:
        """Return the nodes by their keys; those that are not known or come twice are reported."""
        names = [unicodedata.normalize("NFKC", key.text).strip() for key, _ in root.items]
        known = _CODE_KEYS if _CODE in names else _CHART_KEYS
        entries: dict[str, located.Node] = {}
        for name, (key, node) in zip(names, root.items, strict=True):
            if name not in known:
                near = nearest_key(name, known) or ""
                values = {"名称": key.text, "相近": near, "各名称": "、".join(known)}
                self._miss("chart-syntax", key.span, "similar" if near else "key", **values)
                continue
            if names.count(name) > 1 and name not in entries:
                self._miss("chart-syntax", key.span, "twice", 名称=name)
            entries.setdefault(name, node)
        return entries

    def _scalar(self, entries: Mapping[str, located.Node], key: str) -> located.Scalar | None:
        """Return the single value of *key*; None if it was not given."""
        node = entries.get(key)
        if node is None or (isinstance(node, located.Scalar) and node.text.strip()):
            return node
        raise self._fail("chart-syntax", node.span, "one-value", 名称=key)

    def _caption(self, entries: Mapping[str, located.Node]) -> tuple[Run, ...]:
        title = self._scalar(entries, _TITLE)
        if title is None:
            return ()
        span = self._place(title.span)
        self._text.refuse_footnotes(title.text, span)
        return (Run(one_line(title.text), span=span),)

    # Charts

    def _read_chart(self, entries: Mapping[str, located.Node]) -> NarrativeChart | None:
        kind = self._attempt(self._kind, entries)
        table = self._attempt(self._chosen_table, entries)
        unit = self._attempt(self._unit, entries, table) if table else None
        if kind and table:
            self._attempt(self._judge, kind, table, entries[_DATA].span)
        width = self._attempt(self._width, entries)
        caption = self._attempt(self._caption, entries) or ()
        if not caption and _TITLE not in entries:
            self._text.report("chart-untitled", self._whole)
        if kind is None or table is None or unit is None or self._is_lost:
            return None
        series = zip(table.series, table.rows, strict=True)
        chart = Chart(
            kind,
            tuple(table.names),
            tuple(Series(name, tuple(n.point for n in row)) for name, row in series),
            unit,
        )
        return NarrativeChart(chart, caption, width, None, self._typed, self._whole)

    def _chosen_table(self, entries: Mapping[str, located.Node]) -> _ChartTable:
        """Return the numbers of 数据, with rows and columns exchanged if that is wanted."""
        is_turned = self._attempt(self._truth, entries, _TURNED)
        data = entries.get(_DATA)
        if data is None:
            raise self._lack(_DATA)
        table = self._table(data)
        if not is_turned:
            return table
        if len(table.rows) < 2:
            raise self._fail("chart-syntax", entries[_TURNED].span, "turned")
        turned = [list(column) for column in zip(*table.rows, strict=True)]
        return _ChartTable(table.series, table.names, turned)

    @property
    def _typed(self) -> str:
        return self._whole.text.strip("\n")

    def _kind(self, entries: Mapping[str, located.Node]) -> ChartKind:
        typed = self._scalar(entries, _KIND)
        every = "、".join(ChartKind)
        if typed is None:
            raise self._lack(_KIND)
        name = typed.text.strip()
        found = next((kind for kind in ChartKind if kind[:2] in name), None)
        found = ChartKind.PIE if name in ("饼形", "饼状图", "圆饼图") else found
        if found is None:
            raise self._fail("chart-syntax", typed.span, "kind", 名称=name, 各类型=every)
        return ChartKind.STACKED if "堆" in name else found

    def _truth(self, entries: Mapping[str, located.Node], key: str) -> bool:
        typed = self._scalar(entries, key)
        if typed is not None and typed.text.strip() not in _TRUTHS:
            raise self._fail("chart-syntax", typed.span, "truth", 名称=key)
        return typed is not None and _TRUTHS[typed.text.strip()]

    def _unit(self, entries: Mapping[str, located.Node], table: _ChartTable) -> str:
        """Return the unit as it was typed; one that would change the numbers is reported."""
        typed = self._scalar(entries, _UNIT)
        if typed is None:
            return ""
        own = table.rows[0][0].unit[1] or ""
        scale = _SCALE.search(unicodedata.normalize("NFKC", typed.text))
        if own if scale is None else scale[0] != own:
            values = {"单位": typed.text.strip(), "表中": own}
            raise self._fail("chart-data", typed.span, "money" if own else "scale", **values)
        return one_line(typed.text)

    def _width(self, entries: Mapping[str, located.Node]) -> float | None:
        typed = self._scalar(entries, _WIDTH)
        if typed is None:
            return None
        share = _SHARE.fullmatch(unicodedata.normalize("NFKC", typed.text).replace(" ", ""))
        if not share or not _LEAST_SHARE <= int(share[1]) <= 100:
            raise self._fail("chart-syntax", typed.span, "width", 最小=_LEAST_SHARE)
        return int(share[1]) / 100

    def _table(self, data: located.Node) -> _ChartTable:
        if isinstance(data, located.Mapping):
            self._judge_names([key for key, _ in data.items])
            for key, node in data.items:
                if isinstance(node, located.Scalar) and not node.text.strip():
                    raise self._fail("chart-data", key.span, "nothing", 名称=one_line(key.text))
            named = [(one_line(key.text), *self._found(node)) for key, node in data.items]
            table = self._of_names(named, data.span)
        else:
            found, _ = self._found(data)
            table = self._of_paths(found, data.span)
        if not table.rows or not table.names:
            raise self._fail("chart-syntax", data.span, "lacking", 名称=_DATA)
        return table

    def _judge_names(self, keys: Sequence[located.Scalar]) -> None:
        """Report a name that is blank, or is that of two numbers."""
        seen = set()
        for key in keys:
            name = one_line(key.text)
            if not name:
                raise self._fail("chart-syntax", key.span, "nameless")
            self._text.refuse_footnotes(name, self._place(key.span))
            if name in seen:
                raise self._fail("chart-syntax", key.span, "twice", 名称=name)
            seen.add(name)

    def _found(self, node: located.Node) -> tuple[list[Found], bool]:
        """Return what each path in *node* leads to, and whether it is a list of paths."""
        is_list = isinstance(node, located.Sequence)
        items = node.items if isinstance(node, located.Sequence) else (node,)
        found: list[Found] = []
        is_whole = True
        for item in items:
            if not isinstance(item, located.Scalar):
                raise self._fail("chart-syntax", item.span, "one-value", 名称=_DATA)
            if "：" in item.text and not item.quoted:
                self._report_colon(item)
                is_whole = False
                continue
            try:
                found.append(self._numbers.find(item.text))
            except PathProblem as problem:
                self._report_path(problem, item.span)
                is_whole = False
        if not is_whole:
            raise _Problem
        return found, is_list

    def _report_colon(self, item: located.Scalar) -> None:
        """Report the full-width colon that keeps a name in 数据 from being one."""
        at = item.span.start + item.span.text.index("：")
        name = item.text.partition("：")[0].strip()
        place = self._place(self._source.span(at, at + 1))
        self._text.report("yaml-syntax", place, {"项": name}, wording="wide-colon")

    def _report_path(self, problem: PathProblem, span: Span) -> None:
        values, wording = {"上级": "", **problem.values}, problem.wording
        if wording == "unknown":
            wording = "similar" if values["相近"] else "member" if values["上级"] else ""
        self._text.report("chart-data", self._place(span), values, wording=wording)

    def _of_paths(self, found: Sequence[Found], span: Span) -> _ChartTable:
        """Return cells as one series, or whole rows and columns as a series each."""
        if not any(item.is_many for item in found):
            row = [item.numbers[0] for item in found]
            return _ChartTable(names_of(row), [""], [row])
        if not all(item.is_many for item in found):
            raise self._fail("chart-data", span, "mixture")
        rows = [list(item.numbers) for item in found]
        return _ChartTable(self._shared_names(rows, span), series_names(rows), rows)

    def _of_names(self, named: Sequence[tuple[str, list[Found], bool]], span: Span) -> _ChartTable:
        """Return named cells as one series, or named rows and lists as a series each."""
        names = [name for name, _, _ in named]
        if all(not is_list and not found[0].is_many for _, found, is_list in named):
            return _ChartTable(names, [""], [[found[0].numbers[0] for _, found, _ in named]])
        rows = []
        for _, found, _ in named:
            if len(found) > 1 and any(item.is_many for item in found):
                raise self._fail("chart-data", span, "mixture")
            rows.append([number for item in found for number in item.numbers])
        return _ChartTable(self._shared_names(rows, span), names, rows)

    def _shared_names(self, rows: Sequence[Sequence[TableNumber]], span: Span) -> list[str]:
        """Return the names along the axis, which all *rows* must have."""
        names = [names_of(row) for row in rows]
        if any(own != names[0] for own in names):
            other = next(own for own in names if own != names[0])
            values = {"一": "、".join(names[0]), "二": "、".join(other)}
            raise self._fail("chart-data", span, "names", **values)
        return names[0]

    def _judge(self, kind: ChartKind, table: _ChartTable, span: Span) -> None:
        """Report what keeps *table* from being drawn as *kind*, and numbers that are missing."""
        numbers = list(chain.from_iterable(table.rows))
        limit = LIMITS[kind]
        values: dict[str, object] = {"类型": kind.heading}
        amounts = [n.point.number for n in numbers if n.point.number is not None]
        is_part = kind in (ChartKind.PIE, ChartKind.STACKED)
        if len({number.unit for number in numbers}) > 1:
            raise self._fail("chart-data", span, "units")
        if kind is ChartKind.PIE and len(table.rows) > 1:
            raise self._fail("chart-unfit", span, "one-series", **values)
        if len(table.rows) > limit.series or len(table.names) > limit.names:
            many = {"组": len(table.rows), "项": len(table.names)}
            most = {"最多组": limit.series, "最多项": limit.names}
            raise self._fail("chart-unfit", span, "many", **values, **many, **most)
        if is_part and (negative := [n for n in numbers if (n.point.number or 0) < 0]):
            cell = {"格": negative[0].path, "数": negative[0].point.text}
            raise self._fail("chart-unfit", span, "negative", **values, **cell)
        if not amounts or (is_part and not any(amounts)):
            raise self._fail("chart-unfit", span, "zero" if amounts else "empty", **values)
        if missing := [number for number in numbers if number.point.number is None]:
            cells = "、".join(str(number.path) for number in missing[:3])
            gaps = {"格": cells + ("等" if len(missing) > 3 else ""), "数": len(missing)}
            self._text.report("chart-gap", self._place(span), gaps)

    # QR codes

    def _read_code(self, entries: Mapping[str, located.Node]) -> NarrativeChart | None:
        link = self._attempt(self._link, entries)
        title = self._attempt(self._caption, entries)
        side = self._attempt(self._side, entries)
        if link is None or side is None or self._is_lost:
            return None
        caption = (replace(title[0], link=link.text),) if title else (link,)
        return NarrativeChart(QrCode(link.text), caption, None, side, self._typed, self._whole)

    def _link(self, entries: Mapping[str, located.Node]) -> Run:
        typed = self._scalar(entries, _CODE)
        assert typed is not None  # noqa: S101 - the caller has seen the key
        address = typed.text.strip()
        if not _ADDRESS.fullmatch(address):
            raise self._fail("chart-address", typed.span, "", 地址=address[:60])
        return Run(address, link=address, span=self._place(typed.span))

    def _side(self, entries: Mapping[str, located.Node]) -> float:
        typed = self._scalar(entries, _WIDTH)
        if typed is None:
            return _USUAL_SIDE
        side = _SIDE.fullmatch(unicodedata.normalize("NFKC", typed.text).replace(" ", ""))
        least, most = _SIDES
        if not side or not least <= float(side[1]) <= most:
            values = {"最小": f"{least:g}", "最大": f"{most:g}"}
            raise self._fail("chart-syntax", typed.span, "side", **values)
        return float(side[1])
