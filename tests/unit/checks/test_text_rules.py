"""Every rule on the narrative that is data: what it finds, and what it leaves alone."""

from __future__ import annotations

import pytest

from reportgen.checks import check_report
from reportgen.diagnostics import Severity
from reportgen.findings_text import render_full
from tests.builders import FORMS
from tests.unit.checks.written import found, written

# An identity number with a right check digit and a card number that passes Luhn; nobody's.
IDENTITY, CARD = "11010119900307" + "7758", "622202" + "1234567890128"

WRONG: list[tuple[str, str, str]] = [  # code, text, what is pointed at
    ("N401", "修订了《甲制度》、《乙制度》。", "》、《"),
    ("N402", "存在的问题（文字描述）", "（文字描述）"),
    ("N402", "XX年，我局公开信息。", "XX"),
    ("N402", "公开信息×××条。", "×××"),
    ("N402", "组织____次培训。", "____"),
    ("N402", "该部分以表格形式报告。", "该部分以表格形式报告"),
    ("N403", "公开信息,办理申请。", ","),
    ("N403", "公开信息(含转载)若干。", "(含转载)"),
    ("N404", "《关于印发<要点>的通知》。", "<要点>"),
    ("N405", "国办公开办函[2021]30号", "[2021]30号"),
    ("N405", "某政办【2021】8号", "【2021】8号"),
    ("N405", "某政办（2021）8号", "（2021）8号"),
    ("N418", "某政办〔2024〕008号", "〔2024〕008号"),
    ("N418", "某政办〔2024〕第8号", "〔2024〕第8号"),
    ("N406", "分两步：（一）、加强培训。", "（一）、"),
    ("N419", "主要问题：1、更新不及时。", "1、"),
    ("N407", "满意率63~68%。", "63~68%"),
    ("N408", "采购总金额3亿4500万元。", "3亿4500万"),
    ("N409", "提升了公开的的规范性。", "的的"),
    ("N409", "有所提升，，但仍不足。", "，，"),
    ("N409", "组织培训,，参训78人。", ",，"),
    ("N409", "开展信息公开工作工作。", "工作工作"),
    ("N409", "属于过程性性信息。", "性性"),
    ("N409", "不断提升服务服务水平。", "服务服务"),
    ("N409", "即日起将将继续公开。", "将将"),
    ("N409", "因为把把工作做细。", "把把"),
    ("N410", "召开专场新闻发布会召开专场新闻发布会", "召开专场新闻发布会召开专场新闻发布会"),
    ("N410", "认真研究认真研究，抓好落实。", "认真研究认真研究"),
    ("N411", "印发了《要点的通知", "《"),
    ("N411", "公开”政府信息。", "”"),
    ("N412", "主动公开 政府信息", " "),
    ("N413", "颍州区(qū)双清路", "(qū)"),
    ("N414", "政府信息公開", "開"),
    ("N416", "质量残差不齐", "残差不齐"),
    ("N417", "核准企业资质条、施工许可证76条", "条、"),
    ("N417", "全年共主动公开条，其中指南0条。", "公开条"),
    ("N417", "主动公开信息  条。", "公开信息  条"),
    ("N417", "网站发布政务信息条、专题3个。", "发布政务信息条"),
    ("N417", "网络申请70件，占%。", "占%"),
    ("N417", "网络申请70件，占比 %。", "占比 %"),
    ("N417", "新收申请41件，同比增长%。", "同比增长%"),
    ("N417", "全年办结申请  件，均已答复。", "办结申请  件"),
    ("N417", "全年共主动公开政府信息件，其中网站发布20条。", "公开政府信息件"),
    ("N417", "全年组织培训  次，参加300人次。", "组织培训  次"),
    ("N417", "全年新收政府信息公开申请件，办结40件。", "新收政府信息公开申请件"),
    ("N422", "惯彻落实上级部署。", "惯彻落实"),
    ("N422", "会同主管部们办理。", "主管部们"),
    ("N422", "更新进度参差不起。", "参差不起"),
    ("N422", "被申请行政付议1件。", "行政付议"),
    ("N422", "编制公开只南。", "公开只南"),
    ("N422", "做好政务公升工作。", "政务公升"),
    ("N422", "提起行政讼诉1件。", "行政讼诉"),
    ("N422", "一如继往做好公开。", "一如继往"),
    ("N423", "在府信息公开平台发布。", "府信息公开"),
    ("N423", "修订规性文件2件。", "规性文件"),
    ("N423", "被提起行政诉1件。", "行政诉"),
    ("N423", "编制并公布年度报。", "年度报"),
    ("N424", "新收｛｛ 申请.本年新收.总计 ｝｝件。", "｛｛ 申请.本年新收.总计 ｝｝"),
    ("N424", "结转{ 申请.上年结转.总计 }件。", "{ 申请.上年结转.总计 }"),
    ("N424", "结转{｛ 年度 }｝件。", "{｛ 年度 }｝"),
    ("N425", "被申请⾏政复议1件。", "⾏"),
    ("N425", "公开⻓期有效的⽂件。", "⻓"),
    ("N523", "满意率为198.6%。", "满意率为198.6%"),
    ("N523", "网络申请占总数的576%。", "占总数的576%"),
    ("N523", "办结率达到1000%。", "办结率达到1000%"),
    ("N420", "一是培训；三是制度。", "三是"),
    ("N420", "一是培训；二是制度；二是监督。", "二是"),
    ("S204", "2023年，某局扎实推进公开。", "2023年，"),
    ("S208", "截至2024年2月30日", "2024年2月30日"),
    ("S208", "4月31日召开会议", "4月31日"),
    ("S209", "自20241月1日起", "20241月1日"),
    ("S206", "按照国办公开办函〔2019〕60号要求", "〔2019〕60号"),
    ("P101", f"申请人身份证号{IDENTITY}。", IDENTITY),
    ("P102", "联系人电话13800138000。", "13800138000"),
    ("P102", "联系人电话138-0013-8000。", "138-0013-8000"),
    ("P103", f"退至{CARD}。", CARD),
    ("P104", "邮箱 someone@qq.com", "someone@qq.com"),
    ("P105", "机密★一年", "机密★"),
    ("P105", "内部资料，注意保管", "内部资料，注意保管"),
]

