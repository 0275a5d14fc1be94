"""The file as a package: bytes, parts, properties."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import docx

from reportgen.document.nodes import FigureGroup
from tests.unit.writers.docx.docx_sample import (
    ORGAN,
    TITLE,
    W,
    body,
    build,
    document,
    everything,
    figure,
    part,
)


def test_two_builds_are_the_same_bytes() -> None:
    assert build(everything()) == build(everything())


def test_entries_are_ordered_and_carry_no_time() -> None:
    with ZipFile(BytesIO(build(everything()))) as package:
        names = package.namelist()
        assert names[:2] == ["[Content_Types].xml", "_rels/.rels"]
        assert names[2:] == sorted(names[2:])
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pictures_are_stored_as_given() -> None:
    picture = figure(640, 480)
    with ZipFile(BytesIO(build(document(FigureGroup((picture,)))))) as package:
        info = package.getinfo("word/media/image1.png")
        assert info.compress_type == ZIP_STORED
        assert package.read(info) == picture.picture.read()


def test_equal_pictures_share_one_part() -> None:
    same, other = figure(64, 48), figure(64, 48, grey=9)
    data = build(document(FigureGroup((same, other, figure(64, 48)))))
    with ZipFile(BytesIO(data)) as package:
        assert sum(name.startswith("word/media/") for name in package.namelist()) == 2
    assert len(docx.Document(BytesIO(data)).inline_shapes) == 3


def test_core_properties_come_from_the_report_and_never_from_the_clock() -> None:
    core = docx.Document(BytesIO(build(everything()))).core_properties
    assert (core.title, core.author, core.last_modified_by) == (TITLE, ORGAN, ORGAN)
    assert core.language == "zh-CN"
    assert core.keywords == "政府信息公开；年报"
    assert core.created == core.modified
    assert core.created is not None
    assert core.created.replace(tzinfo=None) == datetime(2024, 1, 20)
    assert core.revision == 1


def test_nothing_stale_comes_along_from_a_template() -> None:
    with ZipFile(BytesIO(build(everything()))) as package:
        names = " ".join(package.namelist())
    assert not re.search("stylesWithEffects|thumbnail|customXml|printerSettings", names)


def test_no_part_names_a_theme_font() -> None:
    with ZipFile(BytesIO(build(everything("草稿", "草稿")))) as package:
        parts = [package.read(name) for name in package.namelist() if name.endswith(".xml")]
    assert not any(re.search(rb"(?:ascii|hAnsi|eastAsia|cs)[Tt]heme", content) for content in parts)


def test_a_control_character_never_breaks_the_file() -> None:
    data = build(document(body("甲\x0b乙\ud800丙<丁>&")))
    assert docx.Document(BytesIO(data)).paragraphs[0].text == "甲乙丙<丁>&"


def test_settings_ask_for_different_odd_and_even_pages() -> None:
    settings = part(build(everything()), "word/settings.xml")
    assert settings.find(f"{W}evenAndOddHeaders") is not None
    assert settings.find(f"{W}mirrorMargins") is None
    mode = settings.find(f"{W}compat/{W}compatSetting[@{W}name='compatibilityMode']")
    assert mode is not None
    assert mode.get(f"{W}val") == "15"
