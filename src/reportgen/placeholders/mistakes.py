"""What can be wrong with placeholders, as findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reportgen.diagnostics import Finding
from reportgen.forms import nearest_key
from reportgen.placeholders import sandbox
from reportgen.placeholders.pieces import Mistake, Piece, PieceKind, snippet
from reportgen.placeholders.rendered import Names
from reportgen.sandbox import SyntaxProblem, reason
from reportgen.source import SourceFile, Span

Place = tuple[SourceFile, int, int]

_FULL_WIDTH = re.compile("[（），、。；：“”‘’【】｛｝｜＋－＊／＝＞＜％]")
_MAX_EXPRESSION = 2_000
_LISTED = 12


def syntax(source: SourceFile, mistake: Mistake) -> Finding:
    """Return the finding that *mistake* is."""
    span = source.span(mistake.start, mistake.stop)
    return Finding(
        "template-syntax", span, mistake.values, wording=mistake.wording, advice=mistake.advice
    )


def unreadable_mistake(text: str, piece: Piece) -> Mistake:
    """Return what is wrong with a stretch of *text* that the lexer could not read."""
    typed = text[piece.start : piece.stop]
    closer = {"{{": "}}", "{%": "%}", "{#": "#}"}.get(typed[:2], "}}")
    if not typed.endswith(closer):
        return Mistake(piece.start, piece.stop, "unfinished", {"结尾": closer})
    return _miswritten(piece, typed)


def expression_mistake(piece: Piece) -> Mistake | None:
    """Return what is wrong with the expression of *piece* taken alone, None when nothing is."""
    if piece.kind not in (PieceKind.VALUE, PieceKind.BLOCK):
        return None
    if mistake := unfit(piece):
        return mistake
    typed = f"{piece.begin}{piece.inner}{piece.end.rstrip()}"
    try:
        sandbox.compile_text(snippet(piece))
    except SyntaxProblem as error:
        return _explained(piece, typed, str(error))
    return None


def unfit(piece: Piece) -> Mistake | None:
    """Return why *piece* must not be given to the parser, None when it may."""
    if piece.kind in (PieceKind.VALUE, PieceKind.BLOCK) and len(piece.inner) > _MAX_EXPRESSION:
        return Mistake(piece.start, piece.stop, "too-long")
    if piece.kind == PieceKind.VALUE and not piece.inner.strip():
        return Mistake(piece.start, piece.stop, "empty")
    return None


def _explained(piece: Piece, typed: str, said: str) -> Mistake:
    if found := re.match(r"No (filter|test) named '(.*?)'", said):
        if found[1] == "test":
            return Mistake(piece.start, piece.stop, "no-test", {"名称": found[2]})
        advice, values = _choices(found[2], sandbox.known_filters())
        return Mistake(piece.start, piece.stop, "no-filter", values, advice)
    return _miswritten(piece, typed)


def _miswritten(piece: Piece, typed: str) -> Mistake:
    advice = "full-width" if _FULL_WIDTH.search(typed) else ""
    return Mistake(piece.start, piece.stop, "", {"原文": _short(typed)}, advice)


def unlocated_mistake() -> Mistake:
    """Return the mistake of a text that fails as a whole, though no part does."""
    return Mistake(0, 0, "combination")


def missed(place: Place, unknown: sandbox.Unknown, names: Names) -> Finding:
    """Return the finding that *unknown* is used at *place*."""
    owner, name = unknown.owner, unknown.name
    path = ".".join(owner.path) if isinstance(owner, Names) else ""
    if owner is None and name == "上年":
        wording, advice, values = "previous", "", {"名称": name}
    elif owner is None:
        wording = ""
        advice, values = _choices(name, [*names, *sandbox.known_functions()])
    elif isinstance(owner, Mapping):
        wording = "member" if path else "member-of-unnamed"
        advice, values = _choices(name, map(str, owner))
    else:
        wording, advice, values = "no-group", "", {"名称": name}
    values = {**values, "上级": path}
    return Finding("undefined-name", _span(place), values, wording=wording, advice=advice)


def _span(place: Place) -> Span:
    source, start, stop = place
    return source.span(start, stop)


def _choices(name: str, known: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Return which advice to give to whoever wrote *name*, and the values it needs."""
    choices = list(known)
    near = nearest_key(name, choices)
    listed = "、".join(choices[:_LISTED]) + ("等" if len(choices) > _LISTED else "")
    advice = "similar" if near else "listed" if listed else "unlisted"
    return advice, {"名称": name, "相近": near or "", "各名称": listed}


def failure(place: Place, error: Exception) -> Finding:
    """Return the finding that evaluating *place* raised *error*."""
    source, start, stop = place
    values = {"占位符": _short(source.text[start:stop]), "原因": reason(error)}
    return Finding("placeholder-failed", _span(place), values)


def too_large(place: Place) -> Finding:
    """Return the finding that the text grows beyond all bounds at *place*."""
    return Finding("output-too-large", _span(place))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
