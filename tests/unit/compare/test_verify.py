"""Tests of finished files against the folder that they were made of."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from reportgen import EnvironmentProblem, check_folder, read_published
from reportgen.compare import (
    difference_objects,
    open_folder,
    pull_changes,
    verify_file,
    verify_files,
)
from reportgen.findings_text import json_text

SAMPLES = Path(__file__).parents[3] / "samples"
FOLDER = SAMPLES / "rare-characters-2024"
REQUEST_ROWS = 28


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the finished files of the sample by their suffixes."""
    built = check_folder(FOLDER).build(
        tmp_path_factory.mktemp("成品"), formats=("docx", "pdf", "html")
    )
    return {item.path.suffix: item.path for item in built.written}


def changed(file: Path, before: str, after: str) -> bytes:
    """Return the DOCX *file* with *before* replaced by *after* in the run that has it."""
    document = docx.Document(str(file))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    run = next(run for run in runs if before in run.text)
    run.text = run.text.replace(before, after, 1)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_unedited_files_equal_their_folder(files: dict[str, Path]) -> None:
    assert all(one.is_equal for one in verify_files(list(files.values()), FOLDER))


def test_bytes_are_verified_like_a_file(files: dict[str, Path]) -> None:
    (one,) = verify_files([files[".docx"].read_bytes()], FOLDER)
    assert one.is_equal
    assert one.file == Path("标准输入")


def test_a_changed_cell_is_found_with_both_places(files: dict[str, Path]) -> None:
    document = docx.Document(str(files[".docx"]))
    tables = [table for table in document.tables if len(table.rows) == REQUEST_ROWS]
    cell = tables[0].rows[3]._tr.tc_lst[1]
    run = next(cell.iter(qn("w:t")))
    before, run.text = run.text, "987"
    buffer = io.BytesIO()
    document.save(buffer)
    (found,) = difference_objects(verify_files([buffer.getvalue()], FOLDER))
    assert found["code"] == "V101"
    assert found["kind"] == "cell"
    assert found["cell"] == "申请/本年新收/自然人"
    assert found["document"] == {"value": "987", "place": "标准输入 表3第4行第2列"}
    data = found["data"]
    assert isinstance(data, dict)
    assert data["value"] == before
    assert "report.yaml" in data["place"]
    assert json.loads(json_text([found])) == [found]


def test_the_official_wording_is_compared_too(files: dict[str, Path]) -> None:
    data = changed(files[".docx"], "《中华人民共和国政府信息公开条例》", "《条例》")
    (found,) = difference_objects(verify_files([data], FOLDER))
    assert found["kind"] == "paragraph"


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "通知.txt"
    other.write_text("关于召开会议的通知\n\n请准时参加。\n", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="不像同一份报告"):
        verify_files([other], FOLDER)


def test_a_folder_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.yaml").write_text("单位: [", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="读不出来"):
        open_folder(tmp_path)


def test_comments_left_in_are_told(files: dict[str, Path]) -> None:
    document = docx.Document(str(files[".docx"]))
    document.add_comment(document.paragraphs[2].runs, text="请核对", author="某人")
    buffer = io.BytesIO()
    document.save(buffer)
    (told,) = difference_objects(verify_files([buffer.getvalue()], FOLDER))
    assert (told["code"], told["message"]) == ("V108", "这里有 1 条批注：“请核对”")
    assert told["document"] == {"value": "请核对", "place": "标准输入 第3段"}


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_data_are_compared_with_data(kind: str, tmp_path: Path) -> None:
    data = changed_data({"自然人": 9})
    file = tmp_path / f"数据.{kind}"
    file.write_bytes(data)
    if kind == "xlsx":
        file.write_bytes(read_published(data).workbook())
    found = difference_objects(verify_files([file], FOLDER))
    assert [item["cell"] for item in found if item["cell"]] == ["申请/本年新收/自然人"]
    assert not [item for item in found if item["kind"] != "cell"]


def changed_data(numbers: dict[str, int]) -> bytes:
    """Return the sample's JSON with other *numbers* in the row 本年新收."""
    (data,) = check_folder(FOLDER).build(formats=["json"]).files.values()
    values = json.loads(data)
    values["申请"]["本年新收"] |= numbers
    return json.dumps(values, ensure_ascii=False).encode()


def test_another_report_is_told_before_its_differences(tmp_path: Path) -> None:
    files = check_folder(SAMPLES / "yunxi-market-2024").build(formats=["docx"]).files
    against = open_folder(SAMPLES / "qinghe-county-2023")
    one = verify_file(next(iter(files.values())), against)
    assert one.is_summary
    assert one.diagnostics[0].code == "V109"
    assert "2024" in one.diagnostics[0].message
    assert len(one.diagnostics) > 20
    assert len(one.summary().diagnostics) == 1
    with pytest.raises(EnvironmentProblem, match="没有写回"):
        pull_changes(one)


@pytest.mark.parametrize("kind", ["docx", "html", "pdf"])
def test_a_draft_is_told_as_one(kind: str) -> None:
    folder = SAMPLES / "broken-2024"
    (data,) = check_folder(folder).build(formats=[kind], draft=True).files.values()
    one = verify_file(data, open_folder(folder))
    assert one.is_summary is (kind == "pdf")
    (told,) = one.summary().diagnostics if one.is_summary else one.diagnostics
    assert (told.code, told.message) == ("V109", "文件是草稿，标着核对意见，不能报送")


def test_headers_notes_and_hidden_text_are_told(files: dict[str, Path]) -> None:
    document = docx.Document(str(files[".docx"]))
    document.sections[0].header.paragraphs[0].text = "内部资料"
    run = document.paragraphs[3].add_run("不公开的话")
    run.font.hidden = True
    buffer = io.BytesIO()
    document.save(buffer)
    hidden, header = difference_objects(verify_files([buffer.getvalue()], FOLDER))
    assert hidden["message"] == "文件里有隐藏文字：“不公开的话”"
    assert header["message"] == "文件里有页眉页脚：“内部资料”"
    places = [item["document"]["place"] for item in (hidden, header)]  # type: ignore[index]
    assert places == ["标准输入 第4段", "标准输入 页眉页脚"]
    assert "正文.md" in hidden["data"]["place"]  # type: ignore[index]
