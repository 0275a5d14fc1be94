"""Tests of ``verify`` on the command line: where files come from, where the result goes."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reportgen import check_folder, cli

FOLDER = Path(__file__).parents[3] / "samples" / "rare-characters-2024"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return the finished page of the sample."""
    (written,) = check_folder(FOLDER).build(tmp_path, formats=["html"]).written
    return written.path


def verify(*arguments: object) -> int:
    return cli.run(["verify", *map(str, arguments), "--against", str(FOLDER)])


def test_a_file_from_standard_input_is_verified(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(page.read_bytes())))
    assert verify("-", "--format", "json") == cli.FINE
    assert json.loads(capsys.readouterr().out) == []


def test_the_others_are_verified_when_one_cannot_be_read(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(tmp_path / "没有.docx", page) == cli.USAGE
    told = capsys.readouterr()
    assert "没有找到" in told.err
    assert "的数据一致" in told.out


@pytest.mark.parametrize("style", ["full", "short", "json", "html"])
def test_a_difference_is_exit_code_1_in_every_style(page: Path, style: str, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("旸谷村", "阳谷村", 1), encoding="utf-8")
    out = tmp_path / f"比对.{style}.txt"
    assert verify(page, "--format", style, "-o", out) == cli.PROBLEMS
    assert "阳谷村" in out.read_text(encoding="utf-8")


def test_a_file_of_somebody_is_not_replaced(page: Path, tmp_path: Path) -> None:
    taken = tmp_path / "名册.xlsx"
    taken.write_bytes(b"1")
    assert verify(page, "-o", taken) == cli.USAGE
    assert taken.read_bytes() == b"1"


@pytest.mark.parametrize("command", ["verify", "diff"])
def test_a_file_that_is_compared_is_not_replaced(page: Path, command: str) -> None:
    before = page.read_bytes()
    given = [page, "--against", FOLDER] if command == "verify" else [page, FOLDER]
    out = page.parent / "." / page.name
    assert cli.run([command, *map(str, given), "-o", str(out)]) == cli.USAGE
    assert page.read_bytes() == before


def test_only_an_earlier_result_is_replaced(tmp_path: Path) -> None:
    page, notes, published = (tmp_path / name for name in ("对照.html", "名册.txt", "年报.html"))
    notes.write_text("甲局\n", encoding="utf-8")
    published.write_text("<!DOCTYPE html><title>年报</title>", encoding="utf-8")
    for out, code in ((page, 0), (page, 0), (notes, 2), (published, 2)):
        assert cli.run(["diff", str(FOLDER), str(FOLDER), "-o", str(out)]) == code
    assert notes.read_text(encoding="utf-8") == "甲局\n"
    assert "年报</title>" in published.read_text(encoding="utf-8")


def test_a_result_with_remarks_is_kept_beside_the_new_one(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook, side_by_side = tmp_path / "对照.xlsx", tmp_path / "比对.html"
    compared = ["diff", str(FOLDER), str(FOLDER), "-o", str(workbook)]
    assert cli.run(compared) == 0
    book = load_workbook(workbook)
    book.worksheets[0]["H2"] = "请核对"
    book.save(workbook)
    remarks = workbook.read_bytes()
    assert cli.run(compared) == 0
    kept = tmp_path / "对照.bak-1.xlsx"
    assert kept.read_bytes() == remarks
    assert f"原文件被手工改过，已另存为 {kept}" in capsys.readouterr().out
    verify(page, "-o", side_by_side, "--format", "html")
    marked = side_by_side.read_text(encoding="utf-8").replace("</body>", "<p>已问</p></body>")
    side_by_side.write_text(marked, encoding="utf-8")
    verify(page, "-o", side_by_side, "--format", "html")
    assert "已问" in (tmp_path / "比对.bak-1.html").read_text(encoding="utf-8")
    assert "已问" not in side_by_side.read_text(encoding="utf-8")
