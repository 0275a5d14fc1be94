"""The scripts of the autonomous regions in every output, from a folder with fonts of its own."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import pdfplumber
import pytest
from lxml import etree

from reportgen.api import build_folder, check_folder
from tests.unit.writers.ofd.ofd_reading import OfdFile, find, shown_on
from tests.visual.samples import build

SAMPLE = Path(__file__).parents[1] / "samples" / "rare-characters-2024"
FONTS = Path(__file__).parent / "data" / "scripts"
UYGHUR = "ئۇيغۇر ئاپتونوم رايونلۇق خەلق ھۆكۈمىتىنىڭ 2024 يىللىق ھۆكۈمەت ئۇچۇرلىرى دوكلاتى (سان)"
TIBETAN = "བོད་རང་སྐྱོང་ལྗོངས་མི་དམངས་སྲིད་གཞུང་གི་ལས་དོན་གྱི་ལོ་སྙན་ཞུ།"
MONGOLIAN = "ᠦᠪᠦᠷ ᠮᠣᠩᠭᠣᠯ ᠤᠨ ᠥᠪᠡᠷᠲᠡᠭᠡᠨ ᠵᠠᠰᠠᠬᠤ ᠣᠷᠣᠨ᠃"
KOREAN = "연변조선족자치주인민정부년보고서"
MIXED = "公众号“ئۇيغۇر”和“བོད་སྐད”全年更新，ꆈꌠ、ᥖᥭᥰ、ᦟᦲᧉ文各一期。"
TEXTS = (UYGHUR, TIBETAN, MONGOLIAN, KOREAN, MIXED)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report folder with a paragraph in each script and the fonts for it."""
    folder = tmp_path_factory.mktemp("scripts") / "report"
    shutil.copytree(SAMPLE, folder)
    narrative = folder / "正文.md"
    text = narrative.read_text(encoding="utf-8")
    added = "\n\n".join(TEXTS)
    narrative.write_text(text.replace("\n# 二、", f"\n{added}\n\n# 二、", 1), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def with_fonts(folder: Path) -> Path:
    copied = folder.with_name("with fonts")
    shutil.copytree(folder, copied)
    shutil.copytree(FONTS, copied / "fonts")
    return copied


def test_without_a_font_each_script_is_one_error_at_its_place(folder: Path) -> None:
    found = [item for item in check_folder(folder).diagnostics if item.slug == "missing-glyph"]
    assert len(found) == 6
    assert all(item.span and str(item.span.path).endswith("正文.md") for item in found)
    assert all(".ttf" in item.hint for item in found)


def test_the_pdf_has_the_text_in_order(with_fonts: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(build(with_fonts))
    shown = subprocess.run(
        ["pdftotext", path, "-"], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    text = re.sub("[\u200b\u202a-\u202e]", "", shown)
    for words in (*re.findall(r"[\u0600-\u06ff]+", UYGHUR), TIBETAN, MONGOLIAN, KOREAN):
        assert words in text, words


def test_the_pdf_tells_languages_and_has_no_letter_undrawn(with_fonts: Path) -> None:
    data = build(with_fonts)
    with pdfplumber.open(io.BytesIO(data)) as opened:
        chars = [char for page in opened.pages for char in page.chars]
        streams = b"".join(page.page_obj.contents[0].get_data() for page in opened.pages)
    for language in (b"ug", b"bo", b"mn-Mong", b"ko", b"ii", b"tdd", b"khb"):
        assert b"/Lang (" + language + b")" in streams
    arabic = [char for char in chars if "ARABIC" in unicodedata.name(char["text"][0], "")]
    assert sorted(char["text"] for char in arabic) == sorted(
        char for char in UYGHUR + MIXED if "ARABIC" in unicodedata.name(char, "")
    )


def test_the_ofd_has_the_text_in_order_and_states_each_glyph_of_it(
    with_fonts: Path, tmp_path: Path
) -> None:
    build_folder(with_fonts, tmp_path, formats=["ofd"])
    file = OfdFile(next(tmp_path.glob("*.ofd")).read_bytes())
    text = "".join(file.texts()).replace("\u200b", "")
    for words in (*re.findall(r"[\u0600-\u06ff]+", UYGHUR), TIBETAN, MONGOLIAN, KOREAN):
        assert words in text, words
    for shown in (shown for page in file.pages() for shown in shown_on(page)):
        if "ARABIC" in unicodedata.name(shown.text[:1], ""):
            (change,) = find(shown.element, "CGTransform")
            assert int(change.attrib["CodeCount"]) == len(shown.text)


def test_the_same_report_gives_the_same_bytes(with_fonts: Path) -> None:
    assert build(with_fonts) == build(with_fonts)


def paragraphs(folder: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(build(folder, "docx"))) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    return {"".join(map(str, p.itertext(W + "t"))): p for p in root.iter(W + "p")}


def runs(paragraph: etree._Element) -> list[tuple[str, set[str], str]]:
    """Return text, names of properties and language of each run of *paragraph*."""
    found = []
    for run in paragraph.iter(W + "r"):
        names = {etree.QName(child).localname for child in run.iterfind(f"{W}rPr/*")}
        language = run.find(f"{W}rPr/{W}lang")
        shown = "" if language is None else next(iter(language.attrib.values()))
        found.append(("".join(map(str, run.itertext(W + "t"))), names, str(shown)))
    return found


def test_the_docx_names_direction_language_and_font(with_fonts: Path) -> None:
    found = paragraphs(with_fonts)
    uyghur = found[UYGHUR]
    properties = [etree.QName(child).localname for child in uyghur[0]]
    assert properties.index("bidi") < properties.index("snapToGrid")
    words = [part for part in runs(uyghur) if part[2] == "ug"]
    assert words
    assert all({"rtl", "cs", "rFonts", "spacing"} <= names for _, names, _ in words)
    (tibetan,) = runs(found[TIBETAN])
    assert tibetan[2] == "bo"
    assert {"cs"} <= tibetan[1]
    assert not {"rtl"} & tibetan[1]
    assert found[TIBETAN].find(f"{W}pPr/{W}bidi") is None
    (korean,) = runs(found[KOREAN])
    assert korean[2] == "ko"
    assert not {"cs", "rtl"} & korean[1]
    mixed = {text: (names, language) for text, names, language in runs(found[MIXED])}
    assert "rtl" in mixed["ئۇيغۇر"][0]
    assert mixed["ئۇيغۇر"][1] == "ug"


def test_the_page_names_direction_and_language(with_fonts: Path) -> None:
    page = build(with_fonts, "html").decode()
    assert re.search(r'<p class="s-body" dir="rtl">(<span lang="ug">)?ئۇيغۇر', page)
    assert f'<span lang="bo">{TIBETAN}</span>' in page
    assert '“<span lang="ug">ئۇيغۇر</span>”' in page
    assert page.count('dir="rtl"') == 1


def test_a_draft_without_fonts_is_made_and_says_so(folder: Path) -> None:
    built = build_folder(folder, folder / "out", formats=("pdf", "docx", "html"), draft=True)
    assert len(built.written) == 3
