"""A report folder whose narrative is a Word document."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import docx
import pytest

from reportgen.api import Checked, check_folder
from reportgen.compare import verify_files
from tests.visual.samples import SAMPLES, build_sample, sound_samples

SAMPLE = "yunxi-market-2024"


def with_word(place: Path, name: str = SAMPLE, document: bytes | None = None) -> Path:
    """Return a copy of the sample *name* with its own DOCX, or *document*, as its narrative."""
    folder = place / "报告"
    shutil.copytree(SAMPLES / name, folder, ignore=shutil.ignore_patterns("output", "images"))
    (folder / "正文.md").unlink()
    (folder / "正文.docx").write_bytes(document or build_sample(name, "docx"))
    return folder


def data_of(checked: Checked) -> dict[str, Any]:
    """Return the data, without the opening that the form writes and the document holds."""
    data = dict(checked.data)
    data["正文"] = {title: text for title, text in data["正文"].items() if title != "开头"}
    return data


@pytest.mark.parametrize("name", sound_samples())
def test_a_samples_own_document_is_its_narrative(name: str, tmp_path: Path) -> None:
    checked = check_folder(with_word(tmp_path, name))
    assert not checked.has_errors
    assert not [item for item in checked.diagnostics if item.slug.startswith("word-")]
    assert data_of(checked) == data_of(check_folder(SAMPLES / name))
    assert checked.report is not None
    assert len(checked.report.screenshots) == len(list((SAMPLES / name).glob("images/*")))


def test_findings_point_at_the_paragraph_with_its_words(tmp_path: Path) -> None:
    document: Any = docx.Document(io.BytesIO(build_sample(SAMPLE, "docx")))
    last = next(p for p in reversed(document.paragraphs) if "办理结果" in p.text)
    last.add_run("联系人手机13800138000。")
    stream = io.BytesIO()
    document.save(stream)
    checked = check_folder(with_word(tmp_path, document=stream.getvalue()))
    (found,) = [item for item in checked.diagnostics if item.slug == "mobile-number"]
    assert found.span is not None
    place = found.span.place.removeprefix(str(tmp_path / "报告"))
    assert place.startswith("/正文.docx 第")
    assert place.endswith("段")
    (page,) = checked.build(formats=("html",), draft=True).files.values()
    assert place.removeprefix("/") in page.decode()


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"", "用 Word 或 WPS 打开它看一看；打得开的，另存为 .docx 再试"),
        (b"PK\x03\x04", "用 Word 或 WPS 打开它看一看；打得开的，另存为 .docx 再试"),
        (
            "正文".encode(),
            "把它改名为 正文.md，程序直接读取；要用 Word 写的，在 Word 里新建文件，把文字复制过去，"
            "另存为 正文.docx",
        ),
    ],
    ids=["nothing", "damaged", "text"],
)
def test_a_document_that_cannot_be_read_is_one_error_that_says_why(
    content: bytes, hint: str, tmp_path: Path
) -> None:
    folder = with_word(tmp_path, document=content or b" ")
    found = [item for item in check_folder(folder).diagnostics if item.code == "I110"]
    assert [item.path for item in found] == [str(folder / "正文.docx")]
    assert found[0].hint == hint


def test_the_data_may_name_any_document_of_the_folder(tmp_path: Path) -> None:
    folder = with_word(tmp_path)
    (folder / "正文.docx").rename(folder / "初稿.docx")
    (folder / "正文.md").write_text("# 旧的", encoding="utf-8")
    with (folder / "report.yaml").open("a", encoding="utf-8") as stream:
        stream.write("正文: 初稿.docx\n")
    assert not check_folder(folder).has_errors


def test_last_years_folder_may_have_a_document_too(tmp_path: Path) -> None:
    with_word(tmp_path)
    this = tmp_path / "今年"
    shutil.copytree(SAMPLES / SAMPLE, this, ignore=shutil.ignore_patterns("output"))
    data = (this / "report.yaml").read_text(encoding="utf-8").replace("年度: 2024", "年度: 2025")
    (this / "report.yaml").write_text(data + "上年: ../报告\n", encoding="utf-8")
    checked = check_folder(this)
    assert checked.report is not None
    assert checked.report.previous is not None
    assert not [item for item in checked.diagnostics if item.slug.startswith("previous-")]


def test_a_picture_without_a_caption_is_told_in_words_of_word(tmp_path: Path) -> None:
    document: Any = docx.Document(io.BytesIO(build_sample(SAMPLE, "docx")))
    picture = SAMPLES / SAMPLE / "images" / "一图读懂.png"
    document.paragraphs[-1].insert_paragraph_before().add_run().add_picture(str(picture))
    stream = io.BytesIO()
    document.save(stream)
    checked = check_folder(with_word(tmp_path, document=stream.getvalue()))
    (found,) = [item for item in checked.diagnostics if item.slug == "caption-missing"]
    assert found.message == "这张图片没有说明"
    assert "[" not in found.hint


def test_what_was_changed_in_a_file_is_to_be_changed_by_hand_in_a_word_narrative(
    tmp_path: Path,
) -> None:
    folder = with_word(tmp_path)
    document: Any = docx.Document(io.BytesIO(build_sample(SAMPLE, "docx")))
    paragraph = next(p for p in document.paragraphs if "存在" not in p.text and len(p.text) > 60)
    last = paragraph.runs[-1]
    last.text = last.text[:-1] + "，特此说明。"
    document.save(str(tmp_path / "改过.docx"))
    (verified,) = verify_files([tmp_path / "改过.docx"], folder)
    hints = {item.hint for item in verified.diagnostics if item.slug == "printed-text-differs"}
    assert hints == {"正文是 Word 文件，不能写回：数据对就重新生成文件，文件对就在那里改"}
