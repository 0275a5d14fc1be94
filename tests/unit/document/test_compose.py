"""Tests of composing a document from a report and its form."""

from __future__ import annotations

import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from reportgen.document.compose import compose_document
from reportgen.document.nodes import Document, Heading, Paragraph, Signature, Table, walk_text
from reportgen.files import Cache
from reportgen.forms.grid import TemplateError
from reportgen.model.report import Narrative, NarrativeHeading, Report, Section
from reportgen.text import Run
from tests.builders import FORMS, SECTION_TITLES, paragraph, report, section, span_of


def document(form: str = "2021", **changes: object) -> Document:
    return compose_document(replace(report(form), **changes), FORMS[form])


def outline(found: Document) -> list[str]:
    """Return the blocks in one word each: a heading's or paragraph's text, a table's name."""
    words = []
    for block in found.blocks:
        if isinstance(block, Heading | Paragraph):
            words.append(block.text[:12])
        else:
            words.append(block.name if isinstance(block, Table) else type(block).__name__)
    return words


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_parts_stand_in_the_prescribed_order(form: str) -> None:
    found = document(form, date=datetime.date(2025, 1, 20), narrative=Narrative())
    assert outline(found) == [
        "某市某局2024年政府信",
        "本报告根据《中华人民共和",
        "一、总体情况",
        "二、主动公开政府信息情况",
        "主动公开",
        "三、收到和处理政府信息公",
        "申请",
        "四、政府信息公开行政复议",
        "复议诉讼",
        "五、存在的主要问题及改进",
        "六、其他需要报告的事项",
        "Signature",
    ]


def test_text_of_a_section_stands_before_its_table() -> None:
    found = outline(document())
    place = found.index("申请")
    assert found[place - 2 : place] == ["三、收到和处理政府信息公", "已公开。"]


def test_sections_typed_out_of_order_are_put_in_order() -> None:
    text = Narrative(
        sections=tuple(section(title, paragraph(title)) for title in reversed(SECTION_TITLES))
    )
    headings = [b.text for b in document(narrative=text).blocks if isinstance(b, Heading)]
    assert headings[1:] == [
        f"{n}、{t}" for n, t in zip("一二三四五六", SECTION_TITLES, strict=True)
    ]


SECTION = "# {{ 节.标题 }}\n\n{{ 正文(节.id) }}\n\n"
TABLE = "{% if 节.表 %}{{ 表格(节.表) }}{% endif %}\n\n"
OPENING = "{% if 有开头 %}{{ 正文('opening') }}{% endif %}\n\n"


def each(body: str, head: str = OPENING) -> str:
    """Return a skeleton that prints *body* for each section."""
    return f"{head}{{% for 节 in 各节 %}}\n{body}{{% endfor %}}\n"


@pytest.mark.parametrize(
    ("skeleton", "says"),
    [
        ("空的", "没有印出 开头 的文字"),
        ("{{ 表格('nope') }}", "版式中没有“nope”"),
        ("{{ 正文('nope') }}", "版式中没有“nope”"),
        (each(SECTION), "没有印出 主动公开政府信息情况 的表"),
        (each(SECTION.partition("{{ 正文")[0] + TABLE), "没有印出 总体情况 的文字"),
        (each(SECTION.partition("\n")[2] + TABLE), "没有印出 总体情况 的标题"),
        (each(SECTION + TABLE + TABLE), "主动公开政府信息情况 的表印了 2 次"),
        (each(TABLE + SECTION), "主动公开政府信息情况 的表不在规定的位置"),
        (each(SECTION + TABLE).replace("in 各节", "in 各节[1:]"), "没有印出 总体情况 的标题"),
        (each(SECTION + TABLE).replace("in 各节", "in 各节[::-1]"), "不在规定的位置"),
        (each(SECTION + TABLE, head=""), "没有印出 开头 的文字"),
    ],
)
def test_a_skeleton_that_lacks_or_moves_something_is_refused(skeleton: str, says: str) -> None:
    form = replace(FORMS["2021"], skeleton=skeleton)
    text = Narrative(opening=(paragraph("自写前言。"),))
    with pytest.raises(TemplateError) as caught:
        compose_document(replace(report("2021"), narrative=text), form)
    assert says in str(caught.value)
    assert str(caught.value).startswith("templates/disclosure/2021/report.md.j2：")


