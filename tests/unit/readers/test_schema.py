"""The JSON Schema takes what the reader takes, and marks what an editor should mark."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from reportgen import cli
from reportgen.forms import (
    KeyTree,
    NotANumberError,
    ValueKind,
    ValueType,
    key_pattern,
    normalise_key,
    parse_quantity,
    shipped_library,
)
from reportgen.problems import EnvironmentProblem
from reportgen.readers import schema_of_folder
from reportgen.readers.schema import number_schema
from tests.builders import FORMS

SAMPLES = Path(__file__).parents[3] / "samples"
SOUND = sorted(
    path.parent for path in SAMPLES.glob("*/report.yaml") if "broken" not in path.parent.name
)
LIBRARY = shipped_library()
NEWEST = Draft7Validator(schema_of_folder(None, LIBRARY))
OLD = Draft7Validator(schema_of_folder(SAMPLES / "fuyang-emergency-2020", LIBRARY))


def as_json(text: str) -> Any:
    """Return *text*, YAML, as JSON has it: dates are texts."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


def wrong(typed: str, validator: Draft7Validator = NEWEST) -> list[str]:
    """Return the places of *typed*, added to a report without tables, that the schema marks."""
    found = validator.iter_errors(as_json(f"单位: 某局\n年度: 2025\n{typed}"))
    return ["/".join(map(str, error.absolute_path)) for error in found]


@pytest.mark.parametrize("folder", SOUND, ids=lambda path: path.name)
def test_the_data_of_every_sound_sample_fits_its_schema(folder: Path) -> None:
    schema = schema_of_folder(folder, LIBRARY)
    Draft7Validator.check_schema(schema)
    data = as_json((folder / "report.yaml").read_text(encoding="utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(data)] == []


@pytest.mark.parametrize(
    "typed",
    [
        "申请: {本年新收: [3, 0, 0, 0, 0, 0]}",
        "申请: {本年新收: [3, 0, 0, 0, 0, 0, 3]}",
        "申请: {本年新收: {自然人: 3, 总计: 3}}",
        "申请: {本年新收: 3 0 0 0 0 0}",
        "申请: {本年新收: }",
        "申请: {一、本年新收政府信息公开申请数量: [3, 0, 0, 0, 0, 0]}",
        "申请: {不予公开: {'3.危及“三安全一稳定”': [0, 0, 0, 0, 0, 0]}}",
        "申请: {不予公开: {'危及\"三安全一稳定\"': [0, 0, 0, 0, 0, 0]}}",
        "主动公开: {行政许可: {本年处理决定数量: 3307}}",
        "主动公开: {行政许可: 3307}",
        "主动公开: {行政许可: [３３０７]}",
        "主动公开: {行政事业性收费: 12.6}",
        "主动公开: {行政事业性收费: 126000元}",
        "主动公开: {规章: ['1,234', /, '—']}",
        "复议诉讼: {行政复议: [0, 0, 0, 0]}",
        "联系方式: {邮编: 236031, 电话: 0558-2173663}",
        "成文日期: 2026-01-20",
        "成文日期: 2026年1月20日",
        "缺省: 0",
        "版式: 2021",
        "检查: {规则: T303, 理由: 已核实}",
        "检查: [{规则: T303, 理由: 已核实}]",
    ],
)
def test_what_the_reader_takes_is_taken(typed: str) -> None:
    assert wrong(typed) == []


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("申请: {本年新收: [3, 0, 0, 0, 0]}", "申请/本年新收"),
        ("申请: {本年新收: [3, 0, 0, 0, 0, 0, 0, 3]}", "申请/本年新收"),
        ("申请: {上年节转: [3, 0, 0, 0, 0, 0]}", "申请"),
        ("申请: {本年新收: [-3, 0, 0, 0, 0, 0]}", "申请/本年新收/0"),
        ("申请: {本年新收: [三, 0, 0, 0, 0, 0]}", "申请/本年新收/0"),
        ("申请: {本年新收: [1.5, 0, 0, 0, 0, 0]}", "申请/本年新收/0"),
        ("申请: {本年新收: 3}", "申请/本年新收"),
        ("主动公开: {行政许可: {上一年项目数量: 1}}", "主动公开/行政许可"),
        ("主动公开: {行政事业性收费: 约12万}", "主动公开/行政事业性收费"),
        ("类型: 分局", "类型"),
        ("缺省: 1", "缺省"),
        ("成文日期: 明年一月", "成文日期"),
        ("联系方式: {手机: 138}", "联系方式"),
        ("部门: 办公室", ""),
    ],
)
def test_a_slip_is_marked_at_its_place(typed: str, place: str) -> None:
    assert set(wrong(typed)) == {place}


