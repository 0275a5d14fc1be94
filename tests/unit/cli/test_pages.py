"""Tests of help pages: alignment by terminal cells, and line breaks in Chinese text."""

from __future__ import annotations

import re

import click
import pytest

from reportgen.cli import program
from reportgen.cli.commands import Context
from reportgen.cli.pages import HelpPage
from reportgen.text import display_width

LONG = "先核对（勾稽关系、日期、“用语”），后排版：docx,pdf,html,json 四种，默认 docx,pdf。" * 3
ENGLISH = re.compile(
    r"Usage|Options?\b|Commands?\b|Arguments?\b|Try |Error|Show |Missing|required|default|\[OPT"
)


def page_of(name: str = "") -> str:
    """Return the help page of the command *name*, without one that of the program."""
    context = Context(program, info_name="reportgen", **program.context_settings)
    if not name:
        return context.get_help()
    command = program.commands[name]
    return Context(command, info_name=name, parent=context, **command.context_settings).get_help()


def written(text: str, width: int) -> list[str]:
    """Return *text* as the lines of a page of *width* cells."""
    page = HelpPage(width=width)
    page.write_text(text)
    return page.getvalue().splitlines()


def test_the_first_page_fits_a_small_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = page_of().splitlines()
    assert len(lines) < 24  # a line is left for the prompt
    assert max(map(display_width, lines)) <= 80


@pytest.mark.parametrize("name", ["", *program.commands])
def test_no_page_has_a_word_of_clicks_own(name: str) -> None:
    assert not ENGLISH.search(page_of(name))


@pytest.mark.parametrize("name", program.commands)
def test_every_option_says_what_it_does(name: str) -> None:
    for parameter in program.commands[name].params:
        assert parameter.metavar or (isinstance(parameter, click.Option) and parameter.is_flag)
        assert isinstance(parameter, click.Argument) or parameter.help


def test_texts_stand_below_each_other_whatever_the_terms_are() -> None:
    page = HelpPage(width=60)
    with page.section("选项"):
        page.write_dl([("--to 格式", "甲"), ("-h, --help", "乙"), ("--pdf-profile 级别", "丙")])
    heading, *rows = page.getvalue().splitlines()
    assert heading == "选项："
    assert rows[0] == "  --to 格式           甲"
    assert len({display_width(row) for row in rows}) == 1


@pytest.mark.parametrize("width", [38, 55, 78, 98])
def test_long_lines_are_broken_by_the_cells_they_take(width: int) -> None:
    lines = written(LONG, width)
    assert max(map(display_width, lines)) <= width
    assert "".join(lines).replace(" ", "") == LONG.replace(" ", "")


@pytest.mark.parametrize("width", range(40, 80))
def test_no_broken_line_begins_or_ends_with_the_wrong_mark(width: int) -> None:
    lines = written(LONG, width)
    assert not [line for line in lines if line.strip()[:1] in set("，。、：）”")]
    assert not [line for line in lines if line[-1:] in set("（“")]


def test_a_line_is_broken_between_clauses_where_it_can_be() -> None:
    text = "优先用电脑上装的字体（默认不用：各台电脑的版面才一致）"
    assert written(text, 46) == ["优先用电脑上装的字体（默认不用：", "各台电脑的版面才一致）"]


def test_words_and_names_of_files_are_not_broken() -> None:
    assert "\n".join(written(LONG, 40)).count("docx,pdf,html,json") == 3
