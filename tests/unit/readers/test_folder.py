"""Report folders, read whole."""

from __future__ import annotations

import datetime
import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from reportgen.checks.completeness import check_cells
from reportgen.files import resource_folder
from reportgen.problems import EnvironmentProblem
from reportgen.readers.folder import Reading, read_folder
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, LIBRARY, SECTION_TITLES, at, codes, quantities, zeros

TABLES = "主动公开: {}\n申请: {}\n复议诉讼: {}\n"
HEAD = "单位: 某市某局\n年度: 2024\n缺省: 0\n"
NARRATIVE = "\n\n".join(f"# {title}\n\n已公开。" for title in SECTION_TITLES)


def write(folder: Path, data: str = HEAD + TABLES, text: str | None = NARRATIVE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.yaml").write_text(data, encoding="utf-8")
    if text is not None:
        (folder / "正文.md").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, data: str = HEAD + TABLES, text: str | None = NARRATIVE) -> Reading:
    return read_folder(write(folder, data, text), LIBRARY)


def test_sound_folder_is_a_report_without_findings(tmp_path: Path) -> None:
    reading = read(
        tmp_path, f"{HEAD}类型: 汇总\n成文日期: 2025-01-20\n联系方式: {{电话: 1}}\n{TABLES}"
    )
    report = reading.report
    assert codes(reading.diagnostics) == []
    assert report is not None
    assert (report.organ, report.year, report.kind, report.form) == (
        "某市某局",
        2024,
        "汇总",
        "2021",
    )
    assert report.title == "某市某局2024年政府信息公开工作年度报告"
    assert report.date == datetime.date(2025, 1, 20)
    assert report.contact == {"电话": "1"}
    assert set(report.cells) == set(FORMS["2021"].value_cells)
    assert [section.title for section in report.narrative.sections] == list(SECTION_TITLES)
    assert report.spans["年度"].line == 2
    assert report.previous is None


def test_sources_are_the_files_read(tmp_path: Path) -> None:
    names = [Path(source.path).name for source in read(tmp_path).sources]
    assert names == ["report.yaml", "正文.md"]


def test_title_may_be_given(tmp_path: Path) -> None:
    report = read(tmp_path, f"{HEAD}标题: 某局年报\n{TABLES}").report
    assert report is not None
    assert report.title == "某局年报"


def test_narrative_reads_the_data(tmp_path: Path) -> None:
    reading = read(
        tmp_path, text="# 总体情况\n\n{{ 单位 }}{{ 年度 }}年收到{{ 申请.本年新收.总计 }}件。"
    )
    report = reading.report
    assert report is not None
    (block,) = report.narrative.sections[0].blocks
    assert "".join(run.text for run in block.runs) == "某市某局2024年收到0件。"  # type: ignore[union-attr]


OLD_TABLES = """主动公开:
  规章: {本年新制作数量: 0, 本年新公开数量: 0, 对外公开总数量: 0}
  规范性文件: {本年新制作数量: 2, 本年新公开数量: 2, 对外公开总数量: 9}
  行政许可: {上一年项目数量: 3, 本年增/减: 0, 处理决定数量: 17}
  政府集中采购: {采购项目数量: 1}
申请:
  本年新收: [1, 0, 0, 0, 0, 1]
  其他处理: [0, 0, 0, 0, 0, 0]
复议诉讼: {}
"""


@pytest.mark.parametrize("tables", [OLD_TABLES, OLD_TABLES.replace("其他处理", "部分公开")])
def test_tables_of_another_form_are_one_finding(tmp_path: Path, tables: str) -> None:
    reading = read(tmp_path, HEAD + tables)
    assert [(item.code, item.span.line) for item in reading.diagnostics if item.span] == [
        ("S103", 4)
    ]
    assert "填的是 2019 版的栏目，2024 年度应填 2021 版" in reading.diagnostics[0].message
    assert reading.report is not None
    assert all(cell.invalid for cell in reading.report.cells.values())
    assert reading.report.cells[at("主动公开/行政许可/处理决定数量")].number == 17


