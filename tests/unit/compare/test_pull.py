"""Tests of what was changed by hand in a finished file and written back into its folder."""

from __future__ import annotations

import copy
import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from openpyxl import load_workbook

from reportgen import check_folder
from reportgen.compare import Pulled, open_folder, pull, pull_changes, verify_file
from reportgen.files import write_whole
from reportgen.forms import Form
from reportgen.problems import EnvironmentProblem
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS
from tests.roundtrip.edits import (
    Edit,
    add_paragraph,
    blank_number,
    change_label,
    delete_row,
    edited,
    replace_picture,
    track_change,
)
from tests.roundtrip.random_reports import picture

SAMPLE = Path(__file__).parents[3] / "samples" / "yunxi-market-2024"
TYPED = "申请/本年新收/商业企业"
Way = Callable[[Any, Form, random.Random], Edit]


@pytest.fixture(scope="module")
def printed() -> bytes:
    """Return the sample's DOCX."""
    (data,) = check_folder(SAMPLE).build(formats=["docx"]).files.values()
    return data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the sample."""
    place = tmp_path / "报告"
    shutil.copytree(SAMPLE, place, ignore=shutil.ignore_patterns("output"))
    return place


def changed(data: bytes, *pairs: tuple[str, str]) -> bytes:
    """Return the DOCX *data* with the first of each pair replaced in the run that has it."""
    document = docx.Document(io.BytesIO(data))
    nodes = list(document.element.body.iter(qn("w:t")))
    for before, after in pairs:
        node = next(node for node in nodes if before in (node.text or ""))
        node.text = node.text.replace(before, after, 1)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_number(data: bytes, row: int, column: int, number: str) -> bytes:
    """Return the DOCX *data* with *number* in a cell of the table of requests."""
    document = docx.Document(io.BytesIO(data))
    table = next(table for table in document.tables if len(table.rows) == 28)
    next(table.rows[row]._tr.tc_lst[column].iter(qn("w:t"))).text = number
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def add_last_year(folder: Path) -> None:
    """Put a report of the year before beside *folder*, which names it by a relative path."""
    last = folder.with_name("去年")
    shutil.copytree(folder, last)
    data = (last / "report.yaml").read_text(encoding="utf-8")
    (last / "report.yaml").write_text(data.replace("年度: 2024", "年度: 2023"), encoding="utf-8")
    (folder / "report.yaml").write_text(f"{data}上年: ../去年\n", encoding="utf-8")


def pulled(data: bytes, folder: Path) -> Pulled:
    file = folder.parent / "改过.docx"
    file.write_bytes(data)
    return pull_changes(verify_file(file, open_folder(folder)))


def lines_changed(one: Path, other: Path) -> list[str]:
    before, after = (path.read_text(encoding="utf-8").splitlines() for path in (one, other))
    return [line for line in after if line not in before]


def test_a_number_goes_where_it_was_typed_and_nothing_else_changes(
    printed: bytes, folder: Path
) -> None:
    done = pulled(with_number(printed, 3, 2, "9"), folder)
    assert lines_changed(SAMPLE / "report.yaml", folder / "report.yaml") == [
        "  本年新收: [27, 9, 1, 1, 4, 0, 41]"
    ]
    assert done.verified.is_equal
    assert done.backups == (folder / "report.yaml.bak",)
    assert done.backups[0].read_bytes() == (SAMPLE / "report.yaml").read_bytes()
    assert "T301" in {item.code for item in check_folder(folder).diagnostics}


def test_words_go_into_the_narrative(printed: bytes, folder: Path) -> None:
    done = pulled(changed(printed, ("举办业务培训3期", "举办业务*培训*5期")), folder)
    (line,) = lines_changed(SAMPLE / "正文.md", folder / "正文.md")
    assert r"举办业务\*培训\*5期" in line
    assert done.verified.is_equal


def test_a_new_paragraph_stands_where_it_was_put(printed: bytes, folder: Path) -> None:
    data, edit = edited(printed, add_paragraph, FORMS["2021"], random.Random(3))
    done = pulled(data, folder)
    assert done.verified.is_equal
    assert edit.after in (folder / "正文.md").read_text(encoding="utf-8")


def test_a_number_of_a_placeholder_is_left_to_the_table(printed: bytes, folder: Path) -> None:
    narrative = folder / "正文.md"
    text = narrative.read_text(encoding="utf-8")
    assert "新收政府信息公开申请{{" in text.replace(" ", "")
    done = pulled(changed(printed, ("41", "14")), folder)
    assert narrative.read_text(encoding="utf-8") == text
    assert [item.code for item in done.left] == ["V103"]
    assert done.written == ()


@pytest.mark.parametrize("way", [change_label, delete_row])
def test_what_cannot_be_placed_is_left_and_nothing_is_written(
    way: Way, printed: bytes, folder: Path
) -> None:
    data, _ = edited(printed, way, FORMS["2021"], random.Random(5))
    done = pulled(data, folder)
    (told,) = done.left
    assert "--pull" not in told.hint
    assert not list(folder.glob("*.bak*"))
    assert (folder / "report.yaml").read_bytes() == (SAMPLE / "report.yaml").read_bytes()


def test_a_blanked_cell_is_left_blank_in_the_data(printed: bytes, folder: Path) -> None:
    done = pulled(with_number(printed, 3, 2, ""), folder)
    assert lines_changed(SAMPLE / "report.yaml", folder / "report.yaml") == [
        "  本年新收: [27, '', 1, 1, 4, 0, 41]"
    ]
    assert done.verified.is_equal
    assert "T103" in {item.code for item in check_folder(folder).diagnostics}
    again = pulled(printed, folder)
    assert again.verified.is_equal
    assert lines_changed(SAMPLE / "report.yaml", folder / "report.yaml") == []


def test_a_placeholder_that_has_no_value_any_more_stays(printed: bytes, folder: Path) -> None:
    # The total of a row with a blank cell is blank, and so is the placeholder of the total.
    data, _ = edited(printed, blank_number, FORMS["2021"], random.Random(5))
    done = pulled(data, folder)
    assert {item.code for item in done.left} == {"V101", "V103"}
    assert (folder / "正文.md").read_bytes() == (SAMPLE / "正文.md").read_bytes()


def test_a_number_goes_to_the_data_and_its_placeholder_stays(printed: bytes, folder: Path) -> None:
    data = with_number(with_number(printed, 3, 1, "28"), 3, 7, "42")
    data = changed(data, ("41", "42"), ("27", "28"), ("举办业务培训3期", "举办业务培训5期"))
    done = pulled(data, folder)
    assert done.verified.is_equal
    assert lines_changed(SAMPLE / "report.yaml", folder / "report.yaml") == [
        "  本年新收: [28, 8, 1, 1, 4, 0, 42]"
    ]
    (line,) = lines_changed(SAMPLE / "正文.md", folder / "正文.md")
    assert "举办业务培训5期" in line


def test_a_replaced_picture_is_stored_beside_the_old_one(printed: bytes, folder: Path) -> None:
    data, _ = edited(printed, replace_picture, FORMS["2021"], random.Random(5))
    done = pulled(data, folder)
    assert done.verified.is_equal
    (new,) = done.pictures
    old = new.with_name(new.name.replace("-2.", "."))
    assert old.read_bytes() == (SAMPLE / "images" / old.name).read_bytes()
    (line,) = lines_changed(SAMPLE / "正文.md", folder / "正文.md")
    assert f"(images/{new.name})" in line


def test_a_new_paragraph_between_items_does_not_join_them(printed: bytes, folder: Path) -> None:
    narrative = folder / "正文.md"
    text = narrative.read_text(encoding="utf-8")
    items = "1. 甲事项已经办结。\n2. 乙事项正在办理。"
    narrative.write_text(text.replace("（二）2024年", f"{items}\n\n（二）2024年"), encoding="utf-8")
    (data,) = check_folder(folder).build(formats=["docx"]).files.values()
    document = docx.Document(io.BytesIO(data))
    first = next(item for item in document.paragraphs if "甲事项" in item.text)
    made = copy.deepcopy(first._p)
    first._p.addnext(made)
    document.paragraphs[[p._p for p in document.paragraphs].index(made)].text = "另有一段说明。"
    buffer = io.BytesIO()
    document.save(buffer)
    assert pulled(buffer.getvalue(), folder).verified.is_equal
    expected = items.replace("\n", "\n\n另有一段说明。\n\n")
    assert expected in narrative.read_text(encoding="utf-8")


def test_a_paragraph_in_a_section_without_text_begins_the_section(
    printed: bytes, folder: Path
) -> None:
    narrative = folder / "正文.md"
    text = narrative.read_text(encoding="utf-8")
    narrative.write_text(text.replace("# 二、主动公开政府信息情况\n\n", ""), encoding="utf-8")
    document = docx.Document(io.BytesIO(printed))
    heading = next(item for item in document.paragraphs if item.text.startswith("二、主动公开"))
    after = document.paragraphs[[p._p for p in document.paragraphs].index(heading._p) - 1]
    made = copy.deepcopy(after._p)
    heading._p.addnext(made)
    document.paragraphs[[p._p for p in document.paragraphs].index(made)].text = "本年另有说明。"
    buffer = io.BytesIO()
    document.save(buffer)
    assert pulled(buffer.getvalue(), folder).verified.is_equal
    assert "# 二、主动公开政府信息情况\n\n本年另有说明。" in narrative.read_text(encoding="utf-8")


def test_a_narrative_in_word_is_not_written(printed: bytes, folder: Path) -> None:
    document = docx.Document()
    document.add_heading("一、总体情况", 1)
    document.add_paragraph("我局依法公开政府信息，新收申请{{ 申请.本年新收.总计 }}件。")
    document.save(str(folder / "正文.docx"))
    (folder / "正文.md").unlink()
    (data,) = check_folder(folder).build(formats=["docx"], draft=True).files.values()
    done = pulled(changed(data, ("我局依法", "我局严格依法")), folder)
    told = [item for item in done.left if item.code == "V103"]
    assert ["是 Word 文件，不能写回" in item.hint for item in told] == [True]
    assert done.written == ()


def test_tracked_changes_that_nobody_accepted_are_not_written(printed: bytes, folder: Path) -> None:
    data, _ = edited(printed, track_change, FORMS["2021"], random.Random(11))
    before = (folder / "正文.md").read_bytes()
    with pytest.raises(
        EnvironmentProblem, match="没有写回：文件里有 1 处修订没有接受或拒绝（第22段）"
    ):
        pulled(data, folder)
    assert (folder / "正文.md").read_bytes() == before
    assert not list(folder.glob("*.bak*"))


def test_what_follows_from_a_written_number_is_told_as_not_changed_along(
    printed: bytes, folder: Path
) -> None:
    done = pulled(with_number(printed, 3, 7, "42"), folder)
    (told,) = done.left
    assert "没有跟着改" in told.message
    assert "重新生成文件" in told.hint
    assert "--pull" not in told.hint


def without_pictures(data: bytes, *, captions: bool) -> bytes:
    """Return the DOCX *data* without its first picture, perhaps without the caption below it."""
    document = docx.Document(io.BytesIO(data))
    drawing = next(document.element.body.iter(qn("w:drawing")))
    paragraph = next(drawing.iterancestors(qn("w:p")))
    if captions:
        below = paragraph.getnext()
        below.getparent().remove(below)
    paragraph.getparent().remove(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_picture_is_taken_out_with_its_caption_only(printed: bytes, folder: Path) -> None:
    alone = pulled(without_pictures(printed, captions=False), folder)
    (told,) = alone.left
    assert told.code == "V107"
    assert "图题还在，不能写回" in told.hint
    assert alone.written == ()
    before = (SAMPLE / "正文.md").read_text(encoding="utf-8").count("](images/")
    assert pulled(without_pictures(printed, captions=True), folder).verified.is_equal
    assert (folder / "正文.md").read_text(encoding="utf-8").count("](images/") == before - 1


def test_words_beside_a_placeholder_are_advised_and_written_as_words(
    printed: bytes, folder: Path
) -> None:
    data = changed(printed, ("新收政府信息公开申请", "新收政府信息公开申请共"))
    (told,) = verify_file(data, open_folder(folder)).diagnostics
    assert "占位符" not in told.message + told.hint
    assert pulled(data, folder).verified.is_equal


def test_words_beside_a_number_of_last_year_are_written_and_the_number_stays_bound(
    folder: Path,
) -> None:
    add_last_year(folder)
    narrative = folder / "正文.md"
    text = narrative.read_text(encoding="utf-8").rstrip()
    sentence = "去年收到{{ 上年.申请.本年新收.总计 }}件。"
    chart = "```图表\n类型: 柱形\n数据: [申请.本年新收, 上年.申请.本年新收]\n标题: 图1 两年\n```"
    narrative.write_text(f"{text}\n\n{sentence}\n\n{chart}\n", encoding="utf-8")
    (printed,) = check_folder(folder).build(formats=["docx"]).files.values()
    done = pulled(changed(printed, ("去年收到", "上年共收到")), folder)
    assert not done.left
    expected = f"{text}\n\n{sentence.replace('去年收到', '上年共收到')}\n\n{chart}\n"
    assert narrative.read_text(encoding="utf-8") == expected
    assert list((folder / "images").glob("新图*")) == []


def test_a_change_that_cannot_be_placed_does_not_hold_up_the_others(
    printed: bytes, folder: Path
) -> None:
    data, _ = edited(with_number(printed, 3, 2, "9"), change_label, FORMS["2021"], random.Random(1))
    done = pulled(data, folder)
    assert [item.code for item in done.placed] == ["V101"]
    assert [item.code for item in done.left] == ["V102"]


def test_a_number_goes_into_the_cell_of_a_workbook(printed: bytes, folder: Path) -> None:
    checked = check_folder(folder)
    assert checked.report is not None
    data = folder / "report.yaml"
    head = data.read_text(encoding="utf-8").partition("主动公开:")[0]
    data.write_text(head, encoding="utf-8")
    (folder / "数据.xlsx").write_bytes(fill_workbook(FORMS["2021"], checked.report.cells))
    changed_twice = with_number(with_number(printed, 3, 2, "9"), 3, 7, "42")
    done = pulled(changed_twice, folder)
    assert {item.code for item in done.placed} == {"V101"}
    report = check_folder(folder).report
    assert report is not None
    assert report.cells[next(path for path in report.cells if path == TYPED)].number == 9
    assert done.backups == (folder / "数据.xlsx.bak",)


def test_line_ends_and_byte_order_mark_of_a_file_stay(printed: bytes, folder: Path) -> None:
    data = folder / "report.yaml"
    text = data.read_text(encoding="utf-8").replace("\n", "\r\n")
    data.write_bytes(text.encode("utf-8-sig"))
    assert pulled(with_number(printed, 3, 2, "9"), folder).placed
    now = data.read_bytes()
    assert now.startswith(b"\xef\xbb\xbf")
    assert now.count(b"\r\n") == now.count(b"\n") == text.count("\n")


@pytest.mark.parametrize("writes", range(5))
def test_a_stop_at_any_moment_loses_nothing(
    writes: int, printed: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = changed(with_number(printed, 3, 2, "9"), ("举办业务培训3期", "举办业务培训5期"))
    originals = {name: (folder / name).read_bytes() for name in ("report.yaml", "正文.md")}
    left = iter(range(writes))

    def stopped(path: Path, content: bytes) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        write_whole(path, content)

    monkeypatch.setattr(pull, "write_whole", stopped)
    if writes < 4:
        with pytest.raises(KeyboardInterrupt):
            pulled(data, folder)
    else:
        assert pulled(data, folder).verified.is_equal
    for name, before in originals.items():
        kept = [path.read_bytes() for path in folder.glob(f"{name}*")]
        assert before in kept
    assert not list(folder.parent.glob(".reportgen-*"))


def test_a_number_and_words_around_its_placeholder_are_written_at_once(
    printed: bytes, folder: Path
) -> None:
    data = with_number(with_number(printed, 3, 1, "28"), 3, 7, "42")
    data = changed(
        data, ("新收政府信息公开申请", "共新收政府信息公开申请"), ("41", "42"), ("27", "28")
    )
    done = pulled(data, folder)
    assert done.verified.is_equal
    assert lines_changed(SAMPLE / "report.yaml", folder / "report.yaml") == [
        "  本年新收: [28, 8, 1, 1, 4, 0, 42]"
    ]
    (line,) = lines_changed(SAMPLE / "正文.md", folder / "正文.md")
    assert "共新收政府信息公开申请{{" in line


def test_a_number_is_written_though_a_narrative_in_word_is_not(
    printed: bytes, folder: Path
) -> None:
    document = docx.Document()
    document.add_heading("一、总体情况", 1)
    document.add_paragraph("我局依法公开政府信息，新收申请{{ 申请.本年新收.总计 }}件。")
    document.save(str(folder / "正文.docx"))
    (folder / "正文.md").unlink()
    (data,) = check_folder(folder).build(formats=["docx"], draft=True).files.values()
    data = with_number(with_number(data, 3, 1, "28"), 3, 7, "42")
    done = pulled(changed(data, ("我局依法", "我局严格依法"), ("41", "42")), folder)
    assert lines_changed(SAMPLE / "report.yaml", folder / "report.yaml") == [
        "  本年新收: [28, 8, 1, 1, 4, 0, 42]"
    ]
    told = [item for item in done.left if item.code == "V103"]
    assert ["是 Word 文件，不能写回" in item.hint for item in told] == [True]
    assert "V103" not in {item.code for item in done.placed}


def moved(data: bytes, part: str, behind: str, *pairs: tuple[str, str]) -> bytes:
    """Return the DOCX *data* with the paragraph that has *part* elsewhere, and *pairs* changed."""
    document = docx.Document(io.BytesIO(data))
    paragraph = next(item for item in document.paragraphs if part in item.text)
    other = next(item for item in document.paragraphs if behind in item.text)
    for before, after in pairs:
        node = next(node for node in paragraph._p.iter(qn("w:t")) if before in (node.text or ""))
        node.text = (node.text or "").replace(before, after, 1)
    other._p.addnext(paragraph._p)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


BOUND, LAST = "新收政府信息公开申请", "举办业务培训"


def test_a_paragraph_moved_and_changed_keeps_its_placeholders(printed: bytes, folder: Path) -> None:
    done = pulled(moved(printed, BOUND, LAST, ("新收政府", "今年新收政府")), folder)
    assert done.verified.is_equal
    text = (folder / "正文.md").read_text(encoding="utf-8")
    assert text.count("{{") == (SAMPLE / "正文.md").read_text(encoding="utf-8").count("{{")
    assert "今年新收政府信息公开申请{{" in text


def test_a_paragraph_moved_with_another_number_for_its_placeholder_is_left(
    printed: bytes, folder: Path
) -> None:
    done = pulled(moved(printed, BOUND, LAST, ("41", "43")), folder)
    assert done.written == ()
    assert all("由占位符给出" in item.hint for item in done.left)


def test_a_paragraph_moved_with_the_number_of_a_changed_cell_keeps_its_placeholders(
    printed: bytes, folder: Path
) -> None:
    data = with_number(with_number(printed, 3, 1, "28"), 3, 7, "42")
    done = pulled(moved(data, BOUND, LAST, ("41", "42"), ("27", "28")), folder)
    assert done.verified.is_equal
    text = (folder / "正文.md").read_text(encoding="utf-8")
    assert text.count("{{") == (SAMPLE / "正文.md").read_text(encoding="utf-8").count("{{")


@pytest.fixture
def with_workbook(folder: Path) -> Path:
    """Return the sample with its numbers in a workbook as well, whose totals are formulas."""
    checked = check_folder(folder)
    assert checked.report is not None
    (folder / "数据.xlsx").write_bytes(fill_workbook(FORMS["2021"], checked.report.cells))
    return folder


def test_a_total_that_is_a_formula_follows_its_parts_alone(
    printed: bytes, with_workbook: Path
) -> None:
    before = (with_workbook / "数据.xlsx").read_bytes()
    done = pulled(with_number(printed, 3, 7, "42"), with_workbook)
    (told,) = done.left
    assert "这一格是公式" in told.hint
    assert (with_workbook / "数据.xlsx").read_bytes() == before
    assert not list(with_workbook.glob("*.bak*"))


def test_numbers_in_both_places_are_written_in_both(printed: bytes, with_workbook: Path) -> None:
    data = with_number(with_number(printed, 3, 1, "28"), 3, 7, "42")
    data = changed(data, ("41", "42"), ("27", "28"))
    done = pulled(data, with_workbook)
    assert done.verified.is_equal
    assert {path.name for path in done.written} == {"数据.xlsx", "report.yaml"}
    assert "I127" not in {item.code for item in check_folder(with_workbook).diagnostics}
    book = load_workbook(with_workbook / "数据.xlsx", data_only=True)
    shown = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    assert [28, 8, 1, 1, 4, 0, 42] in [row[-7:] for row in shown]


def test_a_slash_in_a_cell_is_no_number_to_be_written(printed: bytes, folder: Path) -> None:
    done = pulled(with_number(printed, 3, 2, "/"), folder)
    (told,) = done.left
    assert "没有就写 0" in told.hint
    assert done.written == ()


def test_a_new_table_is_typed_where_it_stands(printed: bytes, folder: Path) -> None:
    document = docx.Document(io.BytesIO(printed))
    before = next(item for item in document.paragraphs if LAST in item.text)
    table = document.add_table(3, 2)
    texts = ["培训", "期数", "业务", "3", "保密", "1"]
    for number, text in enumerate(texts):
        table.cell(number // 2, number % 2).text = text
    before._p.addnext(table._tbl)
    buffer = io.BytesIO()
    document.save(buffer)
    assert pulled(buffer.getvalue(), folder).verified.is_equal
    text = (folder / "正文.md").read_text(encoding="utf-8")
    assert "\n\n| 培训 | 期数 |\n| --- | --- |\n| 业务 | 3 |\n| 保密 | 1 |\n\n" in text


def with_pictures(data: bytes, *behind: str, without: str = "") -> bytes:
    """Return the DOCX *data* with new pictures below paragraphs, *without* the one captioned so."""
    document = docx.Document(io.BytesIO(data))
    for number, part in enumerate(behind):
        before = next(item for item in document.paragraphs if part in item.text)
        made = copy.deepcopy(before._p)
        before._p.addnext(made)
        paragraph = next(item for item in document.paragraphs if item._p is made)
        paragraph.text = ""
        shown = io.BytesIO(picture(random.Random(number)))
        paragraph.add_run().add_picture(shown)
    if without:
        caption = next(item._p for item in document.paragraphs if item.text == without)
        for element in (caption.getprevious(), caption):
            assert element is not None
            document.element.body.remove(element)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_new_pictures_are_stored_and_shown_where_they_stand(printed: bytes, folder: Path) -> None:
    done = pulled(with_pictures(printed, "落实“先审查", LAST), folder)
    assert done.verified.is_equal
    assert [path.name for path in done.pictures] == ["新图-2.png", "新图-3.png"]
    assert len({path.read_bytes() for path in done.pictures}) == 2
    lines = (folder / "正文.md").read_text(encoding="utf-8").splitlines()
    for part, path in zip(("落实“先审查", LAST), done.pictures, strict=True):
        place = next(number for number, line in enumerate(lines) if part in line)
        assert lines[place + 1 : place + 4] == ["", f"![](images/{path.name})", ""]


def test_a_new_picture_does_not_come_under_the_caption_of_one_taken_out(
    printed: bytes, folder: Path
) -> None:
    done = pulled(with_pictures(printed, LAST, without="依申请公开办理流程图"), folder)
    assert done.verified.is_equal
    text = (folder / "正文.md").read_text(encoding="utf-8")
    assert "依申请公开办理流程图" not in text
    assert text.index("![](images/新图-2.png)") > text.index(LAST)


def test_a_picture_left_by_a_run_that_was_ended_is_taken_up(printed: bytes, folder: Path) -> None:
    left = folder / "images" / "新图-2.png"
    left.write_bytes(picture(random.Random(0)))
    done = pulled(with_pictures(printed, LAST), folder)
    assert done.verified.is_equal
    assert not (folder / "images" / "新图-3.png").exists()
    assert "![](images/新图-2.png)" in (folder / "正文.md").read_text(encoding="utf-8")


def test_nothing_is_written_while_a_picture_of_the_folder_is_missing(
    printed: bytes, folder: Path
) -> None:
    next(iter((folder / "images").iterdir())).unlink()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(EnvironmentProblem, match="没有写回：报告目录里没有图片“images/"):
        pulled(with_number(printed, 3, 2, "9"), folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


CHARTS = """```图表
类型: 柱形
数据: [申请.本年新收.总计, 上年.申请.本年新收.总计]
标题: 图1 两年
```

