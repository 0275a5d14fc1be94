"""What the pages of a PDF show: paragraphs, tables, pictures; scans and bombs are refused."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from reportgen.published.found import FoundFile, FoundPicture
from reportgen.published.pdf import ScannedError, read_pdf
from reportgen.published.pdf_lines import (
    PageLine,
    PageSize,
    edges_of,
    paragraphs,
    without_margins,
)
from tests.unit.published.blocks import shown

PAGE = PageSize(595, 842)
LEFT, RIGHT, INDENT = 80.0, 520.0, 32.0


def line(
    text: str, top: float, left: float = LEFT, right: float = RIGHT, page: int = 1
) -> PageLine:
    return PageLine(page, left, right, top, top + 16, 16, text)


def joined(*lines: PageLine) -> list[tuple[int, str]]:
    sizes = {one.page: PAGE for one in lines}
    kept = without_margins(lines, sizes)
    return list(paragraphs(kept, edges_of(kept, sizes)))


def test_a_paragraph_goes_on_over_full_lines_and_the_end_of_a_page() -> None:
    assert joined(
        line("全年公开", 700, LEFT + INDENT),
        line("信息二十五", 728),
        line("— 1 —", 800, 280, 320),
        line("条。", 100, right=120, page=2),
        line("下一段", 128, LEFT + INDENT, 200, page=2),
        line("— 2 —", 800, 280, 320, page=2),
    ) == [(1, "全年公开信息二十五条。"), (2, "下一段")]


def test_heads_that_run_through_are_left_out() -> None:
    found = joined(*(line(text, top, page=n) for n in (1, 2, 3) for text, top in
                     (("某市某局年度报告", 30), (f"正文{n}。", 300))))  # fmt: skip
    assert "某市某局年度报告" not in "".join(text for _, text in found)


def test_words_of_two_lines_stay_two_words() -> None:
    assert joined(line("see example", 300, LEFT + INDENT), line("page here", 328, right=200)) == [
        (1, "see example page here")
    ]


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


def one_page(content: bytes, resources: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<"
        + resources
        + b">>>>",
        content,
        *more,
    ]
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, len(out))
    )


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data)


FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>"
FONT = b"/Type/Font/Subtype/Type1/BaseFont/Helvetica"
CID_FONT = (
    b"/Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
    b"/Supplement 0>>/W[0 4000000000 500]>>]"
)
CMAP = b"begincmap 1 beginbfrange <00000000> <FFFFFFFF> <0000> endbfrange endcmap"
BOMBS = {
    "unpacks to gigabytes": one_page(
        stream(zlib.compress(bytes(80_000_000), 9), b"/Filter/FlateDecode")
    ),
    "draws forms in forms": one_page(
        stream(b"/F Do"),
        b"/XObject<</F 5 0 R>>",
        [stream(b"/F Do " * 10, FORM % (n + 1)) for n in range(5, 14)]
        + [stream(b"0 0 m 1 1 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")],
    ),
    "names a billion characters": one_page(
        stream(b"BT /F1 9 Tf (a) Tj ET"),
        b"/Font<</F1<<%b/ToUnicode 5 0 R>>>>" % FONT,
        [stream(CMAP)],
    ),
    "gives a billion widths": one_page(
        stream(b"BT /F1 9 Tf (a) Tj ET"), b"/Font<</F1<<%b>>>>" % CID_FONT
    ),
    "is one long line of brackets": one_page(stream(b"[" * 1_000_000)),
    "runs lengths": one_page(stream(b"\x81a" * 800_000, b"/Filter/RunLengthDecode")),
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=list(BOMBS))
def test_a_bomb_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="过于复杂"):
        read_pdf(data, "a.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.4\n%%EOF", b"%PDF" + bytes(5_000)])
def test_a_broken_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        read_pdf(data, "a.pdf")


def test_what_the_library_thinks_of_a_damaged_page_is_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "年报.pdf"
    path.write_bytes(one_page(stream(b"BT (a) 0 0 1 0 0 Tm (b) Tj ET")))
    program = "import pathlib, sys; from reportgen.published import read_file\n"
    program += "read_file(pathlib.Path(sys.argv[1]))"
    command = [sys.executable, "-c", program, str(path)]
    ran = subprocess.run(command, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
