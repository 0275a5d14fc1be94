"""Finished files become report folders that say the same and build the same."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.api import check_folder
from reportgen.forms import Form, shipped_library
from reportgen.model import CellPath, Quantity
from reportgen.pictures import GivenPictures
from reportgen.readers import read_values
from reportgen.workflows import import_report
from reportgen.workflows.importing import scaffold_of
from reportgen.workflows.new import data_text
from tests.builders import FORMS, quantities, report
from tests.roundtrip.reading import read_back
from tests.strategies import balanced_numbers
from tests.visual.samples import SAMPLES, build, build_sample, sound_samples

LIBRARY = shipped_library()


@pytest.mark.parametrize("kind", ["docx", "html", "json"])
@pytest.mark.parametrize("name", sound_samples())
def test_a_samples_file_becomes_a_folder_of_the_same_report(
    name: str, kind: str, tmp_path: Path
) -> None:
    file = tmp_path / f"年报.{kind}"
    file.write_bytes(build_sample(name, kind))
    made = import_report([file], tmp_path / "报告")
    assert made.diagnostics == ()
    ours, theirs = check_folder(SAMPLES / name), check_folder(tmp_path / "报告")
    assert not theirs.has_errors
    assert lines(theirs.data["正文"]) == lines(ours.data["正文"])
    assert {**theirs.data, "正文": ""} == {**ours.data, "正文": ""}
    again = read_back(name, build(tmp_path / "报告", "docx"), "年报.docx")
    assert again.wrong_cells == ()
    assert again.text == 1


def lines(texts: dict[str, str]) -> list[str]:
    """Return the lines of each section, not those of the opening, which a form may write."""
    return [line for title, text in texts.items() if title != "开头" for line in text.split("\n")]


def test_bound_numbers_are_fetched_from_the_tables_and_print_the_same(tmp_path: Path) -> None:
    file = tmp_path / "年报.html"
    file.write_bytes(build_sample("yunxi-market-2024", "html"))
    plain, bound = tmp_path / "照抄", tmp_path / "绑定"
    import_report([file], plain)
    made = import_report([file], bound, bind=True)
    text = (bound / "正文.md").read_text(encoding="utf-8")
    assert "全年新收政府信息公开申请{{ 申请.本年新收.总计 }}件" in text
    assert "第 17 行：41 → {{ 申请.本年新收.总计 }}" in made.notes
    assert len(made.notes) == text.count("{{")
    assert check_folder(bound).data == check_folder(plain).data


@st.composite
def cells_read(draw: st.DrawFn) -> tuple[Form, dict[CellPath, Quantity]]:
    """Draw numbers as a file may hold them: sums wrong, numbers missing or not to be read."""
    form = draw(st.sampled_from(list(FORMS.values())))
    cells = quantities(draw(balanced_numbers(form.id)))
    odd = st.sampled_from([Quantity(None, "/"), Quantity(None, "？", invalid=True), Quantity(7)])
    names = draw(st.lists(st.sampled_from(list(cells)), max_size=4))
    return form, cells | {name: draw(odd) for name in names}


@given(cells_read())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_data_says_every_number_that_was_read_and_no_other(
    drawn: tuple[Form, dict[CellPath, Quantity]],
) -> None:
    form, cells = drawn
    read = report(form.id, cells, year=form.first_year)
    data = data_text(scaffold_of(read, form, LIBRARY), form, LIBRARY)
    typed = read_values(data, "", GivenPictures({}), LIBRARY).report
    assert typed is not None
    for name, cell in cells.items():
        found = typed.cells.get(name)
        if name in form.totals and (cell.invalid or cell.number is None):
            continue  # it may be worked out of its parts
        assert (found.number if found else None) == cell.number, name
        assert cell.invalid == (found is None or found.invalid), name


def test_money_is_typed_with_the_unit_that_its_cell_prints() -> None:
    form = FORMS["2019"]
    money = CellPath(("主动公开", "政府集中采购", "采购总金额"))
    change = CellPath(("主动公开", "行政许可", "本年增/减"))
    cells = {
        **report("2019").cells,
        money: Quantity(Decimal("3892431.5")),
        change: Quantity(3, "+3", signed=True),
    }
    text = data_text(scaffold_of(report("2019", cells, year=2020), form, LIBRARY), form, LIBRARY)
    assert "采购总金额: 3892431.5元" in text
    assert "本年增/减: +3" in text
