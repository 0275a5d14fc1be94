"""Rare characters are shown, embedded and read back; those nobody can show are refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pdfplumber
import pytest
from lxml import etree
from pdfminer.pdftypes import resolve1

from reportgen.api import build_folder
from tests.corpus.extract import text_of
from tests.visual.samples import SAMPLES, build, build_sample

RARE = "昇璟珺燊玥翀旸洺埇鄠堃喆赟𬭳〇㎡⑪"
SAMPLE = "rare-characters-2024"
SEED = Path(__file__).parents[1] / "data" / "seed-traditional.md"
PRIVATE_USE = "\ue5f1"
_SUBSET = re.compile(r"[A-Z]{6}\+\S+")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_text(data: bytes) -> str:
    """Return the text of the document part of a DOCX, white space left out.

    The numbers by which a draft points to its findings are not the document's text.
    """
    with ZipFile(BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    for run in list(root.iter(f"{_WORD}r")):
        style = run.find(f"{_WORD}rPr/{_WORD}rStyle")
        if style is not None and style.get(f"{_WORD}val") == "FindingNumber":
            parent = run.getparent()
            assert parent is not None
            parent.remove(run)
    texts = (node.text or "" for node in root.iter(f"{_WORD}t"))
    return "".join("".join(texts).split())


def fonts_of(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the descendant fonts of every page of a PDF."""
    with pdfplumber.open(BytesIO(data)) as document:
        for page in document.pages:
            fonts = resolve1(resolve1(page.page_obj.resources)["Font"])
            for font in map(resolve1, fonts.values()):
                yield resolve1(resolve1(font["DescendantFonts"])[0])


@pytest.mark.parametrize("char", RARE)
def test_rare_character_can_be_read_from_the_pdf(char: str) -> None:
    assert char in text_of(build_sample(SAMPLE))


@pytest.mark.parametrize("char", RARE)
def test_rare_character_is_in_the_docx(char: str) -> None:
    assert char in docx_text(build_sample(SAMPLE, "docx"))


def test_every_font_of_the_rare_sample_is_an_embedded_subset() -> None:
    fonts = list(fonts_of(build_sample(SAMPLE)))
    assert fonts
    for font in fonts:
        name = font["BaseFont"].name
        assert _SUBSET.fullmatch(name), name
        descriptor = resolve1(font["FontDescriptor"])
        program = descriptor.get("FontFile2") or descriptor.get("FontFile3")
        assert program is not None, name
        assert len(resolve1(program).get_data()) > 100, name


def test_private_use_character_is_refused_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    shutil.copytree(SAMPLES / SAMPLE, folder)
    narrative = folder / "正文.md"
    lines = narrative.read_text(encoding="utf-8").splitlines()
    number = next(k for k, line in enumerate(lines) if "吴璟" in line)
    lines[number] = lines[number].replace("吴璟", f"吴{PRIVATE_USE}", 1)
    narrative.write_text("\n".join(lines) + "\n", encoding="utf-8")

    built = build_folder(folder, tmp_path / "out", formats=("pdf",))

    assert not built.written
    found = [item for item in built.diagnostics if f"U+{ord(PRIVATE_USE):04X}" in item.message]
    assert found
    span = found[0].span
    assert span is not None
    column = lines[number].index(PRIVATE_USE) + 1
    assert (Path(span.path).name, span.line, span.column) == ("正文.md", number + 1, column)


@pytest.fixture(scope="module")
def seed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report whose narrative is the seed's text, each line a paragraph of its own."""
    folder = tmp_path_factory.mktemp("seed")
    shutil.copy(SAMPLES / "fuyang-emergency-2020" / "report.yaml", folder)
    shutil.copy(SEED, folder / "正文.md")
    return folder


def seed_paragraphs() -> list[str]:
    """Return the lines of the seed without white space; # marks the form's own headings."""
    lines = SEED.read_text(encoding="utf-8").splitlines()
    return [text for line in lines if (text := "".join(line.split()).lstrip("#"))]


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_seed_as_given_builds_with_no_character_lost(kind: str, seed_folder: Path) -> None:
    data = build(seed_folder, kind, draft=True)
    text = text_of(data) if kind == "pdf" else docx_text(data)
    paragraphs = seed_paragraphs()
    assert len(paragraphs) > 60
    place = 0
    for paragraph in paragraphs:
        found = text.find(paragraph, place)
        assert found >= 0, f"lost: {paragraph}"
        place = found + len(paragraph)
