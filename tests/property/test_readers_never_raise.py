"""Whatever is typed, the readers answer with findings, never with an exception."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportgen.checks import check_report
from reportgen.findings_text import render_full, render_json, render_short
from reportgen.forms.formula import Vocabulary as Words
from reportgen.forms.formula import expand_each, parse_formula
from reportgen.forms.grid import TemplateError, ValueKind, ValueType
from reportgen.forms.numbers import NotANumberError, parse_quantity
from reportgen.located import parse_yaml
from reportgen.readers.folder import read_folder
from reportgen.source import Span
from tests.builders import FORMS, LIBRARY, SECTION_TITLES, source, worded
from tests.strategies import balanced_yaml

KEYS = [
    "单位", "年度", "报告", "标题", "类型", "版式", "联系方式", "成文日期", "上年", "缺省", "正文",
    "主动公开", "申请", "复议诉讼",
]  # fmt: skip
ROWS = ["本年新收", "不予公开", "属于国家秘密", "行政许可", "行政复议", "总计", "自然人", "电话"]
VALUES = [
    "2024",
    "[1, 2]",
    "-3",
    "/",
    "~",
    '"\\0"',
    "|\n  文",
    "&a 1",
    "*a",
    "! 1",
    "2019",
    "9" * 5000,
]
KINDS = [
    ValueType(),
    ValueType(ValueKind.CHANGE),
    ValueType(ValueKind.MONEY, "万元"),
    ValueType(ValueKind.MONEY),
]
WORDS = Words(
    frozenset(FORMS["2021"].value_cells),
    {name: group for grid in FORMS["2021"].tables.values() for name, group in grid.groups.items()},
)
PARTS = [
    "申请/本年新收/", "自然人", "总计", "@申请人", "@办理结果", "*", "合计(", ")", ",", "+", "-",
    "=", "<=", ">=", " ", "12", "{列}", "/", "²", "９",
]  # fmt: skip

_scalars = st.one_of(st.sampled_from(VALUES), st.text(max_size=8))
_trees = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=8).map(lambda items: "[" + ", ".join(items) + "]"),
        st.dictionaries(st.sampled_from([*KEYS, *ROWS]), inner, max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
        ),
    ),
    max_leaves=12,
)
_documents = st.lists(st.tuples(st.sampled_from(KEYS), _trees), max_size=8).map(
    lambda pairs: "".join(f"{key}: {value}\n" for key, value in pairs)
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report folder whose files the examples overwrite."""
    path = tmp_path_factory.mktemp("fuzz") / "报告"
    path.mkdir()
    text = "\n\n".join(f"# {title}\n\n已公开。" for title in SECTION_TITLES)
    (path / "正文.md").write_text(text, encoding="utf-8")
    return path


def read_and_check(folder: Path, data: bytes) -> None:
    (folder / "report.yaml").write_bytes(data)
    reading = read_folder(folder, LIBRARY)
    found = list(reading.diagnostics)
    if reading.report and reading.form:
        found.extend(check_report(reading.report, reading.form))
    else:
        assert found, "a folder that gives no report must say why"
    for render in (render_full, render_short, render_json):
        render(found)


@settings(max_examples=60)
@given(data=st.binary(max_size=200))
@example(data=b"\xef\xbb\xbf")
@example(data=b"\xff\xfe\x00")
@example(data=b"[" * 100_000)
@example(data='单位: "\\ud800"\n年度: 2024'.encode())
@example(data="年度: ".encode() + b"9" * 5000)
def test_any_bytes_as_data_give_findings(folder: Path, data: bytes) -> None:
    read_and_check(folder, data)


@settings(max_examples=120)
@given(text=_documents)
def test_any_values_under_the_known_keys_give_findings(folder: Path, text: str) -> None:
    read_and_check(folder, text.encode("utf-8", "surrogatepass"))


@settings(max_examples=25)
@given(data=st.data(), junk=st.text(max_size=6))
def test_sound_report_with_something_overtyped_gives_findings(
    folder: Path, data: st.DataObject, junk: str
) -> None:
    _, text = data.draw(balanced_yaml("2021"))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 30, len(text))))
    read_and_check(folder, (text[:start] + junk + text[end:]).encode("utf-8", "surrogatepass"))


@settings(max_examples=40)
@given(data=st.binary(max_size=300))
def test_any_bytes_as_narrative_give_findings(folder: Path, data: bytes) -> None:
    path = folder / "正文.md"
    kept = path.read_bytes()
    path.write_bytes(data)
    try:
        read_and_check(folder, "单位: 某局\n年度: 2024\n缺省: 0\n".encode())
    finally:
        path.write_bytes(kept)


@settings(max_examples=200)
@given(text=st.text())
def test_any_text_is_yaml_or_a_finding(text: str) -> None:
    root, found = parse_yaml(source(text))
    assert root is None or found == []
    for item in worded(found):
        assert isinstance(item.span, Span)
        assert 0 <= item.span.start <= len(text)
        render_full([item])


@settings(max_examples=200)
@given(
    text=st.one_of(
        st.text(max_size=12), st.from_regex(r"[-+−－ ]?[\d,. ]*(万?元)?", fullmatch=True)
    )
)
@pytest.mark.parametrize("kind", KINDS, ids=["count", "change", "fee", "money"])
def test_any_text_is_a_number_none_or_not_a_number(text: str, kind: ValueType) -> None:
    try:
        number = parse_quantity(text, kind).number
    except NotANumberError as error:
        assert error.slug in FORMS["2021"].rulebook.rules
        assert error.text == text
    else:
        assert number is None or kind.kind == "change" or number >= 0


@settings(max_examples=300)
@given(
    text=st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
)
def test_any_text_is_a_formula_or_a_template_error(text: str) -> None:
    try:
        identity = parse_formula(text, {"列": "自然人"}, WORDS)
    except TemplateError as error:
        assert "公式" in str(error)
    else:
        assert set(identity.cells) <= WORDS.cells
        identity.holds({})


@settings(max_examples=100)
@given(
    member=st.one_of(
        st.text(max_size=10), st.lists(st.sampled_from(PARTS), max_size=4).map("".join)
    )
)
def test_any_text_is_a_member_of_each_or_a_template_error(member: str) -> None:
    try:
        assert expand_each({"行": [member]}, "申请", WORDS)
    except TemplateError as error:
        assert str(error)
