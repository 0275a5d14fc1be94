"""Typed sections find their prescribed ones."""

from __future__ import annotations

import pytest

from reportgen.forms.sections import find_section, match_sections
from reportgen.model.narrative import Narrative
from tests.builders import FORMS, SECTION_TITLES, narrative, section

FORM = FORMS["2021"]


def test_all_six_sections_are_found() -> None:
    match = match_sections(FORM, narrative())
    assert [found.title for found in match.found.values()] == list(SECTION_TITLES)
    assert (match.unknown, match.repeated) == ((), ())


@pytest.mark.parametrize(
    ("typed", "spec"),
    [
        ("行政机关主动公开政府信息情况", "proactive"),
        ("行政机关收到和处理政府信息公开申请情况", "on_request"),
        ("因政府信息公开工作被申请行政复议、提起行政诉讼情况", "disputes"),
        ("政府信息公开工作存在的主要问题及改进情况", "problems"),
        ("其它需要报告的事项", "other"),
    ],
)
@pytest.mark.parametrize("form", ["2019", "2021"])
def test_the_wordings_of_the_notice_are_accepted(form: str, typed: str, spec: str) -> None:
    found = find_section(FORMS[form], typed)
    assert found is not None
    assert found.id == spec


def test_unknown_section_is_kept_apart() -> None:
    typed = section("附表说明")
    assert match_sections(FORM, Narrative(sections=(typed,))).unknown == (typed,)
    assert find_section(FORM, "附表说明") is None


def test_of_two_sections_alike_the_first_counts() -> None:
    first, second = section("其他需要报告的事项"), section("其它需要报告的事项")
    match = match_sections(FORM, Narrative(sections=(first, second)))
    assert match.found == {"other": first}
    assert match.repeated == (second,)
