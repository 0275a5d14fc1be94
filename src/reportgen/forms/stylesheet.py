"""``style.yaml`` → :class:`reportgen.styles.StyleSheet`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reportgen.forms.grid import TemplateError, known_word
from reportgen.styles import (
    Align,
    FigureLook,
    FindingLook,
    PageGeometry,
    Style,
    StyleSheet,
    TableLook,
    mm,
)

_COLOUR = re.compile(r"[0-9A-Fa-f]{6}", re.ASCII)
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(mm|pt)", re.ASCII)


def parse_length(text: object) -> float:
    """Return a length such as ``37mm`` or ``16pt`` in points; TemplateError if it is none."""
    match = _LENGTH.fullmatch(str(text))
    if not match:
        raise TemplateError(f"长度应写成 37mm 或 16pt：{text!r}")
    value = float(match[1])
    return mm(value) if match[2] == "mm" else value


def build_stylesheet(data: Mapping[str, Any]) -> StyleSheet:
    """Return the style sheet *data* describes; TemplateError names what is wrong or missing."""
    try:
        page = _page(data["page"])
        styles = {name: _style(name, spec, page) for name, spec in data["styles"].items()}
        return StyleSheet(
            page,
            styles,
            _table(data["table"]),
            _figure(data["figure"]),
            _finding(data.get("finding") or {}),
        )
    except (KeyError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
        raise TemplateError(f"style.yaml：{error!r}") from error


def _page(spec: Mapping[str, Any]) -> PageGeometry:
    lengths = {
        name: parse_length(spec[name])
        for name in ("width", "height", "top", "left", "text_width", "text_height", "number_gap")
    }
    return PageGeometry(lines=int(spec["lines"]), characters=int(spec["characters"]), **lengths)


def _style(name: str, spec: Mapping[str, Any], page: PageGeometry) -> Style:
    size = parse_length(spec["size"])
    align = known_word(Align, spec.get("align", Align.LEFT), f"{name} 的 align")
    pitch = spec.get("pitch", spec["size"])
    return Style(
        name=name,
        label=str(spec["label"]),
        face=str(spec["face"]),
        size=size,
        pitch=page.text_width / page.characters if pitch == "grid" else parse_length(pitch),
        line_pitch=_lines(spec["line_pitch"], page),
        align=align,
        first_line=float(spec.get("first_line", 0)),
        indent=float(spec.get("indent", 0)),
        right_indent=float(spec.get("right_indent", 0)),
        space_before=_lines(spec.get("space_before", "0pt"), page),
        space_after=_lines(spec.get("space_after", "0pt"), page),
        bold=bool(spec.get("bold", False)),
        colour=str(spec.get("colour", "000000")),
        keep_with_next=bool(spec.get("keep_with_next", False)),
        outline_level=spec.get("outline_level"),
    )


def _lines(text: object, page: PageGeometry) -> float:
    """Return a vertical length: ``grid`` or ``2grid`` are lines of the page's grid."""
    match = re.fullmatch(r"([\d.]*)grid", str(text))
    return float(match[1] or 1) * page.line_pitch if match else parse_length(text)


def _table(spec: Mapping[str, Any]) -> TableLook:
    return TableLook(
        rule=parse_length(spec["rule"]),
        padding_x=parse_length(spec["padding_x"]),
        padding_y=parse_length(spec["padding_y"]),
        min_row_height=parse_length(spec["min_row_height"]),
        shades={str(role): str(colour) for role, colour in spec.get("shades", {}).items()},
    )


def _figure(spec: Mapping[str, Any]) -> FigureLook:
    return FigureLook(
        gap=parse_length(spec["gap"]),
        max_height=parse_length(spec["max_height"]),
        space_before=parse_length(spec["space_before"]),
        space_after=parse_length(spec["space_after"]),
    )


def _finding(spec: Mapping[str, Any]) -> FindingLook:
    """Return how a draft shows findings; a form need not say so."""
    usual = FindingLook()
    colours = {str(name): _colour(colour) for name, colour in spec.items()}
    number = colours.pop("number", usual.number)
    return FindingLook({**usual.shades, **colours}, number)


def _colour(value: object) -> str:
    if not _COLOUR.fullmatch(str(value)):
        raise TemplateError(f"颜色应写成六位十六进制数，如 FFD9D9：{value!r}")
    return str(value)
