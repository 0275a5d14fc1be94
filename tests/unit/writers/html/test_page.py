"""Tests of the HTML page: content, escaping, forbidden content, fonts."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from msgspec.structs import replace

from reportgen.characters import split_scripts
from reportgen.document.compose import compose_document
from reportgen.document.nodes import (
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    ItemList,
    ListItem,
    Metadata,
    Paragraph,
    Signature,
    Table,
)
from reportgen.files import resource_folder
from reportgen.forms.form import Form
from reportgen.forms.library import Library
from reportgen.model.report import Quantity, Report
from reportgen.pictures import PictureKind
from reportgen.problems import EnvironmentProblem
from reportgen.sandbox import Evaluation
from reportgen.styles import CellRole
from reportgen.text import Run
from reportgen.writers.html import write_html
from reportgen.writers.html.page import Blocks, css_class, load_font_stacks
from tests.builders import Held

LIBRARY = Library((resource_folder("templates"),))
FORMS = tuple(LIBRARY.forms("disclosure"))
SHEET = FORMS[-1].sheet
STACKS = load_font_stacks(resource_folder("fonts") / "faces.yaml")
METADATA = Metadata("某局2020年报告", "某局", "年度报告", ("公开", "年报"), "2021-01-26")
PIXEL = b"\x89PNG\r\n\x1a\n not really a picture"


MARKED = Paragraph("body", (Run("公开100条"), Run("①", footnote=1)))
NOTED = Document(
    METADATA,
    SHEET,
    (MARKED,),
    footnotes=(ListItem("①", Paragraph("footnote", (Run("含转载"), Run("12条", bold=True)))),),
)


def page_of(*blocks: Block, watermark: str = "", stamp: str = "") -> str:
    return written(Document(METADATA, SHEET, blocks, watermark=watermark, stamp=stamp))


def fragment_of(*blocks: Block, stamp: str = "", watermark: str = "") -> str:
    made = Document(METADATA, SHEET, blocks, watermark=watermark, stamp=stamp)
    return written(made, "fragment")


def written(document: Document, shape: str = "page") -> str:
    stream = io.BytesIO()
    write_html(document, stream, partial(LIBRARY.text, FORMS[-1]), STACKS, shape)
    return stream.getvalue().decode("utf-8")


def parsed(page: str) -> etree._Element:
    return lxml_html.document_fromstring(page)


def found(tree: etree._Element, path: str) -> list[etree._Element]:
    """Return the elements at *path*, an ElementPath relative to the page."""
    return tree.findall(f".//{path}")


def only(tree: etree._Element, path: str) -> etree._Element:
    (element,) = found(tree, path)
    return element


def text_of(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def body(text: str) -> Paragraph:
    return Paragraph("body", (Run(text),))


def cell(row: int, column: int, text: str, role: str = "value", rows: int = 1) -> Cell:
    return Cell(row, column, rows, 1, CellRole(role), "cell_value", (Run(text),))


def grid_of(table: etree._Element) -> dict[tuple[int, int], str]:
    """Return the text at every grid position, spans filled in, as a browser resolves them."""
    grid: dict[tuple[int, int], str] = {}
    for row, line in enumerate(found(table, "tr")):
        column = 0
        for entry in line:
            while (row, column) in grid:
                column += 1
            for down in range(int(entry.get("rowspan") or 1)):
                for right in range(int(entry.get("colspan") or 1)):
                    assert (row + down, column + right) not in grid, "two cells overlap"
                    grid[row + down, column + right] = text_of(entry)
    return grid


def expected_grid(table: Table) -> dict[tuple[int, int], str]:
    return {
        (item.row + down, item.column + right): item.text
        for row in table.rows
        for item in row
        for down in range(item.row_span)
        for right in range(item.column_span)
    }


def official_document(form: Form) -> Document:
    """Return a report of *form* in which every cell has a different number."""
    cells = {name: Quantity(1000 + i) for i, name in enumerate(form.value_cells)}
    report = Report("某局", form.first_year, "某局报告", form.kinds[0], form.id, cells=cells)
    return compose_document(report, form)


def test_page_says_its_language_title_and_encoding() -> None:
    tree = parsed(page_of(body("正文")))
    assert tree.get("lang") == "zh-CN"
    assert only(tree, "title").text == "某局2020年报告"
    assert only(tree, "meta[@charset]").get("charset") == "utf-8"
    assert only(tree, "meta[@name='author']").get("content") == "某局"


def test_headings_keep_their_level_number_and_anchor() -> None:
    blocks = [Heading(n, f"heading{n}", (Run(f"{n}号"),), f"h{n}") for n in range(1, 5)]
    tree = parsed(page_of(Heading(0, "title", (Run("题"),), "title"), *blocks))
    for level in range(1, 6):
        assert len(found(tree, f"h{level}")) == 1
    assert only(tree, "h5").get("id") == "h4"
    assert text_of(only(tree, "h2")) == "1号"


def test_a_browser_may_break_the_title_where_its_words_end() -> None:
    runs = (Run("某市某县"), Run("\n"), Run("2024年"), Run("年度报告", bold=True))
    title = Heading(0, "title", runs, "title", breaks=(10, 5, 2))
    shown = re.search("<h1[^>]*>(.*)</h1>", page_of(title))
    assert shown
    expected = "某市<wbr>某县<br><wbr>2024年<wbr><strong>年度报告</strong>"
    assert shown[1].replace("<strong><wbr>", "<wbr><strong>") == expected
    assert "<wbr>" not in fragment_of(title)


def test_ordered_list_shows_the_markers_of_the_document() -> None:
    items = tuple(ListItem(f"{n}.", body(f"第{n}项")) for n in (3, 4))
    tree = parsed(page_of(ItemList("list", True, items)))
    assert [item.get("value") for item in found(tree, "ol/li")] == ["3", "4"]
    assert [text_of(item) for item in found(tree, "ol/li")] == ["3.第3项", "4.第4项"]


def test_bullet_list_is_unordered() -> None:
    tree = parsed(page_of(ItemList("list", False, (ListItem("●", body("甲")),))))
    assert [text_of(item) for item in found(tree, "ul/li")] == ["●甲"]
    assert found(tree, "ol") == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_every_cell_of_the_official_tables_reads_back_in_its_place(form: Form) -> None:
    document = official_document(form)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    read = found(parsed(written(document)), "table")
    assert [grid_of(table) for table in read] == [expected_grid(table) for table in tables]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_value_cells_carry_the_key_path_of_their_number(form: Form) -> None:
    tree = parsed(written(official_document(form)))
    named = {entry.get("data-cell"): text_of(entry) for entry in found(tree, "td[@data-cell]")}
    assert set(named) == set(form.value_cells)
    assert len(set(named.values())) == len(named)


def table_of_items() -> Table:
    """Return a table with two items, each with a caption and a head of its own."""
    rows = tuple(
        row
        for item in (0, 3)
        for row in (
            (Cell(item, 0, 1, 2, CellRole.CAPTION, "cell_caption", (Run("第二十条"),)),),
            (cell(item + 1, 0, "内容", "header"), cell(item + 1, 1, "件数", "header")),
            (cell(item + 2, 0, "规章", "stub"), cell(item + 2, 1, str(item))),
        )
    )
    return Table("主动公开", (0.5, 0.5), 0, rows)


@pytest.mark.parametrize("write", [page_of, fragment_of])
def test_values_name_the_heads_of_their_own_item(write: Callable[..., str]) -> None:
    table = only(parsed(write(table_of_items())), "table")
    words = {entry.get("id"): text_of(entry) for entry in table.iter("th")}
    first, second = table.iter("td")
    assert first.get("headers") == "t1r0c0 t1r1c1 t1r2c0"
    assert second.get("headers") == "t1r3c0 t1r4c1 t1r5c0"
    for value in (first, second):
        names = str(value.get("headers")).split()
        assert [words[name] for name in names] == ["第二十条", "件数", "规章"]


def test_a_table_with_one_head_needs_scopes_only() -> None:
    rows = ((cell(0, 0, "内容", "header"),), (cell(1, 0, "1"),))
    tree = parsed(page_of(Table("表", (1.0,), 1, rows)))
    assert only(tree, "td").get("headers") is None
    assert only(tree, "th").get("id") is None


def test_a_fragment_needs_no_class_and_no_style_sheet() -> None:
    figure = Figure(Held(PIXEL), PictureKind.PNG, (1280, 800), "d", "图", body("说明"))
    blocks = (
        Heading(1, "heading1", (Run("一、总体情况"),), "h1"),
        body("电话：0000-0000000"),
        ItemList("list", True, (ListItem("1.", body("第一项")),)),
        table_of_items(),
        FigureGroup((figure,)),
        Signature(body("某局"), body("2021年1月26日")),
    )
    shown = fragment_of(*blocks)
    tree = lxml_html.fragment_fromstring(shown, create_parent=True)
    tags = {str(element.tag) for element in tree.iter()} - {"div"}
    assert tags.isdisjoint({"html", "head", "body", "style", "figure", "figcaption", "caption"})
    assert not found(tree, "*[@class]")
    styled = {"p", "h2", "table", "th", "td", "img", "span"}
    assert all(element.get("style") for tag in styled for element in tree.iter(tag))
    assert {str(e.tag) for e in tree.iter() if e.get("style")} >= styled
    assert only(tree, "span").get("style") == "white-space:nowrap"
    assert only(tree, "table").get("border") == "1"  # rules, where an editor drops styles
    assert int(str(only(tree, "img").get("width"))) <= 590  # the type area, not 1280
    assert [text_of(p) for p in found(tree, "p")][:2] == ["电话：0000-0000000", "1.第一项"]


def test_a_fragment_holds_the_content_of_the_page() -> None:
    blocks = (Heading(1, "heading1", (Run("一、总体情况"),), "h1"), table_of_items(), body("文<b>"))
    page, part = parsed(page_of(*blocks)), parsed(fragment_of(*blocks))
    assert grid_of(only(page, "table")) == grid_of(only(part, "table"))
    assert text_of(only(part, "p")) == "文<b>"
    assert "草稿" in text_of(parsed(fragment_of(stamp="未定稿", watermark="草稿")))


def test_table_has_a_caption_scopes_and_a_head_that_repeats() -> None:
    rows = (
        (cell(0, 0, "项目", "header"), cell(0, 1, "数量", "header")),
        (cell(1, 0, "新收", "stub"), cell(1, 1, "3")),
    )
    tree = parsed(page_of(Table("申请情况", (0.5, 0.5), 1, rows)))
    assert text_of(only(tree, "caption")) == "申请情况"
    assert [entry.get("scope") for entry in found(tree, "thead/tr/th")] == ["col", "col"]
    assert only(tree, "tbody/tr/th").get("scope") == "row"
    assert [entry.get("style") for entry in found(tree, "col")] == ["width:50%", "width:50%"]


def test_the_title_of_a_table_is_its_caption() -> None:
    rows = ((cell(0, 0, "3"),),)
    titled = Table("表1", (1.0,), 0, rows, caption=Paragraph("table_title", (Run("表1"),)))
    caption = only(parsed(page_of(titled)), "caption")
    assert (text_of(caption), caption.get("class")) == ("表1", css_class("table_title"))


def test_head_that_reaches_into_the_body_is_not_torn_off() -> None:
    rows = (
        (cell(0, 0, "项目", "header", rows=2), cell(0, 1, "数量", "header")),
        (cell(1, 1, "3"),),
    )
    table = Table("表", (0.5, 0.5), 1, rows)
    tree = parsed(page_of(table))
    assert found(tree, "thead") == []
    assert grid_of(only(tree, "table")) == expected_grid(table)


def test_landscape_table_keeps_its_width_on_screen_and_is_turned_in_print() -> None:
    upright = Table("表", (1.0,), 0, ((cell(0, 0, "3"),),))
    page = page_of(replace(upright, landscape=True))
    assert only(parsed(page), "div[@class='table landscape']/table") is not None
    assert "@page landscape{size:841.89pt 595.276pt;" in page
    assert "min-width:637.795pt" in page
    assert "landscape" not in page_of(upright)


def test_picture_travels_inside_the_page_with_its_alternative_text() -> None:
    caption = Paragraph("caption", (Run("截图说明"),))
    figure = Figure(Held(PIXEL), PictureKind.PNG, (1280, 720), "d", "页面“截图”", caption, 0.8)
    tree = parsed(page_of(FigureGroup((figure,))))
    image = only(tree, "figure/img")
    source = image.get("src") or ""
    assert source.startswith("data:image/png;base64,")
    assert base64.b64decode(source.partition(",")[2]) == PIXEL
    assert image.get("alt") == "页面“截图”"
    assert text_of(only(tree, "figcaption")) == "截图说明"


def test_a_long_picture_is_whole_in_the_page_and_as_wide_as_it_is() -> None:
    figure = Figure(Held(PIXEL), PictureKind.PNG, (1080, 12_000), "d", "长截图")
    part = replace(figure, alt="长截图（第 1 部分，共 2 部分）", is_part=True)
    tree = parsed(page_of(FigureGroup((replace(figure, parts=(part, part)),))))
    assert only(tree, "figure/img").get("alt") == "长截图"
    assert only(tree, "figure").get("style") == "width:min(1080px,100%)"
    (cut_to_height,) = found(parsed(page_of(FigureGroup((figure,)))), "figure")
    assert "*1080/12000" in (cut_to_height.get("style") or "")


def test_signature_prints_organ_then_date() -> None:
    signature = Signature(
        Paragraph("signature", (Run("某局"),)), Paragraph("signature", (Run("2021年1月26日"),))
    )
    tree = parsed(page_of(signature))
    lines = found(tree, "div[@class='signature']//p")
    assert [text_of(line) for line in lines] == ["某局", "2021年1月26日"]


def test_draft_is_marked_and_a_filing_copy_is_not() -> None:
    draft = parsed(page_of(body("文"), watermark="草稿", stamp="未定稿 · 2 处错误"))
    assert text_of(only(draft, "div[@aria-hidden]")) == "草稿"
    assert text_of(only(draft, "header")) == "未定稿 · 2 处错误"
    final = parsed(page_of(body("文")))
    assert found(final, "div[@aria-hidden]") == found(final, "header") == []


def test_emphasis_links_and_forced_breaks_become_markup() -> None:
    runs = (
        Run("粗", bold=True),
        Run("\n"),
        Run("斜", italic=True),
        Run("网", link="https://example.cn/?a=1&b=2"),
    )
    tree = parsed(page_of(Paragraph("body", runs)))
    assert text_of(only(tree, "p/strong")) == "粗"
    assert text_of(only(tree, "p/em")) == "斜"
    assert len(found(tree, "p/br")) == 1
    assert only(tree, "p/a").get("href") == "https://example.cn/?a=1&b=2"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_link_that_could_run_or_reveal_something_stays_text(link: str) -> None:
    tree = parsed(page_of(Paragraph("body", (Run("点", link=link),))))
    assert found(tree, "a") == []
    assert text_of(only(tree, "p")) == "点"


def test_page_loads_and_runs_nothing() -> None:
    page = page_of(body("文"), watermark="草稿", stamp="未定稿")
    assert not re.search(r"<script|<link|<iframe|@import|url\(|\bon\w+=", page)
    assert "default-src 'none'" in page


def test_user_style_cannot_close_the_style_sheet() -> None:
    broken = replace(SHEET["body"], colour="</style><script>alert(1)</script>")
    sheet = replace(SHEET, styles={**SHEET.styles, "body": broken})
    tree = parsed(written(Document(METADATA, sheet, (body("文"),))))
    assert found(tree, "script") == []


def test_a_style_with_a_font_that_does_not_exist_is_refused() -> None:
    sheet = replace(SHEET, styles={**SHEET.styles, "body": replace(SHEET["body"], face="幻体")})
    with pytest.raises(EnvironmentProblem, match="“正文”的字体“幻体”不存在"):
        written(Document(METADATA, sheet, (body("文"),)))


def test_equal_documents_give_equal_bytes() -> None:
    assert written(official_document(FORMS[-1])) == written(official_document(FORMS[-1]))


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))))
def test_any_text_reads_back_unchanged(text: str) -> None:
    shown = "".join(part for part, _ in split_scripts(text))
    assert text_of(only(parsed(page_of(body(text))), "p")) == shown


def test_scripts_are_elements_and_their_text_is_escaped() -> None:
    page = page_of(body("a<b₂&m²"))
    assert ">a&lt;b<sub>2</sub>&amp;m<sup>2</sup></p>" in page


def test_a_telephone_number_is_not_broken() -> None:
    page = page_of(body("电话：0558-2173663-2），m²，2020-"))
    assert '>电话：<span class="number">0558-2173663-2</span>），m<sup>2</sup>，2020-</p>' in page
    assert ".number{white-space:nowrap}" in page


def test_a_mark_that_begins_no_line_stays_with_the_character_before_it() -> None:
    page = page_of(body("深化——满意，1～2月&～，－5℃，曼·买"))
    for kept in ("化——", "1～", "&amp;～", "－5", "曼·"):
        assert f'<span class="number">{kept}</span>' in page


def test_a_paragraph_with_an_address_is_ragged() -> None:
    tree = parsed(page_of(body("详见https://www.example.gov.cn/zwgk"), body("共公开100条")))
    assert [("ragged" in p.get("class", "").split()) for p in tree.iter("p")] == [True, False]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1))
def test_any_text_of_a_table_reads_back_from_its_attributes(text: str) -> None:
    named = Cell(0, 0, 1, 1, CellRole.VALUE, "cell_value", (Run(text, link=f"#{text}"),), text)
    tree = parsed(page_of(Table(text, (1.0,), 0, ((named,),))))
    assert only(tree, "td").get("data-cell") == text
    assert only(tree, "td/a").get("href") == f"#{text}"
    assert only(tree, "div[@role='region']").get("aria-label") == text
    assert {element.tag for element in only(tree, "body").iter()} - {"wbr"} == {
        "body", "main", "div", "table", "caption", "span", "colgroup", "col", "tbody", "tr", "td",
        "a",
    } | {level for _, level in split_scripts(text) if level}  # fmt: skip


@given(st.text())
def test_any_alternative_text_stays_in_its_attribute(text: str) -> None:
    figure = Figure(Held(PIXEL), PictureKind.PNG, (1, 1), "d", text)
    tree = parsed(page_of(FigureGroup((figure,))))
    assert set(only(tree, "figure/img").keys()) == {"src", "alt", "width", "height", "style"}


def test_the_template_sees_plain_values_only() -> None:
    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(map(plain, value.values()))
        if isinstance(value, list):
            return all(map(plain, value))
        return value is None or callable(value) or isinstance(value, str | int | float)

    text = Paragraph("body", (Run("文", link="https://example.cn"), Run("\n")))
    figure = Figure(Held(b"1"), PictureKind.PNG, (1, 1), "d", "图", text)
    document = Document(Metadata("", "", "", (), ""), SHEET, (text, FigureGroup((figure,))))
    assert all(map(plain, Blocks(document, Evaluation()).all()))


def test_a_picture_is_read_when_it_is_written_and_then_widens_the_bounds_once() -> None:
    figure = Figure(Held(b"123"), PictureKind.PNG, (1, 1), "d", "图")
    document = Document(Metadata("", "", "", (), ""), SHEET, (FigureGroup((figure,)),))
    evaluation = Evaluation(max_size=0)
    (block,) = Blocks(document, evaluation).all()
    figures: Any = block["figures"]
    data: Callable[[], str] = figures[0]["data"]
    assert evaluation.max_size == 0
    assert data() == data() == "MTIz"
    assert evaluation.max_size == 4


def test_a_style_may_be_called_anything() -> None:
    assert css_class("我的 样式<1>") == "s-我的-样式-1-"


@pytest.mark.parametrize("shape", ["page", "fragment"])
def test_a_mark_and_its_footnote_lead_to_each_other(shape: str) -> None:
    page: Any = lxml_html.fromstring(written(NOTED, shape))
    mark, note = page.get_element_by_id("fnref1"), page.get_element_by_id("fn1")
    assert (text_of(mark), mark.get("href")) == ("①", "#fn1")
    assert text_of(note) == "①含转载12条"
    assert [link.get("href") for link in note.iter("a")] == ["#fnref1"]


def test_the_official_font_comes_first_and_the_generic_family_last() -> None:
    stacks = load_font_stacks(resource_folder("fonts") / "faces.yaml")
    assert stacks["仿宋"].startswith("仿宋_GB2312,FangSong_GB2312,")
    assert all(stack.endswith((",serif", ",sans-serif")) for stack in stacks.values())


def test_a_new_role_has_its_own_fonts(tmp_path: Path) -> None:
    manifest = tmp_path / "faces.yaml"
    manifest.write_text(
        "faces:\n  隶书: {system: [隶书, LiSu], browser: [LiSu, Baoli SC, cursive]}\n", "utf-8"
    )
    assert load_font_stacks(manifest) == {"隶书": '隶书,LiSu,"Baoli SC",cursive'}


def test_a_role_without_fonts_for_browsers_is_an_error(tmp_path: Path) -> None:
    manifest = tmp_path / "faces.yaml"
    manifest.write_text("faces:\n  隶书: {system: [隶书]}\n", "utf-8")
    with pytest.raises(KeyError):
        load_font_stacks(manifest)


def test_tables_of_one_title_are_told_apart() -> None:
    shown = page_of(table_of_items(), table_of_items())
    assert re.findall(r'role="region" aria-label="([^"]*)"', shown) == [
        "主动公开",
        "主动公开（2）",
    ]
