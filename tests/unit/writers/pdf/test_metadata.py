"""Metadata of a PDF: XMP, dates, PDF/A profiles."""

from __future__ import annotations

from lxml import etree

from reportgen.document.nodes import Metadata
from reportgen.formats import ATTACHING_PROFILES
from reportgen.writers.pdf.metadata import LEVELS, pdf_date, xmp

METADATA = Metadata(
    "甲局<2024>年度报告", "甲局 & 乙局", "政府信息公开", ("年报", "2024"), "2025-01-09"
)


def texts(packet: bytes) -> dict[str, str]:
    """Return the text below each element of *packet* by the element's name."""
    root = etree.fromstring(packet)
    return {
        etree.QName(e).localname: "".join(map(str, e.itertext())).strip() for e in root.iter("{*}*")
    }


def test_the_packet_says_what_the_document_says() -> None:
    found = texts(xmp(METADATA, LEVELS["a-3a"]))
    assert found["title"] == "甲局<2024>年度报告"
    assert found["creator"] == "甲局 & 乙局"
    assert found["Keywords"] == "年报, 2024"
    assert found["CreateDate"] == "2025-01-09T00:00:00+08:00"


def test_the_packet_names_the_part_of_the_standard() -> None:
    for level, part in {"a-3a": "3", "a-2a": "2", "a-1a": "1", "a-4f": "4"}.items():
        root = etree.fromstring(xmp(METADATA, LEVELS[level]))
        (found,) = root.iter("{http://www.aiim.org/pdfa/ns/id/}part")
        assert found.text == part


def test_control_characters_become_blanks() -> None:
    odd = Metadata("甲\x01乙", "", "", (), "2025-01-09")
    assert texts(xmp(odd, LEVELS["a-3a"]))["title"] == "甲 乙"


def test_dates_are_at_midnight_in_china() -> None:
    assert pdf_date(METADATA) == "D:20250109000000+08'00'"


def test_parts_three_and_four_take_files() -> None:
    found = tuple(level for level, profile in LEVELS.items() if profile.attachments)
    assert found == ATTACHING_PROFILES
    assert LEVELS["a-1a"].cid_set
    assert not LEVELS["a-1a"].table_summary
