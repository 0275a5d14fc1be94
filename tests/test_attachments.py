"""Tests of the attachments of a PDF and an OFD: none by default, and never an internal remark."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pdfplumber
import pypdfium2
import pytest
import yaml
from pdfminer.pdftypes import resolve1

from reportgen import EnvironmentProblem
from reportgen.api import Built, check_folder, check_report
from reportgen.formats import ATTACHING_PROFILES, PROFILES
from reportgen.model import CellPath
from reportgen.workflows import create_folder

SAMPLE = Path(__file__).parents[1] / "samples" / "yunxi-market-2024"
REMARK = "\n# 会商记录：张三 13912345678\n"


def carried(built: Built) -> Mapping[str, bytes]:
    (data,) = (data for name, data in built.files.items() if name.endswith(".pdf"))
    file = pypdfium2.PdfDocument(data)
    found = [file.get_attachment(index) for index in range(file.count_attachments())]
    files = {item.get_name(): bytes(item.get_data()) for item in found}
    file.close()
    return files


def attached(folder: Path, attach: str = "sources", *, draft: bool = False) -> Mapping[str, bytes]:
    return carried(check_folder(folder).build(formats=("pdf",), attach=attach, draft=draft))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / SAMPLE.name
    shutil.copytree(SAMPLE, copy, ignore=shutil.ignore_patterns("output"))
    return copy


def test_nothing_is_carried_unless_asked_for() -> None:
    assert attached(SAMPLE, "") == {}


def test_data_are_the_canonical_data() -> None:
    files = attached(SAMPLE, "data")
    assert list(files) == ["报告数据.json"]
    assert json.loads(files["报告数据.json"]) == check_folder(SAMPLE).data


def test_what_is_attached_is_tagged_as_the_source() -> None:
    built = check_folder(SAMPLE).build(formats=("pdf",), attach="data")
    (data,) = built.files.values()
    with pdfplumber.open(io.BytesIO(data)) as file:
        (specification,) = map(resolve1, resolve1(file.doc.catalog["AF"]))
        assert specification["AFRelationship"].name == "Source"
        stream = resolve1(specification["EF"])["UF"].resolve()
        assert stream["Subtype"].name == "application/json"
        (_, named) = resolve1(resolve1(file.doc.catalog["Names"])["EmbeddedFiles"])["Names"]
        assert resolve1(named) == specification


@pytest.mark.parametrize("profile", sorted({*PROFILES} - {*ATTACHING_PROFILES}))
def test_a_profile_without_attachments_refuses_them(profile: str, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=f"{profile} 级别的 PDF 不能带附件"):
        check_folder(SAMPLE).build(tmp_path, formats=("pdf",), attach="data", profile=profile)
    assert list(tmp_path.iterdir()) == []


def test_a_profile_that_requires_an_attachment_gets_the_data_and_says_so() -> None:
    built = check_folder(SAMPLE).build(formats=("pdf",), profile="a-4f")
    assert list(carried(built)) == ["报告数据.json"]
    assert any("a-4f 级别的文件必须带附件" in note for note in built.notes)
    chosen = check_folder(SAMPLE).build(formats=("pdf",), profile="a-4f", attach="sources")
    assert set(carried(chosen)) == {"report.yaml", "正文.md"}
    assert not any("附件" in note for note in chosen.notes)


def test_an_ofd_carries_what_was_asked_for_and_not_what_the_pdf_requires() -> None:
    checked = check_folder(SAMPLE)
    for profile, attach, count in (("a-3a", "data", 1), ("a-3a", "", 0), ("a-4f", "", 0)):
        built = checked.build(formats=("pdf", "ofd"), profile=profile, attach=attach)
        (ofd,) = (data for name, data in built.files.items() if name.endswith(".ofd"))
        with zipfile.ZipFile(io.BytesIO(ofd)) as package:
            found = [name for name in package.namelist() if "/attachment_" in name]
            assert len(found) == count
            assert all(json.loads(package.read(name)) == checked.data for name in found)


def test_sources_make_the_same_report() -> None:
    files = attached(SAMPLE)
    assert set(files) == {"report.yaml", "正文.md"}
    narrative, before = files["正文.md"].decode(), check_folder(SAMPLE)
    assert before.report
    again = check_report(_yaml(files["report.yaml"]), narrative, pictures=SAMPLE)
    assert again.report
    assert again.report.cells == before.report.cells
    assert again.report.narrative == before.report.narrative
    assert again.data == before.data


def _yaml(data: bytes) -> Mapping[str, object]:
    loaded: Mapping[str, object] = yaml.load(data, yaml.BaseLoader)  # noqa: S506 - texts only
    return loaded


def test_remarks_and_comments_are_not_carried(folder: Path) -> None:
    with (folder / "report.yaml").open("a", encoding="utf-8") as file:
        file.write(REMARK)
    narrative = folder / "正文.md"
    text = narrative.read_text(encoding="utf-8")
    hidden = "<!-- 内部意见：13912345678 -->\n\n{# 待核 13912345678 #}"
    narrative.write_text(text + "\n" + hidden + "\n", encoding="utf-8")
    files = attached(folder)
    assert len(files) == 2
    for data in files.values():
        assert "13912345678" not in data.decode()
        assert "内部意见" not in data.decode()
        assert "会商记录" not in data.decode()


def test_numbers_of_a_workbook_are_carried_and_its_other_sheets_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "某局-2024"
    create_folder(folder, "某市某局", 2024, None, excel=True)
    book = openpyxl.load_workbook(folder / "数据.xlsx")
    book.create_sheet("通讯录")["A1"] = "张三 13912345678"
    book.save(folder / "数据.xlsx")
    files = attached(folder, draft=True)
    assert set(files) == {"report.yaml", "正文.md"}
    assert "13912345678" not in "".join(data.decode() for data in files.values())
    again = check_report(_yaml(files["report.yaml"]))
    before = check_folder(folder).report
    assert before
    assert again.report
    assert again.report.cells == before.cells
    assert CellPath.parse("主动公开/规章/本年制发件数") in again.report.cells


def test_unknown_attachment_is_refused() -> None:
    with pytest.raises(EnvironmentProblem, match="附件"):
        check_folder(SAMPLE).build(attach="all")


def test_privacy_rules_look_into_what_is_attached(folder: Path) -> None:
    narrative = folder / "正文.md"
    text = narrative.read_text(encoding="utf-8")
    hidden = "{% if false %}\n\n身份证号 11010519491231002X\n\n{% endif %}\n"
    narrative.write_text(text + "\n" + hidden, encoding="utf-8")
    checked = check_folder(folder)
    assert not checked.has_errors
    assert checked.build(formats=("pdf",)).files
    refused = checked.build(formats=("pdf",), attach="sources")
    assert not refused.files
    (found,) = (item for item in refused.diagnostics if item.slug == "id-number")
    assert found.span
    assert found.span.text == "11010519491231002X"


def test_a_narrative_in_word_is_carried_as_markdown(folder: Path) -> None:
    (made,) = check_folder(folder).build(formats=("docx",)).files.values()
    (folder / "正文.md").unlink()
    (folder / "正文.docx").write_bytes(made)
    files = attached(folder)
    assert set(files) == {"report.yaml", "正文.md"}
    text = files["正文.md"].decode()
    assert "\n# 一、总体情况\n" in text
    assert "](images/" in text
