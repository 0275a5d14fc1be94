"""What a report folder's own templates change is told, whatever they say themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.api import build_folder, check_folder
from reportgen.diagnostics import Diagnostic, Severity
from reportgen.files import resource_folder
from reportgen.findings_text import show_finding
from reportgen.forms import shipped_library
from reportgen.problems import EnvironmentProblem
from tests.errors.gallery import BASE
from tests.petitions import write_petitions

UNBALANCED = ("本年新收: [3, 1,", "本年新收: [4, 1,")
SILENT = "overrides: {T303: {severity: hint}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a sound report folder."""
    for name in ("report.yaml", "正文.md"):
        (tmp_path / name).write_bytes((BASE / name).read_bytes())
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def shipped(name: str) -> str:
    return resource_folder("templates").joinpath(name).read_text(encoding="utf-8")


def told(folder: Path, policy: str = "tell") -> list[Diagnostic]:
    found = check_folder(folder, own_templates=policy).diagnostics
    return [item for item in found if item.code.startswith("M")]


def test_a_folder_without_templates_or_with_the_same_is_quiet(folder: Path) -> None:
    assert told(folder) == []
    (folder / "templates").mkdir()
    assert told(folder) == []
    write(folder, "disclosure/2021/style.yaml", shipped("disclosure/2021/style.yaml"))
    assert told(folder) == []


@pytest.mark.parametrize(
    ("name", "is_used"),
    [
        ("page.css.j2", True),
        ("disclosure/page.html.j2", True),
        ("disclosure/2021/starter.md", True),
        ("disclosure/2019/starter.md", False),
        ("disclosure/2021/.style.yaml", False),
        ("disclosure/2021/说明.txt", False),
        ("other/report.txt", False),
    ],
)
def test_templates_that_the_report_uses_are_named(folder: Path, name: str, is_used: bool) -> None:
    write(folder, name, "x\n")
    found = told(folder)
    assert [item.slug for item in found] == ["own-templates"] * is_used
    assert not is_used or name in found[0].message


def test_a_linked_folder_of_templates_is_seen(folder: Path) -> None:
    write(folder, "../别处/checks.yaml", SILENT)
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "disclosure").symlink_to(folder / "别处", target_is_directory=True)
    assert [item.code for item in told(folder)] == ["M101", "M102"]


@pytest.mark.parametrize("name", ["page.html.j2", "page.css.j2"])
def test_a_page_that_may_print_anything_is_refused_where_weakened_rules_are(
    folder: Path, name: str
) -> None:
    write(folder, name, "")
    policies = {"tell": Severity.WARNING, "refuse": Severity.ERROR, "trust": Severity.HINT}
    for policy, severity in policies.items():
        assert [item.severity for item in told(folder, policy)] == [severity]


def test_many_files_are_counted(folder: Path) -> None:
    for number in range(7):
        write(folder, f"{number}.css.j2", "x\n")
    assert told(folder)[0].message.endswith("4.css.j2等 7 个文件")


def test_a_weakened_identity_is_a_warning_an_error_or_a_hint(folder: Path) -> None:
    edit(folder / "report.yaml", *UNBALANCED)
    write(folder, "disclosure/checks.yaml", SILENT)
    severities = {
        policy: {item.code: item.severity for item in told(folder, policy)}
        for policy in ("tell", "refuse", "trust")
    }
    assert severities == {
        "tell": {"M101": Severity.WARNING, "M102": Severity.WARNING},
        "refuse": {"M101": Severity.WARNING, "M102": Severity.ERROR},
        "trust": {"M101": Severity.HINT, "M102": Severity.HINT},
    }


def test_a_wrong_sum_is_not_filed_unless_the_templates_are_trusted(folder: Path) -> None:
    edit(folder / "report.yaml", *UNBALANCED)
    write(folder, "disclosure/checks.yaml", SILENT)
    out = folder / "output"
    for refused in (
        build_folder(folder, out, formats=["json"], strict=True),
        build_folder(folder, out, formats=["json"], own_templates="refuse"),
    ):
        assert refused.written == ()
    assert not out.exists()
    allowed = build_folder(folder, out, formats=["json"], own_templates="trust", strict=True)
    assert len(allowed.written) == 1


def test_the_folder_cannot_take_it_back(folder: Path) -> None:
    silent = "".join(
        f"  {name}: {{severity: hint}}\n"
        for name in ("T303", "own-templates", "official-rule-weakened", "M103")
    )
    write(folder, "checks.yaml", f"overrides:\n{silent}")
    with (folder / "report.yaml").open("a", encoding="utf-8") as stream:
        stream.write("检查:\n- {规则: M101, 理由: 没事}\n- {规则: M102, 理由: 没事}\n")
    found = told(folder)
    assert {(item.code, item.severity) for item in found} == {
        ("M101", Severity.WARNING),
        ("M102", Severity.WARNING),
    }


def test_the_finding_stands_at_the_line_that_weakens(folder: Path) -> None:
    write(folder, "disclosure/checks.yaml", f"# 本局\n{SILENT}")
    (found,) = (item for item in told(folder) if item.code == "M102")
    assert found.span is not None
    assert found.span.short_place == f"{folder}/templates/disclosure/checks.yaml:2:19"