def test_tables_of_the_newer_form_are_named_too(tmp_path: Path) -> None:
    data = """主动公开:
  规章: {本年制发件数: 0, 本年废止件数: 0, 现行有效件数: 0}
  行政规范性文件: {本年制发件数: 1, 本年废止件数: 0, 现行有效件数: 4}
申请: {}
复议诉讼: {}
"""
    found = read(tmp_path, HEAD.replace("2024", "2020") + data).diagnostics
    assert codes(found) == ["S103"]
    assert found[0].expected == "2019"


def test_a_workbook_of_another_form_is_one_finding_too(tmp_path: Path) -> None:
    old = FORMS["2019"]
    typed = {name: 0 for name in zeros("2019") if name not in old.totals}
    (tmp_path / "数据.xlsx").write_bytes(fill_workbook(old, quantities(typed)))
    found = read(tmp_path, HEAD).diagnostics
    assert codes(found) == ["S103"]
    assert found[0].actual == "2019"


def test_a_changed_label_in_a_workbook_is_no_other_form(tmp_path: Path) -> None:
    typed = {name: 0 for name in zeros("2021") if name not in FORMS["2021"].totals}
    book = openpyxl.load_workbook(io.BytesIO(fill_workbook(FORMS["2021"], quantities(typed))))
    for row in book["表三"].iter_rows():
        for cell in row:
            if cell.value and "重复申请" in str(cell.value):
                cell.value = "反复的"
    book.save(tmp_path / "数据.xlsx")
    assert "S103" not in codes(read(tmp_path, HEAD).diagnostics)


def test_a_mistyped_name_or_two_are_no_other_form(tmp_path: Path) -> None:
    data = TABLES.replace("主动公开: {}", "主动公开: {规张: {}, 行政许可: {处理决定数量: 1}}")
    assert set(codes(read(tmp_path, HEAD + data).diagnostics)) == {"I103"}


def test_placeholders_of_numbers_left_out_are_told_once_as_gaps(tmp_path: Path) -> None:
    text = "# 总体情况\n\n收到{{ 申请.本年新收.总计 }}件，费用{{ 主动公开.行政许可 }}。"
    reading = read(tmp_path, "单位: 某市某局\n年度: 2024\n申请:\n  上年结转: 0\n", text)
    assert "N202" not in codes(reading.diagnostics)


def test_a_mistyped_name_in_a_placeholder_is_told_all_the_same(tmp_path: Path) -> None:
    text = "# 总体情况\n\n收到{{ 申请.本年新受.总计 }}件，{{ 主动公开.行政许可 }}件。"
    reading = read(tmp_path, "单位: 某市某局\n年度: 2024\n申请:\n  上年结转: 0\n", text)
    assert codes(reading.diagnostics).count("N202") == 1


def test_a_year_that_is_none_is_told_and_stands_for_nothing(tmp_path: Path) -> None:
    reading = read(tmp_path, HEAD.replace("2024", "25") + "成文日期: 2020-01-20\n" + TABLES)
    assert codes(reading.diagnostics) == ["I105"]
    assert reading.report is not None
    assert reading.report.undated


def test_narrative_may_have_another_name(tmp_path: Path) -> None:
    (tmp_path / "稿.md").write_text(NARRATIVE, encoding="utf-8")
    reading = read(tmp_path, f"{HEAD}正文: 稿.md\n{TABLES}", text=None)
    assert reading.report is not None
    assert len(reading.report.narrative.sections) == 6
    assert reading.diagnostics == ()


@pytest.mark.parametrize("name", ["../正文.md", "/etc/passwd", r'"a\0b"', "子/../../正文.md"])
def test_narrative_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    reading = read(tmp_path / "报告", f"{HEAD}正文: {name}\n{TABLES}")
    assert codes(reading.diagnostics) == ["I112"]
    assert reading.report is not None


@pytest.mark.parametrize("name", ["没有.md", ".", "长" * 300])
def test_narrative_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    reading = read(tmp_path, f"{HEAD}正文: {name}\n{TABLES}")
    assert codes(reading.diagnostics) == ["I110"]
    assert reading.report is not None


def test_folder_without_data_has_nothing_to_go_on_with(tmp_path: Path) -> None:
    reading = read_folder(tmp_path, LIBRARY)
    assert (reading.report, reading.form) == (None, None)
    assert codes(reading.diagnostics) == ["I110"]


