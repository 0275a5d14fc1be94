"""Ways of writing that other Markdown knows and a report does not: they are reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from reportgen.markdown.inline import InlineKind, InlinePiece

_MASK = "\0"  # stands in no text of a file
_PICTURE_NAME = r"\.(?:png|jpe?g|webp|bmp|gif|tiff?)"
_PICTURE = re.compile(
    rf"""
      [!！][ ]?[\[【［][^\n]{{0,200}}?[\]】］][ ]?[(（\[［]   # a caption, and a target in brackets
    | [!！][\[［]{{2}}
    | [\[【［][^\n\[\]【】［］]{{0,200}}[\]】］][ ]?[(（][^()（）\n]{{0,200}}{_PICTURE_NAME}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PICTURE_FILE = re.compile(rf"(?![a-z]+:).*{_PICTURE_NAME}", re.IGNORECASE)
_FORMS = {
    "footnote": re.compile(r"\[\^[^\[\]\n]{1,60}\]"),
    "struck": re.compile(r"~~[^~\n]{1,200}~~"),
    "reference": re.compile(
        r"(?<![!！])\[[^\[\]\n^]{1,200}\]\[[^\[\]\n]{0,60}\]"
        r"|^[ ]{0,3}\[[^\[\]\n^]{1,60}\][:：][ \t]*(?:https?:|www\.|[\w/-]+[./])[^\s]{1,200}$",
        re.MULTILINE,
    ),
    "task": re.compile(r"\A\[[ xX√✓]?\][ \t]"),
    "full-width-link": re.compile(
        r"[\[【［][^\n\[\]【】［］]{1,200}[\]】］][ ]?"
        r"[(（](?:https?:|www\.)[^\n()（）]{0,200}[)）]?"
    ),
    "": re.compile(
        r"==[^=\n]{1,200}==|(?<![!！])\[\[[^\[\]\n]{1,200}\]\]|^\[(?:toc|TOC)\]$"
        r"|\^[^\s^]{1,20}\^|^:{3}.{0,60}$",
        re.MULTILINE,
    ),
}
_BARS = "|｜│┃"
_DASHES = r"\-—–－─━=＝"
_SEPARATOR = re.compile(
    rf"^[ \t\u3000]*[{_BARS}]?[ \t\u3000]*[:：]?[{_DASHES}]+[:：]?[ \t\u3000]*[{_BARS}]"
    rf"[ \t\u3000:：{_BARS}{_DASHES}]*$",
    re.MULTILINE,
)
_TABLE = re.compile(
    rf"""
      ^[ \t\u3000]*[+┌├└┼][{_DASHES}]+[+┬┼┴┐┤┘].*$                # drawn with plus signs
    | ^[ \t\u3000]*[{_BARS}].*[{_BARS}][ \t\u3000]*$                # a row between bars
    | ^[^\n{_BARS}]*[{_BARS}][^\n]*\n(?=[^\n{_BARS}]*[{_BARS}])    # two rows with bars in them
    # two rows of cells with tabs between them
    | ^[^\n\t]*\S[ ]*\t[ \t]*\S[^\n]*\n[^\n\t]*\S[ ]*\t[ \t]*\S
    """,
    re.VERBOSE | re.MULTILINE,
)
_ADDRESS = re.compile(r"(?:https?|ftp|mailto|tel):.", re.IGNORECASE)


class Unsupported(Struct, frozen=True):
    """What stands from ``start`` to ``end`` of a block's text; ``wording`` is the rule's."""

    wording: str
    start: int
    end: int


def visible_text(text: str, pieces: Sequence[InlinePiece]) -> str:
    """Return the *text* of a block as long as before, only what is read as text left in it.

    Code, escaped characters, values, pictures and tags are blotted out.
    """
    shown = [char if char == "\n" else _MASK for char in text]
    for piece in pieces:
        is_code = text[piece.start - 1 : piece.start] == "`"
        blank = piece.kind in (InlineKind.SOFT, InlineKind.HARD, InlineKind.GAP)
        if blank or (piece.kind == InlineKind.TEXT and piece.is_verbatim and not is_code):
            shown[piece.start : piece.end] = text[piece.start : piece.end]
    return "".join(shown)


def unsupported_forms(visible: str) -> Iterator[Unsupported]:
    """Yield what is written in *visible* text in a way that only other Markdown knows."""
    taken: list[range] = []
    for wording, pattern in _FORMS.items():
        for found in pattern.finditer(visible):
            if not any(found.start() in other for other in taken):
                taken.append(range(*found.span()))
                yield Unsupported(wording, *found.span())


def meant_as_picture(visible: str) -> bool:
    """Return whether *visible* text holds what was meant as a picture."""
    return _PICTURE.search(visible) is not None


def is_picture_name(target: str) -> bool:
    """Return whether a link's *target* is a picture file, so that a picture was meant."""
    return _PICTURE_FILE.fullmatch(target) is not None


def meant_as_table(text: str) -> re.Match[str] | None:
    """Return the line of *text* that tells it was meant as a table; None without any."""
    return _SEPARATOR.search(text) or _TABLE.search(text)


def is_address(target: str) -> bool:
    """Return whether a link's *target* leads anywhere from a printed report."""
    return _ADDRESS.match(target) is not None
