"""Tests of the report folder of a sum: what it begins with, and what stays of an earlier one."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import check_folder
from reportgen.model import CellPath, Quantity
from reportgen.problems import EnvironmentProblem
from reportgen.workflows.new import Created
from reportgen.workflows.summing import check_sum_folder, write_sum_folder
from tests.builders import FORMS, LIBRARY, at, quantities, zeros

JOURNAL = ".journal"
ORGAN = "清溪县人民政府"
PERMITS = at("主动公开/行政许可/本年处理决定数量")


def sums(permits: int) -> dict[CellPath, Quantity]:
    form = FORMS["2021"]
    cells = quantities(zeros("2021")) | quantities({PERMITS: permits})
    return {path: cell for path, cell in cells.items() if path not in form.totals}


def write(
    folder: Path, permits: int, *, organ: str = ORGAN, previous: Path | None = None
) -> Created:
    again = check_sum_folder(folder, JOURNAL)
    made = write_sum_folder(
        folder, organ, 2024, FORMS["2021"], sums(permits), previous, LIBRARY, again=again
    )
    (folder / JOURNAL).touch()
    return made


def test_a_new_folder_has_the_sums_and_a_text_whose_numbers_are_placeholders(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "汇总"
    write(folder, 7)
    report = check_folder(folder).report
    assert report is not None
    assert (report.organ, report.year, report.kind) == (ORGAN, 2024, "汇总")
    assert report.cells[PERMITS].number == 7
    assert "{{" in (folder / "正文.md").read_text(encoding="utf-8")


def test_made_again_it_has_the_new_sums_and_keeps_what_people_typed(tmp_path: Path) -> None:
    folder = tmp_path / "汇总"
    write(folder, 7)
    data, text = folder / "report.yaml", folder / "正文.md"
    typed = data.read_text(encoding="utf-8").replace("成文日期:", "成文日期: 2025-01-20 #", 1)
    data.write_text(typed, encoding="utf-8")
    text.write_text("# 一、总体情况\n\n改过的正文。\n", encoding="utf-8")
    made = write(folder, 8)
    report = check_folder(folder).report
    assert report is not None
    assert report.cells[PERMITS].number == 8
    assert "改过的正文" in text.read_text(encoding="utf-8")
    assert made.files == (data,)
    assert (folder / "report.bak-1.yaml").read_text(encoding="utf-8") == typed


def test_sums_that_have_not_changed_are_not_written(tmp_path: Path) -> None:
    write(tmp_path / "汇总", 7)
    made = write(tmp_path / "汇总", 7)
    assert made.files == ()
    assert not (tmp_path / "汇总" / "report.bak-1.yaml").exists()


def test_the_text_of_last_years_folder_is_carried_on(tmp_path: Path) -> None:
    write(tmp_path / "去年", 5)
    (tmp_path / "去年" / "正文.md").write_text("# 一、总体情况\n\n去年的正文。\n", encoding="utf-8")
    made = write(tmp_path / "今年", 7, previous=tmp_path / "去年")
    assert "去年的正文" in (tmp_path / "今年" / "正文.md").read_text(encoding="utf-8")
    checked = check_folder(tmp_path / "今年").report
    assert checked is not None
    assert checked.previous is not None
    assert checked.previous.cells[PERMITS].number == 5
    assert any("改成今年的" in note for note in made.notes)


def test_the_folder_of_another_report_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.yaml").write_text("单位: 某局\n", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="别的报告"):
        check_sum_folder(tmp_path, JOURNAL)


def test_the_sum_of_another_organ_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "汇总", 7)
    with pytest.raises(EnvironmentProblem, match="是“清溪县人民政府”的汇总"):
        write(tmp_path / "汇总", 7, organ="某县人民政府")


def test_a_folder_with_nothing_but_templates_is_new(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    assert not check_sum_folder(tmp_path, JOURNAL)
    (tmp_path / "别的.txt").touch()
    with pytest.raises(EnvironmentProblem):
        check_sum_folder(tmp_path, JOURNAL)