@pytest.mark.parametrize(
    ("data", "code"),
    [("", "I104"), ("# 空\n", "I104"), ("- 甲\n", "I104"), ("文字", "I104"), ("甲: [", "I101")],
)
def test_data_that_is_no_mapping_is_one_finding(tmp_path: Path, data: str, code: str) -> None:
    reading = read(tmp_path, data)
    assert reading.report is None
    assert codes(reading.diagnostics) == [code]


@pytest.mark.parametrize(("data", "missing"), [("年度: 2024", "单位"), ("单位: 某局", "年度")])
def test_organ_and_year_must_be_there(tmp_path: Path, data: str, missing: str) -> None:
    found = read(tmp_path, f"{data}\n缺省: 0\n{TABLES}").diagnostics
    assert codes(found) == ["I115"]
    assert f"“{missing}”" in found[0].message


@pytest.mark.parametrize("typed", ["[甲, 乙]", "{名: 甲}"])
def test_organ_that_is_no_text_is_one_finding(tmp_path: Path, typed: str) -> None:
    found = read(tmp_path, f"单位: {typed}\n年度: 2024\n缺省: 0\n{TABLES}").diagnostics
    assert codes(found) == ["I104"]


def test_wrong_year_is_one_finding(tmp_path: Path) -> None:
    found = read(tmp_path, f"单位: 某局\n年度: 二四\n缺省: 0\n{TABLES}").diagnostics
    assert codes(found) == ["I105"]


def test_omitted_cells_stay_absent_by_default(tmp_path: Path) -> None:
    report = read(tmp_path, "单位: 某局\n年度: 2024\n" + TABLES).report
    assert report is not None
    assert report.cells == {}


def test_unknown_key_at_the_top_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEAD}{TABLES}联系方试: 甲\n").diagnostics
    assert codes(found) == ["I103"]


@pytest.mark.parametrize(
    ("tables", "form"),
    [
        ("主动公开: {规范性文件: {本年新制作数量: 1}}", "2019"),
        ("主动公开: {行政规范性文件: {本年制发件数: 1}}", "2021"),
        ("主动公开: {}", "2021"),
    ],
)
def test_form_not_in_force_is_told_and_the_tables_decide_how_to_read(
    tmp_path: Path, tables: str, form: str
) -> None:
    reading = read(tmp_path, f"{HEAD}版式: 2019\n{tables}\n")
    assert codes(reading.diagnostics) == ["S103"]
    assert reading.report is not None
    assert reading.report.form == form


def test_what_tables_in_a_form_not_in_force_lack_is_not_asked_for(tmp_path: Path) -> None:
    head = HEAD.replace("缺省: 0\n", "")
    tables = "主动公开: {规范性文件: {本年新制作数量: 1.5, 本年新公开数量: 2}}\n申请: {}"
    reading = read(tmp_path, f"{head}版式: 2019\n{tables}\n")
    assert codes(reading.diagnostics) == ["S103", "I105"]
    assert reading.report is not None
    cells = reading.report.cells
    assert cells[at("主动公开/规范性文件/本年新公开数量")].number == 2
    assert list(check_cells(reading.report, FORMS["2019"])) == []


def test_unknown_kind_of_report_ends_the_reading(tmp_path: Path) -> None:
    reading = read(tmp_path, f"{HEAD}报告: 财政决算报告\n{TABLES}")
    assert reading.report is None
    assert codes(reading.diagnostics) == ["S101"]


def test_date_within_the_year_reported_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEAD}成文日期: 2024-01-20\n{TABLES}").diagnostics
    assert codes(found) == ["S104"]
    assert found[0].span is not None
    assert found[0].span.text == "2024-01-20"


def test_last_year_is_read_with_its_own_form(tmp_path: Path) -> None:
    write(tmp_path / "去年", "单位: 某局\n年度: 2020\n缺省: 0\n申请: {结转下年度: {自然人: 4}}\n")
    text = "# 总体情况\n\n上年结转{{ 上年.申请.结转下年度.总计 }}件。"
    reading = read(tmp_path / "今年", f"{HEAD}上年: ../去年\n{TABLES}", text)
    assert codes(reading.diagnostics) == []
    assert reading.report is not None
    assert reading.report.previous is not None
    assert reading.report.previous.form == "2019"
    (block,) = reading.report.narrative.sections[0].blocks
    assert "".join(run.text for run in block.runs) == "上年结转4件。"  # type: ignore[union-attr]


