"""Whole-program tests of ``aggregate``: sums against a calculation of their own, planted faults."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell, MergedCell

from reportgen import aggregate_sources, cli
from reportgen.api import build_folder, check_folder
from reportgen.model import CellPath
from reportgen.problems import EnvironmentProblem
from reportgen.units import JOURNAL_FILE, UnitJob, UnitResult, read_unit
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS
from tests.unit.units.offices import (
    CARRIED,
    NEXT,
    RECEIVED,
    numbers,
    organ,
    write_unit,
    write_units,
)

UNITS = 60
EDITIONS = pytest.mark.parametrize(("form", "year"), [("2021", 2024), ("2019", 2020)])
Numbers = Mapping[CellPath, "int | Decimal"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    """Run ``aggregate`` and return the exit code and standard output."""
    words = ["aggregate", *map(str, arguments), "--organ", "清溪县人民政府", "--jobs", "1"]
    code = cli.run(words)
    return code, capsys.readouterr().out


def findings(
    capsys: pytest.CaptureFixture[str], *arguments: str | Path
) -> list[tuple[str, str, str]]:
    """Return unit, source and slug of each finding, without hints."""
    return [item[1:] for item in _told(capsys, *arguments) if item[0] != "hint"]


def hints(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[tuple[str, str, str]]:
    """Return unit, source and slug of each hint."""
    return [item[1:] for item in _told(capsys, *arguments) if item[0] == "hint"]


def _told(
    capsys: pytest.CaptureFixture[str], *arguments: str | Path
) -> list[tuple[str, str, str, str]]:
    _, shown = run(capsys, *arguments, "--format", "json")
    return [
        (item["severity"], item["unit"], item["source"], item["slug"]) for item in json.loads(shown)
    ]


def added(units: Sequence[Numbers]) -> dict[CellPath, int | Decimal]:
    """Return the sums of *units*, calculated in another way than the program does."""
    return {path: sum(unit[path] for unit in units) for path in units[0]}


def typed_sums(folder: Path) -> dict[CellPath, int | Decimal | None]:
    report = check_folder(folder).report
    assert report is not None
    return {path: cell.number for path, cell in report.cells.items()}


def sheet_sums(path: Path, form: str) -> dict[CellPath, object]:
    """Return what the last rows of the tables in the workbook *path* show."""
    book = openpyxl.load_workbook(path, data_only=True)
    shown: list[object] = []
    for sheet in book.worksheets[1:4]:
        shown += [cell.value for cell in sheet[sheet.max_row]][2:]  # behind unit and source
    return dict(zip(FORMS[form].value_cells, shown, strict=True))


@EDITIONS
def test_sums_are_those_of_an_independent_calculation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, year: int
) -> None:
    units = write_units(tmp_path / "各单位", UNITS, form, year)
    out = tmp_path / "汇总"
    assert findings(capsys, tmp_path / "各单位", "-o", out) == []
    expected = added(units)
    typed = typed_sums(out)
    assert {path: typed[path] for path in expected} == expected
    shown = sheet_sums(out / "汇总明细.xlsx", form)
    assert {path: Decimal(str(shown[path])) for path in expected} == expected
    assert {path: Decimal(str(value)) for path, value in shown.items()} == typed
    assert check_folder(out).diagnostics == ()
    assert build_folder(out, tmp_path / "成品", formats=("html",)).written


FAULTS = ("missing", "twice", "year", "form", "carry-over", "sum", "organ", "copy")
OTHER = {"2021": "2019", "2019": "2021"}


def plant(root: Path, fault: str, units: Sequence[Numbers], form: str, year: int) -> None:
    """Plant *fault* in the unit 03 below *root*, of *units* that follow *form*."""
    folder = root / "单位03"
    data = folder / "report.yaml"
    text = data.read_text(encoding="utf-8")
    if fault == "missing":
        shutil.rmtree(folder)
    elif fault == "twice":
        shutil.copytree(folder, root / "单位03 - 副本")
    elif fault == "year":
        data.write_text(text.replace(f"年度: {year}", f"年度: {year - 1}"), encoding="utf-8")
    elif fault == "form":
        shutil.rmtree(folder)
        cells = numbers(FORMS[OTHER[form]], random.Random(7))
        write_unit(folder, organ(3), cells, year=year, more={"版式": OTHER[form]})
    elif fault == "carry-over":
        write_unit(root.parent / "上年", organ(3), _last_year(units[3], 1), year=year - 1)
        data.write_text(f"{text}上年: ../../上年\n", encoding="utf-8")
    elif fault == "sum":
        shutil.rmtree(folder)
        row = [path for path in units[3] if path.keys[1] == "行政复议"]
        wrong = sum(int(units[3][path]) for path in row) + 1
        cells = {**units[3], row[0].row.below("总计"): wrong}
        write_unit(folder, organ(3), cells, year=year)
    elif fault == "organ":
        data.write_text(text.replace(organ(3), "清溪县第九十九局"), encoding="utf-8")
    elif fault == "copy":
        shutil.rmtree(folder)
        write_unit(folder, organ(3), units[2], year=year)


def _last_year(cells: Numbers, too_many: int) -> dict[CellPath, int | Decimal]:
    """Return a report of the year before *cells*, with *too_many* requests carried forward.

    Nothing else is inconsistent with *cells*.
    """
    last: dict[CellPath, int | Decimal] = dict(cells)
    for path in cells:
        keys = path.keys
        if keys[0] == "申请":
            taken = cells[CellPath((keys[0], CARRIED, keys[-1]))]
            if path == CellPath((keys[0], NEXT, "自然人")):
                taken += too_many
            last[path] = taken if keys[1] == NEXT else 0
        elif keys[-1] == "现行有效件数":
            made, ended = (cells[path.row.below(key)] for key in ("本年制发件数", "本年废止件数"))
            last[path] = cells[path] - made + ended
        elif keys[-1] == "本年增/减":
            last[path] = 0
    for path in cells:
        if path.keys[:2] == ("申请", NEXT):
            last[CellPath((path.table, RECEIVED, path.column))] = last[path]
    return last


@EDITIONS
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_in_the_list_and_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str, form: str, year: int
) -> None:
    root, roll = tmp_path / "各单位", tmp_path / "名册.txt"
    units = write_units(root, 6, form, year)
    roll.write_text("\n".join(map(organ, range(6))), encoding="utf-8")
    plant(root, fault, units, form, year)
    found = findings(capsys, root, "-o", tmp_path / "汇总", "--roll", roll)
    name, place = organ(3), "单位03"
    assert {
        "missing": [(name, name, "organ-missing")],
        "twice": [(name, "单位03 - 副本", "organ-twice")],
        "year": [(name, place, "organ-of-other-year")],
        "form": [(name, place, "organ-of-other-form"), (name, place, "wrong-form")],
        "carry-over": [(name, place, "carry-over")],
        "sum": [(name, place, "report-with-errors"), (name, place, "disputes-total")],
        "organ": [
            ("清溪县第九十九局", place, "organ-not-on-roll"),
            (name, name, "organ-missing"),
        ],
        "copy": [(name, place, "organ-copied")],
    }[fault] == found
    out = tmp_path / "汇总"
    left_out = fault in ("missing", "year", "form", "organ")
    units[3] = units[2] if fault == "copy" else units[3]
    expected = added([unit for number, unit in enumerate(units) if number != 3 or not left_out])
    typed = typed_sums(out)
    assert {path: typed[path] for path in expected} == expected
    shown = sheet_sums(out / "汇总明细.xlsx", form)
    assert {path: Decimal(str(value)) for path, value in shown.items()} == typed


def test_a_total_that_is_not_the_sum_of_its_parts_is_not_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = write_units(tmp_path / "各单位", 4, "2021", 2024)
    plant(tmp_path / "各单位", "sum", units, "2021", 2024)
    out = tmp_path / "汇总"
    _, shown = run(capsys, tmp_path / "各单位", "-o", out)
    total = CellPath(("复议诉讼", "行政复议", "总计"))
    counted = sum(int(units[3][path]) for path in units[3] if path.row == total.row)
    assert (
        "有 1 个错误，仍按所填的数计入，但总计不用所填的，用各项之和："
        f"“{total}”填 {counted + 1}，计 {counted}"
    ) in shown
    sheet = openpyxl.load_workbook(out / "汇总明细.xlsx")["表四"]
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if "填的总计" in _comment(cell))
    assert cell.value == counted
    assert cell.fill.start_color.rgb == "00FFC7CE"


def _comment(cell: Cell | MergedCell) -> str:
    return cell.comment.text if cell.comment else ""


def test_a_number_that_was_not_read_leaves_its_sum_blank(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = [dict(unit) for unit in write_units(tmp_path / "各单位", 3, "2021", 2024)]
    first, second, third = list(units[0])[3:6]
    for number, (path, value) in enumerate([(first, "见附件"), (second, "/"), (third, "/")]):
        shutil.rmtree(tmp_path / "各单位" / f"单位{number:02}")
        cells = {**units[number], path: value, third: "/"}
        write_unit(tmp_path / "各单位" / f"单位{number:02}", organ(number), cells, year=2024)
    out = tmp_path / "汇总"
    found = findings(capsys, tmp_path / "各单位", "-o", out)
    assert ("清溪县第00局", "单位00", "cell-lost-in-sum") in found
    typed = typed_sums(out)
    assert typed.get(first) is None
    assert typed[second] == units[0][second] + units[2][second]
    assert typed.get(third) is None  # nobody has a number
    assert check_folder(out).has_errors
    sheet = openpyxl.load_workbook(out / "汇总明细.xlsx")["表二"]
    column = list(FORMS["2021"].value_cells).index(first) + 3
    assert sheet.cell(4, column).value == "读不出：见附件"
    total = sheet.cell(7, column)
    assert total.fill.start_color.rgb == "00FFC7CE"
    assert total.comment is not None
    assert "1 家没有读出数，没有计入" in total.comment.text


def test_a_county_is_summed_up_and_its_own_sum_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, out = tmp_path / "各单位", tmp_path / "汇总"
    chance = random.Random(5)
    counties = {
        county: [numbers(FORMS["2021"], chance) for _ in range(3)] for county in ("甲县", "乙县")
    }
    for county, units in counties.items():
        for name, cells in zip("一二三", units, strict=True):
            write_unit(root / county / f"{name}局", f"{county}{name}局", cells, year=2024)
    own = added(counties["甲县"])
    write_unit(root / "甲县" / "汇总", "甲县人民政府", own, year=2024, more={"类型": "汇总"})
    other = added(counties["乙县"])
    other[CellPath(("主动公开", "行政许可", "本年处理决定数量"))] += 1
    folder = write_unit(tmp_path / "乙县汇总", "乙县人民政府", other, year=2024)
    for file in build_folder(folder, tmp_path / "成品", formats=("docx",)).written:
        shutil.copy(file.path, root / "乙县")
    found = findings(capsys, root, "-o", out)
    of_sums = [(unit, slug) for unit, _, slug in found if slug != "government-supervision"]
    assert of_sums == [("乙县人民政府", "sum-among-units")]
    expected = added([cells for units in counties.values() for cells in units])
    typed = typed_sums(out)
    assert {path: typed[path] for path in expected} == expected
    shown = calculated(tmp_path, out / "汇总明细.xlsx") or out / "汇总明细.xlsx"
    for position, county in enumerate(("乙县", "甲县")):
        sums = _subtotals(shown, "2021")[position]
        part = added(counties[county])
        assert {path: Decimal(str(sums[path])) for path in part} == part


@pytest.mark.parametrize("places", ["beside its folder", "among its units", "without its units"])
@pytest.mark.parametrize("kind", ["folder", "Word"])
def test_a_county_counts_once_wherever_its_own_sum_lies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], places: str, kind: str
) -> None:
    root, out = tmp_path / "各单位", tmp_path / "汇总"
    city = write_units(root, 3, "2021", 2024)
    chance = random.Random(5)
    county = [numbers(FORMS["2021"], chance) for _ in range(3)]
    if places != "without its units":
        home = root / "甲县" if places == "beside its folder" else root
        for name, cells in zip(("财政局", "审计局", "民政局"), county, strict=True):
            write_unit(home / f"甲县{name}", f"甲县{name}", cells, year=2024)
    home = root if kind == "folder" else tmp_path
    sum_ = write_unit(
        home / "甲县汇总", "甲县人民政府", added(county), year=2024, more={"类型": "汇总"}
    )
    if kind == "Word":
        for file in build_folder(sum_, tmp_path / "成品", formats=("docx",)).written:
            shutil.copy(file.path, root)
    found = findings(capsys, root, "-o", out)
    assert [slug for _, _, slug in found if slug != "government-supervision"] == []
    expected = added([*city, *county])
    typed = typed_sums(out)
    assert {path: typed[path] for path in expected} == expected


def test_a_declared_sum_that_counts_like_a_unit_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, chance = tmp_path / "各单位", random.Random(5)
    write_units(root, 3, "2021", 2024)
    of_county = numbers(FORMS["2021"], chance)
    write_unit(root / "甲县", "甲县人民政府", of_county, year=2024, more={"类型": "汇总"})
    told = ("甲县人民政府", "甲县", "sum-without-units")
    assert told in hints(capsys, root, "-o", tmp_path / "汇总")
    sheet = openpyxl.load_workbook(tmp_path / "汇总" / "汇总明细.xlsx").worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert [row[3:5] for row in rows if "甲县人民政府" in row] == [["下级汇总", "是"]]
    for name, part in (("一局", of_county), ("二局", dict.fromkeys(of_county, 0))):
        write_unit(root / "甲县" / name, f"甲县{name}", part, year=2024)
    again = hints(capsys, root, "-o", tmp_path / "再汇总")
    assert [slug for unit, _, slug in again if unit == "甲县人民政府"] == ["sum-of-units"]


def _subtotals(path: Path, form: str) -> list[dict[CellPath, object]]:
    """Return what the rows of subtotals in the workbook *path* show, over all tables."""
    book = openpyxl.load_workbook(path, data_only=True)
    rows: list[list[object]] = [[], []]
    for sheet in book.worksheets[1:4]:
        found = [row for row in sheet.iter_rows(values_only=True) if "小计" in str(row[1])]
        for row, values in zip(rows, found, strict=True):
            row += values[3:]
    return [dict(zip(FORMS[form].value_cells, row, strict=True)) for row in rows]


def test_only_clean_reports_are_counted_if_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = write_units(tmp_path / "各单位", 3, "2021", 2024)
    shutil.rmtree(tmp_path / "各单位" / "单位01")
    wrong = {**units[1], next(p for p in units[1] if NEXT in p.keys): 99}
    write_unit(tmp_path / "各单位" / "单位01", organ(1), wrong, year=2024)
    found = findings(capsys, tmp_path / "各单位", "-o", tmp_path / "全部")
    assert [slug for _, _, slug in found][:1] == ["report-with-errors"]
    _, shown = run(capsys, tmp_path / "各单位", "-o", tmp_path / "全部")
    assert "有 1 个错误，仍按所填的数计入；第一个是[T303] “" in shown  # and not only how many
    book = openpyxl.load_workbook(tmp_path / "全部" / "汇总明细.xlsx")
    assert "全部" not in {row[2] for row in book["名册"].iter_rows(values_only=True)}
    assert "全部" in {row[1] for row in book["问题"].iter_rows(values_only=True)}
    assert typed_sums(tmp_path / "全部") != {}
    found = findings(capsys, tmp_path / "各单位", "-o", tmp_path / "无误", "--only-clean")
    assert [slug for _, _, slug in found][:1] == ["report-with-errors"]
    expected = added([units[0], units[2]])
    typed = typed_sums(tmp_path / "无误")
    assert {path: typed[path] for path in expected} == expected


def test_last_years_sum_gives_the_text_and_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = write_units(tmp_path / "各单位", 2, "2021", 2024)
    last = dict.fromkeys(units[0], 0)
    write_unit(tmp_path / "上年", "清溪县人民政府", last, year=2023)
    code, shown = run(
        capsys, tmp_path / "各单位", "-o", tmp_path / "汇总", "--from", tmp_path / "上年"
    )
    assert "正文取自" in shown
    text = (tmp_path / "汇总" / "正文.md").read_text(encoding="utf-8")
    assert text == (tmp_path / "上年" / "正文.md").read_text(encoding="utf-8")
    assert code == cli.FINE
    assert "../上年" in (tmp_path / "汇总" / "report.yaml").read_text(encoding="utf-8")
    told = [line for line in shown.splitlines() if "[T501] 汇总：" in line]
    row = [path for path in units[0] if path.keys[:2] == ("申请", CARRIED)]
    assert len(told) == sum(bool(added(units)[path]) for path in row)  # last year left nothing


def test_finished_files_count_once_in_whatever_formats_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = write_units(tmp_path / "各单位", 3, "2021", 2024)
    for number in range(2):
        folder = tmp_path / "各单位" / f"单位{number:02}"
        formats = ("docx", "html") if number == 0 else ("html",)
        build_folder(folder, tmp_path / "送来" / folder.name, formats=formats)
    shutil.move(tmp_path / "各单位" / "单位02", tmp_path / "送来" / "单位02")
    (tmp_path / "送来" / "说明.docx").write_bytes(b"not a document")
    report = check_folder(tmp_path / "各单位" / "单位00").report
    assert report is not None
    (tmp_path / "送来" / "单位00" / "三张表.xlsx").write_bytes(
        fill_workbook(FORMS["2021"], report.cells)
    )
    out = tmp_path / "汇总"
    found = findings(capsys, tmp_path / "送来", "-o", out)
    assert found == [("说明.docx", "说明.docx", "organ-left-out")]
    typed = typed_sums(out)
    expected = added(units)
    assert {path: typed[path] for path in expected} == expected


def test_the_sum_is_made_again_from_what_has_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = write_units(tmp_path / "各单位", 4, "2021", 2024)
    out = tmp_path / "汇总"
    assert run(capsys, tmp_path / "各单位", "-o", out)[0] == cli.FINE
    text = out / "正文.md"
    text.write_text(text.read_text(encoding="utf-8").replace("各单位", "全县"), encoding="utf-8")
    assert "数没有变" in run(capsys, tmp_path / "各单位", "-o", out)[1]
    shutil.rmtree(tmp_path / "各单位" / "单位02")
    code, shown = run(capsys, tmp_path / "各单位", "-o", out)
    assert (code, "report.bak-1.yaml" in shown) == (cli.FINE, True)
    assert "全县" in text.read_text(encoding="utf-8")
    expected = added([units[0], units[1], units[3]])
    typed = typed_sums(out)
    assert {path: typed[path] for path in expected} == expected


def test_a_journal_of_somebody_else_is_not_believed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = write_units(tmp_path / "各单位", 2, "2021", 2024)
    out = tmp_path / "汇总"
    run(capsys, tmp_path / "各单位", "-o", out)
    journal = out / JOURNAL_FILE
    forged = journal.read_bytes().replace(b'"numbers":[0', b'"numbers":[9')
    assert forged != journal.read_bytes()
    journal.write_bytes(forged + b"\n\xff half a line")
    run(capsys, tmp_path / "各单位", "-o", out)
    expected = added(units)
    typed = typed_sums(out)
    assert {path: typed[path] for path in expected} == expected


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(1)", "＝1"])
def test_no_name_of_an_organ_is_calculated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    cells = numbers(FORMS["2021"], random.Random(1))
    write_unit(tmp_path / "各单位" / "甲", f"{name}局", cells, year=2024)
    run(capsys, tmp_path / "各单位", "-o", tmp_path / "汇总")
    book = openpyxl.load_workbook(tmp_path / "汇总" / "汇总明细.xlsx")
    cell = next(c for row in book["表二"].iter_rows() for c in row if str(c.value) == f"{name}局")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_sources_that_cannot_be_summed_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_units(tmp_path / "各单位", 1, "2021", 2024)
    for arguments, message in (
        ((tmp_path / "没有", "-o", tmp_path / "a"), "没有找到"),
        ((tmp_path / "各单位", "-o", tmp_path / "各单位"), "已经存在"),
        ((tmp_path / "各单位", "-o", tmp_path / "b", "--year", "1990"), "没有可用的版式"),
        ((tmp_path / "各单位", "-o", tmp_path / "c", "--year", "2023"), "没有可以汇总的报告"),
        ((tmp_path / "各单位", "-o", tmp_path / "d", "--from", tmp_path), "读不出上年的报告"),
    ):
        before = sorted(tmp_path.iterdir())
        words = ["aggregate", *map(str, arguments), "--organ", "某县", "--jobs", "1"]
        assert cli.run(words) == cli.USAGE
        assert message in capsys.readouterr().err
        assert sorted(tmp_path.iterdir()) == before  # no folder is left behind


def test_a_year_without_a_form_is_refused_before_anything_is_read(
    tmp_path: Path,
) -> None:
    write_units(tmp_path / "各单位", 1, "2021", 2024)

    def refuse(_: Sequence[UnitJob]) -> Iterator[UnitResult]:
        pytest.fail("a report was read")

    with pytest.raises(EnvironmentProblem, match="24 年度没有可用的版式") as found:
        aggregate_sources(
            [tmp_path / "各单位"], tmp_path / "汇总", organ="某县", year=24, read=refuse
        )
    assert "四位数" in found.value.hint


def test_a_run_that_was_stopped_is_gone_on_with(tmp_path: Path) -> None:
    units = write_units(tmp_path / "各单位", 4, "2021", 2024)
    read: list[str] = []

    def first_two(jobs: Sequence[UnitJob]) -> Iterator[UnitResult]:
        yield from map(read_unit, jobs[:2])

    def all_noted(jobs: Sequence[UnitJob]) -> Iterator[UnitResult]:
        read.extend(job.name for job in jobs if not job.known)
        yield from map(read_unit, jobs)

    aggregate = partial(
        aggregate_sources, [tmp_path / "各单位"], tmp_path / "汇总", organ="某县", key=b"k"
    )
    with pytest.raises(EnvironmentProblem, match="已中断"):
        aggregate(read=first_two)
    made = aggregate(read=all_noted)
    assert read == ["单位02", "单位03"]
    expected = added(units)
    assert {path: made.total.cells[path].number for path in expected} == expected


def calculated(folder: Path, source: Path) -> Path | None:
    """Return *source* as LibreOffice Calc calculates and saves it; None where there is none."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return None
    bare = folder / "无结果.xlsx"
    book = openpyxl.load_workbook(source)  # openpyxl drops the results, so Calc must calculate
    book.save(bare)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run(
        [*command, str(folder / "算过"), str(bare)], capture_output=True, check=False, timeout=200
    )
    made = folder / "算过" / bare.name
    return made if made.exists() else None


@EDITIONS
def test_libreoffice_calculates_the_same_sums(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, year: int
) -> None:
    write_units(tmp_path / "各单位", 5, form, year)
    run(capsys, tmp_path / "各单位", "-o", tmp_path / "汇总")
    source = tmp_path / "汇总" / "汇总明细.xlsx"
    made = calculated(tmp_path, source)
    if made is None:
        pytest.skip("LibreOffice Calc is not installed")
    assert sheet_sums(made, form) == sheet_sums(source, form)


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_reads_the_same_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    distributed = pytest.importorskip("dask.distributed")
    units = write_units(tmp_path / "各单位", 12, "2021", 2024)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        address = cluster.scheduler_address
        found = findings(capsys, tmp_path / "各单位", "-o", tmp_path / "汇总", "--dask", address)
    assert found == []
    expected = added(units)
    typed = typed_sums(tmp_path / "汇总")
    assert {path: typed[path] for path in expected} == expected
