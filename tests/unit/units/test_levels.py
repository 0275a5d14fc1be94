"""Tests of the groups of units, and of the sums among them."""

from __future__ import annotations

import pytest

from reportgen.units.levels import group_totals, levels_of
from reportgen.units.reading import UnitNumber, UnitReport
from reportgen.units.roll import Group, Roll

CELLS = 12


def unit(name: str, *numbers: UnitNumber) -> UnitReport:
    return UnitReport(name, numbers=numbers)


def even(name: str, number: int) -> UnitReport:
    return unit(name, *[number] * CELLS)


@pytest.mark.parametrize(
    ("organs", "groups"),
    [
        ({"甲": "清溪县财政局", "乙": "清溪县审计局"}, [(), ()]),
        ({"财政局/报告.docx": "清溪县财政局", "审计局/终稿/a.pdf": "清溪县审计局"}, [(), ()]),
        ({"清溪县财政局/a.docx": "清溪县财政局", "乙": "清溪县审计局"}, [(), ()]),
        (
            {"甲县/财政局": "甲县财政局", "甲县/审计局": "甲县审计局", "市局": "某市某局"},
            [("甲县",), ("甲县",), ()],
        ),
        (
            {"甲县/a.docx": "甲县财政局", "甲县/b.docx": "甲县审计局", "乙县/c.docx": "乙县财政局"},
            [("甲县",), ("甲县",), ("乙县",)],
        ),
        (
            {"甲市/甲县/a": "甲县财政局", "甲市/甲县/b": "甲县审计局", "乙市/c": "乙市财政局"},
            [("甲市", "甲县"), ("甲市", "甲县"), ("乙市",)],
        ),
        ({"2024/甲县/a": "甲县财政局", "2024/乙县/b": "乙县财政局"}, [("甲县",), ("乙县",)]),
        (
            {"甲县": "甲县人民政府", "甲县/财政局": "甲县财政局", "乙局": "某市乙局"},
            [("甲县",), ("甲县",), ()],
        ),
    ],
)
def test_folders_of_several_organs_are_groups(organs: dict[str, str], groups: list[Group]) -> None:
    assert list(levels_of(organs, None).groups.values()) == groups


@pytest.mark.parametrize(
    ("organs", "groups"),
    [
        (  # beside the folder of its units
            {
                "甲县汇总": "甲县人民政府",
                "甲县/a": "甲县财政局",
                "甲县/b": "甲县审计局",
                "z": "丙局",
            },
            [("甲县",), ("甲县",), ("甲县",), ()],
        ),
        (
            {"甲": "甲县人民政府", "甲县各局/a": "甲县甲局", "甲县各局/b": "甲县乙局", "z": "丙局"},
            [("甲县各局",), ("甲县各局",), ("甲县各局",), ()],
        ),
        (  # among its units and those of the city
            {"a": "甲县人民政府", "b": "甲县财政局", "c": "甲县审计局", "d": "某市财政局"},
            [("甲县",), ("甲县",), ("甲县",), ()],
        ),
        (  # without any of its units, or with one alone
            {"a": "甲县人民政府", "b": "某市财政局", "c": "某市审计局"},
            [(), (), ()],
        ),
        (
            {"a": "甲县人民政府", "b": "甲县财政局", "d": "某市财政局"},
            [(), (), ()],
        ),
        (  # of the whole
            {"a": "某市人民政府", "b": "某市财政局", "c": "某市审计局", "d": "甲县人民政府"},
            [(), (), (), ()],
        ),
    ],
)
def test_a_government_lies_with_the_units_of_its_place(
    organs: dict[str, str], groups: list[Group]
) -> None:
    assert list(levels_of(organs, None, "某市人民政府").groups.values()) == groups


def test_places_lie_in_the_places_that_their_names_begin_with() -> None:
    names = ("人民政府", "甲局", "乙局", "丙镇人民政府", "丙镇甲站", "丙镇乙站")
    organs = {f"甲县{name}": f"甲县{name}" for name in names} | {"市": "某市财政局"}
    groups = levels_of(organs, None, "某市").groups
    assert [groups[f"甲县{name}"] for name in names[:3]] == [("甲县",)] * 3
    assert [groups[f"甲县{name}"] for name in names[3:]] == [("甲县", "甲县丙镇")] * 3
    assert groups["市"] == ()