```图表
类型: 饼图
数据: 申请.本年新收
标题: 图2 申请人
```
"""


@pytest.fixture
def with_charts(folder: Path) -> Path:
    """Return the sample with last year's report beside it, and charts of its numbers."""
    add_last_year(folder)
    narrative = folder / "正文.md"
    text = narrative.read_text(encoding="utf-8").rstrip()
    narrative.write_text(f"{text}\n\n{CHARTS}", encoding="utf-8")
    return folder


def docx_of(folder: Path) -> bytes:
    (data,) = check_folder(folder).build(formats=["docx"]).files.values()
    return data


def test_charts_of_a_written_number_do_not_hold_it_up_and_are_told(with_charts: Path) -> None:
    data = with_number(with_number(docx_of(with_charts), 3, 2, "9"), 3, 7, "42")
    done = pulled(changed(data, ("41", "42")), with_charts)
    (line,) = lines_changed(SAMPLE / "report.yaml", with_charts / "report.yaml")[:1]
    assert line == "  本年新收: [27, 9, 1, 1, 4, 0, 42]"
    assert [item.code for item in done.left] == ["V107", "V107"]
    for told in done.left:
        assert "没有跟着改" in told.message
        assert "重新生成文件" in told.hint
    assert "T301" not in {item.code for item in check_folder(with_charts).diagnostics}
    narrative = (with_charts / "正文.md").read_text(encoding="utf-8")
    assert narrative.endswith(CHARTS)
    assert "新图" not in narrative


