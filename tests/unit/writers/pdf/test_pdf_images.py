"""Pictures: passed through as they are, for PDF reads the same coding."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image as Pillow

from reportgen.document.nodes import FigureGroup
from reportgen.layout.items import Image, Page, Pagination
from reportgen.pictures.formats import make_png, parse_png
from reportgen.writers.pdf import write_pdf
from tests.unit.writers.pdf import pdf_sample
from tests.unit.writers.pdf.pdf_sample import jpeg, png


def _idat(data: bytes) -> bytes:
    at = data.index(b"IDAT")
    return data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")]


def _shown(*pictures: bytes) -> bytes:
    figures = tuple(pdf_sample.figure(data, "图") for data in pictures)
    items = tuple(Image(100, 100 * n, 60, 40, figure) for n, figure in enumerate(figures, 1))
    page = Page(1, pdf_sample.WIDTH, pdf_sample.HEIGHT, items)
    buffer = io.BytesIO()
    made = pdf_sample.document((FigureGroup(figures),))
    write_pdf(made, Pagination((page,), ()), pdf_sample.fonts(), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("colour", "bits"), [(0, 1), (0, 8), (2, 8), (3, 1), (3, 2), (3, 4), (3, 8)]
)
def test_png_data_passes_untouched(colour: int, bits: int) -> None:
    data = png(5, 3, colour, bits)
    assert _idat(data) in _shown(data)


def test_jpeg_data_passes_untouched() -> None:
    for mode in ("RGB", "L"):
        data = jpeg(mode)
        assert data in _shown(data)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_pictures_look_the_same_on_the_page(mode: str) -> None:
    picture = Pillow.radial_gradient("L").resize((60, 40)).convert("RGB").convert(mode)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    with pypdfium2.PdfDocument(_shown(buffer.getvalue())) as opened:
        page = opened[0].render(scale=4).to_pil().convert("L")
    for x, y in ((4, 4), (30, 20), (55, 35)):
        left, top = int((100 + x + 0.5) * 4), int((100 + y + 0.5) * 4)
        expected = picture.convert("L").getpixel((x, y))
        assert page.getpixel((left, top)) == pytest.approx(expected, abs=3)


def test_equal_pictures_are_stored_once() -> None:
    data = png(50, 40)
    assert _shown(data, data, data).count(_idat(data)) == 1


def test_the_data_of_several_chunks_are_joined() -> None:
    data = png(50, 40)
    pixels = _idat(data)
    header = next(body for name, body in parse_png(data).chunks if name == b"IHDR")
    halves = ((b"IDAT", pixels[:9]), (b"IDAT", pixels[9:]))
    assert pixels in _shown(make_png(((b"IHDR", header), *halves, (b"IEND", b""))))


def test_the_size_of_a_jpeg_stands_behind_other_segments() -> None:
    plain = jpeg(size=(16, 8))
    comment = b"\xff\xfe\x00\x06note"
    with pypdfium2.PdfDocument(_shown(plain[:2] + comment + b"\xff" + plain[2:])) as opened:
        (picture,) = opened[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        assert picture.get_px_size() == (16, 8)
