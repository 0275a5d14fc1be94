"""Tests of drafts, which show findings in every format, and of filing copies, which do not."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest

from reportgen.api import Built, build_folder
from reportgen.files import system_font_folders
from reportgen.published import read_file

SAMPLES = Path(__file__).parents[1] / "samples"
BROKEN = SAMPLES / "broken-2024"
SOUND = SAMPLES / "yunxi-market-2024"


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Built:
    out = tmp_path_factory.mktemp("draft")
    return build_folder(BROKEN, out, formats=("docx", "pdf", "html"), draft=True)


def path_of(built: Built, suffix: str) -> Path:
    return next(item.path for item in built.written if item.path.suffix == suffix)


def read_rows(path: Path) -> list[list[str]]:
    """Return the texts of the cells of all tables of *path*, row by row."""
    tables = read_file(path).tables
    return [[cell.text for cell in row] for table in tables for row in table.rows]


def test_list_of_findings_names_every_diagnostic_once_in_order(broken: Built) -> None:
    rows = read_rows(path_of(broken, ".docx"))
    head = rows.index(["序号", "级别", "位置", "问题", "处理"])
    listed = [(int(row[0]), row[1][2:], row[3]) for row in rows[head + 1 :]]
    assert [(number, code) for number, code, _ in listed] == [
        (number, item.code) for number, item in enumerate(broken.diagnostics, 1)
    ]
    assert all(
        item.message in text for item, (_, _, text) in zip(broken.diagnostics, listed, strict=True)
    )


def test_places_do_not_depend_on_where_the_folder_lies(broken: Built) -> None:
    places = [row[2] for row in read_rows(path_of(broken, ".docx")) if len(row) == 5][1:]
    assert "report.yaml:27:28" in places
    assert not any("samples" in place for place in places)


def test_numbers_in_the_tables_of_a_draft_are_read_without_the_marks(broken: Built) -> None:
    rows = read_rows(path_of(broken, ".docx"))
    granted = next(row for row in rows if any("予以公开" in text for text in row))
    assert granted[-1] == "7"


def test_draft_has_comments_at_the_places(broken: Built) -> None:
    comments = [item.text for item in docx.Document(str(path_of(broken, ".docx"))).comments]
    assert any("T301" in text and "应为：6" in text for text in comments)


def test_html_marks_text_and_cells_and_lists_the_findings(broken: Built) -> None:
    page = path_of(broken, ".html").read_text(encoding="utf-8")
    assert re.search(r'<mark style="background:#FFD9D9" data-note="\d+" title="[^"]+">', page)
    assert re.search(r'data-cell="申请/予以公开/总计" style="[^"]+" data-note="8"', page)
    assert page.count("核对意见") >= 2


def test_draft_is_the_same_wherever_it_is_built(broken: Built, tmp_path: Path) -> None:
    again = build_folder(BROKEN.resolve(), tmp_path, formats=("pdf",), draft=True)
    assert path_of(again, ".pdf").read_bytes() == path_of(broken, ".pdf").read_bytes()


def test_filing_copy_has_no_marks(tmp_path: Path) -> None:
    built = build_folder(SOUND, tmp_path, formats=("docx", "html"))
    page = path_of(built, ".html").read_text(encoding="utf-8")
    assert "data-note" not in page
    assert "核对意见" not in page
    with ZipFile(BytesIO(path_of(built, ".docx").read_bytes())) as package:
        assert "word/comments.xml" not in package.namelist()
        assert "核对意见" not in package.read("word/styles.xml").decode()


def test_system_fonts_are_looked_for_where_the_system_keeps_them(tmp_path: Path) -> None:
    for name in ("win/Fonts", "app/Microsoft/Windows/Fonts", "home/.fonts", "usr/share/fonts/cjk"):
        (tmp_path / name).mkdir(parents=True)
    windows = {"WINDIR": str(tmp_path / "win"), "LOCALAPPDATA": str(tmp_path / "app")}
    assert system_font_folders(windows, tmp_path / "home", tmp_path) == (
        tmp_path / "app/Microsoft/Windows/Fonts",
        tmp_path / "win/Fonts",
    )
    assert system_font_folders({}, tmp_path / "home", tmp_path) == (
        tmp_path / "home/.fonts",
        tmp_path / "usr/share/fonts",
        tmp_path / "usr/share/fonts/cjk",
    )
