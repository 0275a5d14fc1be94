"""The choice of a font file for each character, and the width of the character.

``fonts/faces.yaml`` assigns a file to each role (仿宋, 黑体 …).  A font of the user takes
precedence if its family name is one of the names listed for the role, and so does a font of the
system if system fonts are wanted.  Shipped fonts are measured by the index beside them, others
from the font file itself (both in :mod:`reportgen.fonts.files`), when the first character is
looked up.  Widths are in em.  :mod:`reportgen.fonts.loading` finds the files.

A font of the user that is named for no role draws what the others lack, and the scripts that must
be shaped before all others (:mod:`reportgen.writing_systems`).  The fonts of the extra package are
asked last, and only for their own script: whoever adds it changes no report that could be built
without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from reportgen.characters import drawn_as, has_scripts, is_western, script_levels
from reportgen.files import file_digest
from reportgen.fonts.files import (
    FontFile,
    IndexedFont,
    font_errors,
    read_index,
)
from reportgen.fonts.shaping import advances_of, knows_script, script_tag, shape
from reportgen.styles import LATIN_ROLE, Style
from reportgen.writing_systems import (
    is_complex,
    language_of,
    needs_shaping,
    script_of,
    shaped_stretches,
    without_joiners,
    without_shaped,
)

CENTRE = 0.38
"""The height of the centre of a Han character above the base line, in em, in a placed line."""
SCRIPT_ROLE = "民族文字"
"""The role of the user's fonts that are named for no other."""
LAST_ROLE = "宋体"
"""The role that is tried last for a character that no other face has."""
USER, SYSTEM = "user:", "system:"
"""Prefixes of the ids of faces that are not shipped."""
ADDED = "added:"
"""Prefix of the ids of faces from the extra package."""
SCRIPT_SIZE = 0.6
"""The size of superscripts and subscripts, as a share of the type size."""
_SCRIPT_RISES = {"sup": 0.33, "sub": -0.17}
"""How far they are raised above the base line, in em of the type."""

_HAN_SAMPLE = "国"

_FALLBACK_CENTRE = 0.38


class Face:
    """A font file, or one font of a collection.

    ``id`` is the same in every run: the role for a shipped file, ``user:`` or ``system:`` and
    the family name for others; ``added:`` and the script for one of the extra package.  *sha256* is
    the checksum of a file that the program knows.
    """

    def __init__(
        self,
        face_id: str,
        role: str,
        family: str,
        path: Path,
        *,
        index: int = 0,
        centre: float | None = None,
        sha256: str | None = None,
    ) -> None:
        self.id = face_id
        self.role = role
        self.family = family
        self.path = path
        self.index = index
        self._centre = centre
        self._sha256 = sha256
        self._advances: dict[str, float | None] = {}

    def __repr__(self) -> str:
        return f"Face({self.id!r}, {self.path.name!r})"

    @property
    def shipped(self) -> bool:
        """Whether the file came with the program."""
        return not self.id.startswith((USER, SYSTEM))

    @property
    def is_system(self) -> bool:
        """Whether the file is a font of the system."""
        return self.id.startswith(SYSTEM)

    @property
    def hb_face(self) -> Any:
        """The ``uharfbuzz.Face``, for subsetting."""
        return self._file.hb_face

    @property
    def hb_font(self) -> Any:
        """The ``uharfbuzz.Font``, for shaping."""
        return self._file.hb_font

    @cached_property
    def _file(self) -> FontFile:
        return FontFile(self.path, self.index)

    @cached_property
    def _measures(self) -> IndexedFont | FontFile:
        """The index of the font if it has one, else the font file."""
        indexed = read_index(self.path, self._sha256) if self._sha256 else None
        return indexed or self._file

    @property
    def upem(self) -> int:
        """Units per em of the file."""
        return self._measures.upem

    @cached_property
    def is_known(self) -> bool:
        """Whether the file is the one that the program knows; reads it all."""
        with font_errors(self.path):
            return file_digest(self.path) == self._sha256

    @cached_property
    def centre(self) -> float:
        """The height of the centre of a Han character above the base line, in em."""
        measured = self._file.middle(_HAN_SAMPLE) if self._centre is None else self._centre
        return _FALLBACK_CENTRE if measured is None else measured

    def covers(self, char: str) -> bool:
        """Return whether the face has a glyph for *char*, with an outline unless it is a space."""
        return self._advance(char) is not None

    def can_set(self, text: str) -> bool:
        """Return whether the face can set *text*, a word that must be shaped, whole and right."""
        letters = without_joiners(text)
        if not all(map(self.covers, letters)):
            return False
        with font_errors(self.path):
            return knows_script(self.hb_font, script_tag(letters))

    def advance(self, char: str) -> float:
        """Return the width of *char* in em; raises ValueError if the face does not cover it."""
        known = self._advance(char)
        if known is None:
            raise ValueError(f"{self.id} has no glyph for {char!r}")
        return known

    def outline_box(self, char: str) -> tuple[float, float, float, float] | None:
        """Return the edges in em of the outline drawn for *char*: left, bottom, right, top.

        None if there is no outline.
        """
        return self._file.outline_box(drawn_as(char)[0])

    def glyph_box(self, glyph: int) -> tuple[float, float, float, float] | None:
        """Return the edges in em of the outline of the glyph with the index *glyph*, likewise."""
        return self._file.glyph_box(glyph)

    def _advance(self, char: str) -> float | None:
        """Return the width of the character drawn for *char* in em; None if the face lacks it."""
        if char not in self._advances:
            units = self._measures.advance(drawn_as(char)[0])
            self._advances[char] = None if units is None else units / self.upem
        return self._advances[char]


