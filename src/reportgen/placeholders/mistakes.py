"""What can be wrong with placeholders, in words: the findings N201, N202, N203 and N205."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.forms import nearest_key
from reportgen.placeholders import sandbox
from reportgen.placeholders.pieces import Mistake, Piece, snippet
from reportgen.placeholders.rendered import Names
from reportgen.sandbox import SyntaxProblem, reason
from reportgen.source import SourceFile

Place = tuple[SourceFile, int, int]

_FULL_WIDTH = re.compile("[（），、。；：“”‘’【】｛｝｜＋－＊／＝＞＜％]")
_MAX_EXPRESSION = 2_000
_USUAL_HINT = "写成 {{ 名称.名称 }} 的形式，检查括号、引号是否成对"


def syntax(source: SourceFile, mistake: Mistake) -> Diagnostic:
    """Return the finding that *mistake* is."""
    return _error(
        "N201", "template-syntax", (source, mistake.start, mistake.stop), mistake.message,
        mistake.hint or _USUAL_HINT,
    )  # fmt: skip


def _error(code: str, slug: str, place: Place, message: str, hint: str) -> Diagnostic:
    source, start, stop = place
    return Diagnostic(code, slug, Severity.ERROR, message, source.span(start, stop), hint=hint)


def unreadable_mistake(text: str, piece: Piece) -> Mistake:
    """Return what is wrong with a stretch of *text* that the lexer could not read."""
    typed = text[piece.start : piece.stop]
    closer = {"{{": "}}", "{%": "%}", "{#": "#}"}.get(typed[:2], "}}")
    if not typed.endswith(closer):
        message = f"占位符没有写完，缺少 {closer}"
        return Mistake(piece.start, piece.stop, message, f"在同一行内补上 {closer}")
    return Mistake(
        piece.start, piece.stop, f"占位符写法有误：{_short(typed)}", _writing_hint(typed)
    )


def expression_mistake(piece: Piece) -> Mistake | None:
    """Return what is wrong with the expression of *piece* taken alone, None when nothing is."""
    if piece.kind not in ("value", "block"):
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
    if piece.kind in ("value", "block") and len(piece.inner) > _MAX_EXPRESSION:
        return Mistake(piece.start, piece.stop, "占位符过长", "把计算分成几步")
    if piece.kind == "value" and not piece.inner.strip():
        return Mistake(piece.start, piece.stop, "占位符里没有内容", "写上数据的名称，或删去它")
    return None


def _explained(piece: Piece, typed: str, said: str) -> Mistake:
    if found := re.match(r"No (filter|test) named '(.*?)'", said):
        word = "过滤器" if found[1] == "filter" else "判断"
        known = sandbox.known_filters() if found[1] == "filter" else []
        message = f"没有名为“{found[2]}”的{word}"
        return Mistake(piece.start, piece.stop, message, _choice_hint(found[2], known))
    message = f"占位符写法有误：{_short(typed)}"
    return Mistake(piece.start, piece.stop, message, _writing_hint(typed))


def unlocated_mistake() -> Mistake:
    """Return the mistake of a text that fails as a whole, though no part does."""
    return Mistake(0, 0, "占位符和标记的组合有误", "检查 {% if %}、{% for %} 是否嵌套过深")


def _writing_hint(typed: str) -> str:
    if _FULL_WIDTH.search(typed):
        return "占位符内的括号、逗号、引号和运算符要用半角；含标点的名称写成 ['名称'] 的形式"
    return _USUAL_HINT


def missed(place: Place, unknown: sandbox.Unknown, names: Names) -> Diagnostic:
    """Return the finding that *unknown* is used at *place*."""
    owner, name = unknown.owner, unknown.name
    if owner is None:
        known = [*names, *sandbox.known_functions()]
        message, hint = f"没有名为“{name}”的数据", _choice_hint(name, known)
        if name == "上年":
            message = "没有上年的数据可以引用"
            hint = "在 report.yaml 中填写“上年”，或先用 {% if 上年 is defined %} 判断"
    elif isinstance(owner, Mapping):
        path = ".".join(owner.path) if isinstance(owner, Names) else ""
        message = f"“{path}”中没有“{name}”" if path else f"这组数据中没有“{name}”"
        hint = _choice_hint(name, map(str, owner))
    else:
        message, hint = f"这里不能取“{name}”：它前面已是单个的值", f"删去“.{name}”"
    return _error("N202", "undefined-name", place, message, hint)


def _choice_hint(name: str, known: Iterable[str]) -> str:
    choices = list(known)
    if near := nearest_key(name, choices):
        return f"是否想写“{near}”？"
    listed = "、".join(choices[:12]) + ("等" if len(choices) > 12 else "")
    return f"可用的名称：{listed}" if listed else "检查名称是否写对"


def failure(place: Place, error: Exception) -> Diagnostic:
    """Return the finding that evaluating *place* raised *error*."""
    source, start, stop = place
    message = f"占位符 {_short(source.text[start:stop])} 无法计算：{reason(error)}"
    return _error("N203", "placeholder-failed", place, message, "检查引用的数据和计算的写法")


def too_large(place: Place) -> Diagnostic:
    """Return the finding that the text grows beyond all bounds at *place*."""
    message = "占位符和循环产生的内容过多，已停止"
    return _error("N205", "output-too-large", place, message, "减少循环的次数")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
