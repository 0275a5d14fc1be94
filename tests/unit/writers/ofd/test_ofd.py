"""Tests of whole files: everything that the pages show is in the file, once and in its place."""

from __future__ import annotations

import io
from collections.abc import Iterator
from zipfile import ZIP_STORED

import pdfplumber
import pytest
from msgspec.structs import replace

from reportgen.layout.items import Image, Page, TextRun, TurnedText
from reportgen.writers.ofd import write_ofd
from tests.unit.writers.ofd.ofd_reading import OfdFile, find, shown_on
from tests.unit.writers.pdf import pdf_sample


def written(*, attached: bool = False) -> bytes:
    document, pagination = pdf_sample.sample()
    stream = io.BytesIO()
    attachments = document.attachments if attached else ()
    write_ofd(document, pagination, pdf_sample.fonts(), stream, attachments=attachments)
    return stream.getvalue()


@pytest.fixture(scope="module")
def file() -> OfdFile:
    return OfdFile(written())


def runs_of(page: Page) -> Iterator[TextRun]:
    for item in page.items:
        if isinstance(item, TextRun):
            yield item
        elif isinstance(item, TurnedText):
            yield item.run


def test_the_text_is_that_of_the_pages_in_their_order(file: OfdFile) -> None:
    _, pagination = pdf_sample.sample()
    assert file.texts() == ["".join(run.text for run in runs_of(p)) for p in pagination.pages]


def test_the_text_is_that_of_the_pdf(file: OfdFile) -> None:
    with pdfplumber.open(io.BytesIO(pdf_sample.written())) as opened:
        assert file.texts() == ["".join(c["text"] for c in p.chars) for p in opened.pages]


def test_every_character_is_where_the_pdf_has_it(file: OfdFile) -> None:
    with pdfplumber.open(io.BytesIO(pdf_sample.written())) as opened:
        for page, printed in zip(file.pages(), opened.pages, strict=True):
            places = [place for shown in shown_on(page) for place in shown.origins]
            chars = [(char["matrix"][4], char["matrix"][5]) for char in printed.chars]
            for (x, y), (left, foot) in zip(places, chars, strict=True):
                assert x == pytest.approx(left, abs=0.02)
                assert y == pytest.approx(pdf_sample.HEIGHT - foot, abs=0.02)


def test_every_item_of_the_pages_is_an_object(file: OfdFile) -> None:
    _, pagination = pdf_sample.sample()
    for part, page in zip(file.pages(), pagination.pages, strict=True):
        drawn = [item for item in page.items if not isinstance(item, TextRun | TurnedText)]
        pictures = [item for item in drawn if isinstance(item, Image)]
        assert len(find(part, ".//ImageObject")) == len(pictures)
        assert len(find(part, ".//PathObject")) == len(drawn) - len(pictures)


def test_identifiers_are_unique_and_the_greatest_is_stated(file: OfdFile) -> None:
    used = [int(key) for key in file.page_keys]
    for name in ("ColorSpace", "Font", "MultiMedia"):
        used += [int(entry.attrib["ID"]) for entry in file.resources(name)]
    for page in file.pages():
        used += [int(element.attrib["ID"]) for element in page.iter() if "ID" in element.attrib]
    assert len(set(used)) == len(used)
    (greatest,) = find(file.document, "CommonData/MaxUnitID")
    assert int(greatest.text or "") == max(used)


def test_every_reference_has_its_target(file: OfdFile) -> None:
    fonts = {font.attrib["ID"] for font in file.resources("Font")}
    media = {item.attrib["ID"] for item in file.resources("MultiMedia")}
    for page in file.pages():
        assert {shown.font for shown in shown_on(page)} <= fonts
        assert {image.attrib["ResourceID"] for image in find(page, ".//ImageObject")} <= media
    files = [
        entry.attrib["file"] for name in ("Font", "MultiMedia") for entry in file.resources(name)
    ]
    assert len(set(files)) == len(files)
    assert set(files) <= set(file.names)


def test_no_part_is_left_over_and_the_entry_point_is_first(file: OfdFile) -> None:
    files = {entry.attrib["file"] for n in ("Font", "MultiMedia") for entry in file.resources(n)}
    pages = {file.at(page.attrib["BaseLoc"]) for page in find(file.document, "Pages/Page")}
    parts = {"OFD.xml", *map(file.at, ("Document.xml", "PublicRes.xml", "DocumentRes.xml"))}
    assert set(file.names) == files | pages | parts
    assert file.names[0] == "OFD.xml"


def test_equal_input_gives_equal_bytes_without_dates() -> None:
    first, second = written(attached=True), written(attached=True)
    assert first == second
    entries = OfdFile(first).package.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.create_system for entry in entries} == {0}
    stored = {
        entry.filename.rpartition(".")[2] for entry in entries if entry.compress_type == ZIP_STORED
    }
    assert stored == {"png", "jpeg"}


def test_another_text_has_another_identifier() -> None:
    document, pagination = pdf_sample.sample()
    (page, *others) = pagination.pages
    changed = replace(pagination, pages=(replace(page, items=page.items[:-1]), *others))
    keys = []
    for pages in (pagination, changed):
        stream = io.BytesIO()
        write_ofd(document, pages, pdf_sample.fonts(), stream)
        (key,) = find(OfdFile(stream.getvalue()).entry, "DocBody/DocInfo/DocID")
        keys.append(key.text or "")
    assert keys[0] != keys[1]
    assert all(len(key) == 32 and int(key, 16) for key in keys)
