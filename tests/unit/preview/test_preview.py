"""Tests of the pictures of a draft's pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reportgen.files import NO_CACHE
from reportgen.preview import preview_folder
from tests.errors.gallery import BASE

pytest.importorskip("pypdfium2")
KEY = b"key of the user"


def drawn(folder: Path) -> tuple[set[str], set[str]]:
    """Return the names of the pictures that a preview has written, and of all that are there."""
    pictures = preview_folder(folder, None, png=True, cache=NO_CACHE, key=KEY).pictures
    there = (folder / "output").glob("*.png")
    return {path.name for path in pictures}, {path.name for path in there}


def test_pictures_of_pages_that_are_no_more_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    shutil.copytree(BASE, folder)
    narrative = folder / "正文.md"
    short = narrative.read_text("utf-8")
    narrative.write_text(short + "\n\n工作开展情况。" * 90 + "\n", "utf-8")
    many, there = drawn(folder)
    assert there == many
    own = folder / "output" / "会场.png"
    own.write_bytes(b"a picture of the user's")
    narrative.write_text(short, "utf-8")
    few, there = drawn(folder)
    assert there == few | {own.name}
    assert len(few) < len(many)
    assert all(name.endswith(".png") for name in few)


def test_a_picture_of_a_page_that_somebody_changed_stays(tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    shutil.copytree(BASE, folder)
    narrative = folder / "正文.md"
    short = narrative.read_text("utf-8")
    narrative.write_text(short + "\n\n工作开展情况。" * 90 + "\n", "utf-8")
    many, _ = drawn(folder)
    last = folder / "output" / max(many)
    last.write_bytes(last.read_bytes() + b"changed")
    narrative.write_text(short, "utf-8")
    few, there = drawn(folder)
    assert there == few | {last.name}
