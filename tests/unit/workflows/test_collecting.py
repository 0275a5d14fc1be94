"""Which files of a folder make a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.problems import EnvironmentProblem
from reportgen.workflows.collecting import Collected, collect


def folder_of(place: Path, *names: str) -> Path:
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(b"-")
    return place


def names(files: tuple[Path, ...]) -> list[str]:
    return [file.name for file in files]


def shown(found: Collected) -> tuple[list[str], list[str], list[str]]:
    return names(found.documents), names(found.pictures), names(found.unused)


def test_a_folder_gives_its_document_workbooks_and_pictures(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, "三张表.xlsx", "年报.DOCX", "~$年报.docx", ".DS_Store", "备忘.txt", "1.JPG",
        "图片/2.png", "图片/更多/3.png",
    )  # fmt: skip
    assert shown(collect([folder])) == (
        ["年报.DOCX", "三张表.xlsx"], ["1.JPG", "2.png"], ["备忘.txt"],
    )  # fmt: skip


def test_a_plain_text_is_the_document_where_there_is_no_other(tmp_path: Path) -> None:
    assert shown(collect([folder_of(tmp_path, "年报.txt", "备忘.rtf")])) == (
        ["年报.txt"], [], ["备忘.rtf"],
    )  # fmt: skip


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "材料", "年报.docx")
    folder_of(tmp_path, "别处/图.png")
    (folder / "图.png").symlink_to(tmp_path / "别处" / "图.png")
    (folder / "图片").symlink_to(tmp_path / "别处")
    assert shown(collect([folder])) == (["年报.docx"], [], [])


def test_whoever_names_files_means_them(tmp_path: Path) -> None:
    folder_of(tmp_path, "年报.docx", "三张表.xls", "图.png", "没有后缀")
    files = [tmp_path / name for name in ("图.png", "三张表.xls", "年报.docx", "没有后缀")]
    assert shown(collect(files)) == (["年报.docx", "没有后缀", "三张表.xls"], ["图.png"], [])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["report.yaml", "正文.md"], "已经是报告目录"),
        (["年报.docx", "年报.pdf"], "里有 2 份文件：年报.docx、年报.pdf"),
        (["图.png"], "里没有报告"),
    ],
)
def test_what_is_unclear_is_refused(tmp_path: Path, files: list[str], message: str) -> None:
    with pytest.raises(EnvironmentProblem, match=message):
        collect([folder_of(tmp_path, *files)])
