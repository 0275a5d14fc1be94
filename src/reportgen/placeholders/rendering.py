"""One text rendered, and what is wrong with its placeholders as findings.

Delimiters are put in, the text is evaluated, the delimiters are taken out.  Before each stretch
of typed text a delimiter holds its offset, around each value a pair of delimiters holds the
number of its piece.  They are made of noncharacters, which no text may contain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from reportgen.diagnostics import Finding
from reportgen.forms import nearest_key
from reportgen.placeholders import sandbox
from reportgen.placeholders.functions import value_text
from reportgen.placeholders.pieces import (
    Mistake,
    Piece,
    PieceKind,
    snippet,
    split_pieces,
    structure_mistakes,
)
from reportgen.placeholders.rendered import Names, RenderedText, Segment, unrendered
from reportgen.sandbox import MAX_STEPS, SyntaxProblem, TooMuch, reason
from reportgen.source import MAX_CHARACTERS, SourceFile, Span
from reportgen.text import one_line

_DATA, _STOP, _VALUE, _VALUE_END = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_DELIMITER = re.compile(f"([{_DATA}{_VALUE}])([0-9]{{1,9}}){_STOP}|{_VALUE_END}")
_INTERNAL = re.compile("[\ufdd0-\ufdef]")
_OPENING = re.compile(r"\{[{%]")
_PRIVATE = re.compile(r"_(?=([0-9]+)_)")
_MAX_FAILURES = 50
_MAX_PLACEHOLDERS = 5_000
_MAX_CODE = 200_000
"""Characters of all placeholders together, far above what the longest report needs."""


@lru_cache(maxsize=8)
def _pieces_of(text: str) -> Sequence[Piece]:
    """Return the pieces of *text*; a skeleton is rendered for every report of a batch."""
    return tuple(split_pieces(text))


def _private_prefix(text: str) -> str:
    """Return how the names begin that *text* cannot have: those of the functions it calls."""
    used = set(_PRIVATE.findall(text))
    return next(f"_{number}_" for number in range(len(used) + 1) if str(number) not in used)


def render(
    source: SourceFile, names: Names, escape: Callable[[str], str]
) -> tuple[RenderedText, list[Finding]]:
    """Return *source* rendered with *names*, and everything wrong with its placeholders.

    Each value goes through *escape*.  A text with too many placeholders stays as it is.
    """
    for found in islice(_OPENING.finditer(source.text), _MAX_PLACEHOLDERS, None):
        return unrendered(source), [too_large((source, *found.span()), "too-many")]
    return Rendering(source, names, escape).run()


class Rendering:
    """The rendering of one source with *names*; each value goes through *escape*."""

    def __init__(self, source: SourceFile, names: Names, escape: Callable[[str], str]) -> None:
        self._source = source
        self._names = names
        self._escape = escape
        self._pieces = _pieces_of(source.text)
        self._skipped = {i for i, piece in enumerate(self._pieces) if piece.kind == PieceKind.BAD}
        self._private = _private_prefix(source.text)
        self._failed: set[int] = set()
        self._steps = 0
        self._missed: dict[tuple[int, str], sandbox.Unknown] = {}
        self._found: list[Finding] = []

    def run(self) -> tuple[RenderedText, list[Finding]]:
        """Return the rendered text and everything wrong with its placeholders.

        After a placeholder fails the text is rendered again around it, so that
        the ones behind it are reported too, as long as little was done until then.
        """
        output = None
        if self._is_bounded() and self._is_sound():
            while len(self._failed) < _MAX_FAILURES and self._steps <= MAX_STEPS:
                before = len(self._failed)
                output = self._attempt()
                if output is not None or len(self._failed) == before:
                    break
        spans = [self._span(place) for place, _ in self._missed]
        self._found.extend(map(missed, spans, self._missed.values(), [self._names] * len(spans)))
        rendered = unrendered(self._source) if output is None else self._decode(output)
        if len(rendered.text) > MAX_CHARACTERS:
            self._found.append(too_large(self._span(-1)))
            rendered = unrendered(self._source)
        return rendered, self._found

    def _span(self, place: int) -> tuple[SourceFile, int, int]:
        piece = self._pieces[place] if place >= 0 else Piece(PieceKind.DATA, 0, 0)
        return self._source, piece.start, piece.stop

    def _is_bounded(self) -> bool:
        """Return whether the placeholders are short enough to be compiled; else report it."""
        size = 0
        for number, piece in enumerate(self._pieces):
            size += 0 if piece.kind == PieceKind.DATA else piece.stop - piece.start
            if size > _MAX_CODE:
                self._found.append(too_large(self._span(number), "too-many"))
                return False
        return True

    def _is_sound(self) -> bool:
        """Report mistakes of writing; return whether the text can be rendered around them."""
        unreadable = [unreadable_mistake(self._source.text, self._pieces[i]) for i in self._skipped]
        bad_tag = any(
            not self._source.text.startswith("{{", mistake.start) for mistake in unreadable
        )
        mistakes = [] if bad_tag else structure_mistakes(self._pieces)
        sound = not bad_tag and not mistakes
        if not (sound and self._compiles()):
            for number, piece in enumerate(self._pieces):
                if mistake := expression_mistake(piece):
                    mistakes.append(mistake)
                    self._skipped.add(number)
                    sound = sound and piece.kind == PieceKind.VALUE
            if sound and not mistakes:
                mistakes.append(unlocated_mistake())
                sound = False
        self._found.extend(syntax(self._source, mistake) for mistake in (*unreadable, *mistakes))
        return sound

    def _compiles(self) -> bool:
        if any(map(unfit, self._pieces)):
            return False
        try:
            sandbox.compile_text(self._delimited())
        except SyntaxProblem:
            return False
        return True

    def _attempt(self) -> str | None:
        """Return the output with its delimiters, or None after reporting what stopped it."""
        run = sandbox.LocatedEvaluation()
        try:
            return sandbox.run_text(self._delimited(), self._names, self._helpers(run), run)
        except TooMuch:
            self._found.append(too_large(self._span(run.place)))
        except Exception as error:  # whatever an author's expression can raise
            self._found.append(failure(self._span(run.place), error))
            if run.place >= 0 and self._pieces[run.place].kind == PieceKind.VALUE:
                self._failed.add(run.place)
        finally:
            self._steps += run.steps
            self._missed |= run.missed
        return None

    def _helpers(self, run: sandbox.LocatedEvaluation) -> dict[str, object]:
        """Return the private functions the delimited text calls."""

        def move(place: int) -> str:
            run.move(place)
            return ""

        def out(_: str, value: object) -> str:
            if isinstance(value, sandbox.Unknown):
                value.note()
                return raw(run.place)
            text = _INTERNAL.sub("", _DELIMITER.sub("", value_text(value)))
            return f"{_VALUE}{run.place}{_STOP}{self._escape(text)}{_VALUE_END}"

        def raw(place: int) -> str:
            piece = self._pieces[place]
            text = self._escape(self._source.text[piece.start : piece.stop])
            return f"{_VALUE}{place}{_STOP}{text}{_VALUE_END}"

        helpers = {"at": move, "out": out, "raw": raw, "failed": self._failed.__contains__}
        return {f"{self._private}{name}": helper for name, helper in helpers.items()}

    def _delimited(self) -> str:
        return "".join(self._delimit(number, piece) for number, piece in enumerate(self._pieces))

    def _delimit(self, number: int, piece: Piece) -> str:
        """Return *piece* with what the evaluation needs to know where it is."""
        if piece.kind == PieceKind.DATA:
            return f"{_DATA}{piece.start}{_STOP}{piece.inner}"
        if number in self._skipped:
            return f"{{{{ {self._private}raw({number}) }}}}"
        at, name = f"{self._private}at({number})", self._private
        if piece.kind == PieceKind.VALUE:
            value = f"{name}out({at}, ({piece.inner}))"
            if self._failed:
                value = f"{name}raw({number}) if {name}failed({number}) else {value}"
            return f"{piece.begin} {value} {piece.end}"
        if piece.tag == "elif":
            return f"{piece.begin} elif {at} or ({piece.rest}) {piece.end}"
        text = f"{piece.begin}{piece.inner}{piece.end}"
        if piece.kind == PieceKind.OTHER or piece.tag not in ("if", "for", "set"):
            return text
        return f"{{{{ {at} }}}}{text}" + (f"{{{{ {at} }}}}" if piece.tag == "for" else "")

    def _decode(self, output: str) -> RenderedText:
        """Return *output* without its delimiters, which become segments."""
        stops = {piece.start: piece.stop for piece in self._pieces}
        parts: list[str] = []
        segments: dict[int, Segment] = {}
        size = position = 0
        for delimiter in _DELIMITER.finditer(output):
            parts.append(output[position : delimiter.start()])
            size += len(parts[-1])
            position = delimiter.end()
            if delimiter[1] == _DATA:
                origin = int(delimiter[2])
                segments[size] = Segment(size, origin, stops.get(origin, origin), False)
            elif delimiter[1] == _VALUE:
                piece = self._pieces[int(delimiter[2])]
                segments[size] = Segment(size, piece.start, piece.stop, True)
        parts.append(output[position:])
        ordered = tuple(segments.values()) or (Segment(0, 0, 0, False),)
        return RenderedText("".join(parts), self._source, ordered)


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
    own = [choice for choice in choices if not choice.isascii()]  # range means nothing to a clerk
    listed = "、".join(own[:_LISTED]) + ("等" if len(own) > _LISTED else "")
    advice = "similar" if near else "listed" if listed else "unlisted"
    return advice, {"名称": name, "相近": near or "", "各名称": listed}


def failure(place: Place, error: Exception) -> Finding:
    """Return the finding that evaluating *place* raised *error*."""
    source, start, stop = place
    values = {"占位符": _short(source.text[start:stop]), "原因": reason(error)}
    return Finding("placeholder-failed", _span(place), values)


def too_large(place: Place, wording: str = "") -> Finding:
    """Return the finding that the text grows beyond all bounds at *place*."""
    return Finding("output-too-large", _span(place), wording=wording)


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= 40 else f"{line[:39]}…"
