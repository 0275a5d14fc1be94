"""Pattern rules and private characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import pytest
from msgspec.structs import replace

from reportgen.checks import MOST_OF_A_KIND, check_report
from reportgen.checks.texts import Texts
from reportgen.checks.wording import check_characters, check_contact, check_patterns
from reportgen.diagnostics import Diagnostic, Severity
from reportgen.forms.form import Form
from reportgen.model.report import (
    Narrative,
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
    Report,
)
from reportgen.source import SourceFile
from reportgen.styles import Align
from reportgen.text import Run
from tests.builders import (
    FORMS,
    SECTION_TITLES,
    codes,
    narrative,
    paragraph,
    report,
    section,
    span_of,
)
from tests.unit.checks.written import found, written

WRONG = "修订《甲制度》、《乙制度》。"
BLOCKS: list[NarrativeBlock] = [
    paragraph(WRONG),
    NarrativeHeading(2, (Run(WRONG),)),
    NarrativeList(((Run("对"),), (Run(WRONG),))),
    NarrativeTable(((Run(WRONG),),), (((Run("1"),),),), (Align.LEFT,)),
    NarrativeTable(((Run("项"),),), (((Run(WRONG),),),), (Align.LEFT,)),
    PictureGroup((Picture("a.png", WRONG),)),
]


TextCheck: TypeAlias = Callable[[Report, Form, Texts], Iterable[Diagnostic]]


def said(check: TextCheck, about: Report) -> list[Diagnostic]:
    form = FORMS[about.form]
    return list(check(about, form, Texts.of(about, form)))


def patterns(text: Narrative, form: str = "2021") -> list[Diagnostic]:
    return said(check_patterns, report(form, text=text))


def last_section(*texts: str) -> Narrative:
    blocks = tuple(paragraph(text) for text in texts)
    return Narrative(sections=(section(SECTION_TITLES[5], *blocks),))


def in_overview(*blocks: NarrativeBlock) -> Narrative:
    return Narrative(sections=(section(SECTION_TITLES[0], *blocks),))


def test_ordinary_text_is_quiet() -> None:
    assert patterns(narrative()) == []


@pytest.mark.parametrize("block", BLOCKS, ids=[type(block).__name__ for block in BLOCKS])
def test_every_kind_of_block_is_looked_through(block: NarrativeBlock) -> None:
    assert codes(patterns(in_overview(block))) == ["N401"]


def test_opening_is_looked_through() -> None:
    assert codes(patterns(Narrative(opening=(paragraph(WRONG),)))) == ["N401"]


def test_finding_points_at_the_very_characters() -> None:
    (found,) = patterns(in_overview(paragraph(WRONG)))
    assert found.span is not None
    assert (found.span.text, found.span.column) == ("》、《", 7)
    assert found.severity.value == "warning"


def test_match_across_runs_reaches_from_the_first_to_the_last() -> None:
    source = SourceFile("正文.md", "《甲》**、《乙》**")
    block = NarrativeParagraph(
        (Run("《甲》", span=source.span(0, 3)), Run("、《乙》", bold=True, span=source.span(5, 9)))
    )
    (found,) = patterns(in_overview(block))
    assert found.span is not None
    assert found.span.text == "》**、《"


def test_text_that_came_from_a_placeholder_points_at_all_of_it() -> None:
    source = SourceFile("正文.md", "{{ 名称 }}")
    block = NarrativeParagraph((Run(WRONG, span=source.span(0, len(source.text))),))
    (found,) = patterns(in_overview(block))
    assert found.span is not None
    assert found.span.text == "{{ 名称 }}"


def test_text_of_unknown_origin_has_no_place() -> None:
    (found,) = patterns(in_overview(NarrativeParagraph((Run(WRONG),))))
    assert found.span is None


def test_every_match_is_told() -> None:
    assert codes(patterns(in_overview(paragraph("《甲》、《乙》、《丙》")))) == ["N401", "N401"]


@pytest.mark.parametrize(
    "text", ["（文字描述）", "该部分以表格形式报告。", "【待核】", "XX年", "××年"]
)
def test_remnants_of_a_template_are_told(text: str) -> None:
    assert codes(patterns(in_overview(paragraph(text)))) == ["N402"]


@pytest.mark.parametrize("text", ["【待补充】", "【待补充：渠道】", "【待补充"])
def test_a_place_still_to_be_filled_in_is_an_error(text: str) -> None:
    (found,) = patterns(in_overview(paragraph(text)))
    assert (found.code, found.severity) == ("N421", Severity.ERROR)


@pytest.mark.parametrize("text", ["（用文字描述的部分）", "【公开】", "A年"])
def test_what_only_looks_like_a_remnant_is_quiet(text: str) -> None:
    assert patterns(in_overview(paragraph(text))) == []


@pytest.mark.parametrize(
    "text", ["无", "无。", "本年度无其他需要报告的事项。", "无其他事项", "本机关无其他报告的事项"]
)
def test_bare_none_in_section_six_is_told_from_2021_on(text: str) -> None:
    (found,) = patterns(last_section(text))
    assert found.code == "N301"
    assert "“2024年，无收取信息处理费情况。”" in found.hint
    assert patterns(last_section(text), "2019") == []


@pytest.mark.parametrize(
    "texts",
    [
        ("2024年，无收取信息处理费情况。",),
        ("无。", "未收取信息处理费。"),
        ("无收取信息处理费情况。",),
    ],
)
def test_section_six_that_reports_the_fee_is_quiet(texts: tuple[str, ...]) -> None:
    assert patterns(last_section(*texts)) == []


def test_none_elsewhere_is_quiet() -> None:
    assert patterns(in_overview(paragraph("无。"))) == []


def test_private_character_is_told_once_where_it_first_stands() -> None:
    text = in_overview(paragraph("张\ue000先生"), paragraph("又是张\ue000"))
    (found,) = said(check_characters, report(text=text))
    assert (found.code, found.severity.value) == ("G101", "error")
    assert "U+E000" in found.message
    assert found.span is not None
    assert (found.span.text, found.span.column) == ("\ue000", 2)


def test_each_private_character_is_told() -> None:
    text = in_overview(paragraph("\ue000\U000f0000"))
    assert codes(said(check_characters, report(text=text))) == ["G101", "G101"]


def test_rare_character_of_the_standard_is_quiet() -> None:
    text = in_overview(paragraph("㙍𠮷𫖯"))
    assert said(check_characters, report(text=text)) == []


def test_a_finding_about_a_title_that_was_not_typed_points_at_the_organ() -> None:
    place = SourceFile("report.yaml", "单位: 某<b>局").span(0, 2)
    about = replace(report(), title="某<b>局年度报告", spans={"单位": place})
    (found,) = (item for item in said(check_patterns, about) if item.code == "N415")
    assert found.span == place


def test_of_very_many_findings_of_a_rule_the_first_are_kept_and_others_are_found() -> None:
    text = "（" * (MOST_OF_A_KIND + 10) + WRONG
    told = check_report(report(text=in_overview(paragraph(text))), FORMS["2021"])
    found = codes(told)
    assert found.count("N411") == MOST_OF_A_KIND
    assert "N401" in found
    more = [item.message for item in told if "没有列出" in item.message]
    (first, *_) = (item.message for item in told if item.code == "N411")
    assert more == [first]
    assert first.endswith("（这条规则另有 10 处没有列出）")


RIGHT_CONTACT = {
    "邮编": ["236031", "010010"],
    "电话": [
        "0558-2173663", "010-12345678", "（0558）2173663", "(010) 12345678", "05582173663",
        "0558 2173663", "0558—2173663", "0558-2173663转801", "0558-2173663-801", "400-123-4567",
        "4001234567", "12345", "0558-2173663、2173664", "0558-2173663/64", "0558-2173663（工作日）",
        "+86 0558-2173663", "0515-88888888 或 88888889",
    ],
    "传真": ["0558-2173663"],
    "网址": [
        "https://www.example.gov.cn", "www.example.gov.cn", "http://example.gov.cn/zwgk/?id=3",
        "示例.政务.cn", "example.gov.cn:8080/x", "https://a.gov.cn、https://b.gov.cn/",
    ],
    "电子邮箱": ["xx.gk@example.gov.cn"],
}  # fmt: skip
WRONG_CONTACT = {
    "邮编": ["23603", "2360311", "236 031", "２３６０３"],
    "电话": [
        "0558-217366", "558-2173663", "2173663", "0558.2173663", "010-1234567", "0558-217 3663",
        "0558-217366O", "０５５８-217366", "无",
    ],
    "传真": ["0558-21736"],
    "网址": ["http:/example.gov.cn", "某县政府网"],
    "电子邮箱": ["xx @example.gov.cn", "example.gov.cn"],
}  # fmt: skip


def contact_codes(key: str, value: str) -> list[tuple[str, str]]:
    """Return what is found about the contact *value* typed under *key*."""
    typed = written("公开。", contact={key: value})
    typed = replace(typed, spans={f"联系方式/{key}": span_of(value, value, "report.yaml")})
    found = check_contact(typed, FORMS["2021"])
    return [(d.code, d.message) for d in found]


@pytest.mark.parametrize(("key", "value"), [(k, v) for k, vs in RIGHT_CONTACT.items() for v in vs])
def test_contact_of_its_form_is_left_alone(key: str, value: str) -> None:
    assert contact_codes(key, value) == []


@pytest.mark.parametrize(("key", "value"), [(k, v) for k, vs in WRONG_CONTACT.items() for v in vs])
def test_contact_of_another_form_is_told(key: str, value: str) -> None:
    assert contact_codes(key, value) == [("S214", f"“{key}”写的是“{value}”，不是{key}的写法")]


@pytest.mark.parametrize(
    ("key", "value", "narrow"),
    [
        ("邮编", "２３６０３１", "236031"),
        ("电话", "０５５８－2173663", "0558-2173663"),
        ("网址", "http：//example。gov。cn", "http://example.gov.cn"),
        ("电子邮箱", "xx＠example.gov.cn", "xx@example.gov.cn"),
    ],
)
def test_full_width_contact_is_called_so(key: str, value: str, narrow: str) -> None:
    assert contact_codes(key, value) == [
        ("S214", f"“{key}”写的是“{value}”，里面有全角的数字或符号")
    ]
    typed = written("公开。", contact={key: value})
    typed = replace(typed, spans={f"联系方式/{key}": span_of(value, value, "report.yaml")})
    assert [d.hint for d in check_contact(typed, FORMS["2021"])] == [f"改成半角的：{narrow}"]


OWN_CONTACT = {"邮编": "236031", "地址": "某县某路1号", "电子邮箱": "xx@example.gov.cn"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("（地址：某县某路1号，邮编：236031）", []),
        ("（地址：某县某路1号政务大楼3楼，邮编236031）", []),
        ("（地址：某路1号，电子邮箱：xx@example.gov.cn）", []),
        ("（地址：某县某路7号，邮编：236013）", ["某县某路7号", "236013"]),
        ("（邮政编码：２３６０３１，邮箱：yy@example.gov.cn）", ["yy@example.gov.cn"]),
    ],
)
def test_other_contact_in_the_text_is_told(text: str, told: list[str]) -> None:
    spans = {f"联系方式/{key}": span_of(v, v, "report.yaml") for key, v in OWN_CONTACT.items()}
    opening = f"统计期限自2024年1月1日起至2024年12月31日止。请与某市某局联系{text}。"
    report = written(opening, section="opening", contact=OWN_CONTACT)
    hits = check_report(replace(report, spans=spans), FORMS["2021"])
    values = [d.message.split("“")[1].split("”")[0] for d in hits if d.code == "S215"]
    assert sorted(values) == sorted(told)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("如有疑问，请与某市某局办公室联系，电话：0000-1111111。", 1),
        ("如有疑问，请与某市某局办公室联系，电话：0000-2222222。", 0),
        ("公开查阅点设在政务大厅，电话：0000-1111111。", 0),
    ],
)
def test_another_telephone_than_ours_is_told_in_the_first_section(text: str, count: int) -> None:
    number = "0000-2222222"
    spans = {"联系方式/电话": span_of(number, number, "report.yaml")}
    report = replace(written(text, section="overview", contact={"电话": number}), spans=spans)
    hits = check_report(report, FORMS["2021"])
    assert [d.code for d in hits].count("S215") == count


def test_another_telephone_in_the_opening_is_told_once() -> None:
    number = "0000-2222222"
    text = "请与某市某局办公室联系，电话：0000-1111111。"
    spans = {"联系方式/电话": span_of(number, number, "report.yaml")}
    report = replace(written(text, section="opening", contact={"电话": number}), spans=spans)
    hits = [d.code for d in check_report(report, FORMS["2021"]) if d.code in ("S211", "S215")]
    assert hits == ["S211"]


def test_a_mark_without_its_partner_is_told_in_a_contact_value_too() -> None:
    spans = {"联系方式/部门": span_of("“办公室", "“办公室", "report.yaml")}
    report = replace(written("全年平稳。", contact={"部门": "“办公室"}), spans=spans)
    hits = [d for d in check_report(report, FORMS["2021"]) if d.code == "N411"]
    assert [d.span and d.span.text for d in hits] == ["“"]


def test_a_paragraph_written_twice_is_told_at_the_second_place() -> None:
    long = "我局将加强业务培训，提高答复质量，政策解读增加图解。"
    (hit,) = found("N427", f"{long}\n\n- {long}", section="problems")
    assert "一字不差" in hit.message
    assert found("N427", "无此类情况。\n\n无此类情况。", section="problems") == []


@pytest.mark.parametrize(
    ("organ", "told"), [("某市教育局", ["S212"]), ("某市某局", []), ("某市监督管埋局", ["N422"])]
)
def test_the_organ_of_the_announcement_is_ours(organ: str, told: list[str]) -> None:
    own = "某市监督管理局" if told == ["N422"] else "某市某局"
    period = "统计期限自2024年1月1日起至2024年12月31日止。"
    text = f"现公布{organ}2024年政府信息公开工作年度报告，{period}"
    hits = check_report(
        written(text, section="opening", organ=own, title=f"{own}2024年政府信息公开工作年度报告"),
        FORMS["2021"],
    )
    assert [d.code for d in hits if d.code in ("S212", "N422")] == told


def test_the_year_behind_a_numbered_heading_in_the_line_is_read() -> None:
    (hit,) = found("S204", "（一）信息处理费。2014年，无收取信息处理费情况。", section="other")
    assert "2014" in hit.message


def test_one_cause_is_told_once() -> None:
    hits = check_report(written("收回问卷320份，其中满意的304份，占950%。"), FORMS["2021"])
    assert [d.code for d in hits if d.code in ("N521", "N523")] == ["N521"]


def test_contact_read_from_a_finished_file_is_not_judged() -> None:
    read_back = written("公开。", contact={"电话": "2173663"})
    assert list(check_contact(read_back, FORMS["2021"])) == []


def test_a_year_of_the_text_is_not_doubted_where_the_text_tells_it_once() -> None:
    text = "统计期限自2023年1月1日起至2023年12月31日止。2023年，公开信息。"
    checked = check_report(written(text, {}), FORMS["2021"])  # 2024 in another section
    assert {d.code for d in checked} & {"N309", "S216"} == {"N309"}
