"""Shaping by HarfBuzz: the glyphs of a word whose letters join, stack or change their order.

A face can set a script if its OpenType rules name the script: without them, letters of Arabic or
Mongolian would be drawn unjoined (:func:`knows_script`).  Lengths are in em.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

_UNIVERSAL = "DFLT"
_FORMS_OF = {"Arab": "\ufe8e"}
"""Scripts that HarfBuzz joins without rules if the font has the joined forms as characters."""


class ShapedGlyph(NamedTuple):
    """One glyph of a shaped text."""

    glyph: int
    """The index of the glyph in the font file."""
    start: int
    """The offset of the first character that it stands for."""
    text: str
    """The characters that it stands for; empty for all but the first glyph of these."""
    x: float
    """Its origin, from the left edge of the glyphs of the same characters."""
    y: float
    """How far its origin is raised above the base line."""
    advance: float
    """How far the next glyph is from it."""


_CONTEXT = 5
"""How many characters before and behind HarfBuzz considers (its CONTEXT_LENGTH)."""


def shape(
    font: Any, text: str, start: int, end: int, *, mirrored: bool = False
) -> tuple[ShapedGlyph, ...]:
    """Return the glyphs of the characters of *text* from *start* up to *end*, from left to right.

    *font* is a ``uharfbuzz.Font``.  The letters join with those before and behind.  With
    *mirrored* the text is set from right to left even if it has no letter, as a bracket.
    """
    first = max(0, start - _CONTEXT)
    near = text[first : end + _CONTEXT]
    shaped = _shape(font, near, start - first, end - first, mirrored=mirrored)
    return tuple(glyph._replace(start=glyph.start + first) for glyph in shaped)


@lru_cache(maxsize=4096)
def _shape(
    font: Any, text: str, start: int, end: int, *, mirrored: bool
) -> tuple[ShapedGlyph, ...]:
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_codepoints([ord(char) for char in text], start, end - start)
    buffer.guess_segment_properties()
    if mirrored:
        buffer.direction = "rtl"
    hb.shape(font, buffer)
    return tuple(_placed(buffer, text, end, font.face.upem))


def _placed(buffer: Any, text: str, end: int, upem: int) -> list[ShapedGlyph]:
    """Return the glyphs in *buffer*, whose clusters are offsets in *text*."""
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    starts = sorted({info.cluster for info in infos})
    ends = dict(zip(starts, [*starts[1:], end], strict=True))
    placed: list[ShapedGlyph] = []
    told: set[int] = set()
    pen, cluster = 0, -1
    for info, position in zip(infos, positions, strict=True):
        if info.cluster != cluster:
            pen, cluster = 0, info.cluster
        shown = "" if cluster in told else text[cluster : ends[cluster]]
        told.add(cluster)
        placed.append(
            ShapedGlyph(
                info.codepoint,
                cluster,
                shown,
                (pen + position.x_offset) / upem,
                position.y_offset / upem,
                position.x_advance / upem,
            )
        )
        pen += position.x_advance
    return placed


def advances_of(glyphs: Sequence[ShapedGlyph], start: int, end: int) -> list[float]:
    """Return the width of each character from *start* up to *end*.

    The first character that a glyph stands for has all of its width.
    """
    widths = [0.0] * (end - start)
    for glyph in glyphs:
        widths[glyph.start - start] += glyph.advance
    return widths


def glyph_advance(font: Any, glyph: int) -> float:
    """Return the width of the *glyph* of the ``uharfbuzz.Font`` *font*."""
    return float(font.get_glyph_h_advance(glyph) / font.face.upem)


@cache
def script_tag(char: str) -> str:
    """Return the tag of the script of *char* (ISO 15924), ``Zyyy`` if it has none."""
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(char)
    buffer.guess_segment_properties()
    return str(buffer.script or "Zyyy")


def knows_script(font: Any, script: str) -> bool:
    """Return whether the ``uharfbuzz.Font`` *font* has the rules that *script* (ISO 15924) needs.

    Rules for all scripts count where a font has no others.
    """
    import uharfbuzz as hb

    if script not in _NEED_RULES:
        return True
    tags = set(font.face.get_table_script_tags("GSUB"))
    if tags == {_UNIVERSAL} or script in {hb.ot_tag_to_script(tag) for tag in tags}:
        return True
    form = _FORMS_OF.get(script)
    return form is not None and bool(font.get_nominal_glyph(ord(form)))


_NEED_RULES = frozenset(
    {
        *("Arab", "Syrc", "Nkoo", "Mand", "Mani", "Adlm", "Rohg", "Sogd", "Sogo", "Chrs"),
        *("Mong", "Phag", "Ougr", "Phlp", "Tibt", "Khmr", "Mymr", "Lana", "Java", "Bali"),
        *("Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym", "Sinh"),
    }
)
"""Scripts whose letters join, stack or change their order: a font without rules sets them wrong."""