@pytest.mark.parametrize(
    ("organs", "found"),
    [
        ({"乙县": "乙县人民政府", "a": "某市财政局", "b": "某市审计局"}, {}),
        ({"乙县": "乙县人民政府", "a": "财政局", "b": "审计局"}, {}),
        ({"乙县": "乙县人民政府", "a": "乙县财政局", "b": "某市审计局"}, {"乙县": ()}),
        ({"汇总": "某市人民政府", "a": "财政局", "b": "审计局"}, {"汇总": ()}),
        ({"汇总": "某省某市", "a": "某市财政局", "b": "某市审计局"}, {"汇总": ()}),
        ({"汇总": "某管委会", "a": "财政局", "b": "审计局"}, {"汇总": ()}),
        ({"乙县汇总": "乙县人民政府", "乙县/a": "甲局", "乙县/b": "乙局"}, {"乙县汇总": ("乙县",)}),
    ],
)
def test_a_sum_of_units_that_are_not_here_is_a_unit(
    organs: dict[str, str], found: dict[str, Group]
) -> None:
    levels = levels_of({**organs, "丙/x": "某市丙局", "丙/y": "某市丁局"}, None, "某市人民政府")
    assert levels.declared_sums([next(iter(organs))]) == found


def test_a_government_with_no_less_than_its_units_may_be_their_sum() -> None:
    organs = {"甲": "甲县人民政府", "a": "甲县财政局", "b": "甲县审计局", "c": "甲县民政局"}
    levels = levels_of(organs, None, "甲县人民政府")
    units = [even("a", 1), even("b", 2), even("c", 3)]
    for number, is_possible in ((7, True), (5, False)):
        found = levels.possible_sums([even("甲", number), *units])
        assert {name: total.units for name, total in found.items()} == (
            {"甲": 3} if is_possible else {}
        )
    assert levels.possible_sums([even("甲", 7), units[0]]) == {}


def test_the_roll_says_the_groups_if_it_has_levels() -> None:
    names = {"甲县财政局": ("甲县",), "乙县财政局": ("乙县",), "丙县人民政府": ()}
    organs = {"a": "甲县财政局", "b": "甲县人民政府", "x/c": "乙县财政局", "d": "丙县人民政府"}
    levels = levels_of(organs, Roll(tuple(names), names))
    assert list(levels.groups.values()) == [("甲县",), ("甲县",), ("乙县",), ()]
    assert levels.declared_sums(["b", "d"]) == {"b": ("甲县",)}  # 丙县 has no units here


@pytest.mark.parametrize(
    ("organs", "sums", "found"),
    [
        ({"甲县/汇总": "甲县人民政府", "甲县/财政局": "甲县财政局", "乙": "乙局"}, 1, [("甲县",)]),
        ({"甲县": "甲县人民政府", "甲县/财政局": "甲县财政局", "乙": "乙局"}, 1, [("甲县",)]),
        ({"乙县/汇总": "乙县人民政府", "甲县/a": "甲县财政局", "甲县/b": "甲县审计局"}, 1, []),
        ({"汇总": "某市人民政府", "甲县/a": "甲县财政局", "甲县/b": "甲县审计局"}, 1, [()]),
        ({"甲县": "甲县人民政府", "乙县": "乙县人民政府"}, 2, []),
        ({"市": "某市人民政府", "甲县/a": "甲县人民政府", "乙县/a": "乙县人民政府"}, 3, [()]),
    ],
)
def test_a_sum_whose_units_are_there_is_theirs(
    organs: dict[str, str], sums: int, found: list[Group]
) -> None:
    declared = levels_of(organs, None).declared_sums(list(organs)[:sums])
    assert list(declared.values()) == found


def test_a_report_whose_numbers_are_those_of_all_others_is_their_sum() -> None:
    names = ("甲县/a", "甲县/b", "甲县/总", "乙县/a", "乙县/b", "总")
    levels = levels_of(dict(zip(names, map("{}局".format, range(6)), strict=True)), None)
    units = [even(name, number) for name, number in zip(names, (1, 2, 3, 4, 5, 12), strict=True)]
    assert levels.apparent_sums(units) == {"甲县/总": ("甲县",), "总": ()}
    wrong = unit("总", 11, 12, *[12] * (CELLS - 2))
    assert "总" in levels.apparent_sums([*units[:-1], wrong])
    other = unit("总", *[12] * 6, *[13] * 6)
    assert "总" not in levels.apparent_sums([*units[:-1], other])


def test_few_numbers_or_two_reports_make_no_sum() -> None:
    levels = levels_of({"甲": "甲局", "乙": "乙局", "丙": "丙局"}, None)
    few = [
        unit(name, number, *[0] * CELLS) for name, number in zip("甲乙丙", (1, 2, 3), strict=True)
    ]
    assert levels.apparent_sums(few) == {}
    assert levels.apparent_sums([even("甲", 3), even("乙", 3)]) == {}
    assert levels.apparent_sums([even("甲", 1), even("乙", 2), even("丙", 3)]) == {"丙": ()}


def test_each_group_and_those_above_it_are_added_up() -> None:
    groups: dict[str, Group] = {"a": ("甲市", "甲县"), "b": ("甲市",), "c": ()}
    totals = group_totals([unit("a", 1, None), unit("b", 2, 5), unit("c", 4, 5)], groups)
    assert {group: (total.units, total.numbers) for group, total in totals.items()} == {
        ("甲市", "甲县"): (1, (1, 0)),
        ("甲市",): (2, (3, 5)),
        (): (3, (7, 10)),
    }
