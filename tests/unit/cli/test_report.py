"""Tests of what happens to files that are dropped on the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reportgen.cli import run

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
PAGE = SAMPLES / "published"


def test_a_report_folder_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([str(SAMPLES / "qinghe-county-2023")]) == 0
    assert "未发现问题" in capsys.readouterr().out


def test_a_file_of_a_report_folder_stands_for_the_folder(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([str(SAMPLES / "qinghe-county-2023" / "report.yaml")]) == 0
    assert "未发现问题" in capsys.readouterr().out


def test_a_web_page_becomes_a_report_folder_beside_it_and_a_second_time_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = next(path for path in sorted(PAGE.iterdir()) if path.suffix == ".html")
    dropped = tmp_path / "去年 年报.html"
    shutil.copy(page, dropped)
    for name in ("去年 年报-报告", "去年 年报-报告2"):
        assert run([str(dropped)]) in (0, 1)
        assert f"已建立报告目录：{tmp_path / name}" in capsys.readouterr().out
        assert (tmp_path / name / "report.yaml").is_file()


def test_a_word_beside_the_paths_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "某局").mkdir()
    assert run(["某局", "chekc"]) == 2
    assert "“某局”前面要写命令" in capsys.readouterr().err


def material(folder: Path) -> Path:
    """Make *folder* with what an office has of a report: a document and a picture."""
    folder.mkdir()
    page = next(path for path in sorted(PAGE.iterdir()) if path.suffix == ".html")
    shutil.copy(page, folder / "年报.html")
    picture = next((SAMPLES / "yunxi-market-2024" / "images").iterdir())
    shutil.copy(picture, folder / picture.name)
    return folder


def test_a_folder_with_a_document_and_pictures_becomes_a_report_folder_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = material(tmp_path / "某局 3.1 稿")
    assert run([str(folder)]) in (0, 1)
    made = tmp_path / "某局 3.1 稿-报告"
    assert f"已建立报告目录：{made}" in capsys.readouterr().out
    assert len(list((made / "images").iterdir())) == 1


def test_a_folder_with_several_documents_or_a_misnamed_file_is_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    several = material(tmp_path / "各局")
    shutil.copy(several / "年报.html", several / "另一份.html")
    assert run([str(several)]) in (0, 1)
    assert "共 2 份" in capsys.readouterr().out
    misnamed = material(tmp_path / "某局")
    for name in ("report.yaml.txt", "正文.md"):
        (misnamed / name).write_text("单位: 某局", encoding="utf-8")
    assert run([str(misnamed)]) == 1
    assert "report.yaml.txt" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["各局", "某局"]


@pytest.mark.parametrize("name", ["report.yaml.txt", "report.yml", "Report(1).yaml", "report.txt"])
def test_check_tells_a_misnamed_file_beside_finished_ones_and_checks_these(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = material(tmp_path / "某局")
    (folder / name).write_text("单位: 某局", encoding="utf-8")
    assert run(["check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert f"没有找到 report.yaml，这里有一个“{name}”" in told
    assert f"── {folder / '年报.html'}" in told
    assert "错误[T301]" in told


def test_a_document_called_report_is_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = material(tmp_path / "某局")
    sample = SAMPLES / "qinghe-county-2023"
    assert run(["build", str(sample), "--to", "docx", "-o", str(tmp_path / "成品")]) == 0
    shutil.copy(next((tmp_path / "成品").glob("*.docx")), folder / "report.docx")
    capsys.readouterr()
    assert run(["check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert f"── {folder / 'report.docx'}" in told
    assert "I110" not in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["年抱.docx"], "没有找到文件或目录 年抱.docx，是否应为 年报.docx？"),
        (["某局/没有.pdf"], "没有找到文件或目录 某局/没有.pdf"),
        (["年报.docx", "没有.png"], "没有找到文件或目录 没有.png"),
        (["某局-2O25"], "没有“某局-2O25”命令，也没有叫这个名字的文件或目录，是否应为 某局-2025？"),
        (["某局", "2025.docx"], '名称里有空格的，两头加上引号："某局 2025.docx"'),
        (["chekc"], "没有“chekc”命令，是否应为 check？"),
        (["核对"], "没有“核对”命令，也没有叫这个名字的文件或目录，可用的有：new、check"),
    ],
)
def test_a_mistyped_name_of_a_file_is_told_as_missing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("年报.docx", "某局 2025.docx"):
        (tmp_path / name).touch()
    (tmp_path / "某局-2025").mkdir()
    assert run(words) == 2
    assert f"错误：{told}" in capsys.readouterr().err
