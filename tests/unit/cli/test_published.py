"""Tests of ``extract`` and ``check`` of finished files, run like by a user."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from reportgen import build_folder, check_folder
from reportgen.cli import run
from tests.builders import DATA
from tests.errors.gallery import BASE

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


def _input(data: bytes) -> io.TextIOWrapper:
    """Return a standard input that holds *data*."""
    return io.TextIOWrapper(io.BytesIO(data))


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".html", ".json"])
def test_standard_input_is_read_like_a_file(
    files: dict[str, Path],
    suffix: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", _input(files[suffix].read_bytes()))
    assert run(["extract", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["申请"] == check_folder(SAMPLE).data["申请"]


def test_a_table_pasted_to_standard_input_is_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (DATA / "pingtan-2024.tables.html").read_text(encoding="utf-8")
    rows = ["\t".join(row) for row in _rows(page)]
    monkeypatch.setattr("sys.stdin", _input("\n".join(rows).replace("218", "219", 1).encode()))
    assert run(["check", "-", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {item["file"] for item in found} == {"标准输入"}
    assert any(item["code"].startswith("T3") for item in found)


def _rows(page: str) -> list[list[str]]:
    """Return the texts of the cells that each row of *page* begins, as a browser copies them."""
    rows = page.split("<tr")[1:]
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in rows]
    return [[re.sub(r"<[^>]*>|\s", "", cell) for cell in row] for row in cells]


def test_data_as_yaml_comes_back_from_standard_input(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["extract", str(files[".html"]), "--to", "yaml"]) == 0
    monkeypatch.setattr("sys.stdin", _input(capsys.readouterr().out.encode()))
    assert run(["extract", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["申请"] == check_folder(SAMPLE).data["申请"]


def test_a_workbook_of_a_finished_file_is_what_a_folder_takes(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "报告"
    folder.mkdir()
    (folder / "report.yaml").write_text("单位: 某局\n年度: 2020\n", encoding="utf-8")
    workbook = folder / "数据.xlsx"
    assert run(["extract", str(files[".pdf"]), "--to", "xlsx", "-o", str(workbook)]) == 0
    assert capsys.readouterr().out == f"已生成 {workbook}\n"
    data, own = check_folder(folder).data, check_folder(SAMPLE).data
    assert [data[key] for key in ("主动公开", "申请", "复议诉讼")] == [
        own[key] for key in ("主动公开", "申请", "复议诉讼")
    ]
    before = workbook.read_bytes()
    assert run(["extract", str(files[".pdf"]), "--to", "xlsx", "-o", str(workbook)]) == 2
    assert workbook.read_bytes() == before
    assert "不会覆盖" in capsys.readouterr().err


def test_workbooks_of_several_files_stand_in_a_folder(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "甲.html", tmp_path / "乙.docx"
    one.write_bytes(files[".html"].read_bytes())
    two.write_bytes(files[".docx"].read_bytes())
    out = tmp_path / "表"
    assert run(["extract", str(one), str(two), "--to", "xlsx", "-o", str(out)]) == 0
    assert sorted(path.name for path in out.glob("[!.]*")) == ["乙.xlsx", "甲.xlsx"]
    assert run(["extract", str(one), str(one), "--to", "xlsx", "-o", str(tmp_path / "二")]) == 2
    assert "已经存在" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_read(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "各单位.json"
    assert run(["extract", str(tmp_path / "没有.pdf"), str(files[".html"]), "-o", str(out)]) == 2
    assert "没有.pdf" in capsys.readouterr().err
    (read,) = json.loads(out.read_text(encoding="utf-8"))
    assert read["单位"] == "阜阳市应急管理局"


def test_a_workbook_is_not_for_the_screen(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["extract", str(files[".html"]), "--to", "xlsx"]) == 2
    assert "-o" in capsys.readouterr().err


def test_without_last_year_the_findings_are_shown_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, more in (("report.yaml", "上年: 没有\n"), ("正文.md", "")):
        text = (BASE / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(f"{more}{text}", encoding="utf-8")
    assert run(["check", str(tmp_path), "--against-last-year"]) == 2
    shown = capsys.readouterr()
    assert "[I113]" in shown.out
    assert "没有上年的报告" in shown.err


def test_the_name_of_the_output_says_its_format(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, begins in (("甲.xlsx", b"PK"), ("甲.yml", "单位".encode()), ("甲", b"{")):
        assert run(["extract", str(files[".docx"]), "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert (
        run(["extract", str(files[".docx"]), "--to", "json", "-o", str(tmp_path / "乙.xlsx")]) == 2
    )
    assert "--to 是 json" in capsys.readouterr().err
    assert not (tmp_path / "乙.xlsx").exists()


def test_a_file_that_is_no_data_is_not_written_over(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "备忘.md"
    notes.write_text("不能丢", encoding="utf-8")
    assert run(["extract", str(files[".docx"]), "-o", str(notes)]) == 2
    assert "已经存在" in capsys.readouterr().err
    assert notes.read_text(encoding="utf-8") == "不能丢"


def test_two_files_of_one_name_are_told_before_anything_is_written(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = [tmp_path / folder / "年报.docx" for folder in "甲乙"]
    for copy in copies:
        copy.parent.mkdir()
        copy.write_bytes(files[".docx"].read_bytes())
    out = tmp_path / "出"
    assert run(["extract", *map(str, copies), "--to", "xlsx", "-o", str(out)]) == 2
    assert "有两个文件都要写成" in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_in_place_of_a_file_is_told_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "各局" / "甲局"
    report.mkdir(parents=True)
    (report / "report.yaml").write_text("单位: 甲局\n", encoding="utf-8")
    assert run(["extract", str(report)]) == 2
    assert f"核对用 reportgen check {report}" in capsys.readouterr().err
    assert run(["extract", str(tmp_path)]) == 2
    assert f"报告目录在 {report}" in capsys.readouterr().err


def test_a_picture_in_place_of_a_report_is_told_what_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.published.scans.ocr_is_installed", lambda: False)
    picture = tmp_path / "年报.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0")
    assert run(["check", str(picture)]) == 2
    assert "pip install rapidocr" in capsys.readouterr().err


def test_a_file_of_another_kind_in_place_of_a_report_is_told_what_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "年报.mp4"
    film.write_bytes(b"\0\0\0\x18ftypmp42")
    assert run(["check", str(film)]) == 2
    assert "写报告目录（里面有 report.yaml 的文件夹）" in capsys.readouterr().err