def test_a_picture_put_in_before_a_chart_is_not_taken_for_it(with_charts: Path) -> None:
    document = docx.Document(io.BytesIO(docx_of(with_charts)))
    chart = next(
        item
        for item in document.element.body.iter(qn("wp:docPr"))
        if "柱形图" in str(item.get("descr"))
    )
    paragraph = next(chart.iterancestors(qn("w:p")))
    new = document.add_paragraph()
    new.add_run().add_picture(io.BytesIO(picture(random.Random(0))))
    paragraph.addprevious(new._p)
    buffer = io.BytesIO()
    document.save(buffer)
    data = with_number(with_number(buffer.getvalue(), 3, 2, "9"), 3, 7, "42")
    done = pulled(changed(data, ("41", "42")), with_charts)
    assert [("没有跟着改" in item.message) for item in done.left] == [True, True], done.left
    narrative = (with_charts / "正文.md").read_text(encoding="utf-8")
    assert narrative.count("](images/新图") == 1
    assert narrative.count("```图表") == 2


def test_what_was_put_in_below_a_chart_is_written_behind_its_block(with_charts: Path) -> None:
    data = with_pictures(docx_of(with_charts), "图1 两年", "图2 申请人")
    done = pulled(data, with_charts)
    assert done.verified.is_equal
    text = (with_charts / "正文.md").read_text(encoding="utf-8")
    assert "图1 两年\n```\n\n![](images/新图-2.png)\n\n```图表" in text
    assert text.rstrip().endswith("图2 申请人\n```\n\n![](images/新图-3.png)")


