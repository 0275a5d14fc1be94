"""Chosen pages look as they did when a person last looked at them.

The references are small and grey; ``pytest --update-golden`` draws them anew.  A page that
differs is written to ``build/visual`` as it was, as it is, and as both over each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.visual.rendering import (
    BLOCK,
    compare,
    render_page,
    show_difference,
    to_png,
)
from tests.visual.samples import build, build_sample
from tests.wide_report import write_wide_report

REFERENCES = Path(__file__).parent / "references"
FAILURES = Path(__file__).parents[2] / "build" / "visual"
DPI = 40
LARGEST = 20 * 1024  # bytes of a reference
MOST_MEAN = 2.0
MOST_WORST = 10.0  # a full stop gone from a block makes 4, a character 14, a line moved by 3 pt 25


@dataclass(frozen=True)
class Chosen:
    """A page to be looked at: of which sample, its number, whether of the draft."""

    name: str
    sample: str
    number: int
    draft: bool = False


PAGES = (
    Chosen("title", "yunxi-market-2024", 1),
    Chosen("table-three-whole", "yunxi-market-2024", 8),
    Chosen("table-three-begins", "qinghe-county-2023", 11),
    Chosen("table-three-goes-on", "qinghe-county-2023", 12),
    Chosen("tables-follow", "fuyang-emergency-2020", 11),
    Chosen("signature", "yunxi-market-2024", 10),
    Chosen("list", "qinghe-county-2023", 1),
    Chosen("pictures-side-by-side", "qinghe-county-2023", 2),
    Chosen("rare-characters", "rare-characters-2024", 2),
    Chosen("draft", "rare-characters-2024", 1, draft=True),
)


LANDSCAPE = "landscape"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_looks_as_its_reference(page: Chosen, request: pytest.FixtureRequest) -> None:
    actual = render_page(build_sample(page.sample, draft=page.draft), page.number, DPI)
    _check(page.name, actual, request)


def test_landscape_page_of_a_draft_looks_as_its_reference(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = write_wide_report(tmp_path / "report")
    _check(LANDSCAPE, render_page(build(folder, draft=True), 4, DPI), request)


def _check(name: str, actual: Image.Image, request: pytest.FixtureRequest) -> None:
    """Fail when *actual* is not the page of the reference *name*; when updating, draw that."""
    reference = REFERENCES / f"{name}.png"
    if request.config.getoption("--update-golden"):
        REFERENCES.mkdir(exist_ok=True)
        reference.write_bytes(to_png(actual))
        return
    if not reference.exists():
        pytest.fail(f"no reference {reference}; draw it with: make golden")
    expected = Image.open(reference).convert("L")
    distance = compare(expected, actual)
    if distance.mean > MOST_MEAN or distance.worst > MOST_WORST:
        _keep(name, expected, actual)
        pytest.fail(
            f"{name} looks different: {distance}; "
            f"see {FAILURES / name}-*.png; if it is right: make golden",
            pytrace=False,
        )


def _keep(name: str, expected: Image.Image, actual: Image.Image) -> None:
    FAILURES.mkdir(parents=True, exist_ok=True)
    expected.save(FAILURES / f"{name}-expected.png")
    actual.save(FAILURES / f"{name}-actual.png")
    show_difference(expected, actual).save(FAILURES / f"{name}-difference.png")


def test_references_are_small_and_none_is_left_over() -> None:
    found = {path.stem: path for path in REFERENCES.glob("*.png")}
    assert set(found) == {*(page.name for page in PAGES), LANDSCAPE}
    assert not [path.name for path in found.values() if path.stat().st_size > LARGEST]


@pytest.fixture(scope="module")
def page() -> Image.Image:
    """Return a page as a reference has it."""
    return render_page(build_sample("rare-characters-2024"), 1, DPI)


def test_the_same_page_in_few_greys_is_the_same(page: Image.Image, tmp_path: Path) -> None:
    file = tmp_path / "page.png"
    file.write_bytes(to_png(page))
    distance = compare(page, Image.open(file).convert("L"))
    assert distance.mean < MOST_MEAN / 2
    assert distance.worst < MOST_WORST / 2


def test_softer_edges_make_no_difference(page: Image.Image) -> None:
    distance = compare(page, page.filter(ImageFilter.GaussianBlur(0.4)))
    assert distance.worst < MOST_WORST


def test_a_lost_character_makes_a_difference(page: Image.Image) -> None:
    changed = page.copy()
    zi = round(16 * DPI / 72)
    x, y = round(28 / 25.4 * DPI) + 10 * zi, _first_text(page)
    ImageDraw.Draw(changed).rectangle((x, y, x + zi, y + zi), fill=255)
    assert compare(page, changed).worst > MOST_WORST


def test_a_moved_line_makes_a_difference(page: Image.Image) -> None:
    y = _first_text(page)
    changed = page.copy()
    changed.paste(page.crop((0, y, page.width, y + 2 * BLOCK)), (0, y + 2))
    assert compare(page, changed).worst > MOST_WORST


def test_another_size_is_another_page(page: Image.Image) -> None:
    assert compare(page, page.crop((0, 0, 100, 100))).mean > MOST_MEAN


def _first_text(page: Image.Image) -> int:
    """Return the first row of pixels below the title that holds ink."""
    start = round(75 / 25.4 * DPI)
    rows = (
        y
        for y in range(start, page.height)
        if min(page.crop((0, y, page.width, y + 1)).tobytes()) < 128
    )
    return next(rows)
