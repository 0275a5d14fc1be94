"""Tokens and files: what ISO 32000-1 clause 7 asks of the syntax."""

import io

import pypdfium2
import pytest

from reportgen.writers.pdf.objects import PdfFile, Token, decimal, name, ref, text, token


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, b"true"),
        (-3, b"-3"),
        (0.5, b"0.5"),
        (12.0, b"12"),
        ([1, b"/A"], b"[1 /A]"),
        ({"K": [2]}, b"<</K [2]>>"),
        ("a(b)\\", b"(a\\(b\\)\\\\)"),
        ("一", b"<feff4e00>"),
        ("𬭳", b"<feffd872df73>"),
    ],
)
def test_values_become_tokens(value: Token, expected: bytes) -> None:
    assert token(value) == expected


def test_decimals_have_no_exponent_and_no_negative_zero() -> None:
    assert decimal(0.00001) == "0"
    assert decimal(-0.0001) == "0"
    assert decimal(1e6 + 0.25) == "1000000.25"


def test_decimals_have_as_many_places_as_asked_for() -> None:
    assert decimal(-0.2071234, 5) == "-0.20712"
    assert decimal(-0.2071234) == "-0.207"


def test_names_escape_the_slash_and_what_is_not_ascii() -> None:
    assert name("application/yaml") == b"/application#2fyaml"
    assert name("a b#") == b"/a#20b#23"
    assert name("一") == b"/#e4#b8#80"


def test_line_ends_in_text_are_escaped() -> None:
    assert text("a\r\nb") == b"(a\\015\\012b)"


@pytest.mark.parametrize("version", [(1, 4), (1, 7)])
def test_a_file_of_one_empty_page_opens(version: tuple[int, int]) -> None:
    buffer = io.BytesIO()
    file = PdfFile(buffer, version)
    pages = file.reserve()
    page: dict[str, Token] = {
        "Type": name("Page"),
        "Parent": ref(pages),
        "MediaBox": [0, 0, 100, 200],
        "Contents": ref(file.add_flate({}, b"q Q")),
    }
    kids: list[Token] = [ref(file.add(page))]
    file.add({"Type": name("Pages"), "Kids": kids, "Count": 1}, pages)
    for filler in range(450):  # more than fit one object stream
        file.add({"Filler": filler})
    file.finish(file.add({"Type": name("Catalog"), "Pages": ref(pages)}), file.add({}))
    data = buffer.getvalue()
    assert data.startswith(b"%%PDF-%d.%d\n" % version)
    with pypdfium2.PdfDocument(data) as opened:
        assert len(opened) == 1
        assert opened[0].get_size() == (100, 200)
    assert (b"/ObjStm" in data) is (version >= (1, 5))


def test_the_fingerprint_stands_for_the_data_in_the_file_identifier() -> None:
    def identifier(data: bytes, fingerprint: bytes) -> bytes:
        buffer = io.BytesIO()
        file = PdfFile(buffer, (1, 4))
        file.add_stream({}, [data], None, fingerprint)
        file.finish(file.add({}), file.add({}))
        return buffer.getvalue().rpartition(b"/ID ")[2]

    assert identifier(b"aaaa", b"one") == identifier(b"bbbb", b"one")
    assert identifier(b"aaaa", b"one") != identifier(b"aaaa", b"two")
    assert identifier(b"aaaa", b"") != identifier(b"bbbb", b"")


@pytest.mark.parametrize("content", [b"a", b"a\r", b"a\n", b"a\r\n"])
def test_where_a_stream_ends_is_plain_whatever_its_last_byte(content: bytes) -> None:
    buffer = io.BytesIO()
    PdfFile(buffer, (1, 4)).add_stream({}, [content])
    between = buffer.getvalue().partition(b"stream\n")[2].rpartition(b"endstream")[0]
    assert between.removesuffix(b"\r\n") == content
