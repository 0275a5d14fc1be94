"""YAML of a declared shape becomes typed values; every mistake is told with its place."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct, field

from reportgen.shapes import MisplacedError, ShapeError, read_shape
from reportgen.source import Span
from reportgen.text import Word
from tests.builders import parse


class Mood(Word):
    """Two words."""

    GOOD = "good"
    BAD = "bad"


class Even:
    """A value that is read by itself."""

    def __init__(self, number: int) -> None:
        self.number = number

    @classmethod
    def read(cls, text: str) -> Even:
        """Return the even number *text*; ValueError says what it should be."""
        if not text.isdecimal() or int(text) % 2:
            raise ValueError("偶数")
        return cls(int(text))


class Inner(Struct):
    """A mapping with a place."""

    place: Span
    name: str
    low: int = 0
    high: int = 9

    def __post_init__(self) -> None:
        """Raise ValueError when the bounds are the wrong way round."""
        if self.low > self.high:
            raise ValueError("的 low 大于 high")


class Outer(Struct):
    """One field of each type."""

    text: Annotated[str, Meta(min_length=1, max_length=4)] = "甲"
    colour: Annotated[str, Meta(pattern="^[0-9A-F]{6}$", description="六位颜色")] = "000000"
    count: Annotated[int, Meta(ge=1, le=9)] = 1
    share: Annotated[float, Meta(gt=0, le=1)] = 1.0
    money: Decimal = Decimal(0)
    flag: bool = False
    mood: Mood = Mood.GOOD
    fixed: Literal["yes"] | None = None
    even: Even | None = None
    items: Annotated[list[int], Meta(max_length=3)] = []
    pairs: dict[Annotated[str, Meta(max_length=2)], int] = {}
    inner: list[Inner] = []
    renamed: str = field(name="from", default="")
    anything: dict[str, Any] = {}

    def __post_init__(self) -> None:
        """Raise MisplacedError when two names are alike."""
        names = [item.name for item in self.inner]
        for item in self.inner:
            if names.count(item.name) > 1:
                raise MisplacedError(item.place, f"{item.name} 用了两次")


def read(text: str) -> Outer:
    return read_shape(parse(text), Outer)


def mistakes(text: str) -> list[str]:
    with pytest.raises(ShapeError) as caught:
        read(text)
    return [f"{item.span.line}:{item.span.column} {item.message}" for item in caught.value.mistakes]


def test_values_have_the_types_that_were_declared() -> None:
    found = read(
        "{text: 2021, count: 9, share: 0.5, money: '0.10', flag: true, mood: bad, fixed: yes,"
        " even: 4, items: [7, 08], pairs: {a: 1}, from: 乙, anything: {甲: [1, 2.5, yes]}}"
    )
    assert (found.text, found.count, found.share, found.money) == ("2021", 9, 0.5, Decimal("0.10"))
    assert (found.flag, found.mood, found.fixed, found.renamed) == (True, Mood.BAD, "yes", "乙")
    assert found.even is not None
    assert found.even.number == 4
    assert (found.items, found.pairs) == ([7, 8], {"a": 1})
    assert found.anything == {"甲": [1, 2.5, "yes"]}


def test_a_mapping_receives_its_place() -> None:
    (inner,) = read("inner:\n  - {name: 甲, low: 1}\n").inner
    assert inner.place.place.endswith(":2:5")
    assert (inner.name, inner.low, inner.high) == ("甲", 1, 9)


def test_a_key_without_a_value_says_nothing() -> None:
    assert read("count:\nitems: ~\nfixed:\n").items == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("text: 甲乙丙丁戊", "1:7 text 应为 1 到 4 个字，写的是“甲乙丙丁戊”"),
        ("text: ''", "1:7 text 应为 1 到 4 个字，这里是空的"),
        ("text: [甲]", "1:7 text 应为文字"),
        ("colour: red", "1:9 colour 应为六位颜色，写的是“red”"),
        ("count: 10", "1:8 count 应为 1 到 9 的整数，写的是“10”"),
        ("count: 1.5", "1:8 count 应为 1 到 9 的整数，写的是“1.5”"),
        (f"count: {'9' * 500}", f"1:8 count 应为 1 到 9 的整数，写的是“{'9' * 39}…”"),
        ("share: 0", "1:8 share 应为 0 到 1 的数，写的是“0”"),
        ("share: .nan", "1:8 share 应为 0 到 1 的数，写的是“.nan”"),
        ("share: 1e400", "1:8 share 应为 0 到 1 的数，写的是“1e400”"),
        ("money: 一", "1:8 money 应为数，写的是“一”"),
        ("flag: 'true'", "1:7 flag 应为 true 或 false，写的是“true”"),
        ("mood: 好", "1:7 mood 应为 good、bad 之一，写的是“好”"),
        ("fixed: no", "1:8 fixed 应为 yes 之一，写的是“no”"),
        ("even: 3", "1:7 even 应为偶数，写的是“3”"),
        ("items: 甲", "1:8 items 应为列表，如 [甲, 乙]，写的是“甲”"),
        ("items: [1, 2, 3, 4]", "1:8 items 应有 0 到 3 项"),
        ("items: [[1]]", "1:9 items/第 1 项 应为整数"),
        ("pairs: [a]", "1:8 pairs 应写成“键: 值”的形式"),
        ("pairs: {abc: 1}", "1:9 pairs/abc 应为 0 到 2 个字，写的是“abc”"),
        ("pairs: {a: 1, a: 2}", "1:15 pairs/a 写了两次"),
        ("inner: [{low: 1}]", "1:9 inner/第 1 项 缺少 name"),
        ("inner: [{name: 甲, low: 10}]", "1:9 inner/第 1 项 的 low 大于 high"),
        ("inner: [{name: 甲, place: 乙}]",
         "1:19 inner/第 1 项 没有 place 这一项；可用：name、low、high"),
        ("inner: [{name: 甲}, {name: 甲}]", "1:9 甲 用了两次"),
        ("colours: red", "1:1 这个文件没有 colours 这一项，是否应为 colour？"),
        ("[甲]", "1:1 这个文件应写成“键: 值”的形式"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text: str, told: str) -> None:
    assert mistakes(text) == [told]


def test_all_mistakes_are_told_in_one_run() -> None:
    assert mistakes("count: 0\nflag: 是\ninner:\n  - {low: 甲}\n") == [
        "1:8 count 应为 1 到 9 的整数，写的是“0”",
        "2:7 flag 应为 true 或 false，写的是“是”",
        "4:5 inner/第 1 项 缺少 name",
        "4:11 inner/第 1 项/low 应为整数，写的是“甲”",
    ]
