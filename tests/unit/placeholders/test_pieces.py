"""Tests of texts taken apart at their placeholders, and of tags that are no pairs."""

from __future__ import annotations

from itertools import pairwise

import pytest

from reportgen.placeholders.pieces import PieceKind, snippet, split_pieces, structure_mistakes


def kinds(text: str) -> list[PieceKind]:
    return [piece.kind for piece in split_pieces(text)]


def mistakes(text: str) -> list[tuple[str, str]]:
    """Return wording and stretch of each mistake in the tags of *text*."""
    found = structure_mistakes(split_pieces(text))
    return [(item.wording, text[item.start : item.stop]) for item in found]


@pytest.mark.parametrize(
    "text",
    [
        "全年{{ 申请.总计 }}件。",
        "{% if 甲 %}\n有\n{% else %}\n无\n{% endif %}\n",
        "甲{# 注 #}乙\n{{ 坏 ~~ }}丙{% raw %}{{ 不算 }}{% endraw %}",
        "{{ '}}' }} {{- 甲 -}}\n丙{{",
    ],
)
def test_the_pieces_of_a_text_follow_one_another_up_to_its_end(text: str) -> None:
    pieces = split_pieces(text)
    assert pieces[-1].stop == len(text)
    for piece, following in pairwise(pieces):
        assert piece.stop <= following.start
        assert not text[piece.stop : following.start].strip()  # only blanks that a tag swallows


def test_what_a_placeholder_shows_stands_between_its_braces() -> None:
    before, value, after = split_pieces("全年{{ 申请.总计 }}件")
    assert (before.inner, value.inner, after.inner) == ("全年", " 申请.总计 ", "件")
    assert (before.kind, value.kind) == (PieceKind.DATA, PieceKind.VALUE)


def test_one_placeholder_that_cannot_be_read_leaves_the_next_readable() -> None:
    assert kinds("{{ 甲 ? }}和{{ 乙 }}") == [PieceKind.BAD, PieceKind.DATA, PieceKind.VALUE]


def test_a_placeholder_that_is_not_closed_ends_with_its_line() -> None:
    text = "{{ 甲\n下一行"
    bad, *_ = split_pieces(text)
    assert (bad.kind, text[bad.start : bad.stop]) == (PieceKind.BAD, "{{ 甲")


def test_a_tag_takes_its_line_end_along_only_from_a_line_of_tags() -> None:
    alone = split_pieces("{% if 甲 %}\n字{% endif %}")
    assert alone[0].end == "%}\n"
    behind = split_pieces("字{% if 甲 %}\n字{% endif %}")
    assert (behind[1].end, behind[2].inner) == ("%}", "\n")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{% if 甲 %}有{% endif %}", []),
        ("{% set 甲 = 1 %}{% set 乙 %}字{% endset %}", []),
        ("{% if 甲 %}有", [("tag-open", "{% if 甲 %}")]),
        ("有{% endif %}", [("tag-alone", "{% endif %}")]),
        ("{% for a in 甲 %}{% endif %}{% endfor %}", [("tag-alone", "{% endif %}")]),
        ("{% else %}", [("outside-if", "{% else %}")]),
        ("{% iff 甲 %}", [("tag-unknown", "{% iff 甲 %}")]),
        ("{%  %}", [("tag-empty", "{%  %}")]),
    ],
)
def test_tags_that_are_no_pairs_are_mistakes(text: str, found: list[tuple[str, str]]) -> None:
    assert mistakes(text) == found


def test_a_sum_that_a_loop_would_forget_is_a_mistake() -> None:
    text = "{% set 和 = 0 %}{% for a in 甲 %}{% set 和 = 和 + a %}{% endfor %}"
    assert mistakes(text) == [("set-in-loop", "{% set 和 = 和 + a %}")]
    assert mistakes("{% for a in 甲 %}{% set 和 = a %}{% endfor %}{% set 和 = 1 %}") == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("{{ 甲 }}", "{{ 甲 }}"),
        ("{% if 甲 %}", "{%  if 甲  %}{% endif %}"),
        ("{% elif 甲 %}", "{% if  甲  %}{% endif %}"),
        ("{% for a in 甲 %}", "{%  for a in 甲  %}{% endfor %}"),
        ("{% set 甲 = 1 %}", "{%  set 甲 = 1  %}"),
        ("{% set 甲 %}", "{%  set 甲  %}{% endset %}"),
        ("{% endif %}", ""),
    ],
)
def test_an_expression_is_tried_in_the_smallest_template_that_holds_it(
    text: str, whole: str
) -> None:
    assert snippet(split_pieces(text)[0]) == whole
