"""Tests of the changes to reportlab's canvas and document."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from reportlab.pdfbase.pdfdoc import PDFDictionary

from reportgen.writers.pdf.canvas import FileWriter, Stream, TaggedCanvas, dictionary, name, string
from reportgen.writers.pdf.links import nest


def canvas(stream: io.BytesIO) -> TaggedCanvas:
    return TaggedCanvas(stream, (1, 7), "zh-CN")


def written(*pages: str) -> bytes:
    """Return a file of pages 100 by 200 points with one operator each."""
    buffer = io.BytesIO()
    made = canvas(buffer)
    made.setPageSize((100, 200))
    made.setDateFormatter(lambda *_: "D:20210126000000+08'00'")
    for key, operator in enumerate(pages):
        made.addLiteral(operator)
        made.end_page(key)
    made.save()
    return buffer.getvalue()


def test_a_file_of_two_pages_opens() -> None:
    data = written("q Q", "q Q")
    assert data.startswith(b"%PDF-1.7\n")
    with pypdfium2.PdfDocument(data) as opened:
        assert [page.get_size() for page in opened] == [(100, 200)] * 2


def test_no_font_is_named_that_was_not_embedded() -> None:
    assert b"Helvetica" not in written("q Q")


def test_a_page_is_in_the_file_before_the_next_is_begun() -> None:
    buffer = io.BytesIO()
    made = canvas(buffer)
    made.addLiteral("q Q")
    made.end_page(0)
    assert b"endstream" in buffer.getvalue()


def test_the_identifier_is_drawn_from_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    def identifier(operator: str) -> bytes:
        return written(operator).rpartition(b"/ID")[2].partition(b"]")[0]

    one = identifier("q Q")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert identifier("q Q") == one
    assert identifier("q q Q Q") != one


def test_the_fingerprint_stands_for_the_data_in_the_file_identifier() -> None:
    class Known(Stream):
        def __init__(self, data: bytes, fingerprint: str) -> None:
            super().__init__({}, data)
            self.fingerprint = fingerprint

    def identifier(data: bytes, fingerprint: str) -> object:
        file = FileWriter(io.BytesIO(), (1, 4), "zh-CN")
        file.write(Known(data, fingerprint))
        return file.ID()

    assert identifier(b"aaaa", "one") == identifier(b"bbbb", "one")
    assert identifier(b"aaaa", "one") != identifier(b"aaaa", "two")


@pytest.mark.parametrize("content", [b"a", b"a\r", b"a\n", b"a\r\n"])
def test_where_a_stream_ends_is_plain_whatever_its_last_byte(content: bytes) -> None:
    buffer = io.BytesIO()
    FileWriter(buffer, (1, 4), "zh-CN").write(Stream({}, content, encoded=True))
    shown = buffer.getvalue()
    between = shown.partition(b"stream\n")[2].rpartition(b"endstream")[0]
    assert between.removesuffix(b"\r\n") == content
    assert b"/Length %d" % len(content) in shown


def test_dictionaries_of_the_same_keys_are_those_of_reportlab() -> None:
    for entries in ({"P": b"1 0 R", "S": b"/TD"}, {"P": b"(100 %b)", "S": b"/TH"}):
        assert dictionary(entries) == PDFDictionary(entries).format(None)


def test_the_slash_of_a_media_type_is_escaped() -> None:
    assert name("application/yaml") == b"/application#2Fyaml"
    assert name("a b#") == b"/a#20b#23"


def test_text_is_ascii_or_utf_16() -> None:
    assert string("a(b)\\") == b"(a\\(b\\)\\\\)"
    assert string("一") == b"(\\376\\377N\\000)"


def test_headings_lie_below_the_last_one_of_a_higher_level() -> None:
    assert nest([0, 1, 2, 4, 1, 3]) == [0, 1, 2, 3, 1, 2]
    assert nest([2, 1, 2]) == [0, 0, 1]
