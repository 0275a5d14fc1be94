"""The choice of a font file for each character, and the width of the character.

``fonts/faces.yaml`` assigns a file to each role (仿宋, 黑体 …).  A font of the user takes
precedence if its family name is one of the names listed for the role, and so does a font of the
system if system fonts are wanted.  Shipped fonts are measured by the index beside them, others
from the font file itself (both in :mod:`reportgen.fonts.files`), when the first character is
looked up.  Widths are in em.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from reportgen.characters import drawn_as, has_scripts, is_western, script_levels
from reportgen.diagnostics import Finding
from reportgen.document.nodes import Document, walk_text
from reportgen.files import resource_folder
from reportgen.fonts.files import FontFile, Found, IndexedFont, known_files, list_fonts, read_index
from reportgen.located import load_data
from reportgen.problems import EnvironmentProblem
from reportgen.source import Span
from reportgen.styles import LATIN_ROLE, Style
from reportgen.text import Run

CENTRE = 0.38
"""The height of the centre of a Han character above the base line, in em, in a placed line."""
LAST_ROLE = "宋体"
"""The role that is tried last for a character that no other face has."""
USER, SYSTEM = "user:", "system:"
"""Prefixes of the ids of faces that are not shipped."""
SCRIPT_SIZE = 0.6
"""The size of superscripts and subscripts, as a share of the type size."""
_SCRIPT_RISES = {"sup": 0.33, "sub": -0.17}
"""How far they are raised above the base line, in em of the type."""
_RARE = 0x20000
"""The first of the ideographs outside the basic plane, which only special fonts have."""
_RAISED = ("<sub>", "<super>", "<fraction>")
_INVISIBLE = {"Cc", "Cf"}  # control and format characters, which a report must not contain
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""They only say which form of the character before is meant; 〇️ copied from a phone has one."""

_HAN_SAMPLE = "国"
_FALLBACK_CENTRE = 0.38


