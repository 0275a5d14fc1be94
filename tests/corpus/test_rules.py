"""The rules themselves: a badly set line does not pass them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain

import pytest
from msgspec.structs import replace

from reportgen.layout.text.lines import Line, set_lines
from reportgen.text import Run
from tests.corpus.prose import Piece, Pieces
from tests.corpus.rules import Column, Text, faults
from tests.corpus.test_corpus import BODY, FONTS, PITCH, RULER

WIDE = 28 * PITCH
FLAT = replace(BODY, first_line=0.0)


def split(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


def set_by_hand(texts: Sequence[str], zi: float = 28) -> tuple[Line, ...]:
    """Return each of *texts* as a line of its own, set natural whatever the rules say."""
    return tuple(chain(*(set_lines((Run(text),), FLAT, WIDE * 9, FONTS) for text in texts)))


def judge(texts: Sequence[str], pieces: Pieces | None = None, zi: float = 28) -> list[str]:
    """Return the faults of *texts* set as lines of a column of *zi* characters."""
    made = pieces or (Piece("".join(texts)),)
    return list(faults(Text.of(made), set_by_hand(texts), Column(0, 0, zi * PITCH, PITCH), RULER))


@pytest.mark.parametrize("mark", "，。、；：？！）》”’】〕％‰℃…—～·")
def test_a_closing_mark_at_the_start_of_a_line_is_a_fault(mark: str) -> None:
    assert any("forbidden break" in fault for fault in judge(["政府信息", f"{mark}公开"]))


@pytest.mark.parametrize("mark", "（《“‘【〔￥№")
def test_an_opening_mark_at_the_end_of_a_line_is_a_fault(mark: str) -> None:
    assert any("forbidden break" in fault for fault in judge([f"政府信息{mark}", "公开"]))


@pytest.mark.parametrize(
    "run", ["3892|431", "12.|5%", "12.5|%", "〔2021〕|30号", "—|—", "…|…", "We|Chat", "a|@163.com"]
)
def test_a_broken_run_is_a_fault(run: str) -> None:
    before, after = split(run)
    pieces = (Piece("政府信息"), Piece(before + after, "whole"), Piece("公开"))
    found = judge([f"政府信息{before}", f"{after}公开"], pieces)
    assert any("run broken" in fault or "forbidden break" in fault for fault in found)


def test_an_address_may_be_broken_after_a_slash_and_nowhere_else() -> None:
    pieces = (Piece("见"), Piece("http://a.example/b", "address"), Piece("网站"))
    lawful = judge(["见http://a.example/", "b网站"], pieces)
    unlawful = judge(["见http://a.exa", "mple/b网站"], pieces)
    assert not any("broken" in fault for fault in lawful)
    assert any("run broken" in fault for fault in unlawful)


def test_a_run_wider_than_the_line_may_be_broken() -> None:
    pieces = (Piece("3892431", "whole"),)
    assert not judge(["38924", "31"], pieces, zi=3)
    assert judge(["38924", "31"], pieces, zi=5)


def test_a_line_that_is_short_or_too_wide_is_a_fault() -> None:
    assert any("short of the right edge" in fault for fault in judge(["政府信息", "公开"], zi=4.1))
    assert any("past the right edge" in fault for fault in judge(["政府信息", "公开"], zi=3.9))
    assert not judge(["政府信息", "公开"], zi=4)


def test_a_line_not_starting_at_the_edge_is_a_fault() -> None:
    text = Text.of((Piece("政府信息"),))
    column = Column(2 * PITCH, 0, WIDE, PITCH)
    found = list(faults(text, set_by_hand(["政府信息"]), column, RULER))
    assert any("from the left edge" in fault for fault in found)


def test_the_blank_half_of_a_stop_may_hang_out_but_not_its_ink() -> None:
    assert not judge(["政府信息，", "公开"], zi=4.5)
    assert any("ink of ，" in fault for fault in judge(["政府信息，", "公开"], zi=4.1))


def test_lost_text_is_a_fault() -> None:
    text = Text.of((Piece("政府信息"),))
    column = Column(0, 0, WIDE, PITCH)
    assert list(faults(text, set_by_hand(["政府信"]), column, RULER))


def test_the_corpus_has_every_mark_and_every_kind_of_run() -> None:
    from tests.corpus.prose import ADDRESSES, MAILS, PAIRS, PHONES, STROKES, WORDS, make_corpus

    paragraphs = list(make_corpus(210, 0))
    texts = ["".join(piece.text for piece in pieces) for pieces in paragraphs]
    corpus = "\n".join(texts)
    signs = (*"，。、；：？！％‰℃￥№～·+%", *PAIRS, *STROKES)
    assert not [sign for sign in chain(*signs) if sign not in corpus]
    assert not [run for run in (*ADDRESSES, *MAILS, *PHONES, *WORDS) if run not in corpus]
    assert len(set(texts)) == len(texts)
    depths = accumulate(
        (char in "（《“‘〔【〈「『［｛") - (char in "）》”’〕】〉」』］｝") for char in corpus
    )
    assert max(depths) >= 3
