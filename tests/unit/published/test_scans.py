"""Pages printed, drawn as pictures and recognised; what recognition may not be trusted with."""

from __future__ import annotations

import io
from importlib.util import find_spec

import pytest
from PIL import Image

from reportgen.model import CellPath
from reportgen.published.found import FoundFile, RawCell, RawTable
from reportgen.published.scans import draw_pages, ocr_is_installed, read_picture
from reportgen.published.sources import read_bytes
from reportgen.published.tables import read_tables
from tests.builders import FORMS, at
from tests.roundtrip.reading import original
from tests.unit.published.blocks import file_of
from tests.visual.samples import build_sample

SAMPLE = "yunxi-market-2024"
FORM = FORMS["2021"]
needs_ocr = pytest.mark.skipif(not ocr_is_installed(), reason="the extra ocr is not installed")


def table(*rows: list[str], unsure: tuple[tuple[int, int], ...] = ()) -> FoundFile:
    cells = [
        [RawCell(text, is_unsure=(r, c) in unsure) for c, text in enumerate(row)]
        for r, row in enumerate(rows)
    ]
    return file_of(RawTable(cells, is_guessed=True))


def test_every_number_recognised_is_said_to_be_guessed() -> None:
    found = table(["信息内容", "本年处理决定数量"], ["行政处罚", "5"], ["行政强制", "7"])
    read = read_tables(list(found.tables), FORM)
    (said,) = [item for item in read.findings if item.slug == "read-in-picture"]
    read_cells = {name for name, cell in read.cells.items() if not cell.invalid}
    assert read_cells == set(said.cells)
    assert read.cells[at("主动公开/行政处罚/本年处理决定数量")].number == 5


def test_what_was_not_recognised_for_sure_is_no_number() -> None:
    found = table(
        ["信息内容", "本年处理决定数量"], ["行政处罚", "5"], ["行政强制", "7"], unsure=((2, 1),)
    )
    read = read_tables(list(found.tables), FORM)
    cell = at("主动公开/行政强制/本年处理决定数量")
    assert read.cells[cell].invalid
    assert ("number-unreadable", (cell,)) in [(item.slug, item.cells) for item in read.findings]


@pytest.mark.parametrize(("last", "is_read"), [("6", True), ("8", False)])
def test_a_row_recognised_that_does_not_add_up_is_not_read(last: str, is_read: bool) -> None:
    found = table(
        ["", "自然人", "法人或其他组织", "总计"],
        ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
        ["一、本年新收政府信息公开申请数量", "1", "2", "3", "0", "0", "0", last],
    )
    read = read_tables(list(found.tables), FORM)
    row = [path for path in FORM.value_cells if path.is_within(CellPath(("申请", "本年新收")))]
    assert [name in read.cells for name in row] == [is_read] * 7
    said = [item.wording for item in read.findings if item.slug == "row-unclear"]
    assert said == ([] if is_read else ["picture"])


def test_a_picture_without_the_extra_says_what_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.published.scans.ocr_is_installed", lambda: False)
    stream = io.BytesIO()
    Image.new("L", (20, 20)).save(stream, "PNG")
    with pytest.raises(ValueError, match=r"图片.*pip install rapidocr"):
        read_bytes(stream.getvalue(), "年报.png", ".png")


@needs_ocr
@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\0"])
def test_a_damaged_picture_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(ValueError, match="图片已损坏"):
        read_picture(data, "年报.png")


@needs_ocr
@pytest.mark.parametrize("kind", ["PNG", "PDF"])
@pytest.mark.timeout(900)
def test_the_tables_of_a_printed_page_are_recognised(kind: str) -> None:
    """The page with table three, a little askew, as a picture and as a PDF of it."""
    (page,) = draw_pages(build_sample(SAMPLE, "pdf"), [8])
    picture = Image.fromarray(page).rotate(0.4, fillcolor=255, resample=Image.Resampling.BICUBIC)
    stream = io.BytesIO()
    picture.save(stream, kind)
    found = read_bytes(stream.getvalue(), f"年报.{kind.lower()}")
    read = read_tables(list(found.tables), FORM)
    report, _ = original(SAMPLE)
    numbers = {name: cell.number for name, cell in read.cells.items() if not cell.invalid}
    assert len(numbers) > 150
    assert numbers == {name: report.cells[name].number for name in numbers}
    assert at("申请/本年新收/总计") in numbers
    guessed = {name for item in read.findings for name in item.cells}
    assert guessed >= numbers.keys()


def test_the_extra_is_known_by_its_libraries() -> None:
    wanted = ("rapidocr", "onnxruntime", "pypdfium2")
    assert ocr_is_installed() == all(find_spec(name) for name in wanted)
