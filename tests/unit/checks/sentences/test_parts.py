"""Tokens cut into parts with one number each."""

from __future__ import annotations

from reportgen.checks.sentences import SentencePart, split_parts, tokenise
from tests.builders import FORMS

GRAMMAR = FORMS["2021"].sentences


def parts(text: str) -> list[SentencePart]:
    return split_parts(tokenise(text, GRAMMAR))


def numbers(text: str) -> list[tuple[str, int | None]]:
    """Return the numbers of *text*, each with the place of the one it is listed for."""
    return [(p.number.text, p.head) for p in parts(text) if p.number]


def test_commas_and_joints_behind_numbers_cut() -> None:
    found = parts("制发、废止规范性文件3件、2件，有效5件")
    assert [p.number.text for p in found if p.number] == ["3", "2", "5"]
    assert [t.text for t in found[0].before] == ["制发", "、", "废止", "规范性文件"]


def test_a_colon_before_a_number_does_not_cut() -> None:
    (part,) = parts("新收申请：15件")
    assert [t.text for t in part.before] == ["新收", "申请"]


def test_what_stands_between_two_numbers_tells_of_the_second() -> None:
    first, second = parts("收到8件办结5件")
    assert (first.after, [t.text for t in second.before]) == ((), ["办结"])


def test_a_list_belongs_to_the_number_before_it() -> None:
    assert numbers("收到9件，其中甲3件、乙6件。办结9件。") == [
        ("9", None), ("3", 0), ("6", 0), ("9", None),
    ]  # fmt: skip


def test_a_list_goes_on_behind_a_stop_and_a_semicolon() -> None:
    assert [head for _, head in numbers("收到9件。其中，甲3件；乙6件")] == [None, 0, 0]


def test_brackets_stand_apart_and_the_sentence_goes_on_behind_them() -> None:
    found = parts("收到申请（含上年结转2件）9件")
    assert [(p.number.text, p.depth) for p in found if p.number] == [("2", 1), ("9", 0)]
    assert [t.text for t in found[1].before] == ["收到", "申请"]
