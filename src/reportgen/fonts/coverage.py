"""Findings about characters that the fonts do not draw.

A script that must be shaped is judged by the word, because one font has to set all of it; all that
no font can set of one script is one finding.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from msgspec.structs import replace

from reportgen.diagnostics import Finding
from reportgen.document.nodes import Document, walk_text
from reportgen.fonts.faces import LAST_ROLE, FontSet, ScriptName
from reportgen.source import Span
from reportgen.text import Run
from reportgen.writing_systems import script_of, without_joiners

_RARE = 0x20000
"""The first of the ideographs outside the basic plane, which only special fonts have."""
_RAISED = ("<sub>", "<super>", "<fraction>")
_INVISIBLE = {"Cc", "Cf"}  # control and format characters, which a report must not contain
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""They only say which form of the character before is meant; 〇️ copied from a phone has one."""


def missing_characters(document: Document, fonts: FontSet) -> list[Finding]:
    """Return one finding for each character of *document* that cannot be printed.

    All letters of one script of the autonomous regions are one finding.  The rule is
    ``missing-glyph`` for a character that no face has, and ``control-character`` for an
    invisible one.  The place is that of the first occurrence.
    """
    found: dict[str, Finding] = {}
    for style, run in walk_text(document):
        role = document.sheet[style].face
        for char in fonts.unprinted(role, run.text):
            finding = _finding_about(char, role, fonts) if char != "\n" else None
            about = script_of(char[0]) or char
            if finding and about not in found:
                found[about] = replace(finding, span=_narrow(run, char))
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
    """Return the finding about *char* in text of *role*; None if it can be printed.

    *char* may be a word that must be shaped.
    """
    code = f"U+{ord(char[0]):04X}"
    values = {"字符": char, "编码": code}
    category = unicodedata.category(char[0])
    if category in _INVISIBLE or char in _VARIATION_SELECTORS:
        return Finding("control-character", None, values)
    if fonts.face_for(role, char):
        return None
    script, family = fonts.scripts.get(script_of(char[0])), fonts.without_rules(char)
    if len(char) > 1 or script or family:
        return _finding_about_word(char, script, family or "")
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


def _finding_about_word(word: str, script: ScriptName | None, family: str) -> Finding:
    """Return the finding about *word* of *script*, which no font can set.

    *family* is the font that has its letters but not the rules for joining them, if any.
    """
    char = next(iter(without_joiners(word)), word[0])
    values = {"字符": char, "编码": f"U+{ord(char):04X}", "词": word, "字体": family}
    if family:
        return Finding("missing-glyph", None, values, wording="no-font-rules")
    if script is None:
        return Finding("missing-glyph", None, values, wording="no-font-word")
    advised = {
        "字符": char,
        "编码": f"U+{ord(char):04X}",
        "文字": script.name,
        "所需字体": script.advised,
    }
    return Finding("missing-glyph", None, advised, wording="no-font-script")


def _narrow(run: Run, char: str) -> Span | None:
    """Return the place of the first *char* in *run*, or of the whole run if it is not found."""
    if run.span is None:
        return None
    at = run.span.text.find(char)
    if at < 0:
        return run.span
    start = run.span.start + at
    return Span(run.span.source, start, start + len(char))
