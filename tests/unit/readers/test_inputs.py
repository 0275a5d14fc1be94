"""What a report is made of: the name of last year's is read as the report's reader reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.readers import previous_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("上年: ../某局-2023", "../某局-2023"),
        ("上 年: ' ../甲 '", "../甲"),
        ("单位: 某局\n上年: 甲.docx\n上年: 乙.docx", "甲.docx"),
        ("上年:", ""),
        ("上年: [甲, 乙]", ""),
        ("单位: 某局", ""),
        ("- 上年", ""),
        ("上年: [", ""),
    ],
)
def test_last_year_is_named_in_the_data(typed: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "report.yaml").write_text(typed, encoding="utf-8")
    assert previous_name(tmp_path) == name


def test_a_folder_without_data_names_none(tmp_path: Path) -> None:
    assert previous_name(tmp_path) == ""
