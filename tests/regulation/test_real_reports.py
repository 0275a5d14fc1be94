"""Two published reports, typed as report folders: every number is read, nothing is amiss."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportgen.checks import check_report
from reportgen.document.compose import compose_document
from reportgen.document.nodes import Table
from reportgen.findings_text import render_short
from reportgen.readers.folder import Reading, read_folder
from tests.builders import DATA, FORMS, LIBRARY, at, errors
from tests.regulation.published import pingtan
from tests.strategies import PROCEDURES

REPORTS = [pytest.param(2019, "2019", id="平潭2019"), pytest.param(2024, "2021", id="平潭2024")]
NARRATIVE = """\
# 一、总体情况

全年办理政府信息公开申请{{ 申请.总计.总计 }}件。

# 二、主动公开政府信息情况

# 三、收到和处理政府信息公开申请情况

# 四、政府信息公开行政复议、行政诉讼情况

# 五、存在的主要问题及改进情况

一是主动公开不够及时。

# 六、其他需要报告的事项

全年无收取信息处理费情况。
"""


def facts(year: int) -> Any:
    return yaml.safe_load((DATA / f"pingtan-{year}.yaml").read_text(encoding="utf-8"))


def as_report(data: Any) -> dict[str, Any]:
    """Return the facts as ``report.yaml``: keys as officially printed, values as published."""
    requests: dict[str, Any] = {}
    for row in data["table_3"]["rows"]:
        *groups, label = row["label"].removeprefix("三/").split("/")
        node = requests
        for group in groups:
            node = node.setdefault(group, {})
        node[label] = row["cells"]
    blocks = data["table_4"]["cells"]
    return {
        "单位": "平潭综合实验区",
        "年度": data["year"],
        "标题": data["title"],
        "类型": "汇总",
        "成文日期": data["published"],
        "主动公开": data["table_2"],
        "申请": requests,
        "复议诉讼": {name: blocks[5 * n : 5 * n + 5] for n, name in enumerate(PROCEDURES)},
    }


def read(year: int, folder: Path) -> Reading:
    text = yaml.safe_dump(as_report(facts(year)), allow_unicode=True, sort_keys=False)
    (folder / "report.yaml").write_text(text, encoding="utf-8")
    (folder / "正文.md").write_text(NARRATIVE, encoding="utf-8")
    return read_folder(folder, LIBRARY)


@pytest.mark.parametrize(("year", "form"), REPORTS)
def test_folder_is_read_without_a_finding_in_the_form_of_its_year(
    year: int, form: str, tmp_path: Path
) -> None:
    reading = read(year, tmp_path)
    assert render_short(reading.diagnostics) == ""
    assert reading.report is not None
    assert reading.report.form == form


@pytest.mark.parametrize(("year", "form"), REPORTS)
def test_every_published_number_is_read(year: int, form: str, tmp_path: Path) -> None:
    report = read(year, tmp_path).report
    assert report is not None
    assert set(report.cells) == set(FORMS[form].value_cells)
    texts = [cell.text for table in pingtan(year) for cell in table]
    published = [text for text in texts if text.removesuffix("元").replace(".", "").isdigit()]
    assert [report.cells[name].text for name in FORMS[form].value_cells] == published


@pytest.mark.parametrize(("year", "form"), REPORTS)
def test_published_report_has_no_error(year: int, form: str, tmp_path: Path) -> None:
    report = read(year, tmp_path).report
    assert report is not None
    assert errors(check_report(report, FORMS[form])) == []


@pytest.mark.parametrize(("year", "form"), REPORTS)
def test_composed_tables_read_like_the_published_ones(year: int, form: str, tmp_path: Path) -> None:
    report = read(year, tmp_path).report
    assert report is not None
    tables = [b for b in compose_document(report, FORMS[form]).blocks if isinstance(b, Table)]
    composed = [[cell.text for row in table.rows for cell in row] for table in tables]
    published = [[cell.text for cell in table] for table in pingtan(year)]
    assert composed == published


def test_money_is_read_to_the_last_digit(tmp_path: Path) -> None:
    report = read(2019, tmp_path).report
    assert report is not None
    assert report.cells[at("主动公开/政府集中采购/采购总金额")].number == Decimal("75394432.52")


def test_a_digit_wrong_in_a_published_report_is_found(tmp_path: Path) -> None:
    data = as_report(facts(2024))
    data["申请"]["（七）总计"][0] = "216"
    (tmp_path / "report.yaml").write_text(
        yaml.safe_dump(data, allow_unicode=True), encoding="utf-8"
    )
    (tmp_path / "正文.md").write_text(NARRATIVE, encoding="utf-8")
    report = read_folder(tmp_path, LIBRARY).report
    assert report is not None
    assert errors(check_report(report, FORMS["2021"])) == ["T301", "T302", "T303"]
