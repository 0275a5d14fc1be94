"""Tests of what is found below a folder of many reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.outputs import Maker, origin_of, write_files
from reportgen.published.sources import READERS, FileRole
from reportgen.readers.survey import (
    FINISHED,
    MAX_DEPTH,
    REPLIES_FOLDER,
    Survey,
    listed,
    survey_folder,
)
from reportgen.units.senders import PREFERRED


def lay_out(root: Path, *names: str) -> Path:
    """Make the files *names* below *root*; a name that ends in a slash is a folder."""
    for name in names:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x", encoding="utf-8")
    return root


def left_out(found: Survey, root: Path) -> dict[str, tuple[str, str]]:
    return {
        item.path.relative_to(root).as_posix(): (item.wording, item.file) for item in found.left_out
    }


def finished(found: Survey, root: Path) -> dict[str, bool]:
    return {item.path.relative_to(root).as_posix(): item.loose for item in found.finished}


@pytest.mark.parametrize(
    ("names", "wording", "file"),
    [
        (("丙/report.yaml.txt", "丙/正文.md"), "misnamed", "report.yaml.txt"),
        (("丙/report.yml",), "misnamed", "report.yml"),
        (("丙/report (1).yaml",), "misnamed", "report (1).yaml"),
        (("丙/report - 副本.yaml", "丙/年报.docx"), "misnamed", "report - 副本.yaml"),
        (("丙/",), "empty", ""),
        (("丙/年报.rar", "丙/说明.txt"), "archive", "年报.rar"),
        (("丙/正文.md", "丙/images/a.png"), "", "正文.md"),
        (("丙/1.jpg", "丙/2.jpg", "丙/3.jpg", "丙/4.jpg"), "", "1.jpg、2.jpg、3.jpg等 4 个文件"),
    ],
)
def test_a_folder_without_data_is_left_out_for_one_reason(
    tmp_path: Path, names: tuple[str, ...], wording: str, file: str
) -> None:
    lay_out(tmp_path, "甲/report.yaml", *names)
    found = survey_folder(tmp_path)
    assert found.reports == (tmp_path / "甲",)
    assert left_out(found, tmp_path) == {"丙": (wording, file)}


def test_finished_files_are_told_apart_by_whether_the_folder_is_one_units(tmp_path: Path) -> None:
    lay_out(tmp_path, "甲/report.yaml", "丙/年报.docx", "丙/附件/图.png", "丁年报.pdf", "通知.txt")
    lay_out(tmp_path, "乡镇/一乡/报.html", "乡镇/二乡.docx", "乡镇/三乡.zip")
    found = survey_folder(tmp_path)
    assert finished(found, tmp_path) == {
        "丙/年报.docx": False,
        "丁年报.pdf": True,
        "通知.txt": True,
        "乡镇/一乡/报.html": False,
        "乡镇/二乡.docx": True,
    }
    assert left_out(found, tmp_path) == {"乡镇/三乡.zip": ("archive", "三乡.zip")}


def test_a_page_saved_as_one_file_is_a_finished_file_and_a_document_nobody_reads_is_told(
    tmp_path: Path,
) -> None:
    lay_out(tmp_path, "甲/report.yaml", "乙.mht", "丙.MHTML", "丁.ofd", "戊.odt", "己.ods")
    found = survey_folder(tmp_path)
    assert {item.path.name for item in found.finished} == {"乙.mht", "丙.MHTML", "丁.ofd"}
    assert left_out(found, tmp_path) == {
        "戊.odt": ("not-read", "戊.odt"),
        "己.ods": ("not-read", "己.ods"),
    }


def test_every_document_that_can_be_read_is_looked_for() -> None:
    known = {suffix for suffix, reader in READERS.items() if reader.role is FileRole.DOCUMENT}
    assert known <= {*FINISHED}
    assert {*FINISHED} <= {*PREFERRED}


def test_what_lies_in_a_report_folder_is_its_own_affair(tmp_path: Path) -> None:
    lay_out(tmp_path, "甲/report.yaml", "甲/附件/旧稿.docx", "甲/空/", "甲/下属/report.yaml")
    lay_out(tmp_path, "甲/templates/a/report.yaml", "甲/output/报.docx", "甲/说明.zip")
    assert survey_folder(tmp_path) == Survey((tmp_path / "甲", tmp_path / "甲" / "下属"), (), ())


def test_the_programs_own_files_and_what_is_skipped_are_passed_over(tmp_path: Path) -> None:
    lay_out(tmp_path, "汇总结果.xlsx", "汇总明细.xlsx", ".旧/a.docx", "~$年报.docx", "名册.xlsx")
    lay_out(tmp_path, f"{REPLIES_FOLDER}/甲.docx", "汇集/甲.docx", "甲/report.yaml")
    found = survey_folder(tmp_path, (tmp_path / "名册.xlsx", tmp_path / "汇集"))
    assert found == Survey((tmp_path / "甲",), (), ())


def test_links_and_very_deep_folders_are_told_and_not_followed(tmp_path: Path) -> None:
    lay_out(tmp_path / "别处", "report.yaml")
    root = lay_out(tmp_path / "全县", "甲/report.yaml")
    (root / "乙").symlink_to(tmp_path / "别处", target_is_directory=True)
    (root / "丙.docx").symlink_to(tmp_path / "别处" / "report.yaml")
    (root / "丁.docx").symlink_to(root / "甲" / "report.yaml")
    deep = root.joinpath(*("深",) * (MAX_DEPTH + 1))
    lay_out(deep, "report.yaml")
    found = survey_folder(root)
    assert found.reports == (root / "甲",)
    assert finished(found, root) == {"丁.docx": True}
    links = [item.path.name for item in found.left_out if item.wording == "link"]
    assert links == ["丙.docx", "乙"]
    assert [item.wording for item in found.left_out][2:] == ["too-deep"]


def test_a_list_of_names_is_short() -> None:
    assert listed(["甲", "乙"]) == "甲、乙"


@pytest.mark.parametrize(("source", "place"), [("全县/甲", "全县/成品/甲"), ("全县", "全县/报送")])
def test_what_a_batch_made_here_is_no_report(tmp_path: Path, source: str, place: str) -> None:
    root = lay_out(tmp_path, "全县/甲/report.yaml") / "全县"
    folder = tmp_path / place
    maker = Maker(origin_of(tmp_path / source, folder), key=b"key")
    write_files(folder, {"甲.html": lambda stream: stream.write(b"x")}, maker)
    assert survey_folder(root, key=b"key") == Survey((root / "甲",), (), ())
    assert finished(survey_folder(root, key=b"another"), folder) == {"甲.html": False}
    (folder / "甲.html").write_text("edited", encoding="utf-8")
    assert finished(survey_folder(root, key=b"key"), folder) == {"甲.html": False}