def test_a_table_is_told_with_its_file(folder: Path) -> None:
    name = "disclosure/2021/tables/disputes.yaml"
    text = (
        shipped(name)
        .replace("{values: 行政复议}, ", "")
        .replace("{values: 复议后起诉}]", "{values: 复议后起诉}, {values: 行政复议}]")
    )
    write(folder, name, text)
    (found,) = (item for item in told(folder) if item.code == "M103")
    assert found.file == str(folder / "templates" / name)
    assert "复议诉讼/行政复议/结果维持" in found.cells


def test_a_form_of_the_folders_own_is_compared_with_the_official_one(folder: Path) -> None:
    home = resource_folder("templates") / "disclosure/2021"
    for path in home.rglob("*"):
        if path.is_file() and path.name != "form.json":
            name = path.relative_to(home).as_posix()
            write(folder, f"disclosure/2022/{name}", path.read_text(encoding="utf-8"))
    edit(folder / "templates/disclosure/2022/form.yaml", "{from: 2021}", "{from: 2022}")
    edit(
        folder / "templates/disclosure/2022/form.yaml",
        "title: 总体情况, text: required",
        "title: 总体情况",
    )
    found = [(item.code, item.message) for item in told(folder) if item.code != "M101"]
    assert ("M104", "自带的模板不再要求“总体情况”这一部分有文字") in found
    assert [message for code, message in found if code == "M105"] == [
        "报告用的是自带的版式“2021年版”，这一年度的官方版式是“2021年版”"
    ]


def test_a_kind_of_report_of_the_folders_own_has_no_official_form(tmp_path: Path) -> None:
    write_petitions(tmp_path)
    assert [item.code for item in told(tmp_path)] == ["M101", "M105"]
    assert "没有可以对照的官方版式" in told(tmp_path)[1].message


def test_a_kind_that_takes_the_official_name_is_compared_all_the_same(folder: Path) -> None:
    write_petitions(folder / "样")
    (folder / "样" / "templates").rename(folder / "templates")
    kind = "政府信息公开工作年度报告"
    write(folder, "petitions/report.yaml", f"name: {kind}\ndefault: true\n")
    assert {item.code for item in told(folder)} >= {"M101", "M102", "M103", "M104", "M105"}


def test_a_report_that_cannot_be_read_has_its_templates_told_too(folder: Path) -> None:
    write(folder, "checks.yaml", "overrides: {yaml-syntax: {severity: hint}}\n")
    (folder / "report.yaml").write_text("单位: [\n", encoding="utf-8")
    assert [item.code for item in told(folder)] == ["M101"]


def test_what_the_office_has_is_official(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    office = tmp_path_factory.mktemp("office")
    write(office, "disclosure/checks.yaml", SILENT)
    library = shipped_library().for_folder(office)
    assert check_folder(folder, library).diagnostics == ()
    write(folder, "disclosure/checks.yaml", SILENT)
    assert check_folder(folder, library).diagnostics == ()


def test_an_unknown_policy_is_refused(folder: Path) -> None:
    (folder / "templates").mkdir()
    with pytest.raises(EnvironmentProblem, match="自带模板"):
        check_folder(folder, own_templates="ignore")


def with_last_year(folder: Path) -> Path:
    """Give *folder* a report of last year, a copy for 2023 beside it; return that."""
    last = folder / "上年"
    last.mkdir()
    for name in ("report.yaml", "正文.md"):
        (last / name).write_bytes((folder / name).read_bytes())
    edit(last / "report.yaml", "年度: 2024", "年度: 2023")
    edit(folder / "report.yaml", "年度: 2024", "年度: 2024\n上年: 上年")
    return last


def test_templates_of_last_years_folder_are_told_at_their_place(folder: Path) -> None:
    last = with_last_year(folder)
    assert told(folder) == []
    write(last, "disclosure/checks.yaml", SILENT)
    weighed = {policy: told(folder, policy) for policy in ("tell", "refuse", "trust")}
    assert [[item.code for item in found] for found in weighed.values()] == [["M101", "M102"]] * 3
    grave = [found[1] for found in weighed.values()]
    assert [item.severity for item in grave] == [Severity.WARNING, Severity.ERROR, Severity.HINT]
    place = f"{last}/templates/disclosure/checks.yaml:1:"
    assert all(item.span and item.span.place.startswith(place) for item in grave)


def test_what_this_years_templates_change_is_not_told_of_last_years(folder: Path) -> None:
    last = with_last_year(folder)
    write(folder, "disclosure/checks.yaml", SILENT)
    write(last, "disclosure/2021/style.yaml", shipped("disclosure/2021/style.yaml"))
    found = told(folder)
    assert [item.code for item in found] == ["M101", "M102"]
    assert not any("上年" in show_finding(item, folder).place for item in found)


def test_findings_about_templates_are_at_hand_apart_from_the_others(folder: Path) -> None:
    write(folder, "disclosure/checks.yaml", SILENT)
    edit(folder / "report.yaml", *UNBALANCED)
    checked = check_folder(folder, own_templates="trust")
    assert [item.slug for item in checked.own_templates] == [
        "own-templates",
        "official-rule-weakened",
    ]
    assert len(checked.diagnostics) > len(checked.own_templates)
