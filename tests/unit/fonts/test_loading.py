"""Tests of the fonts of the extra package; other fonts are tested in ``test_faces``."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from reportgen.files import resource_folder
from reportgen.fonts import FontSet, load_fonts, loading
from reportgen.fonts.faces import Face
from reportgen.located import load_data

SCRIPTS = Path(__file__).parents[2] / "data" / "scripts"
SHIPPED = resource_folder("fonts")
FACES = """
faces:
  仿宋: {{file: gkai00mp.ttf, family: Own, system: [仿宋]}}
scripts:
  Tibetan: {{name: 藏文, letter: ཀ, advised: '', docx: '', files: [],
            file: Tibetan.ttf, sha256: {tibetan}, family: Noto Serif Tibetan}}
  Hangul: {{name: 朝鲜文, letter: 가, advised: '', docx: '', files: [],
           file: Hangul.ttf, sha256: {hangul}, family: Hangul}}
"""


def digest(name: str) -> str:
    return hashlib.sha256((SCRIPTS / name).read_bytes()).hexdigest()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the empty folder for the extra package of fonts that know two scripts."""
    home, place = tmp_path / "shipped", tmp_path / "added"
    home.mkdir()
    place.mkdir()
    known = FACES.format(tibetan=digest("Tibetan.ttf"), hangul=digest("Hangul.ttf"))
    (home / "faces.yaml").write_text(known, encoding="utf-8")
    shutil.copy(SHIPPED / "gkai00mp.ttf", home)
    monkeypatch.setattr(loading, "resource_folder", lambda _name: home)
    monkeypatch.setattr(loading, "added_folder", lambda _name: place)
    return place


def drawing(fonts: FontSet, text: str) -> Face | None:
    return fonts.face_for("仿宋", text)


def test_a_script_is_drawn_by_its_font_of_the_extra_package(place: Path) -> None:
    assert drawing(load_fonts(), "བོད") is None
    shutil.copy(SCRIPTS / "Tibetan.ttf", place)
    fonts = load_fonts()
    face = drawing(fonts, "བོད")
    assert face is not None
    assert face is fonts.face("added:Tibetan")
    assert face.path == place / "Tibetan.ttf"
    assert drawing(fonts, "가") is None


def test_another_file_of_that_name_is_not_used(place: Path) -> None:
    shutil.copy(SCRIPTS / "Hangul.ttf", place / "Tibetan.ttf")
    fonts = load_fonts()
    assert not fonts.added["Tibetan"].is_known
    assert drawing(fonts, "བོད") is None


def test_a_font_of_the_extra_package_draws_nothing_but_its_script(place: Path) -> None:
    shutil.copy(SCRIPTS / "Tibetan.ttf", place)
    fonts = load_fonts()
    without = FontSet({"仿宋": fonts.faces_of("仿宋")}, {}, {})
    for char in map(chr, range(0x20, 0x3000)):
        if not 0x0F00 <= ord(char) <= 0x0FFF:
            assert drawing(fonts, char) is drawing(without, char)


def test_a_font_of_the_user_comes_first(place: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for folder in (place, own):
        shutil.copy(SCRIPTS / "Tibetan.ttf", folder)
    face = drawing(load_fonts([own]), "བོད")
    assert face is not None
    assert face.path == own / "Tibetan.ttf"


def test_the_main_face_of_a_script_has_most_of_its_letters(place: Path) -> None:
    shutil.copy(SCRIPTS / "Tibetan.ttf", place)
    fonts = load_fonts()
    assert fonts.main_face("仿宋", "国") is fonts.faces_of("仿宋")[0]
    assert fonts.main_face("Tibetan", "国བ") is fonts.face("added:Tibetan")
    assert fonts.main_face("Hangul", "가") is None


def test_every_script_has_a_pinned_file_of_its_own() -> None:
    scripts = load_data(SHIPPED / "faces.yaml")["scripts"]
    for spec in scripts.values():
        assert len(spec["sha256"]) == 64
        assert spec["family"]
    assert len({spec["file"] for spec in scripts.values()}) == len(scripts)