def test_a_part_of_the_skeleton_is_called_by_its_name() -> None:
    form = replace(FORMS["2021"], skeleton="{{ 正文(各节) }}")
    with pytest.raises(TemplateError, match=r"report\.md\.j2 第 1 行.*括号里应是一个部分的 id"):
        compose_document(report("2021"), form)


def test_a_skeleton_may_say_other_things_between_the_sections() -> None:
    skeleton = each("某局的话。\n\n" + SECTION + "## 另有\n\n" + TABLE) + "完。\n"
    form = replace(FORMS["2021"], skeleton=skeleton)
    found = outline(compose_document(report("2021"), form))
    assert found.count("另有") == 6
    assert found[-1] == "完。"


def test_section_keeps_the_wording_its_author_chose() -> None:
    text = Narrative(sections=(section("其它需要报告的事项", paragraph("文。"), number=9),))
    found = document(narrative=text)
    last = [block for block in found.blocks if isinstance(block, Heading)][-1]
    assert last.text == "六、其它需要报告的事项"
    assert last.span is not None
    assert last.span.text == "其它需要报告的事项"


def test_own_opening_replaces_the_templates() -> None:
    found = outline(document(narrative=Narrative(opening=(paragraph("自写前言。"),))))
    assert found[1:3] == ["自写前言。", "一、总体情况"]


@pytest.mark.parametrize(("form", "notice"), [("2019", "〔2019〕60号"), ("2021", "〔2021〕30号")])
def test_opening_of_the_template_cites_the_notice_and_the_period(form: str, notice: str) -> None:
    opening = document(form, narrative=Narrative()).blocks[1]
    assert isinstance(opening, Paragraph)
    assert notice in opening.text
    assert "自2024年1月1日起至2024年12月31日止" in opening.text


def test_opening_of_the_template_names_the_contact() -> None:
    contact = {"部门": "某局办公室", "电话": "0558-1"}
    opening = document(narrative=Narrative(), contact=contact).blocks[1]
    assert isinstance(opening, Paragraph)
    assert "某局办公室" in opening.text
    assert "电话：0558-1" in opening.text
    assert "地址" not in opening.text


@pytest.mark.parametrize(
    "contact",
    [
        {"部门": "办公室"},
        {"电话": "1"},
        {"邮编": "236000"},
        {"网址": "www"},
        {"地址": "甲", "电话": "1"},
    ],
)
def test_opening_with_any_contact_is_punctuated_well(contact: dict[str, str]) -> None:
    opening = document(narrative=Narrative(), contact=contact).blocks[1]
    assert isinstance(opening, Paragraph)
    for wrong in ("（，", "（）", "，）", "，，", "。。"):
        assert wrong not in opening.text, opening.text


def test_opening_without_contact_says_nothing_of_it() -> None:
    opening = document(narrative=Narrative()).blocks[1]
    assert isinstance(opening, Paragraph)
    assert "联系" not in opening.text


def test_signature_is_printed_with_the_date() -> None:
    signature = document(date=datetime.date(2025, 1, 9)).blocks[-1]
    assert isinstance(signature, Signature)
    assert (signature.organ.text, signature.date.text) == ("某市某局", "2025年1月9日")


def test_without_date_there_is_no_signature() -> None:
    assert not any(isinstance(block, Signature) for block in document().blocks)


def test_title_says_where_it_may_be_broken_by_meaning() -> None:
    title = document().blocks[0]
    assert isinstance(title, Heading)
    assert (title.level, title.anchor) == (0, "title")
    assert [run.text for run in title.runs] == ["某市某局2024年政府信息公开工作年度报告"]
    assert [title.text[place:] for place in title.breaks] == [
        "政府信息公开工作年度报告",
        "2024年政府信息公开工作年度报告",
    ]


