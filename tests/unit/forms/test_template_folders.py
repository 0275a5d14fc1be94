"""Template files looked up in several folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.files import MAX_TEMPLATE_BYTES
from reportgen.forms.template_folders import TemplateFolders, read_text
from reportgen.problems import EnvironmentProblem


@pytest.fixture
def folders(tmp_path: Path) -> TemplateFolders:
    for name in (
        "own/disclosure/2021/style.yaml",
        "own/checks.yaml",
        "shipped/checks.yaml",
        "shipped/disclosure/2021/form.json",
        "shipped/disclosure/2021/form.yaml",
        "shipped/disclosure/2021/style.yaml",
        "shipped/disclosure/2019/form.yaml",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return TemplateFolders((tmp_path / "own", tmp_path / "shipped"))


def test_the_first_folder_that_has_a_file_comes_first(folders: TemplateFolders) -> None:
    own, shipped = folders.roots
    style, form = Path("disclosure/2021/style.yaml"), Path("disclosure/2021/form.yaml")
    assert folders.find(style) == own / style
    assert folders.find(form) == shipped / form
    assert folders.find(Path("disclosure/2025/form.yaml")) is None


def test_folders_are_named_whichever_root_has_them(folders: TemplateFolders) -> None:
    assert folders.names(Path("disclosure")) == ["2019", "2021"]
    assert folders.names(Path("petitions")) == []


def test_of_rules_the_files_of_all_folders_count(folders: TemplateFolders) -> None:
    own, shipped = folders.roots
    found = [(name, path) for name, path, _ in folders.files_of("disclosure", "2021")]
    assert found == [
        ("checks.yaml", own / "checks.yaml"),
        ("checks.yaml", shipped / "checks.yaml"),
        ("disclosure/2021/form.yaml", shipped / "disclosure/2021/form.yaml"),
        ("disclosure/2021/style.yaml", own / "disclosure/2021/style.yaml"),
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("版式".encode("gb18030"), "不是 UTF-8 编码"),
        (b" " * (MAX_TEMPLATE_BYTES + 1), "过大"),
        (None, "无法读取模板"),
    ],
)
def test_a_template_that_cannot_be_read_is_named(
    tmp_path: Path, data: bytes | None, told: str
) -> None:
    path = tmp_path / "form.yaml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(EnvironmentProblem, match=told) as raised:
        read_text(path)
    assert "form.yaml" in raised.value.message