class Face:
    """A font file, or one font of a collection.

    ``id`` is the same in every run: the role for a shipped file, ``user:`` or ``system:`` and
    the family name for others.  *sha256* is the checksum of a file that has an index beside it.
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
    def centre(self) -> float:
        """The height of the centre of a Han character above the base line, in em."""
        measured = self._file.middle(_HAN_SAMPLE) if self._centre is None else self._centre
        return _FALLBACK_CENTRE if measured is None else measured

    def covers(self, char: str) -> bool:
        """Return whether the face has a glyph for *char*, with an outline unless it is a space."""
        return self._advance(char) is not None

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
        self._looks: dict[tuple[str, str], GlyphLook] = {}
        self._known: dict[tuple[str, str], Glyph] = {}
        self._plain: dict[str, Glyph] = {}

    def of(self, text: str) -> list[Glyph]:
        """Return the glyph of each character of *text*."""
        if has_scripts(text):
            return [self._glyph(*pair) for pair in zip(text, script_levels(text), strict=True)]
        known = self._plain
        known.update((char, self._glyph(char)) for char in set(text).difference(known))
        return [known[char] for char in text]

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
        look = self._looks.get((face.id, level))
        if look is None:
            size = self._size * (SCRIPT_SIZE if level else 1.0)
            rise = self._fonts.rise(self._role, face) + _SCRIPT_RISES.get(level, 0.0)
            look = self._looks[face.id, level] = GlyphLook(face.id, size, rise * self._size)
        return Glyph(look, face.advance(char) * look.size + self._tracking)


class FontSet:
    """The faces available for each role, in order of preference, and the substitutes of each role.

    *faces* maps a role to its faces and *fallbacks* to the roles that are tried for characters
    it lacks.  *overrides* maps a character to a mapping from a role to the role that draws the
    character instead; it corrects poor glyphs of shipped files and does not apply to others.
    """

    def __init__(
        self,
        faces: Mapping[str, Sequence[Face]],
        fallbacks: Mapping[str, Sequence[str]],
        overrides: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._faces = faces
        self._fallbacks = fallbacks
        self._overrides = overrides
        self._by_id = {face.id: face for group in faces.values() for face in group}
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

    def face_for(self, role: str, char: str, latin: str = LATIN_ROLE) -> Face | None:
        """Return the face that draws *char* in text of *role*; None if no face has it.

        Latin letters and digits are drawn by the faces of *latin* in every role.  For other
        characters the role's own faces are tried first, then those of its fallbacks, then 宋体.
        """
        key = (role, char, latin)
        try:
            return self._chosen[key]
        except KeyError:
            face = self._chosen[key] = self._choose(role, char, latin)
            return face

    def unprinted(self, role: str, text: str) -> Iterator[str]:
        """Yield, once each, the characters of *text* that are invisible or have no face in *role*.

        Characters that were found printable are remembered and not examined again.
        """
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
        return CENTRE - (own[0] if face.role == LATIN_ROLE else face).centre

    def _choose(self, role: str, char: str, latin: str) -> Face | None:
        main = latin if is_western(char) and latin in self._faces else role
        for face in self._own(main, char):
            if face.covers(char):
                return face
        helpers = (*self._fallbacks.get(main, ()), LAST_ROLE)
        for face in (face for helper in helpers for face in self._faces.get(helper, ())):
            if face.covers(char):
                self._substitutions[role, char] = face.id
                return face
        return None

    def _own(self, role: str, char: str) -> Iterable[Face]:
        """Return the faces of *role* for *char*, overrides applied, the shipped one last."""
        faces, instead = self._faces.get(role, ()), self._overrides.get(char, {}).get(role)
        if not instead:
            return faces
        better = self._faces.get(instead, ())
        return chain.from_iterable((*better, face) if face.shipped else (face,) for face in faces)


def load_fonts(folders: Sequence[Path] = (), system: Sequence[Path] = ()) -> FontSet:
    """Return the shipped faces, preceded by the user's fonts found in *folders*.

    A user's font is used for a role if one of its family names is in the role's ``system``
    list in ``faces.yaml``.  If there is none, the *system* folders are searched for the role's
    ``files`` with such a name; other files in them are not looked at.
    Raises EnvironmentProblem if a shipped file is missing.
    """
    home = resource_folder("fonts")
    data = load_data(home / "faces.yaml")
    roles: dict[str, dict[str, Any]] = data["faces"]
    found = [entry for folder in folders for entry in list_fonts(folder)]
    faces = {
        role: [
            *(
                _user_faces(role, spec["system"], found, USER)
                or _user_faces(
                    role, spec["system"], known_files(spec.get("files") or (), system), SYSTEM
                )
            ),
            _shipped_face(home, role, spec),
        ]
        for role, spec in roles.items()
    }
    fallbacks = {role: spec.get("fallback") or () for role, spec in roles.items()}
    # An entry that names the role itself changes nothing.
    overrides = {
        char: {role: target for role, target in targets.items() if target != role}
        for char, targets in (data.get("characters") or {}).items()
    }
    return FontSet(faces, fallbacks, overrides)


def _shipped_face(home: Path, role: str, spec: Mapping[str, Any]) -> Face:
    path = home / spec["file"]
    if not path.is_file():
        raise EnvironmentProblem(f"安装不完整：缺少字体文件 {path.name}", "请重新安装 reportgen")
    family, centre, sha256 = str(spec["family"]), spec.get("centre"), spec.get("sha256")
    return Face(role, role, family, path, centre=centre, sha256=sha256)


def _user_faces(role: str, names: Sequence[str], found: Sequence[Found], origin: str) -> list[Face]:
    """Return the first of the *found* fonts for *role* by the order of *names*; at most one."""
    for name in names:
        for path, index, families in found:
            if name in families:
                return [Face(f"{origin}{name}", role, name, path, index=index)]
    return []


def missing_characters(document: Document, fonts: FontSet) -> list[Finding]:
    """Return one finding for each character of *document* that cannot be printed.

    The rule is ``missing-glyph`` for a character that no face has, and ``control-character``
    for an invisible one.  The place is that of the first occurrence.
    """
    found: dict[str, Finding] = {}
    for style, run in walk_text(document):
        role = document.sheet[style].face
        for char in fonts.unprinted(role, run.text):
            finding = _finding_about(char, role, fonts) if char != "\n" else None
            if finding and char not in found:
                found[char] = replace(finding, span=_narrow(run, char))
    return list(found.values())


def replaced_characters(document: Document, fonts: FontSet) -> tuple[str, ...]:
    """Return the characters of *document* that are drawn by a substitute face."""
    uses = dict.fromkeys(
        (document.sheet[style].face, char)
        for style, run in walk_text(document)
        for char in run.text
    )
    for role, char in uses:
        fonts.face_for(role, char)
    replaced = {(role, char) for role, char, _ in fonts.substitutions}
    return tuple(dict.fromkeys(char for role, char in uses if (role, char) in replaced))


def undrawn_characters(texts: Iterable[str], fonts: FontSet) -> frozenset[str]:
    """Return the characters of *texts* that no font has."""
    chars = frozenset().union(*texts)
    return frozenset(char for char in chars if fonts.face_for(LAST_ROLE, char) is None)


def _finding_about(char: str, role: str, fonts: FontSet) -> Finding | None:
    """Return the finding about *char* in text of *role*; None if it can be printed."""
    code = f"U+{ord(char):04X}"
    values = {"字符": char, "编码": code}
    category = unicodedata.category(char)
    if category in _INVISIBLE or char in _VARIATION_SELECTORS:
        return Finding("control-character", None, values)
    if fonts.face_for(role, char):
        return None
    if category == "Co":
        return Finding("missing-glyph", None, values)
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and unicodedata.decomposition(char).startswith(_RAISED):
        written = plain.replace("\N{FRACTION SLASH}", "/")
        advised = {"字符": char, "编码": code, "写作": written}
        wording = "no-font-fraction" if "/" in written else "no-font-raised"
        return Finding("missing-glyph", None, advised, wording=wording)
    if ord(char) >= _RARE and category == "Lo":
        return Finding("missing-glyph", None, values, wording="no-font-rare")
    wording = "no-font" if category[0] != "C" else "no-font-unassigned"
    return Finding("missing-glyph", None, values, wording=wording)


def _narrow(run: Run, char: str) -> Span | None:
    """Return the place of the first *char* in *run*, or of the whole run if it is not found."""
    if run.span is None:
        return None
    at = run.span.text.find(char)
    if at < 0:
        return run.span
    start = run.span.start + at
    return Span(run.span.source, start, start + 1)
