"""What is missing, repeated, unknown or too long: numbers, units, sections."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from reportgen.checks import check_report
from reportgen.checks.completeness import (
    check_cells,
    check_defaults,
    check_sections,
    check_units,
)
from reportgen.checks.texts import count_characters, report_texts
from reportgen.diagnostics import Diagnostic
from reportgen.markdown import read_narrative
from reportgen.model.report import (
    Narrative,
    NarrativeHeading,
    NarrativeList,
    Picture,
    PictureGroup,
    Quantity,
    Section,
)
from reportgen.readers.folder import Reading, read_folder
from reportgen.source import SourceFile
from reportgen.text import Run
from tests.builders import (
    APPLICANTS,
    FORMS,
    LIBRARY,
    SECTION_TITLES,
    at,
    codes,
    narrative,
    paragraph,
    quantities,
    report,
    section,
    zeros,
)
from tests.unit.checks import written as module
from tests.unit.checks.written import found, written

FORM = FORMS["2021"]


def without(*prefixes: str) -> list[Diagnostic]:
    cells = {
        name: cell
        for name, cell in quantities(zeros("2021")).items()
        if not name.startswith(prefixes)
    }
    return list(check_cells(report(cells=cells), FORM))


def sections(*found: Section) -> list[Diagnostic]:
    return list(check_sections(report(text=Narrative(sections=found)), FORM))


def titles(*names: str) -> list[Diagnostic]:
    return list(check_sections(report(text=narrative(*names)), FORM))


def test_complete_tables_are_quiet() -> None:
    assert list(check_cells(report(), FORM)) == []


def test_missing_table_is_one_finding() -> None:
    (found,) = without("主动公开/")
    assert (found.code, found.message) == ("T101", "没有填“主动公开”表")
    assert len(found.cells) == 10
    assert "缺省: 0" in found.hint


def test_empty_report_misses_its_three_tables() -> None:
    assert codes(list(check_cells(report(cells={}), FORM))) == ["T101"] * 3


def test_missing_row_is_one_finding() -> None:
    (found,) = without("申请/不予处理/重复申请/")
    assert (found.code, found.message) == ("T102", "没有填“申请/不予处理/重复申请”一行")
    assert found.cells == tuple(f"申请/不予处理/重复申请/{name}" for name in APPLICANTS)


def test_missing_cells_of_a_row_are_one_finding() -> None:
    (found,) = without("申请/本年新收/商业企业", "申请/本年新收/其他")
    assert (found.code, found.message) == ("T103", "“申请/本年新收”一行没有填：商业企业、其他")


def test_totals_are_never_missing() -> None:
    assert without(*FORM.totals) == []


def test_no_number_and_unreadable_number_are_not_missing() -> None:
    cells = quantities(zeros("2021"))
    cells[at("申请/本年新收/自然人")] = Quantity(None, "/")
    cells[at("申请/本年新收/商业企业")] = Quantity(None, "三", invalid=True)
    assert list(check_cells(report(cells=cells), FORM)) == []


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_six_sections_are_quiet(form: str) -> None:
    assert list(check_sections(report(form), FORMS[form])) == []


def test_narrative_without_anything_is_one_finding() -> None:
    assert codes(sections()) == ["N101"]


def test_each_missing_section_is_told_with_its_number() -> None:
    found = titles(*SECTION_TITLES[:4])
    assert [(item.code, item.message) for item in found] == [
        ("N101", "正文缺少“五、存在的主要问题及改进情况”一节"),
        ("N101", "正文缺少“六、其他需要报告的事项”一节"),
    ]


def test_section_that_is_only_a_table_need_not_be_typed() -> None:
    assert titles(SECTION_TITLES[0], *SECTION_TITLES[4:]) == []


def test_tables_without_any_text_are_one_finding() -> None:
    told = titles(*SECTION_TITLES[1:4])
    assert [(item.slug, item.message) for item in told] == [
        (
            "missing-section",
            "只有表，没有正文：缺少“总体情况、存在的主要问题及改进情况、其他需要报告的事项”",
        )
    ]


def test_opening_alone_misses_all_sections_with_text() -> None:
    text = Narrative(opening=(paragraph("前言。"),))
    assert codes(list(check_sections(report(text=text), FORM))) == ["N101"] * 3


def test_misspelt_section_is_told_once_not_as_missing_too() -> None:
    found = titles(*SECTION_TITLES[:4], "存在的主要问题及改进的情况说明", SECTION_TITLES[5])
    assert codes(found) == ["N107"]
    assert found[0].expected == "存在的主要问题及改进情况"
    assert found[0].span is not None


@pytest.mark.parametrize(
    ("position", "title"),
    [
        (3, "政府信息公开行政复议及行政诉讼情况"),
        (3, "政府信息公开行政复议与行政诉讼情况"),
        (3, "政府信息公开行政复议和行政诉讼情况"),
        (4, "存在的主要问题和改进情况"),
        (4, "存在的主要问题、改进情况"),
        (2, "收到及处理政府信息公开申请情况"),
    ],
)
def test_what_joins_two_things_in_a_title_does_not_matter(position: int, title: str) -> None:
    found = titles(*SECTION_TITLES[:position], title, *SECTION_TITLES[position + 1 :])
    assert codes(found) == []


@pytest.mark.parametrize(
    ("position", "title"),
    [
        (4, "存在的主要问题及改进措施"),
        (3, "行政复议行政诉讼情况"),
        (1, "主动公开情况"),
        (5, "其他需要报告的事项和情况"),
    ],
)
def test_title_that_is_nearly_right_is_a_warning_and_is_counted(position: int, title: str) -> None:
    found = titles(*SECTION_TITLES[:position], title, *SECTION_TITLES[position + 1 :])
    assert [(item.code, item.severity.value) for item in found] == [("N107", "warning")]
    assert found[0].expected == SECTION_TITLES[position]


def test_title_nearly_that_of_a_section_that_is_there_is_another_section() -> None:
    found = titles(*SECTION_TITLES, "主动公开情况")
    assert codes(found) == ["N102"]


def test_nothing_is_missing_from_a_narrative_that_could_not_be_read() -> None:
    assert list(check_sections(report(text=Narrative(unread=True)), FORM)) == []


def test_section_of_another_name_is_known_by_its_number() -> None:
    found = sections(
        *(section(title, paragraph("文。")) for title in SECTION_TITLES[:5]),
        section("结束语", paragraph("文。"), number=6),
    )
    assert [(item.code, item.expected) for item in found] == [("N102", "其他需要报告的事项")]


def test_section_too_many_does_not_hide_a_missing_one() -> None:
    found = sections(
        *(section(title, paragraph("文。")) for title in SECTION_TITLES if "问题" not in title),
        section("附表说明", paragraph("文。"), number=7),
    )
    assert sorted(codes(found)) == ["N101", "N102"]
    assert next(item for item in found if item.code == "N102").expected is None


@pytest.mark.parametrize(("form", "cited"), [("2021", True), ("2019", False)])
def test_form_out_of_force_is_not_cited(form: str, cited: bool) -> None:
    extra = section("附表说明", paragraph("文。"))
    text = Narrative(sections=(*narrative().sections, extra))
    found = check_sections(report(form, text=text, year=2024), FORMS[form])
    (hit,) = (item for item in found if item.code == "N102")
    assert (hit.basis == FORMS[form].basis) is cited


def test_section_too_many_with_a_taken_number_suggests_nothing() -> None:
    found = sections(
        *(section(title, paragraph("文。")) for title in SECTION_TITLES),
        section("工作亮点", paragraph("文。"), number=2),
    )
    assert [(item.code, item.expected) for item in found] == [("N102", None)]


def test_section_typed_twice_is_told() -> None:
    found = titles(*SECTION_TITLES, SECTION_TITLES[0])
    assert codes(found) == ["N104"]


@pytest.mark.parametrize("spec", [0, 4, 5])
def test_section_that_needs_text_is_told_when_empty(spec: int) -> None:
    found = sections(
        *(
            section(title, *([] if n == spec else [paragraph("文。")]))
            for n, title in enumerate(SECTION_TITLES)
        )
    )
    assert codes(found) == ["N103"]
    assert SECTION_TITLES[spec] in found[0].message


def test_section_that_has_a_table_needs_no_text() -> None:
    found = sections(
        *(
            section(title, *([] if n in (1, 2, 3) else [paragraph("文。")]))
            for n, title in enumerate(SECTION_TITLES)
        )
    )
    assert found == []


def test_heading_and_blanks_are_no_text() -> None:
    blocks = (NarrativeHeading(2, (Run("主动公开"),)), paragraph(" "))
    found = sections(
        section(SECTION_TITLES[0], *blocks),
        *(section(title, paragraph("文。")) for title in SECTION_TITLES[1:]),
    )
    assert codes(found) == ["N103"]


def test_list_or_picture_is_content() -> None:
    items = NarrativeList(((Run("甲"),),))
    pictures = PictureGroup((Picture("a.png", "专栏"),))
    found = sections(
        section(SECTION_TITLES[0], items),
        *(section(title, pictures) for title in SECTION_TITLES[1:]),
    )
    assert found == []


def test_section_behind_a_later_one_is_told_with_its_place() -> None:
    one, two, three, *rest = SECTION_TITLES
    found = titles(one, three, two, *rest)
    assert [(item.code, item.hint) for item in found] == [("N106", "应为第二部分")]
    assert two in found[0].message


def test_sections_in_order_with_gaps_are_not_out_of_order() -> None:
    assert set(codes(titles(SECTION_TITLES[1], SECTION_TITLES[4]))) == {"N101"}


def test_a_title_that_is_no_heading_is_pointed_at() -> None:
    text = "一、总体情况\n\n已公开。\n\n# 二、主动公开政府信息情况\n\n六、其他需要报告的事项\n"
    read, _ = read_narrative(SourceFile("正文.md", text), {})
    found = [d for d in check_sections(report(text=read), FORM) if d.code == "N101"]
    assert [d.span.line if d.span else None for d in found] == [1, 5, 7]
    assert [d.label for d in found] == ["", "应在它的后面", ""]
    assert "没有写成标题" in found[0].message


GOVERNMENT = "某县人民政府"


def test_a_sound_report_gives_no_finding() -> None:
    for form in FORMS:
        report = written("公开。", form=form)
        assert check_report(report, FORMS[form]) == []


@pytest.mark.parametrize(
    ("code", "section", "text", "options"),
    [
        ("N302", "other", "承办建议12件。", {}),
        ("N301", "other", "无。", {}),
        ("N307", "opening", "现公布本报告。", {}),
        ("N308", "opening", "现公布本报告。", {}),
        ("N309", "opening", "数据的统计期限自2023年1月1日起至2023年12月31日止。", {}),
        ("N309", "opening", "统计期限为2023年1月1日至12月31日。", {}),
        ("S210", "opening", "现公布某局2023年政府信息公开工作年度报告。", {}),
        ("S201", "overview", "公开。", {"title": "某市某局2023年政府信息公开工作年度报告"}),
        ("S202", "overview", "公开。", {"title": "某市某局2024年工作总结"}),
        ("S202", "overview", "公开。", {"title": "某局2024年政府信息公开工作年度报告"}),
        ("S202", "overview", "公开。", {"title": "某市某局政府信息公开工作年度报告"}),
        ("S203", "overview", "## 2022年主动公开情况\n\n公开。", {}),
        ("S204", "other", "2022年，无收取信息处理费情况。", {}),
        ("S205", "problems", "2024年，我局将进一步加强培训。", {}),
        ("N540", "other", "共收取信息处理费2235元。", {}),
        ("N541", "other", "本年度依法收取信息处理费，已上缴国库。", {}),
        ("N542", "other", "信息处理费情况：48页200元。", {}),
        (
            "S202",
            "overview",
            "公开。",
            {"organ": "丽水市人民政府", "title": "2024年政府信息公开工作年度报告"},
        ),
        ("S211", "opening", "电话：0558-5550199。", {"contact": {"电话": "0558-2173663"}}),
        ("S211", "opening", "联系电话5550199。", {"contact": {"电话": "0558-2173663"}}),
        ("S212", "opening", "请与青禾县教育局办公室联系。", {"organ": "青禾县财政局"}),
        ("S212", "opening", "本报告由青禾市公安局编制。", {"organ": "青禾市水务局"}),
        ("S207", "opening", "如有疑问，请与云溪县财政局联系。", {"organ": "青禾市财政局"}),
        (
            "S207",
            "overview",
            "公开。",
            {"organ": "青禾市财政局", "contact": {"部门": "云溪市财政局"}},
        ),
    ],
)
def test_what_is_missing_or_does_not_agree_is_told_once(
    code: str, section: str, text: str, options: dict[str, Any]
) -> None:
    hits = found(code, text, section=section, **options)
    assert len(hits) == 1
    assert "{" not in hits[0].message + hits[0].hint


@pytest.mark.parametrize(
    ("code", "section", "text", "options"),
    [
        ("N302", "other", "无。", {}),
        ("N302", "other", "收取信息处理费730元。", {}),
        ("N301", "other", "2024年，无收取信息处理费情况。", {}),
        ("N304", "overview", "公开。", {"organ": "某市某局"}),
        ("N307", "opening", "现公布本报告。", {"contact": {"电话": "0558-2173663"}}),
        ("N308", "overview", "数据统计期限自2024年1月1日起至12月31日止。", {}),
        ("N309", "opening", "统计期限为2024年1月1日至12月31日。与2023年1月1日相比。", {}),
        ("S210", "opening", "现公布某局2024年政府信息公开工作年度报告。", {}),
        ("S201", "overview", "公开。", {"title": "某市某局2024年度政府信息公开工作年度报告"}),
        ("S203", "problems", "## 2025年打算\n\n加强培训。", {}),
        ("S205", "problems", "2025年，我局将进一步加强培训。2024年，我局将公开纳入考核。", {}),
        ("N540", "other", "共收取信息处理费2230元，1,100元。", {}),
        ("N541", "other", "本年度没有收取信息处理费。", {}),
        ("N541", "other", "收取信息处理费730元。", {}),
        ("N542", "other", "48页180元、85页550元，信息处理费64页应缴340元；30页0元。", {}),
        (
            "S202",
            "overview",
            "公开。",
            {"organ": "丽水市人民政府", "title": "2024年丽水市政府信息公开工作年度报告"},
        ),
        (
            "S202",
            "overview",
            "公开。",
            {"organ": "昆明市西山区人民政府", "title": "西山区2024年度政府信息公开年度报告"},
        ),
        (
            "S202",
            "overview",
            "公开。",
            {
                "organ": "某市某区人民政府甲街道办事处",
                "title": "某区甲街道办事处2024年政府信息公开工作年度报告",
            },
        ),
        (
            "S211",
            "opening",
            "电话：0558-2173663，传真：0558-2173664。",
            {"contact": {"电话": "0558-2173663", "传真": "0558-2173664"}},
        ),
        ("S211", "opening", "联系电话2173663。", {"contact": {"电话": "0558-2173663"}}),
        ("S211", "opening", "电话：0558-5550199。", {}),
        ("S212", "opening", "请与青禾县住建局办公室联系。", {"organ": "青禾县住房和城乡建设局"}),
        ("S212", "opening", "请与局办公室联系，由市财政局编制。", {"organ": "青禾市财政局"}),
        ("S212", "opening", "请与青禾县政务服务局联系。", {"organ": "青禾县人民政府"}),
        ("S207", "opening", "请与青禾市财政局办公室联系。", {"organ": "青禾市财政局"}),
        ("S207", "opening", "请与局办公室联系。", {"organ": "青禾市财政局"}),
    ],
)
def test_what_is_there_is_left_alone(
    code: str, section: str, text: str, options: dict[str, Any]
) -> None:
    assert found(code, text, section=section, **options) == []


def test_aspects_not_touched_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OVERVIEW", "")
    (hit,) = found("N303", "全年主动公开信息25条，受理公开申请3件。")
    assert hit.message == "第一部分没有写到“政府信息管理”“政府信息公开平台建设”“监督保障”"


def test_governments_also_report_assessment_review_and_liability(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "OVERVIEW", "")
    (hit,) = found("N304", "年度考核占4分。", organ=GOVERNMENT)
    assert hit.message == "没有写到“社会评议”“责任追究”结果情况"
    assert found("N304", "年度考核占4分。", organ="某市某局") == []


def test_length_counts_characters_as_word_processors_do() -> None:
    report = written("二〇二四年 2024 HTTP 公开，25%。", section="problems")
    texts = [t for t in report_texts(report, FORMS["2021"]) if t.section == "problems"]
    assert count_characters(texts) - len("存在的主要问题及改进情况") == 5 + 1 + 1 + 3 + 1 + 1


def test_long_overview_is_told_from_2021_on() -> None:
    (hit,) = found("N305", "公" * 1001)
    assert hit.actual is not None
    assert int(hit.actual.split()[0]) > 1001
    assert found("N305", "公" * 900) == []
    assert found("N305", "公" * 1001, form="2019") == []


@pytest.mark.parametrize("code", ["N307", "N308"])
def test_opening_that_the_template_writes_lacks_nothing(code: str) -> None:
    assert found(code, "", section="opening") == []


ALL = ("主动公开", "申请", "复议诉讼")


def read(folder: Path, year: int, *lines: str) -> Reading:
    text = "\n".join(("单位: 某局", f"年度: {year}", *lines)) + "\n"
    (folder / "report.yaml").write_text(text, encoding="utf-8")
    narrative = "\n\n".join(f"# {title}\n\n已公开。" for title in SECTION_TITLES)
    (folder / "正文.md").write_text(narrative, encoding="utf-8")
    return read_folder(folder, LIBRARY)


def left_out(reading: Reading) -> list[tuple[str, ...]]:
    assert reading.report is not None
    assert reading.form is not None
    return [item.cells for item in check_defaults(reading.report, reading.form)]


def asked(reading: Reading) -> list[str]:
    assert reading.report is not None
    assert reading.form is not None
    return [item.message for item in check_units(reading.report, reading.form)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("缺省: 0",), [ALL]),
        (("缺省: 0", "申请: {本年新收: [0, 0, 0, 0, 0, 0]}"), [("主动公开", "复议诉讼")]),
        (("缺省: 0", "申请: {}", "主动公开: {}", "复议诉讼: {}"), []),
        ((), []),
    ],
    ids=["nothing", "a row of zeros", "empty tables", "an error without 缺省"],
)
def test_tables_that_count_as_zero_are_told_from_zeros(
    tmp_path: Path, lines: tuple[str, ...], expected: list[tuple[str, ...]]
) -> None:
    assert left_out(read(tmp_path, 2024, *lines)) == expected


@pytest.mark.parametrize("typed", ["52.15", "160.5964", "9999", "3892431.125", "１２"])
def test_amount_without_unit_that_may_be_in_another_is_asked_about(
    tmp_path: Path, typed: str
) -> None:
    table = f"主动公开: {{政府集中采购: {{采购项目数量: 6, 采购总金额: {typed}}}}}"
    (message,) = asked(read(tmp_path, 2020, "缺省: 0", table))
    assert f"写的是 {typed}，没有写单位" in message


@pytest.mark.parametrize(
    "typed", ["52.15元", "160.5964万元", "3892431", "3892431.12", "0", "0.5亿元", "/", "六项"]
)
def test_amount_with_its_unit_or_clearly_in_the_usual_one_is_fine(
    tmp_path: Path, typed: str
) -> None:
    table = f"主动公开: {{政府集中采购: {{采购项目数量: 6, 采购总金额: {typed}}}}}"
    assert asked(read(tmp_path, 2020, "缺省: 0", table)) == []


def test_amount_whose_unit_the_head_carries_needs_none(tmp_path: Path) -> None:
    table = "主动公开: {行政事业性收费: {本年收费金额: 12.6449}}"
    assert asked(read(tmp_path, 2024, "缺省: 0", table)) == []


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("某目录/正文.md", "在 正文.md 里前面要写“# ”"),
        ("某目录/正文.docx", "Word 里用“标题 1”样式"),
        ("年报.pdf", "Word 里用“标题 1”样式"),
    ],
)
def test_how_a_section_is_added_depends_on_the_file_of_the_narrative(file: str, says: str) -> None:
    text, _ = read_narrative(SourceFile("正文.md", f"# {SECTION_TITLES[0]}\n\n已公开。\n"), {})
    checked = replace(report(text=text), narrative_path=file)
    found = [d for d in check_sections(checked, FORM) if d.code == "N101"]
    assert [says in d.hint for d in found] == [True, True]


@pytest.mark.parametrize(("kind", "advice"), [("本机关", "缺省: 0"), ("汇总", "重新汇总")])
def test_a_blank_of_a_sum_is_not_advised_to_be_nothing(kind: str, advice: str) -> None:
    sound = written("公开。", kind=kind)
    cells = {p: q for p, q in sound.cells.items() if p.row != "主动公开/行政强制"}
    (hit,) = [
        d for d in check_report(replace(sound, cells=cells), FORMS["2021"]) if d.code == "T102"
    ]
    assert advice in hit.hint


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("全年办结申请12件。", 1),
        ("县长信箱受理来信3件。", 1),
        ("未收到政府信息公开申请。办理人大代表建议3件。", 0),
        ("全年收到依申请公开0件，办理建议3件。", 0),
        ("无依申请公开事项。办理提案3件。", 0),
        ("无因政府信息公开申请提起的行政复议。办理来信3件。", 1),
        ("收到申请10件。", 1),
        ("全年收到政府信息公开申请{{ 申请.本年新收.总计 }}件，办理建议3件。", 1),
        ("未发生政府信息公开责任追究。办理建议3件。", 1),
    ],
)
def test_zeros_that_the_text_confirms_are_not_asked_about(text: str, count: int) -> None:
    assert len(found("T105", text)) == count
