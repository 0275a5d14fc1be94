"""Parts and totals, and per cents, inside one sentence."""

from __future__ import annotations

import pytest

from tests.unit.checks.written import found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("公开信息100条，其中动态50条、文件20条、其他20条。", 90),
        ("公开信息100条（其中：动态60条，文件50条）。", 110),
        ("举办活动8次，其中培训3次，讲座2次，座谈2次。", 7),
        ("公开信息100条。其中，动态60条，文件50条。", 110),
        ("公开信息100条；其中：动态50条、文件20条；通知20条。", 90),
        ("公开信息 1,000 条，其中动态 600 条、文件 500 条。", 1100),
        ("公开信息100条，其中包括动态60条、文件50条。", 110),
        ("公开信息120条，其中：网站60条；公众号40条；报刊21条。", 121),
    ],
)
def test_parts_that_do_not_make_their_total_are_questioned(text: str, parts: int) -> None:
    (hit,) = found("N520", text)
    assert hit.actual is not None
    assert hit.actual.startswith(str(parts))


@pytest.mark.parametrize(
    "text",
    [
        "公开信息100条，其中动态50条、文件30条、其他20条。",
        "公开信息100条，其中动态50条、文件20条。",
        "公开信息345条，其中规章11条、文件110条；工作报告2条（中英文各1条）、动态222条。",
        "公开信息3659条，其中文件352条，新闻854条，会议19条，建议32条。",
        "公开信息100条，其中动态50条、文件30条、其他20条，比上年增加30条。",
        "公开信息100条，其中动态50条（含图片80张）、文件30条、其他20条。",
        "公开信息100余条，其中动态50条、文件20条、其他20条。",
        "公开信息100条，其中动态50条、文件20条、通知10条等。",
        "公开信息100条，其中主要有动态50条、文件20条、通知10条。",
        "收到申请41件，其中自然人27件、法人14件，办结42件，结转2件。",
        "收到申请41件，其中自然人27件，法人14件，上年结转3件。",
        "收到申请41件，其中自然人27件，另有咨询50件。",
        "培训186人次，其中领导干部50人次，占26.88%。",
        "公开信息100条，其中动态50条、视频200分钟、文件20条、通知10条。",
        "收到申请41件，其中自然人27件；办结42件；结转2件。",
        "问卷320份，其中满意304份，其中非常满意200份，不满意16份。",
    ],
)
def test_parts_that_may_be_right_are_left_alone(text: str) -> None:
    assert found("N520", text) == []


@pytest.mark.parametrize(
    ("code", "text", "exact"),
    [
        ("N521", "收回问卷320份，其中满意的304份，占96%。", "95.00%"),
        ("N521", "收到信函100封。其中，挂号70封，占75%；平信30封，占30%。", "70.00%"),
        ("N521", "收回问卷320份，其中满意的304份（96%）。", "95.00%"),
        ("N521", "收回问卷320份，其中满意的304份、占比为96%。", "95.00%"),
        ("N522", "新收3511件，比上年3473件增长1.05%。", "1.09%"),
        ("N522", "新收30件，较上年的41件增长26.83%。", "-26.83%"),
    ],
)
def test_wrong_per_cent_is_recomputed(code: str, text: str, exact: str) -> None:
    assert [d.expected for d in found(code, text)] == [exact]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("N521", "收回问卷320份，其中满意的304份，占95%。"),
        ("N521", "收回问卷300份，其中满意的200份，占66.66%。"),
        ("N521", "收回问卷320份，其中满意的约304份，占96%；300份占全部的93.75%。"),
        ("N521", "培训30人次，占全体的60%。"),
        ("N521", "收回问卷0份，其中满意的0份，占0%。"),
        ("N522", "新收30件，较上年的41件下降26.8%。"),
        ("N522", "新收30件，比上年0件增长100%。"),
    ],
)
def test_right_per_cent_is_left_alone(code: str, text: str) -> None:
    assert found(code, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "2件按期缴纳，分别为48页180元、85页550元，共收取信息处理费750元。",
        "三期培训分别有20人、30人、40人参加，合计100人。",
    ],
)
def test_a_total_behind_its_parts_is_questioned(text: str) -> None:
    (hit,) = found("N520", text)
    assert hit.message.startswith("前面分别写的各项之和")


@pytest.mark.parametrize(
    "text",
    [
        "2件按期缴纳，分别为48页180元、85页550元，共收取信息处理费730元。",
        "三期培训分别有20人、30人、40人参加，合计90人。",
        "行政复议、行政诉讼分别为4件、3件，共公开文件100件。",
        "培训、座谈分别为4次、3次。全年共开会100次。",
        "缴纳180元、550元，共收取1000元。",
    ],
)
def test_a_total_of_something_else_or_right_is_left_alone(text: str) -> None:
    assert found("N520", text) == []
