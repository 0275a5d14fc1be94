"""Tests of parsing YAML with source positions, and of writing it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.diagnostics import Diagnostic
from reportgen.located import (
    MAX_DEPTH,
    MAX_NODES,
    Mapping,
    Scalar,
    Sequence,
    load_data,
    load_tree,
    parse_yaml,
    yaml_scalar,
)
from reportgen.problems import EnvironmentProblem
from tests.builders import parse, source, worded


def mapping(text: str) -> Mapping:
    root = parse(text)
    assert isinstance(root, Mapping)
    return root


def value(text: str, key: str = "甲") -> Scalar:
    node = mapping(text).get(key)
    assert isinstance(node, Scalar)
    return node


def only_finding(text: str) -> Diagnostic:
    root, findings = parse_yaml(source(text))
    found = worded(findings)
    assert root is None
    assert [item.code for item in found] == ["I101"]
    return found[0]


def place(found: Diagnostic) -> tuple[int, int]:
    assert found.span is not None
    return found.span.line, found.span.column


def test_keys_and_values_know_their_place() -> None:
    root = mapping("# 说明\n单位: 某局\n申请:\n  本年新收: [3, 0]\n")
    (organ, name), (requests, table) = root.items
    assert (organ.span.text, organ.span.line, organ.span.column) == ("单位", 2, 1)
    assert isinstance(name, Scalar)
    assert (name.span.text, name.span.line, name.span.column) == ("某局", 2, 5)
    assert (requests.span.line, requests.span.column) == (3, 1)
    assert isinstance(table, Mapping)
    row = table.get("本年新收")
    assert isinstance(row, Sequence)
    assert [(item.span.line, item.span.column) for item in row.items] == [(4, 10), (4, 13)]


def test_list_and_mapping_reach_to_their_end() -> None:
    root = mapping("甲: [1, 2]\n乙:\n  丙: 1\n  丁: 2\n\n戊: {己: 1}\n")
    texts = [node.span.text for _, node in root.items]
    assert texts == ["[1, 2]", "丙: 1\n  丁: 2", "{己: 1}"]


@pytest.mark.parametrize("line_end", ["\r\n", "\x85", "\u2028"])
def test_places_hold_behind_any_line_end_of_yaml(line_end: str) -> None:
    text = f"甲: 1{line_end}乙: 𠮷字{line_end}丙: 3"
    assert [node.span.text for _, node in mapping(text).items] == ["1", "𠮷字", "3"]


@pytest.mark.parametrize(
    "typed", ["08", "2021-01-26", "0558-2173663", "1_000", "yes", "0x1F", "1e3", "12:30"]
)
def test_scalars_stay_as_typed(typed: str) -> None:
    assert value(f"甲: {typed}") == Scalar(typed, value(f"甲: {typed}").span)


@pytest.mark.parametrize("typed", ["", "~", "null", "NULL", "# 说明"])
def test_null_is_empty_text(typed: str) -> None:
    assert value(f"甲: {typed}").text == ""


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ('"236031"', "236031"),
        ("'它''s'", "它's"),
        (r'"甲\t乙"', "甲\t乙"),
        ("'~'", "~"),
        ('""', ""),
    ],
)
def test_quoted_text_is_unquoted_and_marked(typed: str, text: str) -> None:
    node = value(f"甲: {typed}")
    assert (node.text, node.quoted, node.span.text) == (text, True, typed)


def test_plain_text_is_not_marked_as_quoted() -> None:
    assert not value("甲: 文字").quoted


def test_block_scalar_keeps_its_lines() -> None:
    node = value("甲: |\n  一\n  二\n乙: 1\n")
    assert (node.text, node.span.line) == ("一\n二\n", 1)


def test_folded_block_scalar_joins_its_lines() -> None:
    assert value("甲: >-\n  一\n  二\n").text == "一 二"


def test_duplicate_keys_are_kept_in_order() -> None:
    root = mapping("甲: 1\n乙: 2\n甲: 3\n")
    assert [(key.text, key.span.line) for key, _ in root.items] == [("甲", 1), ("乙", 2), ("甲", 3)]
    assert value("甲: 1\n甲: 3\n").text == "1"


def test_absent_key_is_none() -> None:
    assert mapping("甲: 1").get("乙") is None


def test_merge_key_is_an_ordinary_key() -> None:
    assert mapping("<<: {甲: 1}").items[0][0].text == "<<"


@pytest.mark.parametrize("text", ["", "# 只有说明\n", "\n\n"])
def test_empty_file_has_no_tree_and_no_finding(text: str) -> None:
    assert parse_yaml(source(text)) == (None, [])


def test_tags_construct_nothing() -> None:
    assert value("甲: !!python/object/apply:os.getcwd 文").text == "文"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("甲: &a 1\n乙: *a\n", (2, 4)),
        ("&a 甲: *a\n", (1, 7)),
        ("甲: &a 1\n*a : 2\n", (2, 1)),
        ("甲: &a [*a]\n", (1, 8)),
    ],
    ids=["value", "of its own key", "as key", "of itself"],
)
def test_alias_is_refused_where_it_stands(text: str, where: tuple[int, int]) -> None:
    found = only_finding(text)
    assert "引用" in found.message
    assert place(found) == where


def test_tab_for_indent_is_named_as_the_cause() -> None:
    found = only_finding("甲:\n\t乙: 1\n")
    assert place(found) == (2, 1)
    assert "制表符" in found.hint


def test_unclosed_bracket_is_one_finding_with_its_line() -> None:
    found = only_finding("甲: 1\n乙: [1, 2\n丙: 3\n")
    assert place(found)[0] == 3
    assert "括号" in found.hint


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("单位：某局\n年度: 2024\n", (1, 3), "“单位”的冒号是全角的"),
        ("单位: 某局\n年度：2024\n", (2, 3), "“年度”的冒号是全角的"),
        ("单位: 某局\n年度:2024\n类型: 本机关\n", (2, 3), "“年度”的冒号后面少一个空格"),
        ("联系方式:\n  网址: http://a\n  电话:0\n", (3, 5), "“电话”的冒号后面少一个空格"),
        ("检查:\n  - 规则：N301\n    理由: 无\n", (2, 7), "“规则”的冒号是全角的"),
    ],
)
def test_colon_that_is_none_is_pointed_at(text: str, at: tuple[int, int], says: str) -> None:
    found = only_finding(text)
    assert (place(found), found.message) == (at, says)
    assert "空一格" in found.hint


def test_second_colon_in_a_line_is_no_missing_blank() -> None:
    found = only_finding("甲: 乙: 丙\n")
    assert place(found) == (1, 5)
    assert "引号" in found.hint


@pytest.mark.parametrize("typed", ["@某局", "*号", "&和", "`字", "%5"])
def test_text_that_begins_with_a_sign_of_yaml_is_told_to_be_quoted(typed: str) -> None:
    assert "引号" in only_finding(f"甲: {typed}\n").hint


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('甲: "一\n乙: 2\n', (1, 4)),
        ("甲: '一\n乙: 2\n", (1, 4)),
        ('甲: 1\n乙: "一\n丙: 2\n丁: "3"\n戊: 4\n', (2, 4)),
        ('甲: {乙: "一, 丙: 2}\n丁: 3\n', (1, 8)),
        ('甲: ["一", "二]\n乙: 2\n', (1, 10)),
        ('甲:\n  - "一\n  - 二\n', (2, 5)),
        ('甲: "一\n乙: "\n丙: 2\n', (1, 4)),
        ("甲: '一''二\n乙: 3\n", (1, 4)),
        ('甲: "一\\"二\n乙: 3\n', (1, 4)),
    ],
)
def test_quote_that_is_not_closed_is_pointed_at(text: str, at: tuple[int, int]) -> None:
    found = only_finding(text)
    assert (place(found), found.message) == (at, "这里的引号没有合上")


@pytest.mark.parametrize(
    "text", ['甲: "一\n  二"\n乙: @3\n', '甲: "一" 二\n', "甲: it's\n乙: @3\n"]
)
def test_quotes_that_are_closed_are_not_blamed(text: str) -> None:
    assert "引号没有合上" not in only_finding(text).message


def test_quoted_text_may_go_on_in_the_next_line() -> None:
    (_, value), *_ = mapping('甲: "一\n  二：三"\n乙: 3\n').items
    assert isinstance(value, Scalar)
    assert value.text == "一 二：三"


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("甲:\n\u3000\u3000乙: 1\n  丙: 2\n", (2, 1), "这一行的开头是全角空格（U+3000）"),
        ("甲:\n\u3000\u3000乙: 1\n", (2, 1), "这一行的开头是全角空格（U+3000）"),
        ("甲:\n\xa0\xa0乙: 1\n", (2, 1), "这一行的开头是不换行空格（U+00A0）"),
        ("甲:\n  乙: 1\n \xa0丙: 1\n", (3, 2), "这一行的开头是不换行空格（U+00A0）"),
        ("甲:\n\u2003乙: 1\n", (2, 1), "这一行的开头是特殊空格（U+2003）"),
        ("甲:\xa01\n乙: 2\n", (1, 3), "冒号后面是不换行空格（U+00A0）"),
        ("甲: {乙:\u30001}\n", (1, 7), "冒号后面是全角空格（U+3000）"),
        ("甲: {乙：\xa01}\n", (1, 7), "冒号后面是不换行空格（U+00A0）"),
    ],
)
def test_blank_that_is_none_is_named(text: str, at: tuple[int, int], says: str) -> None:
    found = only_finding(text)
    assert place(found) == at
    assert found.message.startswith(says)


@pytest.mark.parametrize(
    "text", ["甲: 一\u3000二\n", '甲: "\u3000一"\n', "甲: |\n  \u3000一\n", '"\u3000甲": 1\n']
)
def test_wide_blank_within_a_text_is_fine(text: str) -> None:
    assert parse(text) is not None


def test_every_wide_colon_behind_a_key_is_pointed_at_in_one_run() -> None:
    text = "单位：某局\n年度: 2024\n附注: |\n  说明：略\n附件：甲\n"
    root, findings = parse_yaml(source(text))
    found = worded(findings)
    assert root is None
    assert sorted((item.span.line, item.span.column) for item in found if item.span) == [
        (1, 3),
        (5, 3),
    ]


def test_file_with_wide_colons_only_is_pointed_at() -> None:
    assert "冒号是全角的" in only_finding("单位：某局\n").message


@pytest.mark.parametrize("opener", ["[", "- ", "{甲: ", "? "])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 2, 100_000])
def test_deep_nesting_is_refused_not_overflowed(opener: str, depth: int) -> None:
    assert "嵌套过深" in only_finding(opener * depth).message


def test_nesting_of_a_real_report_is_far_below_the_limit() -> None:
    assert isinstance(parse("[" * (MAX_DEPTH // 2) + "]" * (MAX_DEPTH // 2)), Sequence)


def test_key_that_is_no_text_is_refused() -> None:
    assert "键必须是文字" in only_finding("[甲, 乙]: 1\n").message


def test_second_document_is_refused_at_its_mark() -> None:
    assert place(only_finding("甲: 1\n---\n乙: 2\n")) == (2, 1)


def test_control_character_is_shown_where_it_stands() -> None:
    found = only_finding("甲: 1\n乙: \x07\n")
    assert "U+0007" in found.message
    assert place(found) == (2, 4)


def test_lone_surrogate_is_a_finding() -> None:
    only_finding("甲: \ud800")


def test_data_file_becomes_plain_values(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text("甲: [1, true]\n", encoding="utf-8")
    assert load_data(path) == {"甲": [1, True]}


BOMB = "甲: &a [一, 一]\n乙: &b [*a, *a]\n丙: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("甲: 1\n乙: [\n", "form.yaml:3:1：不是正确的 YAML"),
        ("甲: \x07", "form.yaml:1:4：有不能用的字符"),
        ("甲: 1\n乙：2\n", "form.yaml:2:2：冒号应是半角的"),
        ("---\n甲: 1\n---\n乙: 2\n", "form.yaml:3:1：一个文件里只能有一份内容"),
        ("甲: &a [*a]\n", "form.yaml:1:8：不能用 & 和 * 引用别处的内容"),
        (BOMB, "form.yaml:2:8：不能用 & 和 * 引用别处的内容"),
        ("甲: " + "[" * 990 + "]" * 990, "嵌套过深"),
        ("甲: [" + "1," * (MAX_NODES + 1) + "]\n", "内容过多"),
        ("? [甲]\n: 乙\n", "form.yaml:1:3：冒号前面应是文字"),
    ],
)
def test_broken_data_file_is_an_environment_problem(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EnvironmentProblem) as caught:
        load_data(path)
    assert says in caught.value.message


def test_data_file_that_is_no_utf8_or_absent_is_an_environment_problem(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    with pytest.raises(EnvironmentProblem):
        load_data(path)
    path.write_bytes("甲: 规章".encode("gb18030"))
    with pytest.raises(EnvironmentProblem, match="UTF-8"):
        load_data(path)


def test_a_data_file_is_parsed_again_only_when_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("甲: 1\n", encoding="utf-8")
    first = load_tree(path)
    assert load_tree(path) is first
    path.write_text("甲: [1, 2]\n", encoding="utf-8")
    assert load_data(path) == {"甲": [1, 2]}


@given(st.text(), st.booleans())
def test_any_text_written_as_a_scalar_reads_back_as_value_key_and_item(
    text: str, quoted: bool
) -> None:
    scalar = yaml_scalar(text, quoted=quoted)
    assert "\n" not in scalar
    root = mapping(f"甲: {scalar}\n乙: {{? {scalar} : 1}}\n丙: [{scalar}]\n")
    value, keyed, listed = (node for _, node in root.items)
    assert isinstance(value, Scalar)
    assert isinstance(keyed, Mapping)
    assert isinstance(listed, Sequence)
    assert [value.text, keyed.items[0][0].text, *(item.text for item in listed.items)] == [text] * 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "scalar"),
    [
        ("本机关", "本机关"),
        ("是否/增减", "是否/增减"),
        ("12", "'12'"),
        ("甲, 乙", "'甲, 乙'"),
        ("", "''"),
    ],
)
def test_a_scalar_is_quoted_only_where_it_must_be(text: str, scalar: str) -> None:
    assert yaml_scalar(text, quoted=False) == scalar
    assert yaml_scalar(text) == f'"{text}"'


@pytest.mark.parametrize("mark", "，、；")
def test_a_full_width_comma_between_braces_is_named_at_its_place(mark: str) -> None:
    text = f"规章: {{甲: 3{mark}乙: 2}}\n许可: 1\n"
    _, (found,) = parse_yaml(source(text))
    assert found.wording == "wide-comma"
    assert found.span is not None
    assert (found.span.line, found.span.text) == (1, mark)


def test_a_full_width_comma_in_a_text_is_not_the_cause() -> None:
    _, (found,) = parse_yaml(source('{甲: "3，乙: 2", 丙: 1\n许可: 1\n'))
    assert found.wording != "wide-comma"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("公开: [10, , 0]", 10),
        ("公开: [10,,0]", 9),
        ("公开: {甲: 3, 乙:, 丙: 4}", 14),
        ("公开: {甲: 3, 乙:}", 14),
        ("公开: {甲: 3,, 乙: 1}", 11),
    ],
)
def test_an_item_left_blank_in_brackets_is_named_at_its_place(text: str, column: int) -> None:
    _, (found,) = parse_yaml(source(f"许可: 1\n{text}\n"))
    assert found.wording == "blank-item"
    assert found.span is not None
    assert (found.span.line, found.span.column) == (2, column)
