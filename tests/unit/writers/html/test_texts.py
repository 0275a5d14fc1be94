"""Tests for reportgen.writers.html.texts."""

from __future__ import annotations

import pytest

from reportgen.writers.html.texts import clean, parts_of, scripts
from reportgen.writing_systems import Writing


def test_superscripts_become_elements_and_text_is_escaped() -> None:
    assert str(scripts("10m²&", 'class="n"')) == "10m<sup>2</sup>&amp;"


def test_numbers_with_hyphens_are_kept_whole() -> None:
    assert str(scripts("电话0000-12345678", ' class="n"')) == (
        '电话<span class="n">0000-12345678</span>'
    )


def test_characters_that_html_forbids_are_left_out() -> None:
    assert clean("甲\x00<乙", escaped=True) == "甲<乙"
    assert clean("甲\x00<乙", escaped=False) == "甲乙"


def test_parts_are_divided_where_a_line_may_be_broken() -> None:
    parts = [Writing("某市某县", "", "", False), Writing("ab", "", "ug", True)]
    found = parts_of(parts, 10, (12, 14, 3))
    assert [(part["text"], part["lang"], part["may_break"]) for part in found] == [
        ("某市", "", False),
        ("某县", "", True),
        ("ab", "ug", True),
    ]


NUMBER = ' class="n"'


def divided(text: str) -> str:
    """Return *text* as HTML, a place for a break as |, a number kept whole in brackets."""
    shown = str(scripts(text, NUMBER)).replace("<wbr>", "|")
    return shown.replace(f"<span{NUMBER}>", "[").replace("</span>", "]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.example.gov.cn/zwgk/", "https://www.|example.|gov.|cn/|zwgk/"),
        ("https://a.cn/t20250131_4.html", "https://a.|cn/|t[20250131]_|4.|html"),
        ("http://a.cn/2024-01-05/1-1.html", "http://a.|cn/|[2024-01-05]/|[1-1].|html"),
        ("http://a.cn/?q=zh-CN&id=12#s-3", "http://a.|cn/?|q=|zh-|CN&amp;|id=|[12]#s-|3"),
        ("http://a.cn/%E6%94%BF%E5%BA%9C", "http://a.|cn/|%E6%94%BF|%E5%BA%9C"),
        ("xinxi_gongkai-2024@example.gov.cn", "xinxi_|gongkai-|[2024]@|example.|gov.|cn"),
        ("(0000-12345678,0000-1234567)", "([0000-12345678],[0000-1234567])"),
        ("final_version_v1.20.txt", "final_|version_|v[1.20].|txt"),
    ],
)
def test_a_long_address_is_divided_behind_its_signs_and_never_within_a_number(
    text: str, expected: str
) -> None:
    assert divided(text) == expected


@pytest.mark.parametrize("text", ["www.a.gov.cn", "a-b@mail.gov.cn", "2024/2025", "PDF/A-3a、OFD"])
def test_a_short_word_is_left_as_it_is(text: str) -> None:
    assert scripts(text, NUMBER) == text


def test_a_mark_that_begins_no_line_stays_with_the_address_before_it() -> None:
    assert divided("https://a.gov.cn/2024～5").endswith("/|[202][4～]5")


def test_a_number_of_full_width_digits_is_kept_whole() -> None:
    assert divided("占１２．３４％，２０２４年") == "占[１２．３４％]，[２０２４]年"