class GlyphLook(NamedTuple):
    """What glyphs drawn in one go have in common."""

    face: str
    """The id of the face."""
    size: float
    """The size in points; superscripts and subscripts are smaller than the other text."""
    rise: float
    """How far the characters are raised above the base line, in points."""
    language: str = ""
    """The language (RFC 5646), where the script tells that it is not Chinese."""


class Glyph(NamedTuple):
    """How one character is drawn at a given size."""

    look: GlyphLook
    """One object for all glyphs of a :class:`Glyphs` that look alike."""
    advance: float
    """The advance in points, letter spacing included."""


class Glyphs:
    """The glyphs of *role* at one size, each looked up once.

    A character that no face has gets the width of a Han character of the role's own face;
    :func:`missing_characters` reports it.
    """

    def __init__(self, fonts: FontSet, role: str, latin: str, size: float, pitch: float) -> None:
        self._fonts = fonts
        self._role = role
        self._latin = latin
        self._size = size
        self._pitch = pitch
        self._tracking = pitch - size
        self._looks: dict[tuple[str, str, str], GlyphLook] = {}
        self._known: dict[tuple[str, str], Glyph] = {}
        self._plain: dict[str, Glyph] = {}

    def of(self, text: str) -> list[Glyph]:
        """Return the glyph of each character of *text*, a whole paragraph.

        Of letters that are shaped as one, the first has the width of all.
        """
        drawn = self._each(text)
        if needs_shaping(text):
            for start, end in shaped_stretches(text):
                face = self._fonts.face_for(self._role, text[start:end], self._latin)
                if face is not None:
                    drawn[start:end] = self._shaped(face, text, start, end)
        return drawn

    def _shaped(self, face: Face, text: str, start: int, end: int) -> list[Glyph]:
        """Return the glyphs of the characters of *text* from *start* to *end*, shaped in *face*."""
        look = self._look(face, "", language_of(text[start], text))
        with font_errors(face.path):
            glyphs = shape(face.hb_font, text, start, end)
        return [Glyph(look, width * look.size) for width in advances_of(glyphs, start, end)]

    def _each(self, text: str) -> list[Glyph]:
        """Return the glyphs of the characters of *text*, each by itself."""
        if has_scripts(text):
            return [self._glyph(*pair) for pair in zip(text, script_levels(text), strict=True)]
        known = self._plain
        known.update((char, self._glyph(char)) for char in set(text).difference(known))
        return [known[char] for char in text]

    def raised(self, text: str) -> list[Glyph]:
        """Return the glyphs of *text* as a superscript."""
        return [self._glyph(char, "sup") for char in text]

    def _glyph(self, char: str, level: str = "") -> Glyph:
        found = self._known.get((char, level))
        if found is None:
            found = self._known[char, level] = self._look_up(char, level)
        return found

    def _look_up(self, char: str, level: str) -> Glyph:
        face = self._fonts.face_for(self._role, char, self._latin)
        if face is None:
            own = self._fonts.face_for(self._role, _HAN_SAMPLE)
            return Glyph(GlyphLook(own.id if own else self._role, self._size, 0.0), self._pitch)
        look = self._look(face, level, language_of(char, char))
        return Glyph(look, face.advance(char) * look.size + self._tracking)

    def _look(self, face: Face, level: str, language: str) -> GlyphLook:
        key = face.id, level, language
        look = self._looks.get(key)
        if look is None:
            size = self._size * (SCRIPT_SIZE if level else 1.0)
            rise = self._fonts.rise(self._role, face) + _SCRIPT_RISES.get(level, 0.0)
            look = GlyphLook(face.id, size, rise * self._size, language)
            self._looks[key] = look
        return look


