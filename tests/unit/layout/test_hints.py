"""Tests of the layout hints for the DOCX."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.document.nodes import Block, Signature
from reportgen.layout.boxes import place_document
from reportgen.layout.fitting import break_titles
from reportgen.layout.hints import fits_of, word_hints
from reportgen.layout.items import Fit, Hints, Image
from reportgen.layout.text.lines import Line, set_lines
from reportgen.layout.text.word_fit import LineFit
from reportgen.text import Run
from tests.unit.layout.squares import (
    FONTS,
    SHEET,
    cell,
    figure,
    group,
    heading,
    lay_out,
    lines_of_text,
    make_document,
    paragraph,
    plain_table,
    signature,
    table,
)


def hints_of(*blocks: Block) -> Hints:
    document = make_document(*blocks)
    return word_hints(place_document(document, FONTS), document)


def test_word_processors_are_told_the_rows_of_pictures_and_their_sizes() -> None:
    upright = figure(200, 300), figure(200, 300)
    made = group(figure(400, 200), *upright, figure(300, 900))
    told = hints_of(lines_of_text(12), made).rows[made]
    assert [[image.node for image in row] for row in told] == [
        [made.figures[0]],
        list(upright),
        [made.figures[3]],
    ]
    painted = [
        (item.node, item.width, item.height)
        for page in lay_out(lines_of_text(12), made).pages
        for item in page.items
        if isinstance(item, Image)
    ]
    assert [(i.node, i.width, i.height) for row in told for i in row] == painted


def test_word_processors_are_told_which_paragraphs_must_not_be_stretched() -> None:
    torn = paragraph("字" * 10 + "x" * 26 + "字" * 30)
    assert hints_of(torn, lines_of_text(3)).ragged == {torn}


def test_word_processors_are_told_where_the_signature_ends() -> None:
    made = signature("某某市人民政府办公室", "二〇二五年一月")
    told = hints_of(made).right_indents
    assert told == {made.organ: pytest.approx(2), made.date: pytest.approx(2 - 2 + 10 - 7)}


def test_a_name_of_two_lines_is_centred_on_itself() -> None:
    made = signature(
        "某某自治区某某自治州某某县某某经济技术开发区管理委员会办公室", "二〇二五年一月"
    )
    made = replace(made, breaks=(13,))
    document = break_titles(make_document(made), FONTS)
    (block,) = document.blocks
    assert isinstance(block, Signature)
    assert block.organ.text.split("\n") == [made.organ.text[:13], made.organ.text[13:]]
    told = word_hints(place_document(document, FONTS), document)
    assert told.right_indents[block.organ] == pytest.approx(2)
    assert told.centred == {block.organ: pytest.approx(28 - 2 - 17)}
    assert told.right_indents[block.date] == pytest.approx(28 - 9 - 2 - 7)


def test_a_name_of_one_line_is_not_broken() -> None:
    made = replace(signature("某某自治州某某县人民政府", "二〇二五年一月"), breaks=(5,))
    document = break_titles(make_document(made), FONTS)
    assert document.blocks == (made,)
    assert word_hints(place_document(document, FONTS), document).centred == {}


def test_a_date_longer_than_the_name_moves_the_name() -> None:
    made = signature("财政局", "二〇二五年一月")
    told = hints_of(made).right_indents
    assert told == {made.organ: pytest.approx(2 + 2 + 7 - 3), made.date: pytest.approx(2)}


def test_word_processors_are_told_the_space_behind_tables_and_pictures() -> None:
    text, picture, last = paragraph("字"), figure(400, 200), paragraph("末")
    told = hints_of(plain_table(2), text, group(picture), last)
    page = SHEET.page
    height = 3 * SHEET.table.min_row_height + 2 * SHEET.table.rule  # the head is less tall
    assert told.gaps[text] == pytest.approx(-height % page.line_pitch, abs=0.001)
    assert told.gaps[picture] == pytest.approx(told.gaps[last])
    assert told.gaps[picture] > SHEET.figure.space_before


def test_word_processors_are_told_where_the_text_below_a_title_begins() -> None:
    """Lines of the title are one and a half of the grid; the text below is on the grid again."""
    title, text = heading("题\n题\n题", 0), paragraph("字")
    told = hints_of(title, text)
    page, style = SHEET.page, SHEET["title"]
    used = 3 * style.line_pitch + told.gaps_below[title]
    assert used % page.line_pitch == pytest.approx(0, abs=0.001)
    assert told.gaps_below[title] >= style.space_after
    assert text not in told.gaps


def test_word_processors_are_told_which_rows_stay_together() -> None:
    made = plain_table(7, header_rows=2)
    keeps = hints_of(made).keeps[made]
    assert keeps == {0, 1, 2, 3, 6, 7}


def test_word_processors_are_told_which_rows_are_taller_than_a_page() -> None:
    long = [cell(1, 0, "名", "stub"), cell(1, 1, "字" * 15 * 90, "stub")]
    short = [[cell(row, 0, "名", "stub"), cell(row, 1, "数", "stub")] for row in (2, 3)]
    made = table([[cell(0, c, "头", "header") for c in range(2)], long, *short], 2, 1)
    told = hints_of(made)
    assert told.divided == {made: {1}}
    assert told.keeps[made] <= {0, 1, 2}
    assert hints_of(plain_table(7)).divided == {}


def test_word_processors_are_told_the_space_around_a_table_between_lines_of_text() -> None:
    upper, lower = paragraph("字"), paragraph("末")
    told = hints_of(upper, plain_table(2), lower)
    assert told.gaps_below[upper] == pytest.approx(told.gaps[lower])
    titled = replace(plain_table(4), caption=paragraph("表", "table_title"))
    told = hints_of(upper, titled, lower)
    assert titled.caption
    assert told.gaps[titled.caption] == pytest.approx(told.gaps[lower])
    assert upper not in told.gaps_below


def test_word_processors_are_told_the_space_above_a_table_but_at_the_head_of_a_page() -> None:
    most = int(SHEET.page.text_height / SHEET.table.min_row_height)
    upper, lower, overleaf = plain_table(3), plain_table(most * 3 // 4), plain_table(most - 4)
    told = hints_of(upper, lower, overleaf)
    assert told.gaps == {
        upper: 0,
        lower: pytest.approx(SHEET.page.line_pitch / 2, abs=0.03),
        overleaf: 0,
    }


def test_word_processors_are_told_which_paragraphs_introduce_what_follows() -> None:
    text, long = paragraph("下列："), paragraph("字" * 100 + "：")
    assert hints_of(text, plain_table(2)).introducing == {text}
    assert hints_of(long, plain_table(2)).introducing == set()
    assert hints_of(text).introducing == set()


def test_a_table_with_a_label_of_many_rows_is_kept_whole_only_where_it_is() -> None:
    label = cell(1, 0, "办理结果", "stub", row_span=12)
    head = [cell(0, column, "头", "header") for column in range(2)]
    rows = [[*([label] if row == 1 else []), cell(row, 1, f"值{row}")] for row in range(1, 13)]
    made = table([head, *rows], 2, 1)
    assert hints_of(made).keeps[made] == set(range(12))
    keeps = hints_of(lines_of_text(13), made).keeps[made]
    assert {0, 1, 2, 10, 11} <= keeps
    assert 6 not in keeps


def test_word_processors_are_told_which_pictures_stay_with_the_next_row() -> None:
    upper, lower = figure(600, 200), figure(600, 210)
    made = group(upper, lower)
    assert hints_of(made, lines_of_text(1)).held == {upper}
    assert not hints_of(lines_of_text(13), group(*[figure(800, 300, "说明")] * 2)).held


def test_first_and_last_character_of_a_line_are_fitted_on_their_own() -> None:
    def line(text: str, fit: LineFit) -> Line:
        (set_line,) = set_lines((Run(text),), SHEET["body"], 400, FONTS)
        return replace(set_line, start=10, fit=fit)

    led = LineFit(lead=True)
    assert list(fits_of(line("2024年", led))) == [Fit(10, 11, 0.0, chinese=True)]
    tailed = LineFit(spacing=0.5, tail=3.0, lead=True)
    assert list(fits_of(line("2024年", tailed))) == [
        Fit(10, 11, 0.5, chinese=True),
        Fit(11, 14, 0.5),
        Fit(14, 15, 3.5),
    ]
    assert list(fits_of(line("2024年", LineFit(spacing=0.5)))) == [Fit(10, 15, 0.5)]
    assert list(fits_of(line("2024年", LineFit(tail=3.0)))) == [Fit(14, 15, 3.0)]
    assert list(fits_of(line("2024年", LineFit()))) == []
