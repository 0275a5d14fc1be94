"""What a section must say, years and names that must agree, and how long it may be."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.checks import check_report
from reportgen.checks.texts import count_characters, report_texts
from tests.builders import FORMS
from tests.unit.checks import written as module
from tests.unit.checks.written import OVERVIEW, found, written

GOVERNMENT = "某县人民政府"


def test_a_sound_report_gives_no_finding() -> None:
    for form in FORMS:
        report = written(OVERVIEW, form=form)
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
