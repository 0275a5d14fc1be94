"""Pictures: passed through where PDF reads the same coding, decoded where it does not."""

from __future__ import annotations

import io
import zlib

import pypdfium2
import pytest
from PIL import Image as Pillow

from reportgen.document.nodes import FigureGroup
from reportgen.layout.items import Image, Page, Pagination
from reportgen.writers.pdf import write_pdf
from reportgen.writers.pdf.images import encode
from tests.unit.writers.pdf import pdf_sample
from tests.unit.writers.pdf.pdf_sample import jpeg, png, transparency


def _idat(data: bytes) -> bytes:
    at = data.index(b"IDAT")
    return data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")]


def _shown(*pictures: bytes, profile: str = "a-3a") -> bytes:
    figures = tuple(pdf_sample.figure(data, "图") for data in pictures)
    items = tuple(Image(100, 100 * n, 60, 40, figure) for n, figure in enumerate(figures, 1))
    page = Page(1, pdf_sample.WIDTH, pdf_sample.HEIGHT, items)
    buffer = io.BytesIO()
    made = pdf_sample.document((FigureGroup(figures),))
    write_pdf(made, Pagination((page,), ()), pdf_sample.fonts(), buffer, profile=profile)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("colour", "bits"), [(0, 1), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8)]
)
def test_png_data_passes_untouched(colour: int, bits: int) -> None:
    data = png(5, 3, colour, bits) if colour != 3 or bits <= 2 else png(5, 3, 3, bits)
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


def test_transparent_pictures_are_laid_on_white() -> None:
    for data in (png(4, 4, 6), png(4, 4, 4), png(4, 4, 3, 2, extra=transparency())):
        raster = encode(data)
        assert "DecodeParms" not in raster.entries
        pixels = zlib.decompress(b"".join(raster.chunks))
        assert len(pixels) == raster.width * raster.height * 3


def test_deep_pixels_are_reduced_where_the_profile_asks() -> None:
    data = png(4, 4, 0, 16)
    assert encode(data, deep_pixels=True).entries["BitsPerComponent"] == 16
    raster = encode(data, deep_pixels=False)
    assert raster.entries["BitsPerComponent"] == 8
    assert len(zlib.decompress(b"".join(raster.chunks))) == 16
    assert _idat(data) not in _shown(data, profile="a-1a")


def test_interlaced_and_cmyk_pictures_are_decoded() -> None:
    plain = png(4, 4, 2)
    interlaced = plain[:28] + b"\1" + plain[29:]
    assert encode(plain).entries["ColorSpace"] == b"/DeviceRGB"
    assert "DecodeParms" not in encode(jpeg("CMYK")).entries
    assert encode(jpeg("CMYK")).entries["Filter"] == b"/FlateDecode"
    from reportgen.writers.pdf.images import _pass_png

    assert _pass_png(interlaced, deep_pixels=True) is None
