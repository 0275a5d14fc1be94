"""A new folder: the usual report or another kind, checked clean, its templates replaceable."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.api import check_folder
from reportgen.forms import Library
from reportgen.located import Mapping, Scalar, parse_yaml
from reportgen.problems import EnvironmentProblem
from reportgen.readers import DATA_FILE, NARRATIVE_FILE
from reportgen.source import SourceFile
from reportgen.workflows import new
from reportgen.workflows.new import Scaffold, create_folder, data_text
from tests.petitions import KIND, ROOT, write_petitions

SHIPPED = Library((ROOT / "templates",))
LATER = 2025


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that has only templates: those of another kind of report."""
    write_petitions(tmp_path)
    (tmp_path / DATA_FILE).unlink()
    (tmp_path / NARRATIVE_FILE).unlink()
    return tmp_path


def data_of(folder: Path) -> str:
    return (folder / DATA_FILE).read_text(encoding="utf-8")


def create(folder: Path, report: str = "", organ: str = "某市某局") -> str:
    create_folder(folder, organ, LATER, None, report=report)
    return data_of(folder)


def found_in(folder: Path) -> set[str]:
    return {item.code for item in check_folder(folder).diagnostics}


def test_the_usual_report_is_meant_whatever_other_kinds_there_are(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("别处") / "报告"
    assert create(folder) == create(elsewhere)
    assert "主动公开:" in data_of(folder)
    assert "报告:" not in data_of(folder)


def test_the_kind_that_is_asked_for_is_named_in_the_data_and_checks_clean(folder: Path) -> None:
    text = create(folder, KIND)
    assert f'\n报告: "{KIND}"\n' in text
    assert "\n信访:\n  初次来信: {收到: 0, 按期办结: 0, 逾期办结: 0}\n" in text
    assert (folder / NARRATIVE_FILE).read_text(encoding="utf-8") == (
        "# 基本情况\n\n【待补充：基本情况】\n\n# 办理情况\n\n"
    )
    own = {"M101", "M105"}  # the kind is the folder's own
    assert found_in(folder) == {"N421", *own}  # besides only what is to be filled in


def test_the_usual_report_checks_clean_also_when_it_is_named(tmp_path: Path) -> None:
    usual = SHIPPED.default_kind()
    assert create(tmp_path / "一") == create(tmp_path / "二", usual)
    assert found_in(tmp_path / "一") == {"N421"}


def test_a_kind_that_does_not_exist_is_refused_with_the_likely_one(folder: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="没有“信访事项工作年度报告”这种报告") as caught:
        create(folder, "信访事项工作年度报告")
    assert caught.value.hint == f"是否应为“{KIND}”？"
    assert not (folder / DATA_FILE).exists()


def test_a_kind_not_in_force_is_refused(folder: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="2024 年度没有可用的版式"):
        create_folder(folder, "某局", 2024, None, report=KIND)


def test_last_years_report_must_be_of_the_same_kind(folder: Path) -> None:
    previous = ROOT / "samples" / "rare-characters-2024"
    with pytest.raises(EnvironmentProblem, match="是另一种报告"):
        create_folder(folder, "某局", LATER, previous, report=KIND)


def test_a_report_that_is_not_last_years_of_the_organ_is_told(tmp_path: Path) -> None:
    sample = ROOT / "samples" / "yunxi-market-2024"
    organ = "云溪市市场监督管理局"
    notes = create_folder(tmp_path / "甲", organ, 2025, sample).notes
    assert not any("注意" in note for note in notes)
    assert "上年结转: [1, 0, 0, 0, 1, 0]" in data_of(tmp_path / "甲")

    notes = create_folder(tmp_path / "乙", organ, 2024, sample).notes
    assert f"{sample} 是 2024 年度的报告，不是 2023 年度的，没有沿用其中的数" in notes[0]
    assert "上年结转: [0, 0, 0, 0, 0, 0]" in data_of(tmp_path / "乙")
    assert not any("沿用上年的数" in note for note in notes)

    notes = create_folder(tmp_path / "丙", "云溪市审计局", 2025, sample).notes
    assert f"{sample} 是“{organ}”的报告，不是“云溪市审计局”的" in notes[0]


def test_a_folder_with_anything_but_templates_and_fonts_is_left_alone(folder: Path) -> None:
    (folder / "fonts").mkdir()
    (folder / "说明.txt").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentProblem, match="已经存在，里面有文件"):
        create(folder)