@pytest.mark.parametrize(
    "parts",
    [
        "新疆维吾尔自治区 伊犁哈萨克自治州 霍城县 人民政府",
        "广西壮族自治区 防城港市 防城区 人力资源和社会保障局",
        "中国（上海）自由贸易试验区 临港新片区 管理委员会",
        "国家税务总局 深圳市 前海深港现代服务业合作区 税务局",
        "双江拉祜族佤族布朗族傣族自治县 住房和城乡建设局",
        "积石山保安族东乡族撒拉族自治县 卫生健康局",
        "宁夏回族自治区 固原市 西吉县 市场监督管理局",
        "内蒙古自治区 鄂尔多斯市 达拉特旗 农牧和水利局",
        "广州市 黄埔区 人民政府、 广州开发区 管理委员会",
        "河南省 郑州航空港经济综合实验区 管理委员会办公室",
        "青海省 海北藏族自治州 门源回族自治县 青石嘴镇 人民政府",
        "旸谷县 城市管理综合行政执法局",
        "旸谷县 乡村振兴局",
        "旸谷县 经济开发区 管理委员会 （旸谷新区）",
        "旸谷市 市政公用事业中心",
    ],
)
def test_the_name_of_an_organ_may_be_broken_behind_the_names_of_regions(parts: str) -> None:
    organ = parts.replace(" ", "")
    found = document(organ=organ, title=f"{organ}2024年政府信息公开工作年度报告")
    title = found.blocks[0]
    assert isinstance(title, Heading)
    places = sorted(place for place in title.breaks if place < len(organ))
    assert [organ[a:b] for a, b in pairwise([0, *places, len(organ)])] == parts.split()


def test_a_title_of_another_organ_may_be_broken_in_its_name() -> None:
    organ = "旸谷县 经济开发区 管理委员会 （城关镇 人民政府）2024年"
    parts = f"{organ} 政府信息公开工作年度报告 （含所属单位）"
    title = document(title=parts.replace(" ", "")).blocks[0]
    assert isinstance(title, Heading)
    places = [0, *sorted(title.breaks), len(title.text)]
    assert [title.text[a:b] for a, b in pairwise(places)] == parts.split()


def test_a_title_of_other_words_may_be_broken_anywhere() -> None:
    title = document(title="政务公开年报").blocks[0]
    assert isinstance(title, Heading)
    assert title.breaks == ()


def test_headings_are_numbered_anew_in_each_section() -> None:
    blocks = (
        NarrativeHeading(2, (Run("甲"),)),
        NarrativeHeading(2, (Run("乙"),)),
        paragraph("文。"),
    )
    text = Narrative(
        sections=(section(SECTION_TITLES[0], *blocks), section(SECTION_TITLES[4], *blocks))
    )
    found = [b.text for b in document(narrative=text).blocks if isinstance(b, Heading)]
    assert [text for text in found if text.startswith("（")] == ["（一）甲", "（二）乙"] * 2


def test_anchors_are_unique() -> None:
    anchors = [block.anchor for block in document().blocks if isinstance(block, Heading)]
    assert len(set(anchors)) == len(anchors) == 7


def test_every_style_in_use_is_in_the_style_sheet() -> None:
    found = document(date=datetime.date(2025, 1, 20))
    assert {style for style, _ in walk_text(found)} <= set(found.sheet.styles)


def test_metadata_comes_from_the_report_never_from_the_clock() -> None:
    found = document(date=datetime.date(2025, 1, 9)).metadata
    assert (found.title, found.author) == ("某市某局2024年政府信息公开工作年度报告", "某市某局")
    assert found.date == "2025-01-09"
    assert "某市某局" in found.keywords
    assert document().metadata.date == "2025-01-01"


def test_a_report_without_numbers_and_text_has_its_tables() -> None:
    found = document(cells={}, narrative=Narrative())
    assert (found.watermark, found.stamp) == ("", "")
    assert sum(isinstance(block, Table) for block in found.blocks) == 3


def test_composing_twice_gives_the_same_text() -> None:
    one, two = ([run for _, run in walk_text(document())] for _ in range(2))
    assert one == two


def test_places_are_carried_into_the_document() -> None:
    place = span_of("某局年报", "某局年报")
    made: Report = replace(report(), title="某局年报", spans={"标题": place})
    title = compose_document(made, FORMS["2021"]).blocks[0]
    assert isinstance(title, Heading)
    assert title.span == place


def test_text_under_an_unknown_heading_stays_in_the_draft() -> None:
    extra = Section("别的", 7, (paragraph("不能丢。"),))
    found = document(narrative=Narrative(sections=(extra,)))
    assert outline(found)[-2:] == ["别的", "不能丢。"]


def test_the_skeleton_is_evaluated_once_for_the_same_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, form = Cache(tmp_path), FORMS["2021"]
    first = repr(compose_document(report("2021"), form, cache=cache))
    assert repr(compose_document(replace(report("2021"), year=2025), form, cache=cache)) != first
    monkeypatch.setattr("reportgen.placeholders.engine.render_template", _never)
    assert repr(compose_document(report("2021"), form, cache=cache)) == first


def _never(*_: object) -> str:
    raise AssertionError("evaluated again")