class ScriptName(NamedTuple):
    """What users are told about a script, from ``fonts/faces.yaml``."""

    name: str
    """The name of the script or of its languages."""
    advised: str
    """A font that has it: its name, and its file."""
    letter: str
    """One of its letters."""


class FontSet:
    """The faces available for each role, in order of preference, and the substitutes of each role.

    *faces* maps a role to its faces and *fallbacks* to the roles that are tried for characters
    it lacks.  *overrides* maps a character to a mapping from a role to the role that draws the
    character instead; it corrects poor glyphs of shipped files and does not apply to others.
    *extra* are further faces for what these lack, *scripts* the names of the scripts for which
    users may give some, and *added* the faces of the extra package, by script.
    """

    def __init__(
        self,
        faces: Mapping[str, Sequence[Face]],
        fallbacks: Mapping[str, Sequence[str]],
        overrides: Mapping[str, Mapping[str, str]],
        extra: Sequence[Face] = (),
        scripts: Mapping[str, ScriptName] | None = None,
        added: Mapping[str, Face] | None = None,
    ) -> None:
        self.scripts = scripts or {}
        self.added = added or {}
        self._faces = faces
        self.extra = tuple(extra)
        self._fallbacks = fallbacks
        self._overrides = overrides
        groups = (*faces.values(), self.extra, self.added.values())
        self._by_id = {face.id: face for group in groups for face in group}
        self._chosen: dict[tuple[str, str, str], Face | None] = {}
        self._substitutions: dict[tuple[str, str], str] = {}
        self._glyphs: dict[tuple[str, str, float, float], Glyphs] = {}
        self._printed: defaultdict[str, set[str]] = defaultdict(set)

    @property
    def substitutions(self) -> tuple[tuple[str, str, str], ...]:
        """The (role, character, id of the face) of each substitution made so far."""
        return tuple((role, char, face) for (role, char), face in self._substitutions.items())

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that have faces, in the order of ``faces.yaml``."""
        return tuple(self._faces)

    def face(self, face_id: str) -> Face:
        """Return the face with the id *face_id*; raises KeyError if there is none."""
        return self._by_id[face_id]

    def faces_of(self, role: str) -> tuple[Face, ...]:
        """Return the faces of *role*, the preferred one first."""
        return tuple(self._faces.get(role, ()))

    def main_face(self, name: str, chars: Iterable[str]) -> Face | None:
        """Return the first face of *name*, a role or a script; None if there is none.

        Of the faces that draw letters of a script it is the one that has most of *chars*.
        """
        if name not in self.scripts:
            return next(iter(self._faces.get(name, ())), None)
        letters = sorted(char for char in chars if script_of(char) == name)
        faces = filter(None, (self.face_for(LAST_ROLE, letter) for letter in letters))
        return max(
            dict.fromkeys(faces), key=lambda face: sum(map(face.covers, letters)), default=None
        )

    def face_for(self, role: str, char: str, latin: str = LATIN_ROLE) -> Face | None:
        """Return the face that draws *char* in text of *role*; None if no face has it.

        Latin letters and digits are drawn by the faces of *latin* in every role.  For other
        characters the role's own faces are tried first, then those of its fallbacks, then 宋体,
        then the user's other fonts, then the extra package.  The user's fonts come first for a
        script that must be shaped; *char* may then be a whole word, which one face has to set.
        """
        key = (role, char, latin)
        try:
            return self._chosen[key]
        except KeyError:
            face = self._chosen[key] = self._choose(role, char, latin)
            return face

    def unprinted(self, role: str, text: str) -> Iterator[str]:
        """Yield, once each, the characters of *text* that are invisible or have no face in *role*.

        A word that must be shaped is yielded as a whole.  Characters that were found printable
        are remembered and not examined again.
        """
        if needs_shaping(text):
            words = dict.fromkeys(text[start:end] for start, end in shaped_stretches(text))
            yield from (word for word in words if not self.face_for(role, word))
            text = without_shaped(text)
        if self._printed[role].issuperset(text):
            return
        fresh = set(text) - self._printed[role]
        fine = {char for char in fresh if char.isprintable() and self.face_for(role, char)}
        self._printed[role] |= fine
        wrong = fresh - fine
        if wrong:
            yield from (char for char in dict.fromkeys(text) if char in wrong)

    def glyphs(self, style: Style) -> Glyphs:
        """Return the glyphs of text in *style*."""
        key = (style.face, style.latin, style.size, style.pitch)
        if key not in self._glyphs:
            self._glyphs[key] = Glyphs(self, *key)
        return self._glyphs[key]

    def rise(self, role: str, face: Face) -> float:
        """Return how far, in em, characters of *face* are raised in text of *role*.

        Han characters of every face are centred on the same height.  Characters of the Latin
        face stay on the base line of the role's own face.
        """
        own = self._faces.get(role, ())
        if not own or role == LATIN_ROLE:
            return 0.0
        on_base = face.role == LATIN_ROLE or (
            face.role == SCRIPT_ROLE and not face.covers(_HAN_SAMPLE)
        )
        return CENTRE - (own[0] if on_base else face).centre

    def _choose(self, role: str, char: str, latin: str) -> Face | None:
        if needs_shaping(char):
            return self._choose_shaping(role, char, latin)
        main = latin if is_western(char) and latin in self._faces else role
        for face in self._own(main, char):
            if face.covers(char):
                return face
        for face in chain(self._helpers(main), self.extra, self._added_for(char)):
            if face.covers(char):
                self._substitutions[role, char] = face.id
                return face
        return None

    def _choose_shaping(self, role: str, word: str, latin: str) -> Face | None:
        """Return the first face that can set *word*: an accented letter in the Latin face."""
        letters = any(map(is_complex, word))
        main = (*self._faces.get(latin, ()), *self._faces.get(role, ()), *self._helpers(role))
        faces = (*self.extra, *main) if letters else (*main, *self.extra)
        every = chain(faces, self._added_for(word))
        return next((face for face in every if face.can_set(word)), None)

    def _added_for(self, text: str) -> Iterator[Face]:
        """Yield the face of the extra package for the script of *text*, if it was added."""
        face = self.added.get(next(filter(None, map(script_of, text)), ""))
        if face is not None and face.is_known:
            yield face

    def without_rules(self, word: str) -> str | None:
        """Return the family of the font that has the letters of *word* but cannot join them."""
        if not needs_shaping(word):
            return None
        letters = without_joiners(word)
        faces = (*self.extra, *chain.from_iterable(self._faces.values()))
        found = (face for face in faces if all(map(face.covers, letters)))
        return next((face.family for face in found if not face.can_set(word)), None)

    def _helpers(self, role: str) -> Iterator[Face]:
        """Yield the faces that stand in for those of *role*."""
        for helper in (*self._fallbacks.get(role, ()), LAST_ROLE):
            yield from self._faces.get(helper, ())

    def _own(self, role: str, char: str) -> Iterable[Face]:
        """Return the faces of *role* for *char*, overrides applied, the shipped one last."""
        faces, instead = self._faces.get(role, ()), self._overrides.get(char, {}).get(role)
        if not instead:
            return faces
        better = self._faces.get(instead, ())
        return chain.from_iterable((*better, face) if face.shipped else (face,) for face in faces)