def test_numbers_are_not_written_without_one_that_they_add_up_with(
    printed: bytes, folder: Path
) -> None:
    before = (folder / "report.yaml").read_bytes()
    data = with_number(with_number(printed, 3, 2, "九"), 3, 7, "42")
    done = pulled(changed(data, ("41", "42")), folder)
    hints = {item.message.split("”")[0]: item.hint for item in done.left}
    assert "没有就写 0" in hints["“申请/本年新收/商业企业"]
    assert "数据就加不起来，所以没有写回" in hints["“申请/本年新收/总计"]
    assert done.placed == ()
    assert (folder / "report.yaml").read_bytes() == before


def test_a_number_that_cannot_be_written_holds_up_only_what_adds_up_with_it(
    printed: bytes, folder: Path
) -> None:
    data = with_number(with_number(printed, 3, 2, "九"), 3, 7, "42")
    done = pulled(
        changed(
            data,
            ("41", "42"),
            ("18642", "18650"),
            ("18642", "18650"),
            ("举办业务培训3期", "举办业务培训5期"),
        ),
        folder,
    )
    (line,) = lines_changed(SAMPLE / "report.yaml", folder / "report.yaml")
    assert "18650" in line
    assert "举办业务培训5期" in (folder / "正文.md").read_text(encoding="utf-8")
    (told,) = (item for item in done.left if "本年新收/总计" in item.message)
    assert "数据就加不起来，所以没有写回" in told.hint
