"""The keys every report has."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from reportgen.files import resource_folder
from reportgen.forms.library import Library
from reportgen.located import Mapping
from reportgen.problems import EnvironmentProblem
from reportgen.readers import settings
from reportgen.readers.settings import Entries, FormChoice
from tests.builders import FORMS, LIBRARY, codes, parse, worded


def entries(text: str) -> Entries:
    root = parse(text)
    assert isinstance(root, Mapping)
    return settings.read_entries(root, settings.KEYS)


def choose(text: str, library: Library = LIBRARY) -> tuple[FormChoice | None, Entries]:
    found = entries(text)
    return settings.choose_form(found, library, settings.read_year(found)), found


def test_keys_are_found_however_they_are_typed() -> None:
    found = entries("1. 单位: 某局\n（二）年度: 2024\n成文 日期: 2025-01-20\n")
    assert list(found.nodes) == ["单位", "年度", "成文日期"]
    assert found.text("单位") == "某局"
    assert found.spans["年度"].line == 2


def test_absent_key_is_empty_text_without_place() -> None:
    found = entries("单位: 某局")
    assert (found.text("标题"), found.span("标题")) == ("", None)


def test_unknown_key_names_the_nearest() -> None:
    (found,) = worded(entries("单 位: 某局\n联系方试: {}").found)
    assert (found.code, found.expected) == ("I103", "联系方式")
    assert found.span is not None
    assert found.span.line == 2


def test_key_typed_twice_is_told_and_the_first_counts() -> None:
    found = entries("单位: 甲局\n单位: 乙局")
    assert codes(worded(found.found)) == ["I102"]
    assert found.text("单位") == "甲局"


def test_list_in_place_of_a_text_is_told() -> None:
    found = entries("单位: [甲局, 乙局]")
    assert found.text("单位") == ""
    assert codes(worded(found.found)) == ["I104"]


@pytest.mark.parametrize("typed", ["2024", "２０２４", '"2024"', "2024年", "2024年度"])
def test_year_is_read_in_any_dress(typed: str) -> None:
    assert settings.read_year(entries(f"年度: {typed}")) == 2024


@pytest.mark.parametrize(
    "typed", ["24", "二〇二四", "20240", "1989", "2024.0", "9" * 5000, "²⁰²⁴年x"]
)
def test_what_is_no_year_is_told(typed: str) -> None:
    found = entries(f"年度: {typed}")
    assert settings.read_year(found) is None
    assert codes(worded(found.found)) == ["I105"]


@pytest.mark.parametrize("text", ["单位: 某局", "年度:"])
def test_absent_year_is_not_told_here(text: str) -> None:
    found = entries(text)
    assert settings.read_year(found) is None
    assert worded(found.found) == []


@pytest.mark.parametrize(
    "typed",
    ["2025-1-20", "2025年1月20号", "二〇二五年一月二十日"],
)  # fmt: skip
def test_date_is_read_in_any_dress(typed: str) -> None:
    assert settings.read_date(entries(f"成文日期: {typed}")) == datetime.date(2025, 1, 20)


@pytest.mark.parametrize("typed", ["2025-02-30", "2025-13-01", "0000-01-01", "明天", "20250120"])
def test_date_that_does_not_exist_is_told(typed: str) -> None:
    found = entries(f"成文日期: {typed}")
    assert settings.read_date(found) is None
    assert codes(worded(found.found)) == ["I107"]


@pytest.mark.parametrize("text", ["单位: 某局", "成文日期:"])
def test_date_may_be_left_out(text: str) -> None:
    found = entries(text)
    assert settings.read_date(found) is None
    assert worded(found.found) == []


def test_choice_has_a_default() -> None:
    assert settings.read_choice(entries("单位: 某局"), "类型", ("本机关", "汇总")) == "本机关"


def test_choice_is_matched_like_a_key() -> None:
    assert settings.read_choice(entries("类型: ' 汇 总'"), "类型", ("本机关", "汇总")) == "汇总"
    assert settings.read_choice(entries("缺省: ０"), "缺省", ("报错", "0")) == "0"


@pytest.mark.parametrize(
    ("text", "keeps"), [("单位: 某局", False), ("图片: 原样", True), ("图片: 缩小", False)]
)
def test_photographs_keep_their_pixels_if_that_is_said(text: str, keeps: bool) -> None:
    assert settings.keeps_pictures(entries(text)) is keeps


def test_another_wish_for_pictures_is_told() -> None:
    found = entries("图片: 高清")
    assert settings.keeps_pictures(found) is False
    assert [item.slug for item in found.found] == ["bad-choice"]


def test_wrong_choice_is_told_with_what_there_is() -> None:
    found = entries("类型: 分开")
    assert settings.read_choice(found, "类型", ("本机关", "汇总")) == "本机关"
    assert codes(worded(found.found)) == ["I109"]
    assert "本机关、汇总" in worded(found.found)[0].hint


def test_contact_is_read_by_the_keys_of_the_form() -> None:
    found = entries('联系方式: {部门: 办公室, 邮 编: "036000", 传真: ""}')
    assert settings.read_contact(found, FORMS["2021"]) == {"部门": "办公室", "邮编": "036000"}
    assert worded(found.found) == []


def test_unknown_contact_key_is_told_once_and_where() -> None:
    found = entries("联系方式: {部门: [甲], 电活: 1}")
    assert settings.read_contact(found, FORMS["2021"]) == {}
    assert codes(worded(found.found)) == ["I103", "I104"]
    assert worded(found.found)[0].message.startswith("“联系方式”下没有“电活”")
    assert worded(found.found)[0].expected == "电话"


@pytest.mark.parametrize("text", ["单位: 某局", "联系方式:"])
def test_contact_may_be_left_out(text: str) -> None:
    found = entries(text)
    assert settings.read_contact(found, FORMS["2021"]) == {}
    assert worded(found.found) == []


def test_contact_in_one_line_of_text_is_told() -> None:
    found = entries("联系方式: 办公室")
    assert settings.read_contact(found, FORMS["2021"]) == {}
    assert codes(worded(found.found)) == ["I104"]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("年度: 2019", "2019"),
        ("年度: 2020", "2019"),
        ("年度: 2021", "2021"),
        ("年度: 2024\n版式: 自动", "2021"),
        ("年度: 2020\n版式: 2019", "2019"),
        ("单位: 某局", "2021"),
        ("版式: 2019", "2019"),
        ("年度: 2024\n报告: 政府信息公开工作年度报告", "2021"),
    ],
)
def test_form_follows_the_year(text: str, form: str) -> None:
    choice, found = choose(text)
    assert choice is not None
    assert [candidate.id for candidate in choice.candidates] == [form]
    assert choice.wrong is None
    assert worded(found.found) == []


def test_form_not_in_force_is_told_and_both_may_be_meant() -> None:
    choice, _ = choose("年度: 2024\n版式: 2019")
    assert choice is not None
    assert [form.id for form in choice.candidates] == ["2021", "2019"]
    assert choice.wrong is not None
    assert (choice.wrong.slug, choice.wrong.expected, choice.wrong.actual) == (
        "wrong-form",
        "2021",
        "2019",
    )
    assert choice.wrong.span is not None
    assert choice.wrong.span.line == 2


def test_unknown_form_is_told_and_the_years_is_used() -> None:
    choice, found = choose("年度: 2024\n版式: 2022")
    assert choice is not None
    assert [form.id for form in choice.candidates] == ["2021"]
    assert codes(worded(found.found)) == ["I109"]
    assert "自动、2019、2021" in worded(found.found)[0].hint


def test_year_before_every_form_is_told() -> None:
    choice, found = choose("年度: 2018")
    assert choice is not None
    assert codes(worded(found.found)) == ["S102"]


def test_unknown_kind_of_report_is_told() -> None:
    choice, found = choose("年度: 2024\n报告: 财政决算报告")
    assert choice is None
    assert codes(worded(found.found)) == ["S101"]
    assert "政府信息公开工作年度报告" in worded(found.found)[0].hint


def test_kind_of_report_without_any_form_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "report.yaml").write_text("name: 空报告\n", encoding="utf-8")
    choice, found = choose("年度: 2024\n报告: 空报告", Library((tmp_path, *LIBRARY.roots)))
    assert choice is None
    assert codes(worded(found.found)) == ["S102"]


def test_newer_form_is_preferred_from_its_first_year_on(tmp_path: Path) -> None:
    shipped = resource_folder("templates") / "disclosure"
    newer = Path(shutil.copytree(shipped / "2021", tmp_path / "disclosure" / "2027")) / "form.yaml"
    text = newer.read_text(encoding="utf-8").replace("{from: 2021}", "{from: 2027}")
    newer.write_text(text, encoding="utf-8")
    library = Library((tmp_path, *LIBRARY.roots))
    for year, form in ((2026, "2021"), (2027, "2027")):
        choice, _ = choose(f"年度: {year}", library)
        assert choice is not None
        assert choice.candidates[0].id == form


def test_only_the_chosen_form_is_loaded_whole(tmp_path: Path) -> None:
    rules = tmp_path / "disclosure" / "2019" / "checks.yaml"
    rules.parent.mkdir(parents=True)
    rules.write_text("checks: [{code: Z999}]\n", encoding="utf-8")
    library = Library((tmp_path, *LIBRARY.roots))
    choice, _ = choose("年度: 2023", library)
    assert choice is not None
    assert [form.id for form in choice.candidates] == ["2021"]
    with pytest.raises(EnvironmentProblem, match="缺少 slug"):
        choose("年度: 2020", library)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("附件: 公开指南", ["公开指南"]),
        ("附件: [公开指南, 公开目录]", ["公开指南", "公开目录"]),
        ("附件:\n- 1. 公开指南\n- 2、公开目录", ["公开指南", "公开目录"]),
        ("附件: 2024年指南", ["2024年指南"]),
        ("附件:", []),
        ("单位: 某局", []),
    ],
)
def test_attachments_are_one_name_or_several_without_numbers(typed: str, names: list[str]) -> None:
    found = entries(typed)
    assert [run.text for run in settings.read_attachments(found)] == names
    assert found.found == []


def test_a_mark_behind_the_name_of_an_attachment_is_told_and_kept() -> None:
    found = entries("附件: 公开指南。")
    (name,) = settings.read_attachments(found)
    assert (name.text, codes(worded(found.found))) == ("公开指南。", ["I137"])


@pytest.mark.parametrize("typed", ["附件：公开指南", "附件1: 公开指南"])
def test_the_label_before_the_name_of_an_attachment_is_told(typed: str) -> None:
    found = entries(f"附件: ['{typed}']")
    settings.read_attachments(found)
    (told,) = worded(found.found)
    assert (told.code, "会印两次" in told.message) == ("I137", True)


@pytest.mark.parametrize("typed", ["1.公开指南 2.公开目录", "公开指南；2、公开目录"])
def test_several_names_of_attachments_in_one_line_are_told(typed: str) -> None:
    found = entries(f"附件: {typed}")
    settings.read_attachments(found)
    (told,) = worded(found.found)
    assert (told.code, "几个名称" in told.message) == ("I137", True)


@pytest.mark.parametrize(
    "typed", ["2024年1.5级响应指南", "第2.0版目录", "关于3、4月份公开情况的说明"]
)
def test_numbers_in_the_name_of_an_attachment_are_no_further_names(typed: str) -> None:
    found = entries(f"附件: {typed}")
    settings.read_attachments(found)
    assert found.found == []


def test_attachments_are_names() -> None:
    found = entries("附件: [{名称: 公开指南}]")
    assert settings.read_attachments(found) == ()
    assert codes(worded(found.found)) == ["I104"]


@pytest.mark.parametrize("typed", ["此件公开发布", "（此件公开发布）", "(此件公开发布)"])
def test_a_remark_is_read_without_its_brackets(typed: str) -> None:
    remark = settings.read_remark(entries(f"附注: {typed}"))
    assert remark is not None
    assert remark.text == "此件公开发布"
