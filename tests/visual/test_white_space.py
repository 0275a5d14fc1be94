"""The blank foot of a page is measured."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from reportgen.styles import mm
from tests.visual.white_space import DPI, PAGE, blank_share, summary


def page_of(*stretches: tuple[float, float]) -> Image.Image:
    """Return a page that is dark in *stretches*: upper and lower edge in mm from the page's top."""
    scale = DPI / 72
    picture = Image.new("L", (round(PAGE.width * scale), round(PAGE.height * scale)), 255)
    draw = ImageDraw.Draw(picture)
    for upper, lower in stretches:
        left, right = PAGE.left * scale, (PAGE.left + PAGE.text_width) * scale
        draw.rectangle((left, mm(upper) * scale, right, mm(lower) * scale), fill=0)
    return picture


def test_the_last_dark_row_ends_a_page_and_its_number_does_not_count() -> None:
    assert blank_share(page_of((40, 37 + 180), (270, 274))) == pytest.approx(45 / 225, abs=0.01)


def test_a_full_page_has_no_blank_foot_and_an_empty_one_nothing_else() -> None:
    assert blank_share(page_of((37, 262))) == pytest.approx(0, abs=0.01)
    assert blank_share(page_of()) == 1


def test_the_summary_counts_the_pages_that_look_unfinished() -> None:
    assert summary([0.0, 0.1, 0.2]) == "3 pages, 10.0% blank, 1 with 20% and more"
