"""Tests of cell paths and quantities."""

from __future__ import annotations

import copy
import pickle

import pytest

from reportgen.model.report import CellPath, Quantity

NEW = CellPath(("申请", "本年新收", "自然人"))


def test_a_path_is_its_text_and_found_by_it() -> None:
    assert NEW == "申请/本年新收/自然人" == str(NEW) == f"{NEW}"
    assert {NEW: 1}["申请/本年新收/自然人"] == 1  # type: ignore[index]  # so does the JSON of others
    assert CellPath.parse("申请/本年新收/自然人").keys == NEW.keys


def test_a_key_that_holds_the_separator_stays_whole() -> None:
    path = CellPath(("主动公开", "行政许可", "本年增/减"))
    assert (path.column, path.row) == ("本年增/减", "主动公开/行政许可")
    assert CellPath.parse(path) is path
    assert CellPath.parse(str(path)) == path


def test_a_path_knows_its_parts() -> None:
    assert (NEW.table, NEW.row, NEW.column) == ("申请", "申请/本年新收", "自然人")
    assert NEW.within_table.keys == ("本年新收", "自然人")
    assert NEW.under("上年").keys == ("上年", "申请", "本年新收", "自然人")
    assert NEW.row.below("总计") == "申请/本年新收/总计"


def test_the_empty_path_is_false() -> None:
    empty = CellPath(())
    assert not empty
    assert (empty.table, empty.column, empty.row) == ("", "", "")
    assert CellPath.parse("").keys == ()


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("申请", True),
        ("申请/本年新收", True),
        (str(NEW), True),
        ("申请/本年", False),
        ("主动公开", False),
    ],
)
def test_a_path_lies_within_whole_keys_only(name: str, inside: bool) -> None:
    assert NEW.is_within(CellPath.parse(name)) is inside


def test_a_path_moves_with_what_it_lies_below() -> None:
    here, there = CellPath.parse("申请/本年新收"), CellPath.parse("申请/结转下年度")
    assert NEW.moved(here, there) == "申请/结转下年度/自然人"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda path: pickle.loads(pickle.dumps(path))])  # noqa: S301 - our own
def test_a_copy_keeps_its_keys(again: object) -> None:
    assert callable(again)
    assert again(NEW) == NEW
    assert again(NEW).keys == NEW.keys


def test_numbers_are_equal_however_they_were_typed() -> None:
    assert Quantity(3, "+3", signed=True) == Quantity(3, "3", computed=True)
    assert Quantity(3) != Quantity(None)
    assert Quantity(None).amount == 0
