"""Canonical data is read back exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from reportgen.api import build_folder, check_folder
from reportgen.published import read_bytes, recognise
from reportgen.published.canonical import read_canonical
from tests.builders import FORMS, at
from tests.unit.published.blocks import shown
from tests.visual.samples import SAMPLES, build_sample, sound_samples


@pytest.mark.parametrize("name", sound_samples())
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_our_own_data_comes_back_as_it_was(name: str, kind: str) -> None:
    written = build_sample(name, "json")
    data = json.loads(written)
    if kind == "yaml":
        written = yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()
    found = recognise(read_bytes(written, "年报", f".{kind}"), list(FORMS.values()))
    assert found is not None
    assert found.findings == ()
    assert found.data() == {key: value for key, value in data.items() if key != "提示"}


def test_a_number_points_at_its_line(tmp_path: Path) -> None:
    built = build_folder(SAMPLES / "yunxi-market-2024", tmp_path, formats=["json"])
    original = check_folder(SAMPLES / "yunxi-market-2024").report
    assert original is not None
    text = built.written[0].path.read_text(encoding="utf-8")
    found = recognise(read_canonical(text.encode(), "a.json"), list(FORMS.values()))
    assert found is not None
    place = found.report.cells[at("申请/本年新收/自然人")].span
    assert place is not None
    line = text.splitlines()[place.line - 1]
    assert line.strip().startswith('"自然人"')


def test_null_is_no_number_and_a_cell_that_is_not_there_is_missing() -> None:
    data = json.loads(build_sample("yunxi-market-2024", "json"))
    data["申请"]["本年新收"]["自然人"] = None
    del data["申请"]["上年结转"]
    written = json.dumps(data, ensure_ascii=False).encode()
    found = recognise(read_bytes(written, "a.json", ".json"), list(FORMS.values()))
    assert found is not None
    cells = found.report.cells
    assert cells[at("申请/本年新收/自然人")].number is None
    assert not cells[at("申请/本年新收/自然人")].invalid
    assert cells[at("申请/上年结转/自然人")].invalid
    assert any("申请/上年结转/自然人" in finding.cells for finding in found.findings)


@pytest.mark.parametrize("text", ["[1, 2]", "{", '{"a": ' * 500, "- 甲", ""])
def test_what_is_no_mapping_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="不是 reportgen 导出的数据"):
        read_canonical(text.encode(), "a.json")


def test_lines_of_cells_in_a_text_are_a_table() -> None:
    text = "甲。\n项目\t数\n一\t2\n乙。"
    data = json.dumps({"标题": "年报", "正文": {"一、总体情况": text}}).encode()
    assert shown(read_canonical(data, "a.json")) == [
        "# 年报", "# 一、总体情况", "甲。", "项目|数", "一|2", "乙。",
    ]  # fmt: skip
