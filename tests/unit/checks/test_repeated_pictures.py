"""The same picture shown twice, under one name or two."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from reportgen.checks.figures import check_repeated_pictures
from reportgen.model.narrative import Screenshot
from reportgen.model.report import Report
from reportgen.pictures import PictureKind
from tests.builders import FORMS, NO_PICTURE
from tests.unit.checks.written import written


def shown(*targets: str, digests: dict[str, str]) -> Report:
    report = written("\n\n".join(f"![图](images/{target})\n\n文字。" for target in targets))
    pictures = {
        f"images/{name}": Screenshot(Path(name), PictureKind.PNG, 9, 9, digest, NO_PICTURE)
        for name, digest in digests.items()
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