RIGHT: list[tuple[str, str]] = [
    ("N401", "修订了《甲制度》《乙制度》，印发《丙》、转发《丁》。"),
    ("N402", "MAXX 型设备，3×4 的表，通过 HTTP 公开。"),
    ("N403", "公开信息，办理申请（含转载），比例为 3:1，http://a.example/?b=1,2 可查。"),
    ("N403", "访问量(PV)提高。"),
    ("N404", "《关于转发〈要点〉的通知》，a<b 且 c>d。"),
    ("N405", "国办公开办函〔2021〕30号，（2021）闽01行初12号判决，国务院令第711号。"),
    ("N418", "某政办〔2024〕8号，某政办〔2024〕100号。"),
    ("N406", "分两步：（一）加强培训。见附表（1）。"),
    ("N419", "1月、2月公开10、20条。"),
    ("N407", "满意率63%~68%，第3~5页，2023—2024年提高5%。"),
    ("N408", "采购总金额3.45亿元，共34500万元，1万多人，2万份。"),
    ("N409", "为了了解情况，达到目的的方法；现有有效文件；公众参与与监督；普及及时。"),
    ("N409", "是是非非的的确确了了然。"),
    ("N409", "做好政府信息公开工作工作人员培训，各级政府政府信息公开，各部门部门预算。"),
    ("N409", "很多很多建议，一项一项落实，即将将近百件办结，因为为民服务，针对对口部门。"),
    ("N410", "一件一件办理，认真研究、认真研究后答复。"),
    ("N411", "“甲”（乙）《丙〈丁〉》〔2021〕。1）先审；2）后发。"),
    ("N412", "通过 HTTP 公开 25 条，微信公众号“某某 APP”。"),
    ("N413", "政务服务(app)、区（县）、公开(2024)。"),
    ("N414", "政府信息公开，著名，乾隆年间，瞭望，喆、堃、昇、淼。"),
    ("N416", "质量参差不齐，截至2024年底，部分公开。"),
    ("N417", "一条、两条，公开信息25条、图片76张，头条、新闻3条。"),
    ("N417", "公开条例，公开信息25条，共3条；更新头条、推送新闻3条。"),
    ("N417", "依申请件101件，申请件均已办结，占5%，增长了3%，收到申请材料的件数。"),
    ("N422", "贯彻落实、一如既往，其它处理3件，上年转结2件，财政预算决算，即时公开。"),
    ("N422", "制订方案，规范性文件，服务重心下移，作出答复，其中培训3次。"),
    (
        "N423",
        "市府信息公开窗口，政府信息开放，财政复议，示范性文件，年度报表，人民政协，居民政府。",
    ),
    ("N424", "面积3{a}平方米，集合{1, 2}。"),
    ("N425", "行政复议1件，长期有效的文件。"),
    ("N523", "满意率100%，办结率为100.00%，占12.5%，办结率同比增长120%。"),
    ("N420", "一是培训；二是制度；三是监督。一是甲，二是乙。"),
    ("N420", "一是抓内容：一是全，二是准；二是抓形式。只要是公开的都是，不一是二。"),
    ("S204", "2024年，某局扎实推进公开。"),
    ("S204", "2019年以来，公开持续加强。"),
    ("S204", "2023年印发的办法继续执行。"),
    ("S208", "2024年2月29日、2月29日、12月31日、1月1日。"),
    ("S209", "2024年1月1日，编号20241月"),
    ("S206", "按照国办公开办函〔2021〕30号要求，某政办〔2019〕6号。"),
    ("P101", "编号110101199003077759，340102202413011234，统一社会信用代码91110000000000000X。"),
    ("P102", "电话0558-2173663，公开13800138000123条，热线12345，金额11398889元。"),
    ("P103", "档号6222021234567890123，0000000000000000，4444444444444444。"),
    ("P104", "邮箱 office@fuyang.gov.cn，网址 www.qq.com。"),
    ("P105", "属于国家秘密的1件，保守国家秘密、商业秘密，坚决杜绝涉密信息，机密性要求。"),
]


