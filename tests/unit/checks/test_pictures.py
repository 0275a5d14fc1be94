"""Tests of the checks of pictures: captions, repetition, legibility in print."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from reportgen.checks import check_report
from reportgen.checks.pictures import check_captions, check_print, check_repeated_pictures
from reportgen.diagnostics import Diagnostic
from reportgen.model.report import Narrative, Picture, PictureGroup, Report, Screenshot
from reportgen.pictures import JudgedPicture
from tests.builders import FORMS, SECTION_TITLES, report, section, span_of
from tests.drawn import judged, page_of_text, photograph
from tests.unit.checks.written import written

BLANK = judged(Image.new("RGB", (9, 9)))


def opened(picture: JudgedPicture) -> Screenshot:
    verdict = picture.verdict
    size = (verdict.width, verdict.height)
    return Screenshot(Path("a.png"), verdict.printed_kind, *size, picture.digest, picture)


def check(text: Narrative) -> list[Diagnostic]:
    return list(check_captions(report(text=text), FORMS["2021"]))


def group(*captions: str) -> PictureGroup:
    place = span_of("![](a.png)", "![](a.png)", "正文.md")
    return PictureGroup(tuple(Picture("a.png", caption, span=place) for caption in captions))


@pytest.mark.parametrize("caption", ["", " ", "\u3000"])
def test_picture_without_caption_is_told(caption: str) -> None:
    (found,) = check(Narrative(sections=(section(SECTION_TITLES[0], group("专栏", caption)),)))
    assert (found.code, found.severity.value) == ("F301", "warning")
    assert "a.png" in found.message
    assert found.span is not None


def test_picture_of_the_opening_is_looked_at() -> None:
    assert len(check(Narrative(opening=(group(""),)))) == 1


def test_picture_of_an_unknown_section_is_looked_at() -> None:
    assert len(check(Narrative(sections=(section("附图", group("")),)))) == 1


def test_picture_with_caption_is_quiet() -> None:
    assert check(Narrative(sections=(section(SECTION_TITLES[0], group("专栏")),))) == []


def shown(*targets: str, digests: dict[str, str]) -> Report:
    report = written("\n\n".join(f"![图](images/{target})\n\n文字。" for target in targets))
    pictures = {
        f"images/{name}": replace(opened(BLANK), digest=digest) for name, digest in digests.items()
    }
    return replace(report, screenshots=pictures)


def test_same_picture_under_two_names_is_told_at_the_second() -> None:
    report = shown("a.png", "b.png", digests={"a.png": "1", "b.png": "1"})
    (hit,) = check_repeated_pictures(report, FORMS["2021"])
    assert hit.code == "F302"
    assert "b.png" in hit.message
    assert "a.png" in hit.message


def test_same_name_twice_is_told() -> None:
    report = shown("a.png", "a.png", digests={"a.png": "1"})
    assert len(list(check_repeated_pictures(report, FORMS["2021"]))) == 1


def test_different_and_missing_pictures_are_left_alone() -> None:
    report = shown("a.png", "b.png", "c.png", "c.png", digests={"a.png": "1", "b.png": "2"})
    assert list(check_repeated_pictures(report, FORMS["2021"])) == []


def printed(picture: JudgedPicture, width: str = "") -> list[Diagnostic]:
    """Return what is found about *picture*, printed with the share *width* of the type area."""
    text = written(f"![图](images/a.png){width}")
    full = replace(text, screenshots={"images/a.png": opened(picture)})
    return list(check_print(full, FORMS["2021"]))


LONG = judged(page_of_text(1080, 6_000, 44))


def test_a_long_page_that_is_cut_is_told() -> None:
    (hit,) = printed(LONG)
    assert (hit.code, hit.severity.value) == ("F204", "hint")
    assert "1080×6000 像素" in hit.message
    assert "裁成 2 部分并排印出" in hit.message
    (hit,) = printed(LONG, "{宽=100%}")
    assert "裁成 5 部分印在 5 面上" in hit.message


def test_a_long_page_that_would_take_too_many_pages_is_refused() -> None:
    (hit,) = printed(judged(page_of_text(1280, 20_000, 16)))
    assert (hit.code, hit.severity.value) == ("F206", "error")
    assert "最多 6 面" in hit.message
    assert hit.hint
    assert hit.span


def test_a_long_page_printed_too_small_is_told() -> None:
    (hit,) = printed(LONG, "{宽=12%}")
    assert hit.code == "F205"
    assert "字高只有约 0.7 毫米" in hit.message
    assert "宽=100%" in hit.hint


@pytest.mark.parametrize(("width", "size", "height"), [(6_000, 20, "0.5"), (4_000, 24, "0.9")])
def test_a_wide_page_whose_text_is_illegible_is_told(width: int, size: int, height: str) -> None:
    (hit,) = printed(judged(page_of_text(width, 900, size)))
    assert (hit.code, hit.severity.value) == ("F205", "warning")
    assert f"字高只有约 {height} 毫米" in hit.message
    assert "分几张截" in hit.hint


def legible() -> list[JudgedPicture]:
    return [
        judged(page_of_text(1920, 600, 20)),
        judged(page_of_text(1080, 2_400, 44)),
        judged(page_of_text(1920, 1_080, 14)),  # the screen of a computer
        judged(photograph(3_000, 600), "JPEG"),
    ]


@pytest.mark.parametrize("picture", legible(), ids=["strip", "phone", "screen", "panorama"])
def test_other_pictures_are_not_accused(picture: JudgedPicture) -> None:
    assert printed(picture) == []


def test_a_picture_that_was_not_read_is_passed_over() -> None:
    text = written("![图](images/a.png)")
    assert list(check_print(text, FORMS["2021"])) == []


def test_a_picture_shown_a_hundred_times_is_one_finding_of_each_rule() -> None:
    report = shown(*["a.png"] * 100, digests={"a.png": "1"})
    (hit,) = (item for item in check_report(report, FORMS["2021"]) if item.code == "F302")
    assert hit.message.endswith("是同一张（共 99 处）")
    assert len(hit.labels) == 98
