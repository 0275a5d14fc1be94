"""What the program says about its rules, its forms and itself."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from reportgen.files import resource_folder
from reportgen.fonts import loading
from reportgen.forms import shipped_library
from reportgen.located import load_data
from reportgen.problems import EnvironmentProblem
from reportgen.workflows import about
from reportgen.workflows.about import examine, explain_rule, list_editions

LIBRARY = shipped_library()
SCRIPTS = Path(__file__).parents[2] / "data" / "scripts"


def test_a_rule_is_explained_by_code_or_slug() -> None:
    page = explain_rule("T303", LIBRARY)
    head = page.splitlines()[0]
    assert head.startswith("T303 ")
    assert explain_rule(head.split()[1], LIBRARY) == page
    assert "{" not in page.partition("【怎么改】")[2]


@pytest.mark.parametrize(("code", "hint"), [("T3O3", "T303"), ("同音", "规则"), ("???", "T301")])
def test_an_unknown_rule_is_answered_with_what_was_meant(code: str, hint: str) -> None:
    with pytest.raises(EnvironmentProblem) as raised:
        explain_rule(code, LIBRARY)
    assert code in raised.value.message
    assert hint in raised.value.hint


def test_every_form_has_a_line() -> None:
    head, *lines = list_editions(LIBRARY).splitlines()
    assert head == "政府信息公开工作年度报告"
    assert [line.split()[0] for line in lines] == ["2019", "2021"]


def test_the_examination_names_fonts_and_packages() -> None:
    lines, healthy = examine(None)
    assert healthy
    assert any(line.strip().startswith("仿宋：") for line in lines)
    assert any("reportlab" in line for line in lines)
    assert lines[-1] == "可以使用。"


def test_fonts_that_lead_out_of_the_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "fonts").symlink_to(tmp_path.parent)
    lines, healthy = examine(tmp_path)
    assert not healthy
    assert any(line.startswith("字体：") for line in lines)
    assert lines[-1] == "请先处理上面的问题。"


def test_the_examination_names_the_fonts_of_the_extra_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(about, "added_folder", lambda _name: tmp_path)
    monkeypatch.setattr(loading, "added_folder", lambda _name: tmp_path)
    assert any(str(tmp_path) in line for line in examine(None)[0])
    shutil.copy(SCRIPTS / "Tibetan.ttf", tmp_path / "NotoSerifTibetan-Regular.ttf")
    told = [line for line in examine(None)[0] if "NotoSerifTibetan" in line]
    assert told == [
        f"  没有用：{tmp_path / 'NotoSerifTibetan-Regular.ttf'}；它不是这一版字体包里的文件"
    ]
    monkeypatch.setattr(loading, "resource_folder", lambda _name: pinned(tmp_path))
    told = [line for line in examine(None)[0] if "字体包，" in line]
    assert told == ["  补缺字：Noto Serif Tibetan（字体包，NotoSerifTibetan-Regular.ttf）；有藏文"]


def pinned(place: Path) -> Path:
    """Return a folder of fonts that knows the file for Tibetan in *place*."""
    shipped = resource_folder("fonts")
    home = place / "home"
    home.mkdir(exist_ok=True)
    for path in shipped.glob("*.ttf"):
        (home / path.name).symlink_to(path)
    data = (place / "NotoSerifTibetan-Regular.ttf").read_bytes()
    known = load_data(shipped / "faces.yaml")["scripts"]["Tibetan"]["sha256"]
    text = (shipped / "faces.yaml").read_text(encoding="utf-8")
    digest = hashlib.sha256(data).hexdigest()
    (home / "faces.yaml").write_text(text.replace(known, digest), encoding="utf-8")
    return home
