"""Tests of choosing the face for a character, of widths, and of missing characters."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
import uharfbuzz as hb

from reportgen.characters import CLOSING, OPENING, classify
from reportgen.document.nodes import Document, Metadata, Paragraph
from reportgen.files import resource_folder
from reportgen.fonts import faces as fonts_module
from reportgen.fonts import load_fonts, loading, missing_characters
from reportgen.fonts.faces import Face
from reportgen.fonts.files import FontFile, IndexedFont, list_fonts, read_index
from reportgen.located import load_data
from reportgen.problems import EnvironmentProblem
from reportgen.styles import Style
from reportgen.text import Run
from tests.builders import FORMS, write_damaged_font

FONTS = load_fonts()
BODY = Style("body", "正文", "仿宋", 16.0, 16.0, 29.0)
HAN_ROLES = ("小标宋", "仿宋", "黑体", "楷体", "宋体")
SCRIPTS = Path(__file__).parents[2] / "data" / "scripts"
SHIPPED = resource_folder("fonts")
LATIN_FILE = SHIPPED / "LiberationSerif-Regular.ttf"
FACES = """
faces:
  仿宋: {file: own.ttf, family: Own, system: [Liberation Serif, 仿宋], fallback: [西文]}
  西文: {file: own.ttf, family: Own, system: []}
