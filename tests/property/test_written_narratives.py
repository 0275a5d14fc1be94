"""A narrative written as Markdown is read back as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from reportgen.heading_numbers import parse_number
from reportgen.markdown import read_narrative, write_narrative
from reportgen.model import (
    Narrative,
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
    Section,
)
from reportgen.source import SourceFile
from reportgen.styles import Align
from reportgen.text import Run, plain_text

MARKS = [
    *"#＃*_`~[]()<>＜＞!！|\\{}&-+=.:1二、（）%^$·①—–\"'",
    "{{", "}}", "{%", "{#", "<!--", "-->", "＜！——", "——＞", "**", "![", "](", "&amp;", "1. ", "- ",
    "<br>", "{横排}", "https://a.cn/b_c", "|---|", "  ", "一、", "文字", "Word", "12",
]  # fmt: skip

texts = (
    st.lists(st.sampled_from(MARKS), min_size=1, max_size=5)
    .map("".join)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
links = st.sampled_from(
    [None, None, None, "https://a.cn/?a=1&lt=2", "mailto:a@b.cn", "http://x/(y)\\<z>"]
)


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return *runs* with neighbours that look alike as one, as a reader makes them."""
    groups = groupby(runs, key=lambda run: (run.bold, run.italic, run.link))
    return tuple(Run("".join(run.text for run in group), *look) for look, group in groups)


def runs_of(*, breaks: bool = True) -> st.SearchStrategy[tuple[Run, ...]]:
    run = st.builds(Run, texts, st.booleans(), st.booleans(), links)
    line = st.lists(run, min_size=1, max_size=3).map(joined)
    if not breaks:
        return line
    lines = st.lists(line, min_size=1, max_size=2)
    return lines.map(
        lambda found: tuple(
            run for number, one in enumerate(found) for run in (*[Run("\n")] * bool(number), *one)
        )
    )


def titled(level: int) -> Callable[[tuple[int | None, tuple[Run, ...]]], NarrativeHeading]:
    return lambda drawn: NarrativeHeading(level, drawn[1], drawn[0])


numbers = st.none() | st.integers(1, 60)
titles = st.tuples(numbers, runs_of(breaks=False)).filter(
    lambda drawn: drawn[0] is not None or parse_number(plain_text(drawn[1])).number is None
)
captions = texts | st.just("")
names = st.sampled_from(["images/a.png", "images/首页 (1).png", "images/100%.png", "a&lt;.png"])
pictures = st.builds(Picture, names, captions, st.sampled_from([None, 0.6, 1.0, 0.125]))


@st.composite
def tables(draw: st.DrawFn) -> NarrativeTable:
    width = draw(st.integers(1, 3))
    row = st.tuples(*[runs_of() | st.just(())] * width)
    aligns = st.tuples(*[st.sampled_from([Align.LEFT, Align.CENTER, Align.RIGHT])] * width)
    rows = draw(st.lists(row, max_size=2))
    return NarrativeTable(draw(row), tuple(rows), draw(aligns), landscape=draw(st.booleans()))


blocks: st.SearchStrategy[NarrativeBlock] = st.one_of(
    st.builds(NarrativeParagraph, runs_of()),
    st.integers(2, 4).flatmap(lambda level: titles.map(titled(level))),
    st.builds(
        NarrativeList,
        st.lists(runs_of(), min_size=1, max_size=2).map(tuple),
        st.none() | st.integers(0, 99),
    ),
    st.lists(pictures, min_size=1, max_size=3).map(lambda found: PictureGroup(tuple(found))),
    tables(),
)


def grouped(found: list[NarrativeBlock]) -> tuple[NarrativeBlock, ...]:
    """Return *found* with neighbouring groups of pictures as one, as a reader makes them."""
    made: list[NarrativeBlock] = []
    for block in found:
        if made and isinstance(block, PictureGroup) and isinstance(made[-1], PictureGroup):
            made[-1] = PictureGroup(made[-1].pictures + block.pictures)
        else:
            made.append(block)
    return tuple(made)


bodies = st.lists(blocks, max_size=3).map(grouped)
sections = st.builds(
    lambda drawn, body: Section(plain_text(drawn[1]), drawn[0], body), titles, bodies
)
narratives = st.builds(Narrative, bodies, st.lists(sections, max_size=1).map(tuple))


@given(narratives)
def test_a_narrative_is_read_back_as_it_was_written(narrative: Narrative) -> None:
    text = write_narrative(narrative)
    read, _ = read_narrative(SourceFile("正文.md", text), {})
    assert joined_all(read) == joined_all(narrative), text


def joined_all(narrative: Narrative) -> object:
    """Return *narrative* with its runs joined: how many there are says nothing."""
    return (
        [plain(block) for block in narrative.opening],
        [(s.title, s.number, [plain(block) for block in s.blocks]) for s in narrative.sections],
    )


def plain(block: NarrativeBlock) -> object:
    if isinstance(block, NarrativeParagraph):
        return joined(block.runs)
    if isinstance(block, NarrativeHeading):
        return block.level, block.number, joined(block.runs)
    if isinstance(block, NarrativeList):
        return block.start, [joined(item) for item in block.items]
    if isinstance(block, NarrativeTable):
        rows = [[joined(cell) for cell in row] for row in (block.head, *block.rows)]
        return rows, block.aligns, block.landscape
    return block
