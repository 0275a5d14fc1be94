"""Keys as a clerk types them."""

from __future__ import annotations

import pytest

from reportgen.forms.keys import nearest_key, normalise_key


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("（一）予以公开", "予以公开"),
        ("(一)予以公开", "予以公开"),
        ("一、本年新收政府信息公开申请数量", "本年新收政府信息公开申请数量"),
        ("十二、某项", "某项"),
        ("1.属于国家秘密", "属于国家秘密"),
        ("１．属于国家秘密", "属于国家秘密"),
        ("1、属于国家秘密", "属于国家秘密"),
        ("（1）属于国家秘密", "属于国家秘密"),
        ("1）属于国家秘密", "属于国家秘密"),
        (" 商业 企业 ", "商业企业"),
        ("商业\u3000企业", "商业企业"),
        ("商业\n企业", "商业企业"),
        ("危及“三安全一稳定”", '危及"三安全一稳定"'),
        ("危及「三安全一稳定」", "危及‘三安全一稳定’"),
        ("本年收费金额（单位：万元）", "本年收费金额(单位:万元)"),
        ("本年增／减", "本年增/减"),
        ("２０２１", "2021"),
    ],
)
def test_width_blanks_quotes_and_numbering_do_not_matter(typed: str, known: str) -> None:
    assert normalise_key(typed) == normalise_key(known)


@pytest.mark.parametrize(
    ("one", "other"),
    [("结果维持", "结果纠正"), ("3.5倍", "5倍"), ("一般情况", "般情况"), ("其他", "其他处理")],
)
def test_different_keys_stay_different(one: str, other: str) -> None:
    assert normalise_key(one) != normalise_key(other)


def test_nearest_key_is_the_one_meant() -> None:
    known = ["予以公开", "部分公开", "不予公开", "联系方式"]
    assert nearest_key("部份公开", known) == "部分公开"
    assert nearest_key("联系方试", known) == "联系方式"


def test_no_key_is_near_to_something_else() -> None:
    assert nearest_key("天气预报", ["予以公开", "部分公开"]) is None
    assert nearest_key("", ["予以公开"]) is None
    assert nearest_key("予以公开", []) is None
