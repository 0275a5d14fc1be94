"""Tests of ``extract`` and ``check`` of finished files, run like by a user."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen import build_folder, check_folder
from reportgen.cli import run

SAMPLE = Path(__file__).parents[3] / "samples" / "fuyang-emergency-2020"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the sample's finished files by suffix."""
    out = tmp_path_factory.mktemp("成品 目录")
    built = build_folder(SAMPLE, out, formats=("docx", "pdf", "html", "json"))
    return {item.path.suffix: item.path for item in built.written}


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".html", ".json"])
def test_every_number_of_a_finished_file_comes_back(
    files: dict[str, Path], suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["extract", str(files[suffix])]) == 0
    read = json.loads(capsys.readouterr().out)
    data = check_folder(SAMPLE).data
    for table in ("主动公开", "申请", "复议诉讼"):
        assert read[table] == data[table]
    assert (read["单位"], read["年度"], read["提示"]) == (data["单位"], data["年度"], [])


def test_several_files_give_a_list(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["extract", str(files[".docx"]), str(files[".html"])]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_a_file_without_a_report_says_so_and_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "通知.html"
    page.write_text("<p>关于放假的通知</p>", encoding="utf-8")
    assert run(["extract", str(page)]) == 2
    (found,) = json.loads(capsys.readouterr().out)["提示"]
    assert found["slug"] == "no-report-found"
    assert run(["check", str(page)]) == 2


def test_a_wrong_sum_in_a_published_page_is_found_at_its_place(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = files[".html"].read_text(encoding="utf-8")
    page = tmp_path / "年报.html"
    cell = 'data-cell="申请/本年新收/总计"'
    place = text.index(">", text.index(cell)) + 1
    end = text.index("<", place)
    page.write_text(text[:place] + "999" + text[end:], encoding="utf-8")
    assert run(["check", str(page), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    sums = [item for item in found if "申请/本年新收/总计" in item["cells"]]
    assert any(item["code"].startswith("T") and "table" in item for item in sums)


def test_a_sound_finished_file_passes_the_check(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(files[".pdf"]), "--format", "short"]) == 0


def test_a_file_that_is_no_report_of_any_kind_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "压缩.rar"
    other.write_bytes(b"Rar!\x1a\x07")
    assert run(["extract", str(other)]) == 2
    assert "不认识的文件类型" in capsys.readouterr().err
