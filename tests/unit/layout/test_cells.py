"""The text of cells: a number is made as small as it must be, and equal cells are set once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.layout.tables import MIN_VALUE_SIZE, Room, set_cell
from reportgen.text import Run
from tests.unit.layout.squares import SHEET, SQUARE, SquareFonts

ROOM = Room(SHEET["cell_value"], 60.0, 3.0, 0.5, number=True)


@pytest.fixture
def fonts() -> SquareFonts:
    return SquareFonts({"宋体": [SQUARE]}, {}, {})


def test_equal_texts_in_equal_rooms_share_their_lines(fonts: SquareFonts) -> None:
    first = set_cell((Run("816"),), ROOM, fonts)
    assert set_cell((Run("816"),), replace(ROOM), fonts) is first
    assert set_cell((Run("816"),), replace(ROOM, width=61.0), fonts) is not first


def test_a_number_too_long_for_its_cell_is_set_smaller_on_one_line(fonts: SquareFonts) -> None:
    setting = set_cell((Run("8" * 7),), ROOM, fonts)
    assert MIN_VALUE_SIZE <= setting.style.size < ROOM.style.size
    assert len(setting.lines) == 1
    assert setting.padding == ROOM.padding


def test_a_number_that_fits_at_no_readable_size_comes_near_the_rules(fonts: SquareFonts) -> None:
    setting = set_cell((Run("8" * 8),), ROOM, fonts)
    assert setting.style.size == MIN_VALUE_SIZE
    assert setting.padding == ROOM.hair


def test_words_keep_their_size(fonts: SquareFonts) -> None:
    setting = set_cell((Run("行政规范性文件"),), replace(ROOM, number=False), fonts)
    assert setting.style == ROOM.style
    assert len(setting.lines) > 1


def test_an_empty_cell_has_no_lines(fonts: SquareFonts) -> None:
    assert set_cell((), ROOM, fonts).lines == ()
