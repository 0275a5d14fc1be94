"""Tests of the conversion of lengths."""

from __future__ import annotations

import pytest

from reportgen.styles import emu, half_points, mm, twips


def test_inch_is_72_points() -> None:
    assert mm(25.4) == pytest.approx(72)


@pytest.mark.parametrize(
    ("points", "in_twips", "in_half_points", "in_emu"),
    [(0, 0, 0, 0), (1, 20, 2, 12700), (10.5, 210, 21, 133350), (mm(210), 11906, 1191, 7560000)],
)
def test_points_become_whole_units_of_word(
    points: float, in_twips: int, in_half_points: int, in_emu: int
) -> None:
    assert (twips(points), half_points(points), emu(points)) == (in_twips, in_half_points, in_emu)
