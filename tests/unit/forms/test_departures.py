"""What a folder's own form does not keep of the official one."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.files import resource_folder
from reportgen.forms.departures import Departures, compare_forms
from reportgen.forms.form import Form
from reportgen.forms.library import Library
from tests.builders import FORMS, LIBRARY

OFFICIAL = FORMS["2021"]
HOME = "disclosure/2021/"
T303 = "申请/本年新收/{列} + 申请/上年结转/{列} = 申请/总计/{列} + 申请/结转下年度/{列}"
TURNED = "申请/上年结转/{列} + 申请/本年新收/{列} = " + T303.partition(" = ")[2]


def copied(root: Path, file: str, *changes: tuple[str, str]) -> Form:
    """Return the form of a folder at *root* that brings the shipped *file*, changed."""
    text = resource_folder("templates").joinpath(file).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return written(root, file, text)


def written(root: Path, file: str, text: str) -> Form:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Library((root, *LIBRARY.roots)).load("disclosure", "2021")


def grave(form: Form) -> list[tuple[str, str]]:
    """Return rule and wording of each grave departure of *form*."""
    return [(item.slug, item.wording) for item in compare_forms(form, OFFICIAL).grave]


def weakened(form: Form) -> dict[object, str]:
    """Return how each official rule is weakened, by its code."""
    found = compare_forms(form, OFFICIAL).grave
    return {
        item.values["编号"]: item.wording for item in found if item.slug == "official-rule-weakened"
    }


def test_a_form_does_not_depart_from_itself() -> None:
    assert compare_forms(OFFICIAL, OFFICIAL) == Departures()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("style.yaml", "size: 22pt", "size: 20pt"),
        ("report.md.j2", "要求编制", "的要求编制"),
        ("tables/requests.yaml", "widths: [24.2, 44.2", "widths: [30, 38.4"),
        ("tables/requests.yaml", "style: cell_stub_center, row_span: 22", "row_span: 22"),
        ("form.yaml", "contact: [部门", "contact: [公众号, 部门"),
        ("../checks.yaml", "title: 新收加上年结转", "title: 本局的说法：新收加上年结转"),
        ("../checks.yaml", "+ 申请/上年结转/{列} =", "+ 申请/上年结转/{列}  ="),
        (
            "../checks.yaml",
            T303,
            "申请/上年结转/{列} + 申请/本年新收/{列} = " + T303.partition(" = ")[2],
        ),
    ],
)
def test_other_looks_and_words_are_no_departure(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    form = copied(tmp_path, str(Path("disclosure", "2021", file)), (old, new))
    assert form != OFFICIAL or "  =" in new
    assert compare_forms(form, OFFICIAL) == Departures()


@pytest.mark.parametrize("file", ["checks.yaml", "disclosure/checks.yaml", HOME + "checks.yaml"])
@pytest.mark.parametrize("name", ["T303", "t303", "requests-balance"])
def test_a_lowered_identity_is_told(tmp_path: Path, file: str, name: str) -> None:
    form = written(tmp_path, file, f"overrides: {{{name}: {{severity: hint}}}}\n")
    assert weakened(form) == {"T303": "lowered"}


def test_what_the_program_reports_by_itself_can_be_weakened_too(tmp_path: Path) -> None:
    form = written(tmp_path, "checks.yaml", "overrides: {row-length: {severity: warning}}\n")
    (found,) = compare_forms(form, OFFICIAL).grave
    assert found.values["编号"] == "I108"
    assert (found.values["原级别"], found.values["级别"]) == ("错误", "警告")


def test_a_graver_rule_is_no_departure(tmp_path: Path) -> None:
    form = written(tmp_path, "checks.yaml", "overrides: {N301: {severity: error}}\n")
    assert compare_forms(form, OFFICIAL) == Departures()


def test_changed_rules_that_are_no_errors_are_mild(tmp_path: Path) -> None:
    written(tmp_path, "checks.yaml", "overrides: {N301: {severity: hint}}\n")
    form = copied(
        tmp_path,
        HOME + "checks.yaml",
        ("limit: 1000", "limit: 9999"),
        ("code: N302", "code: X302"),
    )
    found = compare_forms(form, OFFICIAL)
    assert found.grave == ()
    assert found.mild == ("N301（改为提示）", "N302（去掉了）", "N305（改了内容）")


def test_a_grammar_of_sentences_that_reads_nothing_is_mild(tmp_path: Path) -> None:
    form = written(tmp_path, "disclosure/sentences.yaml", "units: 件\n")
    assert compare_forms(form, OFFICIAL).mild == ("正文里的数怎样读（sentences.yaml）",)


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        ("code: T303", "code: X303", "changed"),
        ("slug: requests-balance\n    kind: identity", "slug: x\n    kind: plausible", "changed"),
        (T303, T303 + " + 1", "changed"),
        (T303, T303.replace(" = ", " <= "), "changed"),
        (T303, "申请/本年新收/{列} + 0 = 申请/本年新收/{列}", "changed"),
        (T303, T303.replace("申请/结转下年度/{列}", "申请/结转下年度/总计"), "changed"),
        (f"formula: {T303}", f"formula: {T303}\n    organ: 没有这个单位", "changed"),
        (f"formula: {T303}", f"formula: {T303}\n    kinds: [汇总]", "changed"),
    ],
)
def test_an_identity_that_says_something_else_is_told(
    tmp_path: Path, old: str, new: str, how: str
) -> None:
    form = copied(tmp_path, "disclosure/checks.yaml", (old, new))
    expected = {"T303": how}
    if "X303" in new:  # the same relation under another code is as good
        expected = {}
    assert weakened(form) == expected


def test_a_removed_rule_is_told(tmp_path: Path) -> None:
    assert set(weakened(written(tmp_path, "disclosure/checks.yaml", "checks: []\n")).items()) >= {
        (code, "removed") for code in ("T301", "T302", "T303", "T401")
    }


def test_an_identity_of_fewer_rows_is_told(tmp_path: Path) -> None:
    shipped = resource_folder("templates").joinpath("disclosure/checks.yaml")
    text = shipped.read_text(encoding="utf-8")
    each = next(line for line in text.splitlines() if "each:" in line and "本年新收" in line)
    form = copied(tmp_path, "disclosure/checks.yaml", (each, "    each: {行: [本年新收]}"))
    assert weakened(form) == {"T301": "changed"}


def test_a_number_computed_instead_of_reported_is_told(tmp_path: Path) -> None:
    rule = (
        "{code: X901, slug: own, title: 自己的, kind: identity, fills: true,"
        " formula: 申请/本年新收/自然人 = 申请/结转下年度/自然人}"
    )
    form = written(tmp_path, HOME + "checks.yaml", f"checks: [{rule}]\n")
    assert weakened(form)["X901"] == "filled"


ROW = "  - [{{label: {}政府信息公开申请数量, column_span: 3}}, {{values: {}}}]\n"
ROWS = {name: ROW.format(label, name) for name, label in
        {"本年新收": "一、本年新收", "上年结转": "二、上年结转"}.items()}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "hows"),
    [
        ([("{values: 本年新收}", "{values: 甲}"), ("{values: 上年结转}", "{values: 本年新收}"),
          ("{values: 甲}", "{values: 上年结转}")], ["labels"]),
        ([("一、本年新收", "一、上年新收")], ["labels"]),
        ([("{label: 自然人, row_span: 2}", "{label: 总计, row_span: 2}"),
          ("{label: 总计, row_span: 2}]", "{label: 自然人, row_span: 2}]")], ["labels"]),
        ([(ROWS["本年新收"], ""), (ROWS["上年结转"], ROWS["上年结转"] + ROWS["本年新收"])],
         ["order"]),
        ([("{values: 本年新收}", "{values: 本年新收, types: {总计: {kind: change}}}")], ["types"]),
        ([("groups:\n", "groups:\n  甲: []\n")], []),
        ([("（本列数据的勾稽关系为：", "（")], ["order"]),
    ],
    ids=["values", "label", "heads", "rows", "types", "group", "note"],
)  # fmt: skip
def test_a_table_that_prints_numbers_elsewhere_is_told(
    tmp_path: Path, changes: list[tuple[str, str]], hows: list[str]
) -> None:
    form = copied(tmp_path, HOME + "tables/requests.yaml", *changes)
    found = [how for slug, how in grave(form) if slug == "official-table-changed"]
    assert found == hows


def test_the_finding_names_the_cells_and_both_labels(tmp_path: Path) -> None:
    form = copied(
        tmp_path,
        HOME + "tables/disputes.yaml",
        ("{values: 行政复议}, {values: 未经", "{values: 未经"),
        ("{values: 复议后起诉}]", "{values: 复议后起诉}, {values: 行政复议}]"),
    )
    (found,) = compare_forms(form, OFFICIAL).grave
    assert found.cells[0] == "复议诉讼/行政复议/结果维持"
    assert len(found.cells) == 15
    assert found.values["原标签"] == "行政复议"
    assert found.values["标签"] == "行政诉讼、复议后起诉"


def test_cells_that_are_gone_or_new_are_told(tmp_path: Path) -> None:
    form = copied(
        tmp_path,
        HOME + "tables/proactive.yaml",
        ("values: 行政强制", "values: 行政检查"),
    )
    assert [item for item in grave(form) if item[0] == "official-table-changed"] == [
        ("official-table-changed", "missing"),
        ("official-table-changed", "added"),
    ]


PROBLEMS = "  - id: problems\n    title: 存在的主要问题及改进情况\n"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ([("title: 总体情况, text: required", "title: 总体情况")], ("section", "optional")),
        ([("title: 总体情况", "title: 基本情况")], ("section", "title")),
        ([("aliases: [行政机关主动公开", "aliases: [别的标题, 行政机关主动公开")],
         ("section", "title")),
        ([("kinds: [本机关, 汇总]", "kinds: [本机关, 汇总, 试点]")], ("form", "kinds")),
        ([("{from: 2021}", "{from: 2021, to: 2023}")], ("form", "years")),
        ([("    table: disputes\n", "")], ("table", "removed")),
        ([("    table: proactive\n", "    table: 甲\n"), ("table: requests", "table: proactive"),
          ("table: 甲", "table: requests")], ("table", "place")),
        ([("  - {id: overview, title: 总体情况, text: required}\n", ""),
          ("  - id: disputes", "  - {id: overview, title: 总体情况, text: required}\n"
           "  - id: disputes")], ("section", "order")),
    ],
    ids=["optional", "title", "alias", "kinds", "years", "no-table", "swapped", "order"],
)  # fmt: skip
def test_what_a_form_prescribes_otherwise_is_told(
    tmp_path: Path, changes: list[tuple[str, str]], found: tuple[str, str]
) -> None:
    names = {
        "section": "official-section-changed",
        "form": "official-form-replaced",
        "table": "official-table-changed",
    }
    form = _loose(tmp_path, changes)
    assert (names[found[0]], found[1]) in grave(form)


def _loose(root: Path, changes: list[tuple[str, str]]) -> Form:
    """Return the form with *changes* in ``form.yaml``; rules about what is gone are left out."""
    if any("table: disputes" in old for old, _ in changes):
        written(root, "disclosure/checks.yaml", "checks: []\n")
        written(root, HOME + "checks.yaml", "checks: []\n")
    return copied(root, HOME + "form.yaml", *changes)


def test_another_form_is_told(tmp_path: Path) -> None:
    assert grave(FORMS["2019"])[0] == ("official-form-replaced", "other")