def test_last_year_with_errors_is_a_warning_here(tmp_path: Path) -> None:
    write(tmp_path / "去年", "单位: 某局\n")
    reading = read(tmp_path / "今年", f"{HEAD}上年: ../去年\n{TABLES}")
    assert [(item.code, item.severity.value) for item in reading.diagnostics] == [
        ("I114", "warning")
    ]


def test_report_that_is_its_own_last_year_does_not_run_in_a_circle(tmp_path: Path) -> None:
    reading = read(tmp_path, f"{HEAD}上年: .\n{TABLES}")
    assert reading.report is not None
    assert reading.report.previous is not None
    assert reading.report.previous.previous is None


@pytest.mark.parametrize("name", ["../没有", "正文.md", "长" * 300, r'"a\0b"'])
def test_last_year_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    reading = read(tmp_path, f"{HEAD}上年: {name}\n{TABLES}")
    assert codes(reading.diagnostics) == ["I113"]


def test_last_year_is_not_read_when_not_asked_for(tmp_path: Path) -> None:
    write(tmp_path, f"{HEAD}上年: ../没有\n{TABLES}")
    reading = read_folder(tmp_path, LIBRARY, follow_previous=False)
    assert reading.diagnostics == ()


def test_own_template_comes_before_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "disclosure" / "2021"
    own.mkdir(parents=True)
    shipped = resource_folder("templates") / "disclosure" / "2021" / "form.yaml"
    text = shipped.read_text(encoding="utf-8").replace("其他需要报告的事项", "别的事项", 1)
    (own / "form.yaml").write_text(text, encoding="utf-8")
    form = read(tmp_path).form
    assert form is not None
    assert form.sections[-1].title == "别的事项"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("disclosure/2021/form.yaml", "name: ["),
        ("disclosure/2021/tables/disputes.yaml", "key: 复议诉讼"),
        ("disclosure/checks.yaml", "checks: [{code: T301}]"),
        ("disclosure/report.yaml", "甲"),
        ("disclosure/2021/form.yaml", "TITLE"),
    ],
)
def test_broken_own_template_is_an_environment_problem(
    tmp_path: Path, file: str, text: str
) -> None:
    path = tmp_path / "templates" / file
    path.parent.mkdir(parents=True)
    if text == "TITLE":
        shutil.copy(resource_folder("templates") / file, path)
        text = path.read_text(encoding="utf-8").replace("{{ 单位 }}", "{{ 没有 }}")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EnvironmentProblem):
        read(tmp_path)


def test_folder_without_data_is_no_report_folder(tmp_path: Path) -> None:
    (found,) = read_folder(tmp_path, LIBRARY).diagnostics
    assert (found.code, found.message) == ("I110", "这不是报告目录：里面没有 report.yaml")
    assert "reportgen new" in found.hint


def test_folder_of_report_folders_names_them(tmp_path: Path) -> None:
    for name in ("丁局", "甲局", "乙局", "丙局"):
        write(tmp_path / name)
    (found,) = read_folder(tmp_path, LIBRARY).diagnostics
    assert "等是报告目录" in found.hint
    assert "batch" in found.hint


def test_report_folders_far_below_are_named_by_their_path(tmp_path: Path) -> None:
    write(tmp_path / "2024年" / "各局" / "甲局")
    write(tmp_path / ".回收" / "乙局")
    (found,) = read_folder(tmp_path, LIBRARY).diagnostics
    assert "其中的“2024年/各局/甲局”是报告目录" in found.hint


def test_of_two_narratives_none_is_read_and_that_is_all_that_is_said(tmp_path: Path) -> None:
    write(tmp_path, text="# 一、总体情况\n\n![图](images/没有.png)\n")
    (tmp_path / "正文.docx").write_bytes(b"PK")
    reading = read_folder(tmp_path, LIBRARY)
    assert [(d.code, d.message) for d in reading.diagnostics] == [
        ("N130", "有几份正文：正文.md、正文.docx")
    ]
    assert reading.report is not None
    assert reading.report.narrative.unread


