"""Pictures need a caption."""

from __future__ import annotations

import pytest

from reportgen.checks.figures import check_captions
from reportgen.diagnostics import Diagnostic
from reportgen.model.narrative import Narrative, Picture, PictureGroup
from tests.builders import FORMS, SECTION_TITLES, report, section, span_of


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
