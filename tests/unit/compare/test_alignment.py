"""Tests of which unit of one sequence stands for which of the other."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.compare.alignment import (
    Counterparts,
    align,
    align_cells,
    opcodes,
    similarity,
)
from reportgen.compare.content import Passage, Row, RowCell, Unit
from reportgen.text import Run


def passages(*texts: str) -> list[Passage]:
    return [Passage((Run(text),), None) for text in texts]


def row(*cells: str, repeated: int = 0, labels: int = 1) -> Row:
    return Row(
        tuple(
            RowCell(text, None, "" if n < labels else f"表/{n}", n < labels, n < repeated)
            for n, text in enumerate(cells)
        )
    )


def pairs(expected: Sequence[Unit], found: Sequence[Unit]) -> list[Counterparts]:
    return list(align(expected, found).pairs)


A, B, C = (
    "全年主动公开政府信息41件。",
    "举办培训三期，培训干部90人次。",
    "网站专栏更新及时，运行正常。",
)


def test_equal_texts_are_pairs() -> None:
    assert pairs(passages(A, B), passages(A, B)) == [
        Counterparts((0,), (0,)),
        Counterparts((1,), (1,)),
    ]


def test_a_changed_text_is_a_pair_beside_what_is_missing() -> None:
    found = pairs(passages(A, B, C), passages(A, C.replace("正常", "平稳")))
    assert found == [
        Counterparts((0,), (0,)),
        Counterparts((1,), ()),
        Counterparts((2,), (1,)),
    ]


def test_a_paragraph_that_was_parted_is_one_pair() -> None:
    parted = [B[:7], B[7:]]
    assert pairs(passages(A, B, C), passages(A, *parted, C)) == [
        Counterparts((0,), (0,)),
        Counterparts((1,), (1, 2)),
        Counterparts((2,), (3,)),
    ]


def test_a_paragraph_parted_and_changed_is_one_pair() -> None:
    found = pairs(passages(B + C), passages(B.replace("90", "19"), C))
    assert found == [Counterparts((0,), (0, 1))]


def test_joined_paragraphs_are_one_pair() -> None:
    assert pairs(passages(A, B, C), passages(A + B, C))[0] == Counterparts((0, 1), (0,))


def test_a_short_text_alone_between_others_may_change_as_a_whole() -> None:
    assert pairs(passages(A, "图一", B), passages(A, "附件", B))[1] == Counterparts((1,), (1,))


def test_a_text_is_no_row() -> None:
    assert similarity(passages("规章")[0], row("规章")) == 0
    assert pairs(passages("规章"), [row("规章")]) == [
        Counterparts((0,), ()),
        Counterparts((), (0,)),
    ]


def test_a_row_is_known_by_its_label() -> None:
    ours = [row("予以公开", "1", "0"), row("部分公开", "1", "0")]
    theirs = [row("部分公开", "7", "8")]
    assert pairs(ours, theirs) == [Counterparts((0,), ()), Counterparts((1,), (0,))]


def test_cells_stand_beside_each_other_where_one_was_emptied() -> None:
    pairs = align_cells(row("规章", "1", "1", "4"), row("规章", "1", "", "4"))
    assert [(a and a.text, b and b.text) for a, b in pairs] == [
        ("规章", "规章"),
        ("1", "1"),
        ("1", ""),
        ("4", "4"),
    ]


def test_a_cell_from_a_row_above_may_be_there_blank_or_left_out() -> None:
    ours = row("三、办理结果", "（二）部分公开", "3", repeated=1, labels=2)
    for theirs in (
        row("三、办理结果", "（二）部分公开", "3"),
        row("", "（二）部分公开", "3"),
        row("（二）部分公开", "3"),
    ):
        pairs = [(a, b) for a, b in align_cells(ours, theirs) if a and not a.is_repeated]
        assert [(a.text, b and b.text) for a, b in pairs] == [
            ("（二）部分公开", "（二）部分公开"),
            ("3", "3"),
        ]


def test_a_file_with_thousands_of_other_paragraphs_is_answered_at_once() -> None:
    ours = passages(*(f"本机关第{n}段文字。" for n in range(400)))
    theirs = passages(*(f"另一份文件的第{n}句话，很长。" for n in range(2000)))
    found = pairs(ours, theirs)
    assert sum(bool(pair.expected) for pair in found) == 400
    assert sum(bool(pair.found) for pair in found) == 2000


def test_what_recurs_too_often_is_compared_from_both_ends() -> None:
    one, other = "头甲甲乙甲甲尾", "头甲乙乙甲尾"
    assert [code for code in opcodes(one, other, 100) if code[0] != "equal"] == [
        ("replace", 2, 3, 2, 3),
        ("delete", 5, 6, 5, 5),
    ]
    from_the_ends = [("equal", 0, 2, 0, 2), ("replace", 2, 5, 2, 4), ("equal", 5, 7, 4, 6)]
    assert opcodes(one, other, 5) == from_the_ends
    assert opcodes("甲" * 9, "甲" * 9, 5) == [("equal", 0, 9, 0, 9)]
    assert opcodes("甲" * 9, "甲" * 7, 5) == [("equal", 0, 7, 0, 7), ("delete", 7, 9, 7, 7)]


def test_texts_that_changed_places_across_others_are_moved_not_rewritten() -> None:
    alike = A.replace("41", "52")
    found = align(passages(A, B, C, alike), passages(alike, B, C, A))
    assert found.moved == {0: 3, 3: 0}
    assert list(found.pairs) == [
        Counterparts((0,), ()),
        Counterparts((), (0,)),
        Counterparts((1,), (1,)),
        Counterparts((2,), (2,)),
        Counterparts((3,), ()),
        Counterparts((), (3,)),
    ]


def test_a_text_moved_in_front_of_one_that_was_parted_leaves_its_parts_together() -> None:
    found = align(passages(A, B, C), passages(C, A[:9], A[9:], B))
    assert Counterparts((0,), (1, 2)) in found.pairs
    assert found.moved == {2: 0}
