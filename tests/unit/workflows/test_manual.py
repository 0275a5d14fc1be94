"""Tests of the pages of the manual: found by titles, commands and words for them."""

from __future__ import annotations

import pytest

from reportgen.problems import EnvironmentProblem
from reportgen.workflows.manual import manual_page, manual_topics


@pytest.mark.parametrize("word", ["check", "核对"])
def test_a_chapter_of_the_manual_is_found_by_its_title_and_by_its_commands(word: str) -> None:
    topic = next(topic for topic in manual_topics() if topic.is_about(word))
    assert manual_page(word).name == topic.page
    assert manual_page(topic.title).name == topic.page


def test_a_word_in_the_title_of_a_section_leads_to_its_chapter() -> None:
    topic = next(topic for topic in manual_topics() if topic.sections)
    assert manual_page(topic.sections[0]).name == topic.page


def test_without_a_word_the_manual_opens_at_its_first_page() -> None:
    assert manual_page("").name == "index.html"


def test_a_mistyped_word_is_answered_with_the_most_similar_one() -> None:
    with pytest.raises(EnvironmentProblem, match="手册里没有“chek”") as caught:
        manual_page("chek")
    assert "是否应为“check”？" in caught.value.hint
