"""Tests of whose report each file is, and of files that are one report."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reportgen.units.reading import Head, UnitReport
from reportgen.units.roll import Roll
from reportgen.units.senders import with_organs
from reportgen.units.sources import Sources, sum_up
from tests.builders import FORMS, LIBRARY

PATHS = list(FORMS["2021"].value_cells)
A, B = "清溪县财政局", "清溪县审计局"
Sent = tuple[str, str, int]
"""The name of a file or folder, the organ that it names, and what is in its first cell."""


def read(name: str, organ: str, first: int) -> UnitReport:
    """Return a report with many numbers; a workbook that names no organ has no year either."""
    numbers = (first, *range(1, 20), *[0] * (len(PATHS) - 20))
    return UnitReport(name, Head(organ, 2024 if organ else None, "", "disclosure/2021"), numbers)


def summed(
    sent: Sequence[Sent], roll: Roll | None = None
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the reports that are added up, and what is said about which."""
    units = [read(*item) for item in sent]
    loose = frozenset(name for name, _, _ in sent if "/" not in name)
    total = sum_up(units, Sources((), (), loose), LIBRARY, year=2024, roll=roll)
    return sorted(total.included), [(item.name, item.finding.slug) for item in total.remarks]


ANOTHER = ("统计局.docx", "清溪县统计局", 90)


@pytest.mark.parametrize(
    ("sent", "counted", "said"),
    [
        pytest.param(
            [("财政局.docx", A, 1), ("财政局.xlsx", "", 1)],
            ["财政局.docx"],
            [("财政局.xlsx", "same-report")],
            id="a workbook beside the report",
        ),
        pytest.param(
            [("财政局/报告.docx", A, 1), ("财政局/三张表.xlsx", "", 1)],
            ["财政局/报告.docx"],
            [("财政局/三张表.xlsx", "same-report")],
            id="a workbook in the folder of the unit",
        ),
        pytest.param(
            [("财政局.docx", A, 1), ("附表.xlsx", "", 1)],
            ["财政局.docx"],
            [("附表.xlsx", "same-report")],
            id="known by its numbers",
        ),
        pytest.param(
            [("财政局.docx", A, 1), ("财政局.xlsx", "", 2)],
            ["财政局.docx"],
            [("财政局.xlsx", "organ-unnamed"), ("财政局.xlsx", "organ-twice")],
            id="other numbers",
        ),
        pytest.param(
            [("财政局", A, 1), ("财政局.docx", A, 1), ("财政局.xlsx", "", 1)],
            ["财政局"],
            [("财政局.docx", "same-report"), ("财政局.xlsx", "same-report")],
            id="a folder and files",
        ),
        pytest.param(
            [("word/财政局.docx", A, 1), ("pdf/财政局.pdf", A, 1)],
            ["word/财政局.docx"],
            [("pdf/财政局.pdf", "same-report")],
            id="a folder for each format",
        ),
        pytest.param(
            [("财政局.docx", A, 1), ("财政局(1).docx", A, 1), ("财政局 - 副本.docx", A, 1)],
            ["财政局.docx"],
            [("财政局 - 副本.docx", "organ-twice"), ("财政局(1).docx", "organ-twice")],
            id="copies of a file",
        ),
        pytest.param(
            [("财政局.docx", A, 1), ("财政局.pdf", A, 2)],
            ["财政局.docx"],
            [("财政局.pdf", "organ-twice")],
            id="an old and a new version",
        ),
        pytest.param(
            [("财政局", A, 1), ("财政局 - 副本", A, 1)],
            ["财政局"],
            [("财政局 - 副本", "organ-twice")],
            id="two folders",
        ),
        pytest.param(
            [("财政局/表(改).xlsx", "", 2), ("财政局/表.xlsx", "", 1)],
            ["财政局/表(改).xlsx"],
            [
                ("财政局/表(改).xlsx", "organ-unnamed"),
                ("财政局/表.xlsx", "organ-unnamed"),
                ("财政局/表.xlsx", "organ-twice"),
            ],
            id="two workbooks",
        ),
        pytest.param(
            [("财政局.docx", A, 1), ("审计局.docx", B, 1)],
            ["审计局.docx", "财政局.docx"],
            [("财政局.docx", "organ-copied")],
            id="the numbers of another unit",
        ),
        pytest.param(
            [("甲县/财政局.xlsx", "", 1), ("乙县/财政局.xlsx", "", 2)],
            ["乙县/财政局.xlsx", "甲县/财政局.xlsx"],
            [("乙县/财政局.xlsx", "organ-unnamed"), ("甲县/财政局.xlsx", "organ-unnamed")],
            id="one name in two counties",
        ),
        pytest.param(
            [("甲县/财政局.docx", "甲县财政局", 1), ("甲县/审计局.xlsx", "", 2)],
            ["甲县/审计局.xlsx", "甲县/财政局.docx"],
            [("甲县/审计局.xlsx", "organ-unnamed")],
            id="files of several units in one folder",
        ),
    ],
)
def test_each_unit_counts_once(
    sent: list[Sent], counted: list[str], said: list[tuple[str, str]]
) -> None:
    included, remarks = summed([*sent, ANOTHER])
    assert included == sorted([*counted, ANOTHER[0]])
    assert sorted(remarks) == sorted(said)


@pytest.mark.parametrize(
    ("name", "organ", "wording"),
    [
        ("财政局/表.xlsx", A, ""),
        ("07 审计局.xlsx", "审计局", ""),
        ("甲县/财政局.xlsx", "甲县财政局", ""),
        ("报表2024.xlsx", "报表2024", ""),
        ("1.xlsx", "1.xlsx", ""),
    ],
)
def test_a_report_without_organ_is_named_by_its_file(name: str, organ: str, wording: str) -> None:
    units = [read("财政局/报告.pdf", A, 5), read(name, "", 1)]
    if organ == A:
        wording = "beside"
    settled, (remark,) = with_organs(units, {name for name in [name] if "/" not in name}, None)
    assert settled[1].head is not None
    assert (settled[1].head.organ, settled[1].is_supposed) == (organ, True)
    assert remark.finding.wording == wording


def test_the_roll_says_which_unit_a_file_is_of() -> None:
    roll = Roll((A, B))
    included, remarks = summed([("财政局.xlsx", "", 1), ("审计局.docx", B, 2)], roll)
    assert included == ["审计局.docx", "财政局.xlsx"]
    assert remarks == [("财政局.xlsx", "organ-unnamed")]


def test_a_file_is_only_left_out_when_numbers_are_many() -> None:
    few = (1, 2, *[0] * (len(PATHS) - 2))
    units = [
        UnitReport("甲.docx", Head("甲局", 2024, "", "disclosure/2021"), few),
        UnitReport("乙.xlsx", Head("", None, "", "disclosure/2021"), few),
    ]
    total = sum_up(units, Sources((), (), frozenset({"甲.docx", "乙.xlsx"})), LIBRARY)
    assert total.included == {"甲.docx", "乙.xlsx"}
