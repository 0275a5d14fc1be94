"""Tests of the elements and of the values of their attributes."""

from __future__ import annotations

import pytest

from reportgen.styles import mm
from reportgen.writers.ofd.elements import (
    NAMESPACE,
    add,
    colour,
    lengths,
    matrix,
    number,
    root,
    serialise,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.00001, "0"), (100, "100"), (1.5, "1.5"), (-1 / 3, "-0.3333"), (2e-4, "0.0002")],
)
def test_numbers_have_four_decimals_at_most_and_no_exponent(value: float, text: str) -> None:
    assert number(value) == text


def test_lengths_are_millimetres() -> None:
    assert lengths(mm(210), 72, 0) == "210 25.4 0"


def test_only_the_shift_of_a_matrix_is_a_length() -> None:
    assert matrix(1, 0, -0.2, 1, 72, mm(3)) == "1 0 -0.2 1 25.4 3"


def test_colours_are_components() -> None:
    assert colour("E8EEF4") == "232 238 244"


def test_names_have_the_namespace_and_attributes_none() -> None:
    part = root("Page")
    add(part, "Area", "文字", ID=3)
    data = serialise(part).decode()
    assert data.startswith("<?xml version='1.0' encoding='UTF-8'?>")
    assert f'<ofd:Page xmlns:ofd="{NAMESPACE}"><ofd:Area ID="3">文字</ofd:Area></ofd:Page>' in data


def test_characters_that_xml_forbids_are_replaced_and_markup_is_escaped() -> None:
    part = root("Res")
    add(part, "Font", "a\x07b<&\ud800", Name='"\x01"')
    assert part[0].text == "a\ufffdb<&\ufffd"
    assert part[0].get("Name") == '"\ufffd"'
    assert b"&lt;&amp;" in serialise(part)