@pytest.mark.parametrize(("code", "text", "part"), WRONG)
def test_wrong_wording_is_pointed_at(code: str, text: str, part: str) -> None:
    hits = found(code, text)
    assert len(hits) == 1, hits
    span = hits[0].span
    assert span is not None
    assert getattr(span, "text", "") == part
    assert "{" not in hits[0].message.replace(part, "")


@pytest.mark.parametrize(("code", "text"), RIGHT)
def test_right_wording_is_left_alone(code: str, text: str) -> None:
    assert found(code, text) == []


@pytest.mark.parametrize("text", [f"身份证{IDENTITY}", "手机13800138000", f"卡号{CARD}"])
def test_personal_number_is_never_shown_whole(text: str) -> None:
    report = written(text)
    number = text.lstrip("身份证手机卡号")
    shown = render_full(check_report(report, FORMS["2021"]))
    assert number[:3] in shown
    assert number not in shown


def test_identity_number_is_an_error_and_in_the_contact_block_too() -> None:
    (hit,) = found("P101", "公开。", contact={"电话": IDENTITY})
    assert hit.severity is Severity.ERROR


def test_mobile_number_in_the_contact_block_is_found_and_masked() -> None:
    (hit,) = found("P102", "公开。", contact={"电话": "13800138000"})
    assert "138******00" in hit.message


def test_enumeration_may_run_over_paragraphs_and_starts_anew_at_a_heading() -> None:
    assert found("N420", "一是培训。\n\n二是制度。\n\n## 平台\n\n一是网站。") == []
    assert len(found("N420", "一是培训。\n\n## 平台\n\n二是网站。")) == 1


def test_traditional_characters_are_one_finding() -> None:
    (hit,) = found("N414", "政府資訊公開，檔案開放。")
    assert "開（开）" in hit.message
    assert "5 处" in hit.message


def test_html_code_that_survives_is_found() -> None:
    assert found("N415", "公开\\&nbsp;信息")
    assert found("N415", "锟斤拷")
    assert found("N415", "A&B 公司，5<6") == []


def test_form_cited_must_be_in_force() -> None:
    assert found("S206", "按照国办公开办函〔2021〕30号要求", form="2019")
    assert found("S206", "按照国办公开办函〔2019〕60号要求", form="2019") == []


@pytest.mark.parametrize(
    "organ",
    [
        "青禾县财政局2024年",
        "青禾县财政局2024",
        "青禾县财政局（2024）",
        "青禾县2024年财政局",
        "2024年青禾县财政局",
    ],
)
def test_year_in_the_name_of_the_organ_is_found_in_the_title_made_of_it(organ: str) -> None:
    title = f"{organ}2024年政府信息公开工作年度报告"
    assert len(found("S213", "公开。", organ=organ, title=title)) == 1


def test_title_with_one_year_is_right() -> None:
    assert found("S213", "公开。", title="青禾县财政局2024年政府信息公开工作年度报告") == []


@pytest.mark.parametrize(("amount", "count"), [(126_000, 1), (100_001, 1), (100_000, 0), (12, 0)])
def test_charges_of_a_county_that_are_too_large_are_asked_about(amount: int, count: int) -> None:
    cells = {"主动公开/行政事业性收费/本年收费金额": amount}
    assert len(found("T604", "公开。", cells, organ="青禾县财政局")) == count
    assert found("T604", "公开。", cells, organ="示例省人民政府") == []


def test_once_a_year_is_unreadable_nothing_is_concluded_from_it() -> None:
    codes = {"S204", "N308", "N309"}
    report = written("2023年，某局扎实推进公开。", section="opening", undated=True)
    assert not codes & {item.code for item in check_report(report, FORMS["2021"])}