def test_last_year_is_named_by_its_shortest_path(tmp_path: Path) -> None:
    write(tmp_path / "u23", HEAD.replace("2024", "2023") + TABLES)
    this = write(tmp_path / "u24", f"{HEAD}上年: ../u23\n{TABLES}")
    report = read_folder(this, LIBRARY).report
    assert report is not None
    assert report.previous is not None
    assert report.previous.spans["年度"].path == str(tmp_path / "u23" / "report.yaml")


@pytest.mark.parametrize(
    "name",
    ["report.yaml.txt", "report.yml", "Report(1).yaml", "report - 副本.yaml", "report.txt"],
)
def test_data_under_another_name_is_named(tmp_path: Path, name: str) -> None:
    write(tmp_path).joinpath("report.yaml").rename(tmp_path / name)
    (found,) = read_folder(tmp_path, LIBRARY).diagnostics
    assert found.code == "I110"
    assert f"“{name}”" in found.message
    assert found.hint is not None and "改名为 report.yaml" in found.hint


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("正文.md.txt", "改名为 正文.md"),
        ("正文(1).md", "改名为 正文.md"),
        ("正文.markdown", "改名为 正文.md"),
        ("正文(1).docx", "改名为 正文.docx，程序直接读取"),
        ("正文 - 副本.WPS", "改名为 正文.wps，程序直接读取"),
        ("正文.rtf", "另存为 正文.docx"),
    ],
)
def test_a_narrative_under_another_name_is_named(tmp_path: Path, name: str, advice: str) -> None:
    write(tmp_path).joinpath("正文.md").rename(tmp_path / name)
    (found,) = read_folder(tmp_path, LIBRARY).diagnostics
    assert f"“{name}”" in found.message
    assert found.hint is not None and advice in found.hint


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04 word", "Word"),
        (b"\xd0\xcf\x11\xe0 word", "Word"),
        (b"{\\rtf1 word}", "Word"),
        (b"<!DOCTYPE html><p>", "网页"),
    ],
)
def test_a_narrative_that_is_another_kind_of_file_is_told(
    tmp_path: Path, data: bytes, kind: str
) -> None:
    (write(tmp_path) / "正文.md").write_bytes(data)
    (found,) = read_folder(tmp_path, LIBRARY).diagnostics
    assert found.code == "I110"
    assert kind in found.message


@pytest.mark.parametrize(
    ("line", "codes_found"),
    [
        ("联系方式: \n  地址: 示例路1号 #2楼201室", ["I128"]),
        ("联系方式: \n  电话: 0700-5551234 #转8001", ["I128"]),
        ("标题: 某局年报 #2024年", ["I128"]),
        ("联系方式: \n  地址: 示例路1号 # 门牌已换", []),
        ("联系方式: \n  地址: '示例路1号 #2楼'", []),
        ("联系方式: \n  地址: 示例路1号#2楼", []),
    ],
)
def test_a_remark_that_cuts_a_value_off_is_told(
    tmp_path: Path, line: str, codes_found: list[str]
) -> None:
    assert codes(read(tmp_path, f"{HEAD}{line}\n{TABLES}").diagnostics) == codes_found


@pytest.mark.parametrize("broken", ["checks: 3\n", "checks:\n  - code: X901\n", "]\n"])
def test_broken_templates_of_last_year_are_a_finding(tmp_path: Path, broken: str) -> None:
    own = write(tmp_path / "上年") / "templates"
    own.mkdir()
    (own / "checks.yaml").write_text(broken, encoding="utf-8")
    reading = read(tmp_path / "本年", HEAD + "上年: ../上年\n" + TABLES)
    (found,) = reading.diagnostics
    assert found.code == "I113"
    assert "checks.yaml" in found.message
    assert str(tmp_path) not in found.message
    assert reading.report is not None


def test_placeholders_are_not_told_when_the_tables_are_of_another_form(tmp_path: Path) -> None:
    old = "规范性文件: {本年新制作数量: 1, 本年新公开数量: 1, 对外公开总数量: 2}"
    (tmp_path / "正文.md").write_text(
        "# 一、总体情况\n\n{{ 主动公开.行政规范性文件.本年制发件数 }}件\n"
    )
    reading = read(tmp_path, f"{HEAD}主动公开:\n  {old}\n  规章: {{本年新制作数量: 0}}\n")
    assert codes(reading.diagnostics) == ["S103"]
