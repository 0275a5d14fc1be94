"""What the pages of a PDF show: paragraphs, tables, pictures; scans and bombs are refused."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from reportgen.published.found import FoundFile, FoundPicture
from reportgen.published.pdf import ScannedError, read_pdf
from tests.unit.published.blocks import shown


def drawn(draw: object, size: Sequence[float] = (595, 842)) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=tuple(size))
    assert callable(draw)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def read(draw: object) -> FoundFile:
    return read_pdf(drawn(draw), "年报.pdf")


def grid(canvas: Canvas, rows: Sequence[Sequence[str]]) -> None:
    canvas.grid([100, 200, 300], [700 - 30 * n for n in range(len(rows) + 1)])
    for n, row in enumerate(rows):
        for m, text in enumerate(row):
            canvas.drawString(110 + 100 * m, 680 - 30 * n, text)


def test_ruled_tables_and_the_text_around_them_are_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 750, "before")
        grid(canvas, [["a", "1"], ["b", "2"]])
        canvas.drawString(100, 500, "after")

    assert shown(read(draw)) == ["before", "a|1", "b|2", "after"]


@pytest.mark.parametrize("cut", [0, 1])
def test_a_table_that_a_page_cuts_has_the_row_without_a_line_too(cut: int) -> None:
    def draw(canvas: Canvas) -> None:
        ends = [730, 700, 670, 640]
        for x in (100, 200, 300):  # lines drawn as boxes, as browsers do
            canvas.rect(x, ends[-1], 0.7, ends[0] - ends[-1], fill=1)
        for y in ends[1:] if cut else ends[:-1]:
            canvas.rect(100, y, 200, 0.7, fill=1)
        for n, texts in enumerate((["a", "1"], ["b", "2"], ["c", "3"])):
            for m, text in enumerate(texts):
                canvas.drawString(110 + 100 * m, 710 - 30 * n, text)

    assert shown(read(draw)) == ["a|1", "b|2", "c|3"]


def test_a_page_on_its_side_is_read_upright() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(595, 0)
        canvas.rotate(90)
        canvas.translate(0, -100)
        grid(canvas, [["a", "1"], ["b", "2"]])

    assert shown(read_pdf(drawn(draw, (842, 842)), "a.pdf")) == ["a|1", "b|2"]


@pytest.mark.parametrize("way", [90, -90])
@pytest.mark.parametrize("left", [40, 300])
def test_text_on_end_is_one_line_and_no_text_if_it_is_a_page_number(way: int, left: int) -> None:
    def draw(canvas: Canvas) -> None:
        grid(canvas, [["alpha", "beta"], ["gamma", "delta"]])
        canvas.translate(left, 400)
        canvas.rotate(way)
        canvas.drawString(0, 0, "- 12 -")

    assert shown(read(draw))[2:] == ([] if left == 40 else ["- 12 -"])


def test_a_box_around_a_text_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(90, 600, 400, 100)
        canvas.drawString(100, 650, "framed")

    assert shown(read(draw)) == ["framed"]


def picture(colour: str = "red") -> Image.Image:
    return Image.new("RGB", (60, 40), colour)


def test_pictures_come_as_files_that_can_be_opened() -> None:
    from reportlab.lib.utils import ImageReader

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture()), 100, 600, 120, 80)
        canvas.drawString(100, 580, "caption")

    found = read(draw)
    (item,) = (block for block in found.blocks if isinstance(block, FoundPicture))
    opened = Image.open(io.BytesIO(item.data))
    assert (opened.size, opened.convert("RGB").getpixel((5, 5))) == ((60, 40), (255, 0, 0))


@pytest.mark.parametrize("edge", ["lower", "upper"])
def test_pictures_of_unequal_height_side_by_side_are_read_from_left_to_right(edge: str) -> None:
    from reportlab.lib.utils import ImageReader

    def draw(canvas: Canvas) -> None:
        for number, (colour, height) in enumerate([("red", 80), ("blue", 140), ("lime", 90)]):
            bottom = 500 if edge == "lower" else 640 - height
            drawn_as = ImageReader(picture(colour))
            canvas.drawImage(drawn_as, 60 + 130 * number, bottom, 120, height)
        canvas.drawImage(ImageReader(picture("black")), 60, 300, 120, 80)

    pictures = (block for block in read(draw).blocks if isinstance(block, FoundPicture))
    colours = [
        Image.open(io.BytesIO(item.data)).convert("RGB").getpixel((5, 5)) for item in pictures
    ]
    assert colours == [(255, 0, 0), (0, 0, 255), (0, 255, 0), (0, 0, 0)]


@pytest.mark.parametrize(
    ("rise", "size", "text"),
    [(6, 8, "结转 12¹"), (-4, 8, "结转 12₁"), (0, 8, "结转 121"), (0, 16, "结转 121")],
)
def test_a_raised_digit_is_no_digit_of_the_number_before_it(
    rise: float, size: float, text: str
) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 16)
        canvas.drawString(80, 500, "carry 12")
        canvas.setFont("Helvetica", size)
        canvas.drawString(80 + canvas.stringWidth("carry 12", "Helvetica", 16), 500 + rise, "1")

    assert shown(read(draw)) == [text.replace("结转", "carry")]


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.published.pdf.ocr_is_installed", lambda: False)


def scan(canvas: Canvas) -> None:
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(picture()), 0, 0, 595, 842)


@pytest.mark.usefixtures("without_ocr")
def test_a_scan_says_what_it_is_and_what_reads_it() -> None:
    with pytest.raises(ScannedError, match=r"扫描件.*pip install rapidocr"):
        read(scan)


@pytest.mark.usefixtures("without_ocr")
def test_pages_that_are_pictures_among_others_are_told() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(3):
            if number == 1:
                scan(canvas)
            else:
                canvas.drawString(80, 500, "text " * 20)
            canvas.showPage()

    found = read(draw)
    assert found.unread_pages == (2,)
    assert len(shown(found)) == 3


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data)


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.4\n%%EOF", b"%PDF" + bytes(5_000)])
def test_a_broken_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        read_pdf(data, "a.pdf")
