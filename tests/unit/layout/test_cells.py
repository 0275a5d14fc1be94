"""The text of cells: set once, whatever document it stands in, and free of its places."""

from __future__ import annotations

import gc
import weakref
from unittest.mock import patch

import pytest

from reportgen.layout import cells
from reportgen.layout.cells import CellSetter, Room
from reportgen.source import SourceFile, Span
from reportgen.text import Run
from tests.unit.layout.squares import SHEET, SQUARE, SquareFonts

ROOM = Room(SHEET["cell_value"], 60.0, 3.0, 0.5, number=True)


@pytest.fixture
def fonts() -> SquareFonts:
    return SquareFonts({"宋体": [SQUARE]}, {}, {})


def test_equal_texts_in_equal_rooms_share_their_lines(fonts: SquareFonts) -> None:
    first = CellSetter.of(ROOM, fonts).set((Run("816"),))
    assert CellSetter.of(ROOM, fonts).set((Run("816"),)) is first
    wider = Room(ROOM.style, 61.0, 3.0, 0.5, number=True)
    assert CellSetter.of(wider, fonts).set((Run("816"),)) is not first


@pytest.mark.parametrize("other", [Run("816", bold=True), Run("816", notes=(1,)), Run("817")])
def test_texts_that_look_or_are_marked_otherwise_do_not(fonts: SquareFonts, other: Run) -> None:
    setter = CellSetter.of(ROOM, fonts)
    setting = setter.set((other,))
    assert setter.set((Run("816"),)) is not setting
    assert setting.lines[0].fragments[0].run == other


def test_what_is_remembered_holds_no_text_of_a_report(fonts: SquareFonts) -> None:
    typed = Run("816", span=Span(SourceFile("report.yaml", "total: 816"), 7, 10))
    (line,) = CellSetter.of(ROOM, fonts).set((typed,)).lines
    assert line.fragments[0].run.span is None


def test_only_so_many_texts_and_rooms_are_remembered(fonts: SquareFonts) -> None:
    with patch.object(cells, "TEXTS_KEPT", 2), patch.object(cells, "ROOMS_KEPT", 2):
        for width in (60.0, 61.0, 62.0):
            room = Room(ROOM.style, width, 3.0, 0.5, number=True)
            setter = CellSetter.of(room, fonts)
            for number in range(5):
                assert setter.set((Run(str(number)),)).lines[0].text == str(number)
                assert len(setter.known) <= 2
        assert len(cells._SETTINGS[fonts]) <= 2


def test_nothing_is_remembered_longer_than_the_fonts() -> None:
    fonts = SquareFonts({"宋体": [SQUARE]}, {}, {})
    CellSetter.of(ROOM, fonts).set((Run("816"),))
    kept = weakref.ref(fonts)
    del fonts
    gc.collect()
    assert kept() is None
