"""Tests of the files of a form, each read as a value of its shape."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec.structs import fields

from reportgen.forms.form import Edition
from reportgen.forms.library import Library
from reportgen.problems import EnvironmentProblem
from tests.builders import (
    LIBRARY,
)


def test_editions_say_of_each_form_what_the_form_says() -> None:
    names = [field.name for field in fields(Edition)]
    assert [[getattr(item, name) for name in names] for item in LIBRARY.editions("disclosure")] == [
        [getattr(form, name) for name in names] for form in LIBRARY.forms("disclosure")
    ]


def test_new_kind_of_report_is_a_new_folder(own: Path) -> None:
    shutil.copytree(own / "disclosure", own / "safety")
    (own / "safety" / "report.yaml").write_text("name: 安全生产年度报告\n", encoding="utf-8")
    library = Library((own,))
    assert library.report_kinds()["安全生产年度报告"] == "safety"
    assert library.load("safety", "2021").report == "safety"


def test_folder_that_is_no_report_is_passed_over(own: Path) -> None:
    (own / "notes").mkdir()
    (own / "disclosure" / "drafts").mkdir()
    library = Library((own, own / "absent"))
    assert list(library.report_kinds().values()) == ["disclosure"]
    assert library.form_ids("disclosure") == ["2019", "2021"]


@pytest.mark.parametrize("text", ["- 甲\n", "title: 报告\n", "甲: [\n"])
def test_wrong_report_file_is_an_environment_problem(own: Path, text: str) -> None:
    (own / "disclosure" / "report.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match=r"report\.yaml"):
        Library((own,)).report_kinds()