def test_a_year_in_words_and_a_report_without_organ_are_marked() -> None:
    found = list(NEWEST.iter_errors({"单位": "某局", "年度": "两千"}))
    assert [list(error.absolute_path) for error in found] == [["年度"]]
    assert [error.validator for error in NEWEST.iter_errors({"年度": 2025})] == ["required"]


def test_a_change_has_a_sign_in_the_old_form() -> None:
    row = "主动公开: {行政处罚: {本年增/减: %s}}"
    assert wrong(row % "+11", OLD) == wrong(row % "-3", OLD) == wrong(row % "'+11'", OLD) == []
    assert wrong("主动公开: {政府集中采购: [14, 3892431元]}", OLD) == []


def all_keys(tree: KeyTree) -> Iterator[str]:
    yield from tree.children
    for child in tree.children.values():
        yield from all_keys(child)


KEYS = sorted(
    {key for form in FORMS.values() for tree in form.key_trees.values() for key in all_keys(tree)}
)
NUMBERINGS = ["", "一、", "（二）", "(3)", "4.", "５．", "6、"]


@given(st.sampled_from(KEYS), st.sampled_from(NUMBERINGS), st.data())
def test_a_key_is_known_in_each_width_and_with_blanks_and_a_number(
    key: str, number: str, data: st.DataObject
) -> None:
    def drawn(character: str) -> str:
        wide = chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character
        return data.draw(st.sampled_from([character, wide, f"{character} ", f"{wide}\u3000"]))

    typed = number + "".join(map(drawn, key))
    assert normalise_key(typed) == normalise_key(key)
    assert Draft7Validator({"pattern": key_pattern([key])}).is_valid(typed)


def test_a_key_with_marks_of_regular_expressions_is_taken_literally() -> None:
    pattern = re.compile(key_pattern(["其他(含补正)[1]"], besides="其他(含补正)[1]"))
    assert pattern.search("其他（含补正）[1]") and pattern.search("其他 (含补正)［1］")
    assert not pattern.search("其他(含补正)[1]") and not pattern.search("其他含补正1")


def test_no_other_key_of_the_forms_is_taken_for_it() -> None:
    for key in KEYS:
        pattern = re.compile(key_pattern([key]))
        assert [other for other in KEYS if pattern.search(other)] == [key]


KINDS = {
    ValueKind.COUNT: ValueType(),
    ValueKind.CHANGE: ValueType(ValueKind.CHANGE),
    ValueKind.MONEY: ValueType(ValueKind.MONEY, "万元"),
}
TYPED = st.text("0１9,， .．+＋-－−—/万元十\u3000", max_size=8)


@given(st.sampled_from(sorted(KINDS)), TYPED)
@example(ValueKind.MONEY, "1,234.5 十万元")
@example(ValueKind.CHANGE, "−3")
@example(ValueKind.COUNT, "/")
def test_each_number_that_the_reader_takes_is_taken(kind: ValueKind, typed: str) -> None:
    try:
        parse_quantity(typed, KINDS[kind])
    except NotANumberError:
        return
    assert Draft7Validator(number_schema(KINDS[kind])).is_valid(typed)


def test_without_a_report_there_is_no_schema(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"没有读到 .*report\.yaml"):
        schema_of_folder(tmp_path, LIBRARY)
    (tmp_path / "report.yaml").write_text("单位: 某局\n年度: 1999\n", encoding="utf-8")
    assert schema_of_folder(tmp_path, LIBRARY)["title"] == "report.yaml：2021年版"
    (tmp_path / "report.yaml").write_text("报告: 水质报告\n", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="没有对应的表"):
        schema_of_folder(tmp_path, LIBRARY)


def test_the_command_writes_it_to_a_file_but_over_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["schema"]) == cli.FINE
    printed = capsys.readouterr().out
    assert json.loads(printed)["title"] == "report.yaml：2021年版"
    assert cli.run(["schema", "-o", str(tmp_path / "a.schema.json")]) == cli.FINE
    assert (tmp_path / "a.schema.json").read_text(encoding="utf-8") == printed
    (tmp_path / "正文.md").write_text("字", encoding="utf-8")
    assert cli.run(["schema", "-o", str(tmp_path / "正文.md")]) == cli.USAGE
    assert (tmp_path / "正文.md").read_text(encoding="utf-8") == "字"
