"""Tests of parameter types: lenient reading, and messages in Chinese."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
import pytest

from reportgen.cli.parameters import (
    Folder,
    Formats,
    OneOf,
    WholeNumber,
    complete_list,
    half_width,
    split_list,
)
from reportgen.formats import FORMATS
from reportgen.problems import EnvironmentProblem


def complaint(kind: click.ParamType[Any], word: str) -> str:
    """Return the message of the type *kind* about *word*."""
    with pytest.raises(click.BadParameter) as caught:
        kind.convert(word, None, None)
    return caught.value.message


@pytest.mark.parametrize(
    "typed",
    [
        "docx,pdf",
        "docx，pdf",
        "docx、pdf",
        "docx；pdf",
        "docx, pdf",
        "ｄｏｃｘ，ｐｄｆ",
        "DOCX,docx,PDF,",
    ],
)
def test_a_list_of_formats_may_be_typed_with_any_comma_and_width(typed: str) -> None:
    assert Formats().convert(typed, None, None) == ("docx", "pdf")


def test_formats_keep_the_order_in_which_they_are_typed() -> None:
    assert Formats().convert("pdf,html,docx", None, None) == ("pdf", "html", "docx")


def test_a_format_that_is_none_is_answered_with_the_formats() -> None:
    known = "、".join(FORMATS)
    assert complaint(Formats(), "pptx") == f"“pptx”无效，可用：{known}"
    assert complaint(Formats(), "pdf,dcx") == f"“dcx”无效，是否应为 docx？可用：{known}"
    assert complaint(Formats(), "odt、txt") == f"“odt、txt”无效，可用：{known}"
    assert complaint(Formats(), "，") == f"“，”无效，可用：{known}"


@pytest.mark.parametrize("typed", ["2025", "２０２５", " 2025 "])
def test_a_number_may_be_typed_full_width(typed: str) -> None:
    assert WholeNumber().convert(typed, None, None) == 2025


@pytest.mark.parametrize("word", ["x", "1.5", "0", "10", "-1", ""])
def test_a_number_out_of_bounds_is_answered_with_the_bounds(word: str) -> None:
    assert complaint(WholeNumber(1, 9), word) == f"“{word}”无效，应为 1 到 9 之间的整数"


def test_a_number_may_have_no_bounds_or_only_a_lower_one() -> None:
    assert WholeNumber().convert("-3", None, None) == -3
    assert WholeNumber(2).convert("2", None, None) == 2
    assert complaint(WholeNumber(), "去年") == "“去年”无效，应为整数"
    assert complaint(WholeNumber(2), "1") == "“1”无效，应为不小于 2 的整数"


def test_a_choice_may_be_typed_in_either_case_and_width() -> None:
    assert OneOf(("full", "a-3a")).convert("Ａ－３ａ", None, None) == "a-3a"
    assert complaint(OneOf(("full", "short")), "xml") == "“xml”无效，可用：full、short"
    assert (
        complaint(OneOf(("full", "short")), "ful") == "“ful”无效，是否应为 full？可用：full、short"
    )


def test_a_folder_need_not_be_there_but_must_have_a_name() -> None:
    assert Folder().convert("没有", None, None) == Path("没有")
    assert complaint(Folder(), " ") == "不能为空"


def test_a_folder_that_may_not_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: mode == os.F_OK)
    with pytest.raises(EnvironmentProblem, match=r"^没有权限读取 报告$"):
        Folder().convert("报告", None, None)


def test_half_width_is_what_an_input_method_set_to_half_width_types() -> None:
    assert half_width(" Ｔ３０１，Ｉ１０２－（甲） ") == "T301,I102-(甲)"


def test_lists_are_parted_by_commas_of_any_kind() -> None:
    assert split_list("T301，i102 、Ｎ４０１", "F101;") == ["T301", "i102", "N401", "F101"]


def test_a_list_is_completed_at_its_last_word_with_what_is_not_there_yet() -> None:
    known = {"docx": "", "pdf": "便携", "png": ""}
    offered = {item.value: item.help for item in complete_list("docx,p", known)}
    assert offered == {"docx,pdf": "便携", "docx,png": None}
    assert [item.value for item in complete_list("pdf,", known)] == ["pdf,docx", "pdf,png"]
    assert [item.value for item in complete_list("D", known)] == ["docx"]


def test_a_folder_whose_name_is_too_long_is_told() -> None:
    with pytest.raises(EnvironmentProblem, match=r"^无法使用 局+：名称过长$"):
        Folder().convert("局" * 3000, None, None)
