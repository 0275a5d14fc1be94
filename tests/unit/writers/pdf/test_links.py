"""Tests of the coordinates of links and bookmarks on portrait and landscape pages."""

from __future__ import annotations

import io
from typing import Any

import pdfplumber
import pypdfium2
import pytest

from reportgen.document.nodes import FigureGroup, Heading
from reportgen.layout.items import Destination, Image, Page, Pagination, TextRun
from reportgen.text import Run
from reportgen.writers.pdf import write_pdf
from reportgen.writers.pdf.links import on_sheet
from tests.unit.writers.pdf import pdf_sample
from tests.unit.writers.pdf.pdf_sample import HEIGHT, WIDTH

PICTURE = pdf_sample.figure(pdf_sample.png(), "图")
HEADING = Heading(1, "body", (Run("国", link=pdf_sample.LINK),), "h1")


def written(*, landscape: bool) -> bytes:
    """Return a page read as wide as it is high or the other way round, with all that has a place.

    A linked character at (100, 200), a picture from (300, 100), a bookmark at 180.
    """
    size = (HEIGHT, WIDTH) if landscape else (WIDTH, HEIGHT)
    link = pdf_sample.LINK
    run = TextRun(100, 200, "仿宋", 16, "国", (0.0,), 16, HEADING, link=link)
    image = Image(300, 100, 60, 40, PICTURE)
    page = Page(1, *size, (run, image), landscape)
    buffer = io.BytesIO()
    made = pdf_sample.document((HEADING, FigureGroup((PICTURE,))))
    places = (Destination(HEADING, 1, 180.0),)
    write_pdf(made, Pagination((page,), places), pdf_sample.fonts(), buffer)
    return buffer.getvalue()


def as_read(data: bytes) -> Any:
    """Return the page as a viewer shows it, y downwards."""
    return pdfplumber.open(io.BytesIO(data)).pages[0]


@pytest.mark.parametrize("landscape", [False, True])
def test_everything_shows_where_the_layout_put_it(landscape: bool) -> None:
    page = as_read(written(landscape=landscape))
    (char,), (image,), (link,) = page.chars, page.images, page.annots
    assert page.width == pytest.approx(HEIGHT if landscape else WIDTH)
    assert char["x0"] == pytest.approx(100)
    assert (image["x0"], image["top"]) == pytest.approx((300, 100), abs=0.01)
    assert (image["x1"], image["bottom"]) == pytest.approx((360, 140), abs=0.01)
    assert (link["x0"], link["x1"]) == pytest.approx((100, 116), abs=0.01)
    assert link["top"] < 200 < link["bottom"]


@pytest.mark.parametrize("landscape", [False, True])
def test_the_sheet_is_upright_whatever_the_page(landscape: bool) -> None:
    with pypdfium2.PdfDocument(written(landscape=landscape)) as opened:
        assert opened[0].get_mediabox() == pytest.approx((0, 0, WIDTH, HEIGHT), abs=0.01)
        assert opened[0].get_rotation() == (90 if landscape else 0)


def test_a_bookmark_opens_the_view_at_its_height_on_either_page() -> None:
    views = []
    for landscape in (False, True):
        with pypdfium2.PdfDocument(written(landscape=landscape)) as opened:
            (entry,) = opened.get_toc()
            views.append(entry.get_dest().get_view()[1])
    upright, turned = views
    assert upright[1] == pytest.approx(HEIGHT - 180)
    assert turned[:2] == pytest.approx((180, 0))


def test_a_rectangle_is_written_from_its_lower_left_corner() -> None:
    assert on_sheet(Page(1, 595, 842, ()), 10, 20, 40, 60) == [10, 782, 40, 822]
    # Read upwards from the left edge: 20 to 60 from that edge, 10 to 40 from the foot.
    assert on_sheet(Page(1, 842, 595, (), landscape=True), 10, 20, 40, 60) == [20, 10, 60, 40]