"""


def face_id(role: str, char: str) -> str | None:
    face = FONTS.face_for(role, char)
    return face.id if face else None


def make_document(*runs: Run) -> Document:
    return Document(Metadata("", "", "", (), ""), FORMS["2021"].sheet, (Paragraph("body", runs),))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a font folder of its own, with one shipped file that draws both roles."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "faces.yaml").write_text(FACES, encoding="utf-8")
    shutil.copy(SHIPPED / "gkai00mp.ttf", folder / "own.ttf")
    monkeypatch.setattr(loading, "resource_folder", lambda _name: folder)
    yield folder


@pytest.mark.parametrize("role", HAN_ROLES)
def test_han_comes_from_the_face_of_the_role_at_full_width(role: str) -> None:
    face = FONTS.face_for(role, "国")
    assert face is not None
    assert (face.id, face.role) == (role, role)
    assert face.advance("国") == 1.0


@pytest.mark.parametrize("role", HAN_ROLES)
@pytest.mark.parametrize("char", "0aZ.%-@é")
def test_latin_and_digits_come_from_the_latin_face_in_every_role(role: str, char: str) -> None:
    assert face_id(role, char) == "西文"


def test_digits_have_the_width_of_times() -> None:
    face = FONTS.face("西文")
    assert {face.advance(digit) for digit in "0123456789"} == {0.5}


@pytest.mark.parametrize("role", HAN_ROLES)
@pytest.mark.parametrize("char", "“”‘’…—·，。《》（）①％℃")
def test_chinese_marks_are_full_width_in_every_role(role: str, char: str) -> None:
    face = FONTS.face_for(role, char)
    assert face is not None
    assert face.role != "西文"
    assert face.advance(char) == 1.0


@pytest.mark.parametrize("role", HAN_ROLES)
def test_marks_have_the_blank_half_that_squeezing_takes(role: str) -> None:
    marks = "、，。：；！）》〉】〕」』”’（《〈【〔「『“‘"
    for char, kind in zip(marks, classify(marks), strict=True):
        face = FONTS.face_for(role, char)
        assert face is not None
        left, right = ink_of(face, char)
        assert kind in CLOSING + OPENING
        assert right <= 0.5 if kind == CLOSING else left >= 0.5, (role, char)


def ink_of(face: Face, char: str) -> tuple[float, float]:
    """Return the left and right edge of the ink of *char*, in em."""
    import uharfbuzz

    font = uharfbuzz.Font(face.hb_face)
    extents = font.get_glyph_extents(font.get_nominal_glyph(ord(char)))
    return extents.x_bearing / face.upem, (extents.x_bearing + extents.width) / face.upem


def test_doubled_dash_joins_in_every_role() -> None:
    for role in HAN_ROLES:
        face = FONTS.face_for(role, "—")
        assert face is not None
        left, right = ink_of(face, "—")
        assert left <= 0.001
        assert right >= 0.999


FULL_WIDTH = [chr(c) for c in (*range(0xFF01, 0xFF5F), *range(0xFFE0, 0xFFE7))]


def outline(face: Face, char: str) -> list[tuple[str, tuple[float, ...]]]:
    """Return the strokes of *char*, moved so that its ink begins at the left."""
    font = hb.Font(face.hb_face)
    glyph = font.get_nominal_glyph(ord(char))
    assert glyph is not None
    left = font.get_glyph_extents(glyph).x_bearing
    strokes: list[tuple[str, tuple[float, ...]]] = []
    pen = hb.DrawFuncs()
    pen.set_move_to_func(lambda x, y, to: to.append(("move", (x - left, y))))
    pen.set_line_to_func(lambda x, y, to: to.append(("line", (x - left, y))))
    pen.set_quadratic_to_func(
        lambda cx, cy, x, y, to: to.append(("curve", (cx - left, cy, x - left, y)))
    )
    font.draw_glyph(glyph, pen, strokes)
    return strokes


@pytest.mark.parametrize("role", HAN_ROLES)
def test_full_width_symbol_is_not_drawn_as_another_symbol(role: str) -> None:
    """￥ drawn as $ prints another currency than was written."""
    drawn: dict[tuple[object, ...], str] = {}
    for char in FULL_WIDTH:
        face = FONTS.face_for(role, char)
        if face is not None:
            other = drawn.setdefault((face.id, *outline(face, char)), char)
            assert other == char, face.id


@pytest.mark.parametrize("role", HAN_ROLES)
@pytest.mark.parametrize("char", "～－￣")
def test_wave_dash_and_overline_are_wide(role: str, char: str) -> None:
    face = FONTS.face_for(role, char)
    assert face is not None
    font = hb.Font(face.hb_face)
    glyph = font.get_nominal_glyph(ord(char))
    assert glyph is not None
    assert font.get_glyph_extents(glyph).width > 0.6 * face.upem


def test_overridden_character_is_no_substitution() -> None:
    fonts = load_fonts()
    assert fonts.face_for("宋体", "—") is fonts.face("仿宋")
    assert fonts.substitutions == ()


def test_character_the_face_lacks_comes_from_a_fallback_and_is_recorded() -> None:
    fonts = load_fonts()
    face = fonts.face_for("仿宋", "洺")
    assert face is fonts.face("宋体")
    fonts.face_for("仿宋", "洺")
    assert fonts.substitutions == (("仿宋", "洺", "宋体"),)


def test_mapped_but_blank_glyph_does_not_count_as_covered() -> None:
    assert not FONTS.face("楷体").covers("ⅰ")
    assert FONTS.face_for("楷体", "ⅰ") is not None


def test_space_needs_no_outline() -> None:
    assert face_id("仿宋", " ") == "西文"
    assert FONTS.face("仿宋").covers("\u3000")


def test_character_without_any_face_gets_none() -> None:
    assert FONTS.face_for("仿宋", "\ue000") is None
    assert FONTS.face_for("仿宋", "\U000f0000") is None


def test_asking_a_face_for_what_it_lacks_is_an_error() -> None:
    with pytest.raises(ValueError, match="西文"):
        FONTS.face("西文").advance("国")


def test_stand_in_is_raised_by_the_difference_of_the_middles() -> None:
    song = FONTS.face("宋体")
    assert FONTS.rise("仿宋", FONTS.face("仿宋")) == pytest.approx(0.380 - 0.309)
    assert FONTS.rise("仿宋", song) == FONTS.rise("宋体", song) == pytest.approx(0)
    assert FONTS.rise("仿宋", FONTS.face("西文")) == pytest.approx(0.380 - 0.309)


def test_a_shipped_font_is_measured_without_opening_its_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(path: Path, index: int = 0) -> FontFile:
        raise AssertionError(f"{path.name} was opened")

    monkeypatch.setattr(fonts_module, "FontFile", refuse)
    fonts = load_fonts()
    for role in fonts.roles:
        assert fonts.face_for(role, "国") is not None
        assert fonts.face(role).advance("1") > 0
        assert abs(fonts.rise(role, fonts.face("宋体"))) < 0.1
    with pytest.raises(AssertionError, match="was opened"):
        _ = fonts.face("仿宋").hb_face


def test_an_index_is_read_at_the_first_character_only(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def note(font: Path, sha256: str) -> IndexedFont | None:
        read.append(font.name)
        return read_index(font, sha256)

    monkeypatch.setattr(fonts_module, "read_index", note)
    fonts = load_fonts()
    assert read == []
    assert fonts.face_for("仿宋", "国") is fonts.face_for("仿宋", "文")
    assert read == ["ReportgenFangSong-Regular.ttf"]


def test_a_font_put_in_place_of_a_shipped_one_is_read_itself(home: Path) -> None:
    old = "gkai00mp"
    digest = load_data(SHIPPED / "faces.yaml")["faces"]["楷体"]["sha256"]
    faces = FACES.replace("own.ttf, family", f"{old}.ttf, sha256: {digest}, family")
    (home / "faces.yaml").write_text(faces, encoding="utf-8")
    shutil.copy(SHIPPED / f"{old}.json", home)
    shutil.copy(LATIN_FILE, home / f"{old}.ttf")
    face = load_fonts().face("仿宋")
    assert not face.covers("国")
    assert face.covers("é")


def test_users_font_with_a_known_family_name_is_preferred(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    shutil.copy(LATIN_FILE, folder / "FZFS.TTF")
    (folder / "readme.txt").write_text("not a font", encoding="utf-8")
    fonts = load_fonts([folder, tmp_path / "nowhere"])
    preferred, shipped = fonts.faces_of("仿宋")
    assert preferred.id == "user:Liberation Serif"
    assert preferred.path == folder / "FZFS.TTF"
    assert preferred.role == "仿宋"
    assert fonts.face("user:Liberation Serif") is preferred
    assert fonts.face_for("仿宋", "①") is shipped
    assert fonts.face_for("仿宋", "●") is preferred
    assert 0.1 < preferred.centre < 0.6
    assert fonts.substitutions == ()


def test_users_font_of_another_name_draws_only_what_the_others_lack(
    home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    shutil.copy(SHIPPED / "ReportgenFangSong-Regular.ttf", folder / "any.ttf")
    fonts = load_fonts([folder])
    assert len(fonts.faces_of("仿宋")) == 1
    kept, added = fonts.face_for("仿宋", "国"), fonts.face_for("仿宋", "ꆈ")
    assert kept is fonts.faces_of("仿宋")[0]
    assert added is fonts.face("user:any.ttf#0")
    assert fonts.substitutions == (("仿宋", "ꆈ", "user:any.ttf#0"),)


def test_a_regular_font_is_preferred_to_a_bold_one() -> None:
    fonts = load_fonts([SCRIPTS])
    weights = [face.hb_face.reference_table("OS/2").data[4:6] for face in fonts.extra]
    assert weights == sorted(weights, key=lambda weight: abs(int.from_bytes(weight, "big") - 400))


@pytest.mark.parametrize(("word", "file"), [("ئۇيغۇر", "Arabic.ttf"), ("བོད་", "Tibetan.ttf")])
def test_a_word_that_must_be_shaped_is_set_by_one_font_that_has_the_rules(
    word: str, file: str
) -> None:
    face = load_fonts([SCRIPTS]).face_for("仿宋", word)
    assert face is not None
    assert face.path.name == file
    assert FONTS.face_for("仿宋", word) is None


def test_letters_of_a_shaped_word_share_its_width() -> None:
    fonts = load_fonts([SCRIPTS])
    joined = sum(glyph.advance for glyph in fonts.glyphs(BODY).of("غۇ"))
    apart = sum(glyph.advance for glyph in fonts.glyphs(BODY).of("غ ۇ")) - 4.0
    assert joined < apart
    stack = fonts.glyphs(BODY).of("སྐྱོང")
    assert [glyph.advance > 0 for glyph in stack] == [True, False, False, False, True]
    assert {glyph.look.language for glyph in stack} == {"bo"}


def test_font_within_a_collection_is_found(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "times.ttc").write_bytes(make_collection(LATIN_FILE.read_bytes()))
    preferred, _ = load_fonts([folder]).faces_of("仿宋")
    assert preferred.advance("0") == 0.5


def make_collection(font: bytes) -> bytes:
    """Return a TrueType collection of the one *font*."""
    header = struct.pack(">4sIII", b"ttcf", 0x10000, 1, 16)
    (count,) = struct.unpack(">H", font[4:6])
    directory = bytearray(font[: 12 + 16 * count])
    for at in range(12 + 8, len(directory), 16):
        (offset,) = struct.unpack_from(">I", directory, at)
        struct.pack_into(">I", directory, at, offset + len(header))
    return header + bytes(directory) + font[len(directory) :]


def test_file_that_is_no_font_is_an_environment_problem(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "broken.ttf").write_bytes(b"not a font at all")
    with pytest.raises(EnvironmentProblem, match=r"broken\.ttf"):
        load_fonts([folder])


def test_a_font_whose_names_cannot_be_read_is_an_environment_problem(tmp_path: Path) -> None:
    face = write_damaged_font(tmp_path / "own.ttf", "name", length=0)
    data = bytearray(face.path.read_bytes())
    entry = data.index(b"maxp", 12)
    data[entry : entry + 4] = b"none"
    face.path.write_bytes(data)
    with pytest.raises(EnvironmentProblem, match=r"字体文件.*own\.ttf"):
        list(list_fonts(tmp_path))


def test_missing_shipped_file_is_an_environment_problem(home: Path) -> None:
    (home / "own.ttf").unlink()
    with pytest.raises(EnvironmentProblem, match=r"own\.ttf"):
        load_fonts()


def test_scripts_are_drawn_smaller_and_off_the_base_line_by_plain_characters() -> None:
    assert not missing_characters(make_document(Run("CO₂、10⁶、PM₂.₅")), FONTS)
    glyphs = FONTS.glyphs(BODY)
    lowered, raised, plain = (glyphs.of(text)[0] for text in "₂²2")
    assert lowered.look.face == raised.look.face == plain.look.face
    assert lowered.look.size == raised.look.size < plain.look.size
    assert lowered.look.rise < plain.look.rise < raised.look.rise
    assert lowered.advance / lowered.look.size == pytest.approx(plain.advance / plain.look.size)
    point = glyphs.of("PM₂.₅")[3]
    assert point.look == lowered.look


def test_a_style_chooses_the_face_of_its_digits() -> None:
    style = Style("page_number", "页码", "宋体", 14.0, 14.0, 16.0, latin="宋体")
    (digit,) = FONTS.glyphs(style).of("8")
    assert digit.look.face == FONTS.faces_of("宋体")[0].id
    assert FONTS.glyphs(BODY).of("8")[0].look.face == FONTS.faces_of("西文")[0].id


@pytest.mark.parametrize("char", ["￥", "￣"])
def test_a_sign_that_a_face_draws_as_another_comes_from_one_that_does_not(char: str) -> None:
    assert FONTS.face_for("仿宋", char) is FONTS.face_for("宋体", char)


SYSTEM_FACES = FACES.replace("fallback: [西文]}", "fallback: [西文], files: [simfang.ttf]}")


def test_well_known_file_of_the_system_is_preferred_when_asked_for(
    home: Path, tmp_path: Path
) -> None:
    (home / "faces.yaml").write_text(SYSTEM_FACES, encoding="utf-8")
    system = tmp_path / "system"
    system.mkdir()
    shutil.copy(LATIN_FILE, system / "simfang.ttf")
    preferred, _ = load_fonts([], [tmp_path / "nowhere", system]).faces_of("仿宋")
    assert preferred.id == "system:Liberation Serif"
    assert preferred.path == system / "simfang.ttf"
    assert preferred.is_system
    assert not preferred.shipped
    assert len(load_fonts().faces_of("仿宋")) == 1


def test_font_of_the_report_folder_comes_before_the_systems(home: Path, tmp_path: Path) -> None:
    (home / "faces.yaml").write_text(SYSTEM_FACES, encoding="utf-8")
    for name in ("own", "system"):
        (tmp_path / name).mkdir()
        shutil.copy(LATIN_FILE, tmp_path / name / "simfang.ttf")
    fonts = load_fonts([tmp_path / "own"], [tmp_path / "system"])
    assert fonts.faces_of("仿宋")[0].path == tmp_path / "own" / "simfang.ttf"


def test_other_files_of_the_system_and_broken_ones_are_passed_over(
    home: Path, tmp_path: Path
) -> None:
    (home / "faces.yaml").write_text(SYSTEM_FACES, encoding="utf-8")
    shutil.copy(LATIN_FILE, tmp_path / "other.ttf")
    (tmp_path / "simfang.ttf").write_bytes(b"broken")
    assert len(load_fonts([], [tmp_path]).faces_of("仿宋")) == 1
