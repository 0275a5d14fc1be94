"""Tests of font files, their subsets, and their indexes, which are used only for their font."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reportgen.files import resource_folder
from reportgen.fonts.files import (
    FontFile,
    FontIndex,
    IndexedFont,
    cut,
    cut_with_names,
    index_path,
    read_index,
)
from reportgen.located import load_data

HOME = resource_folder("fonts")
FACES: dict[str, dict[str, Any]] = load_data(HOME / "faces.yaml")["faces"]
LATIN = FACES["西文"]
SMALL = FontIndex("", 0, 1000, {500: "ab", 1000: "“国文府\U0002cb73"})


def indexed(role: str) -> IndexedFont:
    found = read_index(HOME / FACES[role]["file"], FACES[role]["sha256"])
    assert found is not None
    return found


def content(role: str) -> FontIndex:
    data = index_path(HOME / FACES[role]["file"]).read_bytes()
    return msgspec.json.decode(data, type=FontIndex)


@pytest.fixture
def latin(tmp_path: Path) -> Path:
    """Return a copy of the Latin font with its index beside it."""
    font: Path = HOME / LATIN["file"]
    shutil.copy(font, tmp_path)
    shutil.copy(index_path(font), tmp_path)
    return tmp_path / font.name


@pytest.mark.parametrize("role", FACES)
def test_index_and_font_agree_on_every_character(role: str) -> None:
    index, font = indexed(role), FontFile(HOME / FACES[role]["file"])
    listed = {ord(char) for chars in content(role).advances.values() for char in chars}
    asked = [chr(code) for code in listed.union(font.hb_face.unicodes)]
    assert len(listed) > 2000
    assert [c for c in asked if index.advance(c) != font.advance(c)] == []
    assert index.upem == font.upem


@pytest.mark.parametrize("role", FACES)
def test_every_character_is_listed_once_in_the_order_of_the_code_points(role: str) -> None:
    groups = content(role).advances.values()
    assert [chars for chars in groups if list(chars) != sorted(chars)] == []
    assert set(Counter(char for chars in groups for char in chars).values()) == {1}


@pytest.mark.parametrize("role", FACES)
def test_index_manifest_and_file_tell_of_the_same_font(role: str) -> None:
    data = (HOME / FACES[role]["file"]).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    assert content(role).sha256 == FACES[role]["sha256"] == digest
    assert content(role).size == len(data)


@pytest.mark.parametrize(
    ("char", "units"),
    [
        ("a", 500),
        ("b", 500),
        ("“", 1000),
        ("文", 1000),
        ("\U0002cb73", 1000),
        ("c", None),
        ("\x00", None),
        ("中", None),
        ("\U0010ffff", None),
    ],
)
def test_first_last_and_missing_characters_are_told_apart(char: str, units: int | None) -> None:
    assert IndexedFont(SMALL).advance(char) == units


def test_an_index_of_its_font_is_believed(latin: Path) -> None:
    found = read_index(latin, LATIN["sha256"])
    assert found is not None
    assert found.advance("0") == found.upem / 2


def test_an_index_is_not_believed_when_the_font_has_another_size(latin: Path) -> None:
    latin.write_bytes(latin.read_bytes() + b"\0")
    assert read_index(latin, LATIN["sha256"]) is None


def test_an_index_is_not_believed_when_the_manifest_means_another_font(latin: Path) -> None:
    assert read_index(latin, FACES["楷体"]["sha256"]) is None


@pytest.mark.parametrize("damage", [b"", b'{"sha256": ', b"[]", b'{"sha256": "\xff"}'])
def test_a_damaged_index_counts_as_none(latin: Path, damage: bytes) -> None:
    index_path(latin).write_bytes(damage)
    assert read_index(latin, LATIN["sha256"]) is None


def test_a_lost_index_counts_as_none(latin: Path) -> None:
    index_path(latin).unlink()
    assert read_index(latin, LATIN["sha256"]) is None


@pytest.mark.parametrize("role", FACES)
def test_a_subset_with_names_is_a_font_of_its_own(role: str, tmp_path: Path) -> None:
    font = FontFile(HOME / FACES[role]["file"])
    chars = "24年" if font.advance("年") else "24"
    subset = cut_with_names(font.hb_face, chars)
    (tmp_path / "subset.ttf").write_bytes(subset.data)
    alone = FontFile(tmp_path / "subset.ttf")
    assert sorted(map(chr, alone.hb_face.unicodes)) == sorted(chars)
    assert set(map(chr, subset.glyphs)) == set(chars)
    assert alone.hb_face.get_name(4) == font.hb_face.get_name(4)
    for char in chars:
        assert alone.advance(char) == font.advance(char)
        assert alone.outline_box(char) == font.outline_box(char)


def test_a_subset_for_a_pdf_has_neither_names_nor_character_map() -> None:
    face = FontFile(HOME / LATIN["file"]).hb_face
    assert len(cut(face, "24").data) < len(cut_with_names(face, "24").data)


def test_an_outline_has_its_edges_in_em() -> None:
    font = FontFile(HOME / LATIN["file"])
    left, bottom, right, top = font.outline_box("H") or (0, 0, 0, 0)
    assert bottom == 0
    assert top == pytest.approx(0.66, abs=0.02)
    assert 0 <= left < right <= (font.advance("H") or 0) / font.upem
    (_, below, _, _) = font.outline_box("g") or (0, 0, 0, 0)
    assert below < -0.15
    assert font.outline_box(" ") is None
    assert font.outline_box("年") is None
