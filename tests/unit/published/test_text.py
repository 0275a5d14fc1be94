"""Plain text, Markdown and tables pasted from a page; canonical data is read back exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from reportgen.api import build_folder, check_folder
from reportgen.model import Narrative, NarrativeParagraph
from reportgen.published import read_bytes, recognise
from reportgen.published.found import FoundFile, FoundPicture
from reportgen.published.text import MAX_LINES, read_canonical, read_text
from reportgen.text import footnotes_in, plain_text
from tests.builders import FORMS, at
from tests.unit.published.blocks import shown
from tests.visual.samples import SAMPLES, build_sample, sound_samples


def read(text: str, folder: Path | None = None) -> FoundFile:
    return read_text(text.encode(), "年报.md", folder)


@pytest.mark.parametrize(
    "lines",
    [
        "规章\t1\t2\n罚\t3\t4",
        "| 规章 | 1 | 2 |\n|---|:-:|--:|\n| 罚 | 3 | 4 |",
        "规章 | 1 | 2\n罚 | 3 | 4",
        "｜规章｜1｜2｜\n｜罚｜3｜4｜",
        "│规章│1│2│\n├──┼──┼──┤\n│罚│3│4│",
    ],
)
def test_cells_are_parted_by_tabs_or_bars_of_any_kind(lines: str) -> None:
    assert shown(read(lines)) == ["规章|1|2", "罚|3|4"]


def test_a_number_alone_behind_a_row_was_the_second_line_of_its_last_cell() -> None:
    assert shown(read("规章\t1\n罚\t3\n1908\n强制\t5\n\n1908")) == [
        "规章|1",
        "罚|3|1908",
        "强制|5",
        "1908",
    ]


def test_text_struck_through_is_left_out_and_told() -> None:
    found = read("公开~~24件~~25件。\n\n| 规章 | ~~3~~4 |\n| 罚 | 5~6 |")
    assert shown(found) == ["公开25件。", "规章|4", "罚|5~6"]
    assert found.struck == ("24件", "3")


def test_bars_of_merged_cells_are_blank_cells() -> None:
    assert shown(read("一、本年新收 | 1 | 0 | 4 | ||")) == ["一、本年新收|1|0|4||"]


def test_markdown_keeps_headings_lists_and_bold() -> None:
    found = read("## 一、总体情况\n\n- 第一\n\n全年**公开**25条")
    assert shown(found) == ["## 一、总体情况", "• 第一", "全年公开25条"]


def test_pictures_are_those_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "图 1.png").write_bytes(b"x")
    found = read("![说明](图%201.png){宽=80%}\n![无](b.png)", tmp_path)
    pictures = [block for block in found.blocks if isinstance(block, FoundPicture)]
    assert [(item.name, item.alt, item.data) for item in pictures] == [
        ("图 1.png", "说明", b"x"),
        ("b.png", "无", b""),
    ]


@pytest.mark.parametrize("text", ["a\n" * (MAX_LINES + 2), "|" * 1_000_000, "a|b\n" * 90_000])
def test_a_text_longer_than_any_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不像一份年度报告"):
        read(text)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="不是文字"):
        read_text(b"<table>" + bytes(range(256)) * 20, "年报.txt")


def test_a_text_with_a_damaged_byte_is_read() -> None:
    torn = "本年新收 3 件。\n".encode() * 200 + b"\xff"
    assert "�" in shown(read_text(torn, "年报.txt"))[-1]


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


def narrative_of(texts: dict[str, str], notes: list[str]) -> Narrative:
    """Return the narrative of the data of a sample with *texts* and *notes* in place of its own."""
    data = json.loads(build_sample("yunxi-market-2024", "json"))
    data["正文"] |= texts
    data["脚注"] = notes
    found = recognise(
        read_canonical(json.dumps(data, ensure_ascii=False).encode(), "a.json"),
        list(FORMS.values()),
    )
    assert found is not None
    written = found.data()["正文"]
    assert isinstance(written, dict)
    assert {title: written[title] for title in texts} == texts
    return found.report.narrative


def test_footnotes_of_data_are_the_last_lines_of_their_texts() -> None:
    texts = {
        "一、总体情况": "全年100条①。\n公文②。\n①含转载。\n②不含便函。",
        "六、其他需要报告的事项": "无③。\n③截至年底。",
    }
    narrative = narrative_of(texts, ["含转载。", "不含便函。", "截至年底。"])
    footnotes = [plain_text(note.runs) for note in narrative.footnotes]
    assert footnotes == ["含转载。", "不含便函。", "截至年底。"]
    blocks = (*narrative.sections[0].blocks, *narrative.sections[-1].blocks)
    marked = [footnotes_in(block.runs) for block in blocks if isinstance(block, NarrativeParagraph)]
    assert marked == [(1,), (2,), (3,)]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("做法①公开②解读。\n①公开\n②解读", []),
        ("全年100条。\n①含转载。", ["含转载。"]),
        ("①公开，全年100条①。\n①含转载。", ["含转载。"]),
        ("全年100条①。\n①含转载及其他。", ["含转载。"]),
    ],
    ids=["typed", "no mark", "two marks", "other words"],
)
def test_what_may_be_no_footnote_stays_text(text: str, notes: list[str]) -> None:
    assert narrative_of({"一、总体情况": text}, notes).footnotes == ()


def test_a_list_of_attachments_in_the_text_of_data_stays_text() -> None:
    data = json.loads(build_sample("yunxi-market-2024", "json"))
    data["正文"]["六、其他需要报告的事项"] = "无。\n附件：1.指南\n2.目录"
    found = recognise(read_canonical(json.dumps(data).encode(), "a.json"), list(FORMS.values()))
    assert found is not None
    assert found.report.attachments == ()
    assert found.data() == {key: value for key, value in data.items() if key != "提示"}
