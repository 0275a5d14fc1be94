"""Footnotes of a report in every output, and read back from it."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from reportgen import check_folder, read_published
from reportgen.compare import open_folder, pull_changes, verify_file
from reportgen.text import plain_text

SAMPLE = Path(__file__).parents[2] / "samples" / "fuyang-emergency-2020"
NOTES = ["统计口径同上年。", "含转载**12**条。", "目录依照标准指引调整，条目有增有减。" * 60]
PLAIN = [note.replace("**", "") for note in NOTES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sample with three footnotes, the last of them longer than a page has room for."""
    place = tmp_path_factory.mktemp("脚注") / "报告"
    shutil.copytree(SAMPLE, place, ignore=shutil.ignore_patterns("output"))
    path = place / "正文.md"
    sentences = path.read_text(encoding="utf-8").split("。")
    for number in (1, 2, 3):
        sentences[number] += f"[^注{number}]"
    written = "。".join(sentences)
    notes = "\n\n".join(f"[^注{number}]: {note}" for number, note in enumerate(NOTES, 1))
    path.write_text(f"{written}\n\n{notes}\n", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def built(folder: Path) -> dict[str, bytes]:
    """Return the outputs by their suffixes."""
    made = check_folder(folder).build(formats=["docx", "pdf", "html", "json"])
    return {Path(name).suffix: data for name, data in made.files.items()}


def saved(data: bytes, place: Path, suffix: str) -> Path:
    path = place / f"成品{suffix}"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".html", ".json"])
def test_a_finished_file_is_the_same_as_its_folder(
    folder: Path, built: dict[str, bytes], suffix: str, tmp_path: Path
) -> None:
    path = saved(built[suffix], tmp_path, suffix)
    assert verify_file(path, open_folder(folder)).differences == ()
    report = read_published(path).report
    assert report is not None
    assert [plain_text(footnote.runs) for footnote in report.narrative.footnotes] == PLAIN


def test_a_note_is_on_the_page_of_its_mark_below_a_rule(built: dict[str, bytes]) -> None:
    with pdfplumber.open(io.BytesIO(built[".pdf"])) as document:
        page = document.pages[0]
        mark, note = [char for char in page.chars if char["text"] == "①"]
        rule = next(line for line in page.lines if line["width"] < page.width / 3)
    assert (mark["size"], note["size"]) == (pytest.approx(16 * 0.6, abs=1), 10.5)
    assert mark["bottom"] < rule["top"] < note["top"]


@pytest.mark.parametrize(("profile", "tag"), [("a-3a", "Note"), ("a-4f", "Div")])
def test_a_note_has_a_tag_behind_its_paragraph(folder: Path, profile: str, tag: str) -> None:
    # FENote is Div for readers that do not know namespaces, such as pdfplumber.
    made = check_folder(folder).build(formats=["pdf"], profile=profile)
    (data,) = made.files.values()
    with pdfplumber.open(io.BytesIO(data)) as document:
        (root,) = document.structure_tree
    tags = [element["type"] for element in root["children"]]
    places = [place for place, kind in enumerate(tags) if kind == tag]
    assert len(places) == 3
    assert {tags[place - 1] for place in places} <= {"P", tag}


def test_the_texts_are_the_same_in_word_and_on_the_page(built: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(built[".docx"])) as package:
        notes = etree.fromstring(package.read("word/footnotes.xml"))
    assert ["".join(map(str, note.itertext())) for note in notes][2:] == PLAIN
    page = built[".html"].decode()
    assert page.count('role="doc-noteref"') == page.count('role="doc-backlink"') == 3


def edited(data: bytes, change: Callable[[Any, Any], None]) -> bytes:
    """Return the DOCX *data* with its body and its footnotes changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    body, notes = (parse_xml(parts[f"word/{name}.xml"]) for name in ("document", "footnotes"))
    change(body, notes)
    parts |= {
        "word/document.xml": etree.tostring(body),
        "word/footnotes.xml": etree.tostring(notes),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def test_a_text_changed_in_word_is_written_back(
    folder: Path, built: dict[str, bytes], tmp_path: Path
) -> None:
    def change(_: Any, notes: Any) -> None:
        text = next(node for node in notes.iter(qn("w:t")) if "同上年" in node.text)
        text.text = text.text.replace("同上年", "与上年相同")

    place = shutil.copytree(folder, tmp_path / "报告")
    path = saved(edited(built[".docx"], change), tmp_path, ".docx")
    assert not pull_changes(verify_file(path, open_folder(place))).left
    assert "[^注1]: 统计口径与上年相同。" in (place / "正文.md").read_text(encoding="utf-8")


def test_a_footnote_taken_out_in_word_is_told_and_left(
    folder: Path, built: dict[str, bytes], tmp_path: Path
) -> None:
    def change(body: Any, notes: Any) -> None:
        mark = next(iter(body.iter(qn("w:footnoteReference")))).getparent()
        mark.getparent().remove(mark)
        notes.remove(notes[2])

    place = shutil.copytree(folder, tmp_path / "报告")
    path = saved(edited(built[".docx"], change), tmp_path, ".docx")
    before = (place / "正文.md").read_bytes()
    left = pull_changes(verify_file(path, open_folder(place))).left
    assert [item.slug for item in left] == ["printed-text-differs", "printed-text-missing"]
    assert all("不能写回" in item.hint for item in left)
    assert (place / "正文.md").read_bytes() == before
