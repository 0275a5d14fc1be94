"""The narrative's blocks as nodes: numbers and pictures are settled."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.document import nodes
from reportgen.document.blocks import BULLET, BlockComposer
from reportgen.model.narrative import (
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
    Screenshot,
)
from reportgen.pictures import PictureKind
from reportgen.styles import Align
from reportgen.text import Run
from tests.builders import Held

SHOT = Screenshot(Path("images/专栏.png"), PictureKind.PNG, 800, 600, "digest", Held(b"png"))


def compose(
    *blocks: NarrativeBlock, shots: dict[str, Screenshot] | None = None
) -> list[nodes.Block]:
    return BlockComposer(shots or {}).blocks(blocks)


def heading(level: int, text: str, number: int | None = None) -> NarrativeHeading:
    return NarrativeHeading(level, (Run(text),), number)


def texts(found: list[nodes.Block]) -> list[str]:
    return [node.text for node in found if isinstance(node, nodes.Heading | nodes.Paragraph)]


def test_headings_are_numbered_by_level() -> None:
    found = compose(heading(2, "甲"), heading(3, "乙"), heading(4, "丙"))
    assert texts(found) == ["（一）甲", "1.乙", "（1）丙"]
    assert [node.style for node in found if isinstance(node, nodes.Heading)] == [
        "heading2",
        "heading3",
        "heading4",
    ]


def test_numbers_restart_under_each_higher_heading() -> None:
    levels = [2, 3, 3, 2, 3, 4, 3, 4]
    found = compose(*(heading(level, "") for level in levels))
    assert texts(found) == ["（一）", "1.", "2.", "（二）", "1.", "（1）", "2.", "（1）"]


def test_fixed_heading_restarts_the_numbers_below() -> None:
    composer = BlockComposer({})
    composer.blocks((heading(2, "甲"),))
    fixed = composer.heading(1, "二、主动公开")
    (after,) = composer.blocks((heading(2, "乙"),))
    assert (fixed.level, fixed.style, fixed.text) == (1, "heading1", "二、主动公开")
    assert texts([after]) == ["（一）乙"]


def test_number_typed_wrongly_is_replaced_by_the_one_that_is_due() -> None:
    assert texts(compose(heading(2, "甲", 1), heading(2, "乙", 3))) == ["（一）甲", "（二）乙"]


def test_heading_too_deep_is_set_as_the_deepest() -> None:
    assert texts(compose(heading(6, "甲"), heading(5, "乙"))) == ["（1）甲", "（2）乙"]


def test_anchors_are_unique() -> None:
    composer = BlockComposer({})
    found = [composer.heading(1, "一"), *composer.blocks((heading(2, "甲"), heading(2, "甲")))]
    anchors = [node.anchor for node in found if isinstance(node, nodes.Heading)]
    assert len(set(anchors)) == 3


def test_paragraph_keeps_its_runs() -> None:
    runs = (Run("甲", bold=True), Run("乙", link="https://example.cn"))
    (found,) = compose(NarrativeParagraph(runs))
    assert isinstance(found, nodes.Paragraph)
    assert (found.style, found.runs) == ("body", runs)


@pytest.mark.parametrize(
    ("start", "markers"), [(None, [BULLET, BULLET]), (1, ["1.", "2."]), (9, ["9.", "10."])]
)
def test_list_items_carry_their_marker(start: int | None, markers: list[str]) -> None:
    (found,) = compose(NarrativeList(((Run("甲"),), (Run("乙"),)), start))
    assert isinstance(found, nodes.ItemList)
    assert found.ordered is (start is not None)
    assert [item.marker for item in found.items] == markers
    assert [item.paragraph.text for item in found.items] == ["甲", "乙"]


def test_authors_table_becomes_a_table() -> None:
    (found,) = compose(NarrativeTable(((Run("甲"),),), (((Run("1"),),),), (Align.LEFT,)))
    assert isinstance(found, nodes.Table)
    assert [cell.text for row in found.rows for cell in row] == ["甲", "1"]


def test_pictures_become_one_group_of_figures() -> None:
    pictures = PictureGroup((Picture("a.png", "专栏", 0.8), Picture("a.png", "目录")))
    (found,) = compose(pictures, shots={"a.png": SHOT})
    assert isinstance(found, nodes.FigureGroup)
    first, second = found.figures
    assert (first.picture.read(), first.kind, first.pixels, first.digest) == (
        b"png",
        "png",
        (800, 600),
        "digest",
    )
    assert (first.alt, first.width) == ("专栏", 0.8)
    assert first.caption is not None
    assert (first.caption.style, first.caption.text) == ("caption", "专栏")
    assert second.width is None


def test_picture_without_caption_is_named_after_its_file() -> None:
    (found,) = compose(PictureGroup((Picture("a.png", ""),)), shots={"a.png": SHOT})
    assert isinstance(found, nodes.FigureGroup)
    assert (found.figures[0].alt, found.figures[0].caption) == ("专栏", None)


def test_missing_picture_leaves_a_note_in_a_draft() -> None:
    pictures = PictureGroup((Picture("b.png", "甲"), Picture("a.png", "乙")))
    note, group = compose(pictures, shots={"a.png": SHOT})
    assert isinstance(note, nodes.Paragraph)
    assert note.text == "【图片缺失：b.png】"
    assert isinstance(group, nodes.FigureGroup)
    assert len(group.figures) == 1


def test_group_of_missing_pictures_is_notes_alone() -> None:
    found = compose(PictureGroup((Picture("b.png", "甲"),)))
    assert [type(node) for node in found] == [nodes.Paragraph]
