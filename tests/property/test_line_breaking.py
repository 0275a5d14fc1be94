"""Whatever the text and the width: the rules of Chinese line breaking hold."""

from __future__ import annotations

import re
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reportgen.fonts import FontSet, load_fonts
from reportgen.layout.text.lines import MOST_STRETCH, Line, set_lines
from reportgen.styles import Align, Style
from reportgen.text import Run

STYLE = Style("body", "正文", "仿宋", 16.0, 15.79, 28.99, align=Align.JUSTIFY, first_line=2.0)
FONTS: FontSet = load_fonts()
NEVER_FIRST = "、，。：；！？…—～·％‰℃）》〉】〕」』”’),.;:!?%]}"
NEVER_LAST = "（《〈【〔「『“‘￥№([{"
ALIGNMENTS = st.sampled_from(list(Align))

han = st.text("政府信息公开工作年度报告条件申请国", min_size=1, max_size=12)
tokens = st.sampled_from(
    ["3892431", "12.5%", "0558-2173663", "+11", "〔2021〕30号", "——", "……", "WeChat", "a@163.com"]
)
closing = st.sampled_from(["，", "。", "、", "；", "！", "？", "％", "”，", "》。", "）", "”"])
opening = st.sampled_from(["（", "《", "“", "《〈", "￥"])
pieces = st.one_of(
    han.map(lambda text: [text]),
    st.tuples(han, closing).map(list),
    st.tuples(opening, han).map(list),
    st.tuples(han, tokens, han).map(list),
)
parts = st.lists(pieces, min_size=1, max_size=30).map(
    lambda lists: list(chain.from_iterable(lists))
)
simple_parts = st.lists(
    st.tuples(han, st.sampled_from("，。、》（“")).map(list), min_size=1, max_size=30
).map(lambda lists: [*chain.from_iterable(lists), "末尾"])


def lay(text: str, zi: float, align: Align = Align.JUSTIFY) -> tuple[Line, ...]:
    return set_lines((Run(text),), replace(STYLE, align=align), zi * STYLE.pitch, FONTS)


def breaks_in(text: str, lines: tuple[Line, ...]) -> list[int]:
    """Return where in *text* the lines after the first begin, having checked that none is lost."""
    place, found = 0, []
    for line in lines:
        rest = text[place:]
        skipped = len(rest) - len(rest.lstrip(" \u3000")) if place else 0
        if skipped and not rest.startswith(line.text):
            place += skipped
        assert text.startswith(line.text, place)
        found.append(place)
        place += len(line.text)
    assert not text[place:].strip(" \u3000")
    return found[1:]


def assert_lawful(lines: tuple[Line, ...]) -> None:
    assert not [line.text for line in lines[1:] if line.text[0] in NEVER_FIRST]
    assert not [line.text for line in lines[:-1] if line.text[-1] in NEVER_LAST]


@given(parts, st.floats(14, 40), ALIGNMENTS)
def test_no_line_begins_or_ends_with_the_wrong_mark(
    texts: list[str], zi: float, align: Align
) -> None:
    assert_lawful(lay("".join(texts), zi, align))


@given(simple_parts, st.floats(5, 14), ALIGNMENTS)
def test_the_same_holds_in_narrow_columns(texts: list[str], zi: float, align: Align) -> None:
    assert_lawful(lay("".join(texts), zi, align))


@given(parts, st.floats(14, 40), ALIGNMENTS)
def test_unbreakable_runs_that_fit_are_not_broken(
    texts: list[str], zi: float, align: Align
) -> None:
    text = "".join(texts)
    inner: set[int] = set()
    place = 0
    for part in texts:
        if re.search(r"[\dA-Za-z—…]", part):
            inner.update(range(place + 1, place + len(part)))
        place += len(part)
    assert not inner & set(breaks_in(text, lay(text, zi, align)))


@given(parts, st.floats(3, 40), ALIGNMENTS)
def test_no_line_is_wider_than_its_column(texts: list[str], zi: float, align: Align) -> None:
    width = zi * STYLE.pitch
    for line in lay("".join(texts), zi, align):
        assert line.width <= width + 0.011
        for fragment in line.fragments:
            assert fragment.x >= -STYLE.pitch / 2 - 0.001
            assert fragment.x + fragment.width <= line.width + 0.001
            assert list(fragment.offsets) == sorted(fragment.offsets)


@given(parts, st.floats(3, 40))
def test_justified_lines_are_flush(texts: list[str], zi: float) -> None:
    for line in lay("".join(texts), zi)[:-1]:
        gaps = len(re.findall(r"[\u4e00-\u9fff](?=[\u4e00-\u9fff])", line.text))
        short = zi * STYLE.pitch - line.width
        if short > 0.011:
            assert line.ragged
            assert short > gaps * MOST_STRETCH * STYLE.pitch
        assert short >= -0.011


@given(st.text(), st.floats(-10, 700), ALIGNMENTS)
def test_any_text_survives_any_width(text: str, width: float, align: Align) -> None:
    text = text.replace("\n", "")
    lines = set_lines((Run(text),), replace(STYLE, align=align), width, FONTS)
    shown = "".join(line.text for line in lines)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text)


@given(parts, st.floats(3, 40), ALIGNMENTS)
def test_only_spaces_at_breaks_are_dropped(texts: list[str], zi: float, align: Align) -> None:
    text = " ".join(texts)
    breaks_in(text, lay(text, zi, align))
