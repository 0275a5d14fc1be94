"""Tests of where a change made by hand in a finished file is to be written, and why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import check_folder
from reportgen.compare import open_folder, placing, verify_file
from reportgen.compare.content import Passage
from reportgen.compare.differences import Comparison, Matched, Whereabouts
from reportgen.compare.placing import PlacedChange
from reportgen.text import Run
from tests.builders import FORMS, report

SAMPLE = Path(__file__).parents[3] / "samples" / "yunxi-market-2024"
CELL = 'data-cell="申请/本年新收/商业企业">'


@pytest.fixture(scope="module")
def page() -> str:
    """Return the sample's web page."""
    (data,) = check_folder(SAMPLE).build(formats=["html"]).files.values()
    return data.decode()


def placed(page: str, before: str, after: str, tmp_path: Path) -> list[PlacedChange]:
    """Return the changes and their places when *before* in *page* is replaced by *after*."""
    assert before in page
    file = tmp_path / "改过.html"
    file.write_text(page.replace(before, after, 1), encoding="utf-8")
    return list(verify_file(file, open_folder(SAMPLE)).changes)


def edits(change: PlacedChange) -> list[tuple[str, str, str]]:
    """Return the file, the old and the new text of each edit of *change*."""
    _, placement = change
    return [
        (Path(source.path).name, source.text[edit.start : edit.end], edit.text)
        for source, edit in placement.texts
    ]


def test_a_page_that_was_not_changed_has_nothing_to_place(page: str, tmp_path: Path) -> None:
    assert placed(page, "<title>", "<title>", tmp_path) == []


def test_a_number_is_placed_where_it_was_typed(page: str, tmp_path: Path) -> None:
    (change,) = placed(page, CELL + "8", CELL + "9", tmp_path)
    assert edits(change) == [("report.yaml", "8", "9")]
    assert change[1].is_number
    assert not change[1].reason


def test_words_are_placed_in_the_narrative(page: str, tmp_path: Path) -> None:
    (change,) = placed(page, "较好保障了公众", "充分保障了公众", tmp_path)
    assert {name for name, _, _ in edits(change)} == {"正文.md"}
    assert not change[1].is_number


def test_wording_of_the_form_has_no_place_in_the_folder(page: str, tmp_path: Path) -> None:
    (change, *_) = placed(page, "本年制发件数</th>", "本年制定件数</th>", tmp_path)
    assert change[1].is_empty


def test_nothing_is_written_while_places_are_looked_for(page: str, tmp_path: Path) -> None:
    data = SAMPLE / "report.yaml"
    before = data.read_bytes()
    placed(page, CELL + "8", CELL + "9", tmp_path)
    assert data.read_bytes() == before


@pytest.mark.parametrize(("count", "compared"), [(20, 210), (200, 0)])
def test_texts_of_another_document_are_not_compared_each_with_each(
    count: int, compared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[float] = []

    def similarity(one: object, other: object) -> float:
        calls.append(1.0)
        return 1.0

    monkeypatch.setattr(placing, "similarity", similarity)
    texts = [(Passage((Run(f"第{number}段文字"),), None),) for number in range(2 * count)]
    lines = [Matched(one, ()) for one in texts[:count]]
    lines += [Matched((), one) for one in texts[count:]]
    placing.place_changes(
        Comparison(tuple(lines), Whereabouts((), (), ())), (), report(), FORMS["2021"]
    )
    assert len(calls) == compared
