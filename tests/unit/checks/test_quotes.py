"""Numbers of the tables stated again in the text."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.checks import check_report
from reportgen.checks.quotes import placeholder
from reportgen.diagnostics import Severity
from reportgen.markdown.narrative import read_narrative
from reportgen.model.report import Quantity
from reportgen.placeholders.rendered import report_context
from tests.builders import FORMS, at, quantities, source
from tests.unit.checks.written import found, written

CELLS = {
    "申请/本年新收/自然人": 27,
    "申请/本年新收/商业企业": 14,
    "申请/上年结转/自然人": 3,
    "申请/予以公开/自然人": 16,
    "申请/部分公开/自然人": 7,
    "申请/不予公开/属于国家秘密/自然人": 2,
    "申请/不予公开/属于行政执法案卷/自然人": 7,
    "申请/无法提供/本机关不掌握相关政府信息/商业企业": 10,
    "申请/结转下年度/自然人": 2,
    "复议诉讼/行政复议/结果维持": 4,
    "复议诉讼/未经复议直接起诉/结果维持": 2,
    "复议诉讼/复议后起诉/结果维持": 1,
    "主动公开/行政规范性文件/本年制发件数": 5,
    "主动公开/行政规范性文件/本年废止件数": 1,
    "主动公开/行政规范性文件/现行有效件数": 20,
    "主动公开/行政处罚/本年处理决定数量": 1286,
}

WRONG = [  # code, text, number found, number of the table
    ("N501", "全年新收政府信息公开申请40件。", "40", "41"),
    ("N501", "收到依申请公开事项1,041件。", "1041", "41"),
    ("N501", "本年收办信息公开申请45件。", "45", "44"),
    ("N501", "2024年，未收到政府信息公开申请。", "0", "41"),
    ("N502", "收到申请41件，上年结转4件。", "4", "3"),
    ("N503", "新收申请41件，全年办结41件。", "41", "42"),
    ("N503", "办理政府信息公开申请43件。", "43", "42"),
    ("N504", "新收申请41件，结转下年度继续办理1件。", "1", "2"),
    ("N505", "办结申请42件，其中予以公开15件、部分公开7件。", "15", "16"),
    ("N505", "对申请予以公开16件、不予公开8件。", "8", "9"),
    ("N506", "因政府信息公开被申请行政复议3件。", "3", "4"),
    ("N506", "因政府信息公开被提起行政诉讼5件。", "5", "3"),
    ("N506", "未发生因政府信息公开引发的行政复议、行政诉讼。", "0", "7"),
    ("N507", "制发行政规范性文件6件，废止1件。", "6", "5"),
    ("N507", "制发行政规范性文件5件，废止2件。", "2", "1"),
    ("N507", "行政规范性文件现行有效21件。", "21", "20"),
    ("N501", "全市各级行政机关共受理政府信息公开申请42件。", "42", "41"),
    ("N501", "我局共收到42份政府信息公开申请。", "42", "41"),
    ("N501", "共接到社会公众依申请公开 ４２ 件。", "42", "41"),
    ("N501", "收到政府信息公开申请：42宗。", "42", "41"),
    ("N501", "收到申请41件，其中自然人28件。", "28", "27"),
    ("N502", "新收申请41件，上年度结转申请4件。", "4", "3"),
    ("N502", "结转上一年度政府信息公开申请4件。", "4", "3"),
    ("N502", "2023年结转申请4件，新收41件。", "4", "3"),
    ("N503", "收到申请41件，答复43件（含上年结转3件）。", "43", "42"),
    ("N503", "收到申请41件，43件均在法定期限内完成答复。", "43", "42"),
    ("N503", "依申请公开方面，收到41件，办理完成43件。", "43", "42"),
    ("N503", "收到申请41件（其中县本级20件、乡镇21件），办结43件。", "43", "42"),
    ("N503", "收到申请41件（线上30件、来人送达11件），办结43件。", "43", "42"),
    ("N503", "收到申请41件，涉及征地30件、拆迁11件，办结43件。", "43", "42"),
    ("N504", "收到申请41件，剩余3件结转下年度办理。", "3", "2"),
    ("N504", "收到申请41件，3件顺延到2025年度答复。", "3", "2"),
    ("N504", "收到申请41件，转结下年办理3件。", "3", "2"),
    ("N505", "办结申请42件。其中，“予以公开”16件；“不予公开”8件。", "8", "9"),
    ("N505", "对申请予以公开或部分公开24件。", "24", "23"),
    ("N505", "办结申请42件，因本机关不掌握等原因无法提供的11件。", "11", "10"),
    ("N506", "因政府信息公开引起的行政复议4件、行政诉讼5件。", "5", "3"),
    ("N506", "涉及政府信息公开的复议、诉讼共8件。", "8", "7"),
    ("N506", "因政府信息公开被申请⾏政复议 ３ 件。", "3", "4"),
    ("N506", "因政府信息公开被提起⾏政诉讼\u00a05 件。", "5", "3"),
    ("N503", "⺠众申请公开事项，受理政府信息公开申请41件，回复 43 件。", "43", "42"),
    ("N506", "政府信息公开行政复议、行政诉讼分别为4件、5件。", "5", "3"),
    ("N506", "政府信息公开申请的答复有待规范，全年有3件被复议机关维持。", "3", "4"),
    ("N507", "制定发布规范性文件6件，现行有效文件20件。", "6", "5"),
    ("N507", "继续有效的行政规范性文件21件。", "21", "20"),
    ("N507", "行政规范性文件发布5条，废除数量2条。", "2", "1"),
    ("N508", "作出行政处罚决定1268件。", "1268", "1286"),
    ("N509", "行政事业性收费金额3万元。", "3", "0"),
]


@pytest.mark.parametrize(("code", "text", "actual", "expected"), WRONG)
def test_number_that_is_not_the_tables_is_questioned(
    code: str, text: str, actual: str, expected: str
) -> None:
    hits = found(code, text, CELLS)
    assert [(d.actual, d.expected, d.severity) for d in hits] == [
        (actual, expected, Severity.WARNING)
    ]
    assert hits[0].cells


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("新收到申请44件，结转上年度办理3件。其中，答复42件，结转下年度2件。", Severity.HINT),
        ("新收到申请44件，上年结转3件，答复42件，结转下年度2件。", Severity.WARNING),
    ],
)
def test_a_sum_with_last_years_is_a_hint_where_a_list_names_its_parts(
    text: str, severity: Severity
) -> None:
    assert [hit.severity for hit in found("N501", text, CELLS)] == [severity]


@pytest.mark.parametrize(
    "text",
    [
        "全年新收政府信息公开申请41件，上年结转3件，办结42件，结转下年度2件。",
        "收办政府信息公开申请44件。",
        "办理政府信息公开申请44件。",
        "2023年，新收政府信息公开申请30件。",
        "新收政府信息公开申请41件，上年同期新收政府信息公开申请30件。",
        "通过网络收到政府信息公开申请30件，以信函收到政府信息公开申请11件。",
        "全年新收政府信息公开申请约40件，近50件次。",
        "县政府部门新收政府信息公开申请12件。",
        "其中自然人申请27件，法人或其他组织申请14件。",
        "以属于行政执法案卷为由对申请不予公开7件。",
        "不予公开申请中，属于国家秘密不予公开2件。",
        "主动予以公开15件信息。",
        "全年办理行政复议案件134件，审结行政诉讼77件。",
        "办理人大代表建议12件，办结12件。",
        "县政府制发行政规范性文件3件。",
        "现行有效地方性法规3件，新收信访申请5件。",
        "未收到逾期不缴费的政府信息公开申请。",
        "已无应办未办的政府信息公开申请。",
        "收到网民留言248条，办结留言230条，公开答复4条。",
        "公开规章4件（含新制定0件，修改4件，废止0件），行政规范性文件7件。",
        "以市政府名义制发规范性文件3件，审核规范性文件12件。",
        "对申请予以公开或部分公开23件，予以公开及部分公开的23件。",
        "截至6月，共收到政府信息公开申请20件，办结19件。",
        "收到涉及征地的政府信息公开申请20件。",
        "按期答复政府信息公开申请40件，延期答复2件。",
        "收到申请41件，各乡镇收到申请20件，办结18件；县政府部门收到21件。",
        "收到申请41件（另有行政复议9件），办结42件。",
        "收到申请41件，其中受理40件。",
        "政府信息公开培训3次，发放政府信息公开指南50份。",
        "因政府信息公开引发行政复议4件，其中1件驳回。",
        "12345热线收到工单300件，办结299件，结转下年1件。",
        "未收到行政许可申请，未收到救助申请。",
        "市本级收到政府信息公开申请31件，各区县收到10件。",
    ],
)
def test_numbers_about_something_else_are_left_alone(text: str) -> None:
    report = written(text, CELLS)
    warned = [d for d in check_report(report, FORMS["2021"]) if d.code.startswith("N50")]
    assert warned == []


def test_sum_of_new_and_brought_forward_is_a_hint_that_says_so() -> None:
    (hit,) = found("N501", "全年收到政府信息公开申请44件。", CELLS)
    assert hit.severity is Severity.HINT
    assert "上年结转之和" in hit.hint


def test_number_from_a_placeholder_is_neither_questioned_nor_offered() -> None:
    report = written("公开。", CELLS)
    text = "# 总体情况\n\n全年新收政府信息公开申请{{ 申请.本年新收.自然人 }}件，办结42件。\n"
    narrative, problems = read_narrative(
        source(text, "正文.md"), report_context(report, FORMS["2021"])
    )
    assert problems == []
    hits = check_report(replace(report, narrative=narrative), FORMS["2021"])
    assert [d.cells for d in hits if d.code in ("N501", "N530")] == [("申请/总计/总计",)]


def test_right_number_is_offered_a_placeholder_once() -> None:
    text = "全年新收政府信息公开申请41件。共收到政府信息公开申请41件。"
    (hit,) = found("N530", text, CELLS)
    assert "{{ 申请.本年新收.总计 }}" in hit.hint
    assert hit.severity is Severity.HINT
    assert found("N530", "全年新收政府信息公开申请0件。") == []


def test_placeholder_of_a_key_with_marks_is_written_in_brackets() -> None:
    cell = "申请/不予公开/危及“三安全一稳定”/总计"
    assert placeholder(at(cell)) == "{{ 申请.不予公开['危及“三安全一稳定”'].总计 }}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("新收政府信息公开申请41件，同比增长36.67%。", []),
        ("新收政府信息公开申请41件，较上年增长37%。", []),
        ("新收政府信息公开申请41件，同比增长36.76%。", ["36.67%"]),
        ("新收政府信息公开申请41件，比上年下降36.67%。", ["-36.67%"]),
        ("新收政府信息公开申请41件，同比增加11件。", []),
    ],
)
def test_growth_behind_a_number_is_recomputed_with_last_year(text: str, wanted: list[str]) -> None:
    before = replace(written("", year=2023), cells=quantities({"申请/本年新收/总计": 30}))
    assert [d.expected for d in found("N522", text, CELLS, previous=before)] == wanted
    assert found("N522", text, CELLS) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("办结申请42件，其中予以公开16件，占38.10%。", []),
        ("办结申请42件，其中予以公开16件，占新收的39%。", []),
        ("办结申请42件，其中予以公开16件（占办结总数的38.1%）。", []),
        ("办结申请42件，其中予以公开16件，占35%。", ["38.10%"]),
    ],
)
def test_share_behind_a_number_is_recomputed(text: str, wanted: list[str]) -> None:
    assert {d.expected for d in found("N521", text, CELLS)} == set(wanted)


def test_every_statement_binds_in_some_form() -> None:
    stated = {s for form in FORMS.values() for s in form.sentences.statements}
    bound = {b.statement for form in FORMS.values() for b in form.statements}
    assert stated == bound


def test_other_results_of_2019_are_one_row() -> None:
    cells = {"申请/本年新收/自然人": 3, "申请/其他处理/自然人": 3}
    (hit,) = found("N505", "办结申请3件，其中其他处理2件。", cells, form="2019")
    assert (hit.expected, hit.actual) == ("3", "2")
    assert found("N505", "办结申请3件，其中其他处理3件。", cells, form="2019") == []


def test_charges_that_are_the_tables_are_left_alone() -> None:
    cells = {"主动公开/行政事业性收费/本年收费金额": 3}
    assert found("N509", "行政事业性收费金额3万元。", cells) == []


@pytest.mark.parametrize("blank", [Quantity(None), Quantity(None, "/"), Quantity(0, computed=True)])
def test_number_whose_cell_has_none_is_said_to_have_none(blank: Quantity) -> None:
    report = written("制发行政规范性文件5件，作出行政处罚决定12件。", CELLS)
    gaps = {name: blank for name in report.cells if name.table == "主动公开"}
    found = check_report(replace(report, cells={**report.cells, **gaps}), FORMS["2021"])
    told = [d for d in found if d.code in ("N507", "N508")]
    assert [(d.message, d.expected, d.actual) for d in told] == [
        ("正文写的是“制发行政规范性文件5件”，表中相应的格没有填数", None, "5"),
        ("正文写的是“作出行政处罚决定12件”，表中相应的格没有填数", None, "12"),
    ]


def test_total_of_typed_zeros_is_no_gap() -> None:
    (found,) = [
        d for d in check_report(written("收到申请7件。", {}), FORMS["2021"]) if d.code == "N501"
    ]
    assert found.message.endswith("表中本年新收是 0 件")


@pytest.mark.parametrize("text", ["公示行政处罚决定300件。", "公示作出行政处罚决定300件。"])
def test_decisions_made_public_may_be_some_of_them(text: str) -> None:
    (hit,) = found("N508", text, {"主动公开/行政处罚/本年处理决定数量": 310})
    assert hit.severity is Severity.HINT


def test_decisions_counted_in_the_words_of_the_table_are_compared() -> None:
    (hit,) = found(
        "N508", "行政处罚处理决定数量300宗。", {"主动公开/行政处罚/本年处理决定数量": 310}
    )
    assert hit.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("接到申请44件，另有上年结转3件。", Severity.WARNING),
        ("接到申请44件，上年结转3件，全部办结。", Severity.WARNING),
        ("接到申请44件，其中上年结转3件。", Severity.HINT),
        ("接到申请44件（含上年结转3件）。", Severity.HINT),
        ("接到申请44件。上年结转3件。", Severity.HINT),
    ],
)
def test_a_number_beside_last_years_does_not_hold_them(text: str, severity: Severity) -> None:
    (hit,) = found("N501", f"本局依申请公开方面，{text}", CELLS)
    assert hit.severity is severity


DISPUTES = {
    "复议诉讼/行政复议/结果维持": 2,
    "复议诉讼/行政复议/尚未审结": 6,
    "复议诉讼/未经复议直接起诉/结果维持": 2,
    "复议诉讼/复议后起诉/结果维持": 1,
}
NO_LAWSUITS = {name: n for name, n in DISPUTES.items() if "行政复议" in name}


def test_lawsuits_of_one_kind_only_are_a_hint() -> None:
    (hit,) = found("N506", "因政府信息公开引发行政诉讼2件。", DISPUTES)
    assert hit.severity is Severity.HINT
    assert "未经复议直接起诉" in hit.hint
    assert found("N506", "因政府信息公开引发行政诉讼3件。", DISPUTES) == []
    (hit,) = found("N506", "因政府信息公开引发行政诉讼4件。", DISPUTES)
    assert hit.severity is Severity.WARNING


@pytest.mark.parametrize(("number", "wrong"), [(6, []), (5, ["尚未审结5件"])])
def test_results_behind_no_lawsuits_are_those_of_reconsiderations(
    number: int, wrong: list[str]
) -> None:
    text = f"涉政府信息公开的行政复议8件，行政诉讼0件，结果维持2件，尚未审结{number}件。"
    hits = found("N506", text, NO_LAWSUITS)
    assert [hit.message.split("“")[1].split("”")[0] for hit in hits] == wrong
    assert all("表中是 6 件" in hit.message for hit in hits)


@pytest.mark.parametrize(
    ("code", "text", "right", "wrong"),
    [
        ("N501", "本年度接收到申请书{}份。", 41, 40),
        ("N503", "需办理政府信息公开申请{}件。", 44, 46),
        ("N504", "收到申请41件，另有{}件因征求第三方意见转至下一年度办理。", 2, 3),
        ("N504", "收到申请41件，另有{}件按照《条例》顺延到下年度答复。", 2, 3),
        ("N505", "申请41件，因本机关不掌握而无法提供的{}件。", 10, 11),
        ("N505", "申请41件，其中非本部门掌握的{}件。", 10, 11),
        ("N501", "本年度收到申请44件，结转上年后新收到申请{}件。", 41, 40),
    ],
)
def test_wordings_of_published_reports_are_read(
    code: str, text: str, right: int, wrong: int
) -> None:
    def told(number: int) -> list[Severity]:
        hits = found(code, text.format(number), CELLS)
        return [hit.severity for hit in hits if str(number) in hit.message]

    assert Severity.WARNING not in told(right)
    assert told(wrong) == [Severity.WARNING]