def test_a_template_of_the_folder_makes_its_data(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "starter.yaml.j2"
    own.parent.mkdir()
    own.write_text("单位: {{ 单位|yaml }}\n年度: {{ 年度 }}\n", encoding="utf-8")
    assert create(tmp_path) == f'单位: "某市某局"\n年度: {LATER}\n'


def test_a_template_of_one_kind_of_report_leaves_the_others_alone(folder: Path) -> None:
    own = folder / "templates" / "petitions" / "starter.yaml.j2"
    own.write_text("{{ 缺 }}", encoding="utf-8")
    create(folder)
    (folder / DATA_FILE).unlink()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("一\n{{ 缺 }}", "2 模板有误：没有名为“缺”"),
        ("{{ ''.__class__ }}", "1 模板有误：没有名为“__class__”"),
        ("{% for a in range(9999) %}" + "长" * 999 + "{% endfor %}", "1 模板有误：产生的内容过多"),
    ],
)
def test_a_wrong_template_is_refused_and_nothing_is_written(
    tmp_path: Path, text: str, message: str
) -> None:
    own = tmp_path / "templates" / "starter.yaml.j2"
    own.parent.mkdir()
    own.write_text(text, encoding="utf-8")
    with pytest.raises(EnvironmentProblem) as caught:
        create(tmp_path)
    assert caught.value.message.startswith(f"{own}:{message}")
    assert [path.name for path in tmp_path.iterdir()] == ["templates"]


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\x85"))
)
def test_any_organ_and_contact_read_back_as_typed(text: str) -> None:
    form = SHIPPED.load("disclosure", "2021")
    contact = dict.fromkeys(form.contact_keys, text)
    made = Scaffold(text, LATER, "", contact, previous=f"../{text}", cells={})
    root, found = parse_yaml(SourceFile("report.yaml", data_text(made, form, SHIPPED)))
    assert not found
    assert isinstance(root, Mapping)
    organ, named = root.get("单位"), root.get("联系方式")
    assert isinstance(organ, Scalar)
    assert isinstance(named, Mapping)
    assert [organ.text, *(v.text for _, v in named.items if isinstance(v, Scalar))] == [
        text, *[text] * len(form.contact_keys),
    ]  # fmt: skip


def test_rows_in_groups_within_groups_stand_below_all_of_them(tmp_path: Path) -> None:
    write_petitions(tmp_path)
    table = tmp_path / "templates/petitions/2025/tables/petitions.yaml"
    nested = table.read_text(encoding="utf-8").replace(
        "{values: 初次来信}", "{values: 甲/乙/初次来信}"
    )
    table.write_text(nested.replace("[初次来信, 初次来访]", "[初次来访]"), encoding="utf-8")
    library = SHIPPED.for_folder(tmp_path)
    form = library.load("petitions", "2025")
    made = Scaffold("某局", LATER, KIND, {}, previous="", cells={})
    text = data_text(made, form, library)
    assert "  甲:\n    乙:\n      初次来信: {收到: 0" in text
    assert "\n  初次来访: {收到: 0" in text


def test_a_folder_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def fails_at_the_third(path: Path, data: bytes, mode: int = 0) -> None:
        written.append(path.name)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(new, "write_whole", fails_at_the_third)
    with pytest.raises(EnvironmentProblem, match="无法建立"):
        new.write_folder(tmp_path / "甲" / "报告", {"report.yaml": b"", "正文.md": b""})
    assert list(tmp_path.rglob("*")) == [tmp_path / "甲"]
    written.clear()
    (tmp_path / "报告" / "fonts").mkdir(parents=True)
    with pytest.raises(EnvironmentProblem, match="无法建立"):
        new.write_folder(tmp_path / "报告", {"report.yaml": b"", "正文.md": b""})
    assert "report.yaml" not in written
