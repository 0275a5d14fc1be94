"""What a chart or a QR code shows, without a size and without a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from reportgen.text import Word


class ChartKind(Word):
    """The kinds of charts, by the names that authors type."""

    BARS = "柱形"
    STACKED = "堆叠"
    LINES = "折线"
    PIE = "饼图"

    @property
    def heading(self) -> str:
        """The name in a sentence."""
        return {"柱形": "柱形图", "堆叠": "堆叠柱形图", "折线": "折线图"}.get(self, "饼图")


_MARKS = ("[`｀ˋ´′‵·•・]", "[‘’'＇]", '["“”＂]', "～")
"""What the key of the accent gives with a Chinese input method, and what Word makes of it."""
_TWO, _THREE = ("|".join(mark + f"{{{least},}}" for mark in _MARKS) for least in (2, 3))
_MEANT = re.compile(
    rf"""^[ \t\u3000]*(?:
        (?:{_TWO})[ \t\u3000]*(?:图表|二维码)[^\n]*
      | (?:{_THREE})(?=
            [^\n]{{0,9}}(?:[图码]|二维|柱|折线|饼|堆叠|.表$)[^\n]{{0,9}}$
          | [^\n]{{0,20}}\n[ \t\u3000]*(?:类型|数据|二维码)[ \t]*[:：]
        )[^\n]*
    )""",
    re.MULTILINE | re.VERBOSE,
)


def meant_as_chart(text: str) -> re.Match[str] | None:
    """Return the line of *text* that was meant to begin a block 图表 or 二维码; None without any.

    It begins with accents or what is typed for them.  Behind them stands a word like 图表 or the
    name of a kind, or below it a key of such a block.
    """
    return _MEANT.search(text)


class Limit(Struct, frozen=True):
    """How much one chart may show and still be read."""

    series: int
    names: int


LIMITS = {
    ChartKind.BARS: Limit(4, 12),
    ChartKind.STACKED: Limit(5, 12),
    ChartKind.LINES: Limit(4, 12),
    ChartKind.PIE: Limit(1, 8),
}
"""The most series, and the most names along the axis, of each kind."""


class Point(Struct, frozen=True):
    """One number of a chart."""

    number: int | Decimal | None
    """None for a number that is missing, which is drawn as a gap and never as 0."""
    text: str = ""
    """The number as the table prints it; empty if it is missing."""


class Series(Struct, frozen=True):
    """The numbers that are drawn alike, one for each name of the chart."""

    name: str
    """What the legend calls the series; empty if it is the only one."""
    points: tuple[Point, ...]


class Chart(Struct, frozen=True):
    """Numbers by name and series."""

    kind: ChartKind
    names: tuple[str, ...]
    series: tuple[Series, ...]
    """At least one, each with a point for each of ``names``."""
    unit: str = ""
    """The unit of all numbers, printed above the axis; empty for none."""

    @property
    def texts(self) -> Iterator[str]:
        """Every text that the chart may print."""
        yield from self.names
        for series in self.series:
            yield series.name
            yield from (point.text for point in series.points)
        yield f"（单位：{self.unit}）%.0123456789"

    @property
    def alternative(self) -> str:
        """The alternative text: the kind, and every number with its names."""
        unit = f"（单位：{self.unit}）" if self.unit else ""
        parts = [_in_words(self.names, series) for series in self.series]
        return f"{self.kind.heading}{unit}。{'；'.join(parts)}。"


def _in_words(names: tuple[str, ...], series: Series) -> str:
    head = f"{series.name}：" if series.name else ""
    pairs = zip(names, series.points, strict=True)
    return head + "，".join(f"{name} {point.text or '未填'}" for name, point in pairs)


class QrCode(Struct, frozen=True):
    """A QR code of an address."""

    address: str

    @property
    def texts(self) -> Iterator[str]:
        """The texts in the drawing: none."""
        return iter(())

    @property
    def alternative(self) -> str:
        """The alternative text."""
        return f"二维码，扫描后打开 {self.address}"


Drawable: TypeAlias = Chart | QrCode
