"""What the file says about itself, and how it asks to be opened."""

from __future__ import annotations

from datetime import datetime, timezone
from io import BytesIO

import docx
from msgspec.structs import replace

from tests.unit.writers.docx.docx_sample import (
    ORGAN,
    TITLE,
    W,
    body,
    build,
    document,
    everything,
    found_in,
    heading,
    part,
)


def test_core_properties_come_from_the_report_and_never_from_the_clock() -> None:
    core = docx.Document(BytesIO(build(everything()))).core_properties
    assert (core.title, core.author, core.last_modified_by) == (TITLE, ORGAN, ORGAN)
    assert (core.language, core.revision) == ("zh-CN", 1)
    assert core.keywords == "政府信息公开；年报"
    assert core.created == core.modified == datetime(2024, 1, 20, tzinfo=timezone.utc)


def test_a_property_is_at_most_as_long_as_word_allows() -> None:
    source = document()
    long = replace(source, metadata=replace(source.metadata, title="标题" * 200))
    assert docx.Document(BytesIO(build(long))).core_properties.title == ("标题" * 200)[:255]


def test_a_control_character_never_breaks_the_file() -> None:
    source = document(body("甲\x0b乙\ud800丙<丁>&"), heading(1, "\x00一"))
    bad = replace(source, metadata=replace(source.metadata, author="单\x07位"))
    found = docx.Document(BytesIO(build(bad)))
    assert found.paragraphs[0].text == "甲乙丙<丁>&"
    assert found.core_properties.author == "单位"


def test_odd_and_even_pages_differ_and_are_not_mirrored() -> None:
    word = docx.Document(BytesIO(build(everything())))
    assert word.settings.odd_and_even_pages_header_footer
    assert word.settings.element.find(f"{W}mirrorMargins") is None


def test_word_lays_the_file_out_as_its_newest_versions_do() -> None:
    settings = part(build(everything()), "word/settings.xml")
    assert found_in(settings, "compatSetting")[0] == (
        "compatSetting{name=compatibilityMode,uri=http://schemas.microsoft.com/office/word,val=15}"
    )
